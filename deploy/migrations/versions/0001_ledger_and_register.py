"""The ledger, which can only grow, and the register, which can be rebuilt."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates both schemas and grants the tasks service what it needs of them."""
    op.execute("CREATE SCHEMA ledger")
    op.execute("CREATE SCHEMA register")
    op.create_table(
        "event",
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary, nullable=False),
        schema="ledger",
    )
    op.create_index("event_by_subject", "event", ["subject", "sequence"], schema="ledger")
    op.execute(
        """
        CREATE FUNCTION ledger.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the ledger only grows: % of an event is refused', lower(TG_OP);
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.event "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse()"
    )
    op.create_table(
        "checkpoint",
        sa.Column("reader", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        schema="register",
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False, unique=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issuer", sa.Text),
        sa.Column("number", sa.Text),
        sa.Column("issued_on", sa.Date),
        sa.Column("held_on", sa.Date),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("concluded_by", JSONB),
        sa.Column("signed_by", JSONB),
        sa.Column("attendees", JSONB, nullable=False),
        sa.Column("recipients", JSONB, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("document_sha256", sa.Text, nullable=False),
        sa.Column("directive_count", sa.Integer, nullable=False),
        sa.Column("task_count", sa.Integer, nullable=False),
        schema="register",
    )
    op.create_table(
        "directive",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("heading", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("span_start", sa.Integer),
        sa.Column("span_end", sa.Integer),
        sa.Column("assignees", JSONB, nullable=False),
        sa.Column("lead", JSONB),
        sa.Column("cooperators", JSONB, nullable=False),
        sa.Column("report_to", JSONB, nullable=False),
        sa.Column("deadline", JSONB),
        sa.Column("recurrence", sa.Text),
        sa.Column("citations", JSONB, nullable=False),
        schema="register",
    )
    op.create_index("directive_by_meeting", "directive", ["meeting_id", "ordinal"], schema="register")
    op.create_table(
        "task",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("assigned_sequence", sa.BigInteger, nullable=False, unique=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("directive_id", sa.Text, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("unit_name", sa.Text, nullable=False),
        sa.Column("provisional", sa.Boolean, nullable=False),
        sa.Column("phrase", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("baseline_due", sa.Date),
        sa.Column("due", sa.Date),
        sa.Column("due_phrase", sa.Text),
        sa.Column("due_rule", sa.Text),
        sa.Column("due_confidence", sa.Float),
        sa.Column("in_force", sa.Boolean, nullable=False),
        schema="register",
    )
    op.create_index("task_by_meeting", "task", ["meeting_id", "assigned_sequence"], schema="register")
    op.create_index("task_by_unit", "task", ["unit_id", "assigned_sequence"], schema="register")
    op.create_index("task_by_due", "task", ["due", "assigned_sequence"], schema="register")
    op.create_table(
        "unit",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("parent_id", sa.Text),
        sa.Column("closed", sa.Boolean, nullable=False),
        schema="register",
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text),
        sa.Column("position", sa.Text),
        schema="register",
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        schema="register",
    )
    op.create_index("notification_by_meeting", "notification", ["meeting_id"], schema="register")
    op.create_table(
        "notified_task",
        sa.Column("task_id", sa.Text, nullable=False),
        sa.Column("notification_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("task_id", "notification_id"),
        schema="register",
    )
    op.create_table(
        "notification_event",
        sa.Column("notification_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("notification_id", "sequence"),
        schema="register",
    )
    op.create_table(
        "parked",
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        schema="register",
    )
    op.create_index("parked_by_subject", "parked", ["subject"], schema="register")
    op.execute("GRANT USAGE ON SCHEMA ledger, register TO ketluan_tasks")
    op.execute("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA ledger TO ketluan_tasks")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA register TO ketluan_tasks")


def downgrade() -> None:
    """Refuses: a step back would destroy the ledger."""
    raise RuntimeError("the ledger is never dropped; restore a backup instead")
