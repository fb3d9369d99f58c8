"""Copies of a service share the work: who lives, and who does what only one may do."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ROLES = {"register": "ketluan_tasks", "notify": "ketluan_notify"}


def upgrade() -> None:
    """Makes both tables beside what each service writes."""
    for schema, role in _ROLES.items():
        op.create_table(
            "lease",
            sa.Column("work", sa.Text, primary_key=True),
            sa.Column("holder", sa.Text, nullable=False),
            sa.Column("since", sa.DateTime(timezone=True), nullable=False),
            sa.Column("until", sa.DateTime(timezone=True), nullable=False),
            schema=schema,
        )
        op.create_table(
            "copy",
            sa.Column("id", sa.Text, primary_key=True),
            sa.Column("release", sa.Integer, nullable=False),
            sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
            schema=schema,
        )
        for table in ("lease", "copy"):
            # Each row is written every second and there are few: a page has room for its next versions.
            op.execute(f"ALTER TABLE {schema}.{table} SET (fillfactor = 20, autovacuum_vacuum_threshold = 500)")
            op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.{table} TO {role}")


def downgrade() -> None:
    """Takes them away."""
    for schema in _ROLES:
        op.execute(f"DROP TABLE {schema}.lease, {schema}.copy")
