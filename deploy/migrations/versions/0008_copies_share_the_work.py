"""Copies of a service share the work: who lives, who does what only one may do, and who sends which message."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INDEXES = {"notify.delivery_claimed": "notify.delivery (channel) WHERE claimed_by IS NOT NULL"}

_ROLES = {"register": "ketluan_tasks", "notify": "ketluan_notify"}


def upgrade() -> None:
    """Makes both tables beside what each service writes; and what waits in the outbox is told to every copy."""
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
    op.add_column("delivery", sa.Column("claimed_by", sa.Text), schema="notify")
    op.execute(
        """
        CREATE FUNCTION notify.tell_of_decisions() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('notify_decided', '');
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER told_of AFTER INSERT ON notify.outbox "
        "FOR EACH STATEMENT EXECUTE FUNCTION notify.tell_of_decisions()"
    )


def downgrade() -> None:
    """Takes them away."""
    op.execute("DROP TRIGGER told_of ON notify.outbox")
    op.execute("DROP FUNCTION notify.tell_of_decisions")
    op.drop_column("delivery", "claimed_by", schema="notify")
    for schema in _ROLES:
        op.execute(f"DROP TABLE {schema}.lease, {schema}.copy")
