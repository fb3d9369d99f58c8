"""Who is told what: the tables of notify."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SCHEMA = "notify"


def upgrade() -> None:
    """Makes the schema notify, and gives its service what it needs of it."""
    op.execute(sa.schema.CreateSchema(_SCHEMA, if_not_exists=True))
    op.create_table(
        "checkpoint",
        sa.Column("reader", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        schema=_SCHEMA,
    )
    op.create_table(
        "meeting",
        sa.Column("meeting_id", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("issuer", sa.Text),
        schema=_SCHEMA,
    )
    op.create_table(
        "task",
        sa.Column("task_id", sa.Text, primary_key=True),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("unit_name", sa.Text, nullable=False),
        sa.Column("provisional", sa.Boolean, nullable=False),
        sa.Column("due", sa.Date),
        schema=_SCHEMA,
    )
    op.create_table(
        "outbox",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("place", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("correlation_id", sa.Text, nullable=False),
        sa.Column("causation_id", sa.Text, nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", JSONB, nullable=False),
        schema=_SCHEMA,
    )
    op.create_index("outbox_person", "outbox", ["person_id", "place"], schema=_SCHEMA)
    op.create_table(
        "notification",
        sa.Column("notification_id", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False, unique=True),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("correlation_id", sa.Text, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("reasons", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("mentions", JSONB, nullable=False),
        schema=_SCHEMA,
    )
    op.create_index("notification_person", "notification", ["person_id", "sequence"], schema=_SCHEMA)
    op.create_index("notification_meeting", "notification", ["meeting_id", "sequence"], schema=_SCHEMA)
    op.create_table(
        "delivery",
        sa.Column("notification_id", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column(
            "state",
            sa.Text,
            sa.CheckConstraint("state IN ('pending', 'settled', 'delivered', 'failed')"),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("error", sa.Text),
        schema=_SCHEMA,
    )
    op.create_index(
        "delivery_due",
        "delivery",
        ["next_attempt_at"],
        schema=_SCHEMA,
        postgresql_where=sa.text("state = 'pending' AND channel <> 'inbox'"),
    )
    op.create_table(
        "inbox_tail",
        sa.Column("person_id", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        schema=_SCHEMA,
    )
    op.create_table(
        "contact",
        sa.Column("person_id", sa.Text, primary_key=True),
        sa.Column("mail", sa.Text, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        schema=_SCHEMA,
    )
    op.create_table(
        "parked",
        sa.Column("sequence", sa.BigInteger, primary_key=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        schema=_SCHEMA,
    )
    op.execute(f"GRANT USAGE ON SCHEMA {_SCHEMA} TO ketluan_notify")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {_SCHEMA} TO ketluan_notify")


def downgrade() -> None:
    """Takes the schema away, with the contacts; all else in it can be made anew from the log."""
    op.execute(sa.schema.DropSchema(_SCHEMA, cascade=True))
