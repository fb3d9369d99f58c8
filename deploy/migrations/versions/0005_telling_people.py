"""Who wants to be told how, by which channels, and what became of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SCHEMA = "notify"
_FROM_THE_LOG = ("meeting", "task", "outbox", "notification", "delivery", "inbox_tail", "parked", "checkpoint")
_OF_TASKS = (
    "directive_id",
    "lead",
    "cooperators",
    "urgent",
    "recurrence",
    "series_id",
    "status",
    "acknowledged",
    "percent",
    "due_time",
    "due_event",
    "baseline",
    "submitted_by",
    "extension_requested_by",
    "extension_until",
    "sequence",
    "changed_at",
    "before_correction",
)
_OF_NOTIFICATIONS = ("category", "urgency", "language", "due", "offset", "cause", "read_at", "acknowledged_at")


def upgrade() -> None:
    """Adds them."""
    _states_and_decisions()
    _attempts()
    _what_people_do_themselves()
    _webhooks()
    _reminders()
    _telling_of_no_meeting()


def downgrade() -> None:
    """Takes them away."""
    _of_meetings_alone()
    _without_reminders()
    _without_webhooks()
    _without_what_people_do_themselves()
    _without_attempts()
    _without_states_and_decisions()


def _states_and_decisions() -> None:
    """What deciding and delivering need. The log is followed anew, since the old rows lack what is added; what was
    decided without the new rules is kept in mind, so that nobody is told of it now."""
    op.create_table(
        "adoption",
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("after", sa.BigInteger, nullable=False),
        schema=_SCHEMA,
    )
    op.execute(
        f"INSERT INTO {_SCHEMA}.adoption (version, after) "
        f"SELECT 2, sequence FROM {_SCHEMA}.checkpoint WHERE reader = 'notify' AND sequence > 0"
    )
    op.execute(f"TRUNCATE {', '.join(f'{_SCHEMA}.{table}' for table in _FROM_THE_LOG)}")
    op.add_column("meeting", sa.Column("author", sa.Text), schema=_SCHEMA)
    for column in (
        sa.Column("directive_id", sa.Text, nullable=False),
        sa.Column("lead", sa.Text),
        sa.Column("cooperators", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("recurrence", sa.Text),
        sa.Column("series_id", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("acknowledged", sa.Boolean, nullable=False),
        sa.Column("percent", sa.Integer),
        sa.Column("due_time", sa.Text),
        sa.Column("due_event", sa.Text),
        sa.Column("baseline", sa.Date),
        sa.Column("submitted_by", sa.Text),
        sa.Column("extension_requested_by", sa.Text),
        sa.Column("extension_until", sa.Date),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before_correction", JSONB),
    ):
        op.add_column("task", column, schema=_SCHEMA)
    op.create_index("task_meeting", "task", ["meeting_id"], schema=_SCHEMA)
    op.create_index("task_unit", "task", ["unit_id"], schema=_SCHEMA)
    op.create_index("task_due", "task", ["due"], schema=_SCHEMA)
    op.create_table(
        "cause",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False, unique=True),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        schema=_SCHEMA,
    )
    op.alter_column("notification", "meeting_id", nullable=True, schema=_SCHEMA)
    for column in (
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("urgency", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("offset", sa.Integer),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True)),
    ):
        op.add_column("notification", column, schema=_SCHEMA)
    op.create_index("notification_cause", "notification", ["cause"], schema=_SCHEMA)
    op.drop_constraint("delivery_state_check", "delivery", schema=_SCHEMA)
    op.create_check_constraint(
        "delivery_state_check",
        "delivery",
        "state IN ('pending', 'settled', 'delivered', 'failed', 'bounced')",
        schema=_SCHEMA,
    )
    for column in (
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Boolean, nullable=False),
    ):
        op.add_column("delivery", column, schema=_SCHEMA)
    op.alter_column("contact", "mail", nullable=True, schema=_SCHEMA)
    op.add_column("contact", sa.Column("chat_service", sa.Text), schema=_SCHEMA)
    op.add_column("contact", sa.Column("chat_to", sa.Text), schema=_SCHEMA)
    op.create_table(
        "push_subscription",
        sa.Column("endpoint", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("p256dh", sa.Text, nullable=False),
        sa.Column("auth", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        schema=_SCHEMA,
    )
    op.create_index("push_subscription_person", "push_subscription", ["person_id"], schema=_SCHEMA)
    op.create_table(
        "preference",
        sa.Column("person_id", sa.Text, primary_key=True),
        sa.Column("data", JSONB, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        schema=_SCHEMA,
    )
    op.create_table(
        "floor",
        sa.Column("unit_id", sa.Text, primary_key=True),
        sa.Column("channels", JSONB, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        schema=_SCHEMA,
    )
    op.create_table(
        "watch",
        sa.Column("person_id", sa.Text, primary_key=True),
        sa.Column("task_id", sa.Text, primary_key=True),
        schema=_SCHEMA,
    )
    op.create_index("watch_task", "watch", ["task_id"], schema=_SCHEMA)
    for table in ("adoption", "cause", "push_subscription", "preference", "floor", "watch"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {_SCHEMA}.{table} TO ketluan_notify")


def _without_states_and_decisions() -> None:
    for table in ("adoption", "cause", "push_subscription", "preference", "floor", "watch"):
        op.drop_table(table, schema=_SCHEMA)
    op.execute(f"TRUNCATE {', '.join(f'{_SCHEMA}.{table}' for table in _FROM_THE_LOG)}")
    op.drop_column("meeting", "author", schema=_SCHEMA)
    for column in _OF_TASKS:
        op.drop_column("task", column, schema=_SCHEMA)
    op.drop_index("task_meeting", "task", schema=_SCHEMA)
    op.drop_index("task_unit", "task", schema=_SCHEMA)
    op.drop_index("task_due", "task", schema=_SCHEMA)
    for column in _OF_NOTIFICATIONS:
        op.drop_column("notification", column, schema=_SCHEMA)
    op.alter_column("notification", "meeting_id", nullable=False, schema=_SCHEMA)
    for column in ("person_id", "not_before", "digest"):
        op.drop_column("delivery", column, schema=_SCHEMA)
    op.execute(f"DELETE FROM {_SCHEMA}.contact WHERE mail IS NULL")
    op.drop_column("contact", "chat_service", schema=_SCHEMA)
    op.drop_column("contact", "chat_to", schema=_SCHEMA)
    op.alter_column("contact", "mail", nullable=False, schema=_SCHEMA)


def _attempts() -> None:
    """What delivering by several channels needs: the order, what was tried, and how each provider stands."""
    for column in (
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("excused", sa.Integer, nullable=False, server_default="0"),
        sa.Column("round", sa.Integer, nullable=False, server_default="0"),
        sa.Column("bundle", sa.Text),
        sa.Column("reference", sa.Text),
    ):
        op.add_column("delivery", column, schema=_SCHEMA)
    op.drop_index("delivery_due", "delivery", schema=_SCHEMA)
    pending = sa.text("state = 'pending' AND channel <> 'inbox'")
    order: list[str | sa.TextClause] = ["channel", sa.text("(NOT urgent)"), "sequence"]
    op.create_index("delivery_order", "delivery", order, schema=_SCHEMA, postgresql_where=pending)
    op.create_index(
        "delivery_person", "delivery", ["person_id", "channel", "sequence"], schema=_SCHEMA, postgresql_where=pending
    )
    op.create_index("delivery_state", "delivery", ["state", "sequence"], schema=_SCHEMA)
    named = sa.text("reference IS NOT NULL")
    op.create_index("delivery_reference", "delivery", ["reference"], schema=_SCHEMA, postgresql_where=named)
    op.create_table(
        "provider",
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("tokens", sa.Double, nullable=False),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True)),
        sa.Column("tries_again_at", sa.DateTime(timezone=True)),
        sa.Column("probing", sa.Boolean, nullable=False),
        sa.Column("probes", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("failed_at", sa.DateTime(timezone=True)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        schema=_SCHEMA,
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {_SCHEMA}.provider TO ketluan_notify")


def _without_attempts() -> None:
    op.drop_table("provider", schema=_SCHEMA)
    for index in ("delivery_order", "delivery_person", "delivery_state", "delivery_reference"):
        op.drop_index(index, "delivery", schema=_SCHEMA)
    for column in ("sequence", "urgent", "excused", "round", "bundle", "reference"):
        op.drop_column("delivery", column, schema=_SCHEMA)
    pending = sa.text("state = 'pending' AND channel <> 'inbox'")
    op.create_index("delivery_due", "delivery", ["next_attempt_at"], schema=_SCHEMA, postgresql_where=pending)


def _webhooks() -> None:
    """Endpoints, their sealed secrets, and what is posted to them."""
    op.create_table(
        "webhook",
        sa.Column("webhook_id", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("event_types", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger),
        sa.Column("disabled_reason", sa.Text),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
        sa.Column("resting_until", sa.DateTime(timezone=True)),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
        sa.CheckConstraint("state IN ('registering', 'enabled', 'disabled')"),
        schema=_SCHEMA,
    )
    op.create_table(
        "webhook_secret",
        sa.Column("webhook_id", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("sequence", sa.BigInteger),
        sa.Column("until", sa.DateTime(timezone=True)),
        schema=_SCHEMA,
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("webhook_id", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("correlation_id", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("status", sa.Integer),
        sa.Column("error", sa.Text),
        sa.CheckConstraint("state IN ('pending', 'settled', 'delivered', 'failed')"),
        schema=_SCHEMA,
    )
    op.create_index("webhook_delivery_order", "webhook_delivery", ["webhook_id", "sequence"], schema=_SCHEMA)
    for state in ("pending", "settled", "failed"):
        op.create_index(
            f"webhook_delivery_{state}",
            "webhook_delivery",
            ["webhook_id", "sequence"],
            schema=_SCHEMA,
            postgresql_where=sa.text(f"state = '{state}'"),
        )
    for table in ("webhook", "webhook_secret", "webhook_delivery"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {_SCHEMA}.{table} TO ketluan_notify")


def _without_webhooks() -> None:
    for table in ("webhook_delivery", "webhook_secret", "webhook"):
        op.drop_table(table, schema=_SCHEMA)


def _reminders() -> None:
    """Since when a deadline is a unit's own, what a reminder of it goes back to, and up to when people were told."""
    op.add_column("task", sa.Column("obliged_since", sa.DateTime(timezone=True)), schema=_SCHEMA)
    op.add_column("cause", sa.Column("correlation_id", sa.Text, nullable=False), schema=_SCHEMA)
    op.create_table(
        "reminding",
        sa.Column("reader", sa.Text, primary_key=True),
        sa.Column("settled_until", sa.DateTime(timezone=True), nullable=False),
        schema=_SCHEMA,
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {_SCHEMA}.reminding TO ketluan_notify")


def _without_reminders() -> None:
    op.drop_table("reminding", schema=_SCHEMA)
    op.drop_column("cause", "correlation_id", schema=_SCHEMA)
    op.drop_column("task", "obliged_since", schema=_SCHEMA)


def _what_people_do_themselves() -> None:
    """Who decided what waits in the outbox; what was read; the private addresses of people's deadlines."""
    op.add_column("outbox", sa.Column("actor", sa.Text), schema=_SCHEMA)
    op.add_column("notification", sa.Column("marked", sa.BigInteger), schema=_SCHEMA)
    op.create_index(
        "notification_marked",
        "notification",
        ["person_id", "marked"],
        schema=_SCHEMA,
        postgresql_where=sa.text("marked IS NOT NULL"),
    )
    op.create_index(
        "notification_unread",
        "notification",
        ["person_id"],
        schema=_SCHEMA,
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("person_id", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        schema=_SCHEMA,
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {_SCHEMA}.calendar_feed TO ketluan_notify")


def _without_what_people_do_themselves() -> None:
    op.drop_table("calendar_feed", schema=_SCHEMA)
    op.drop_index("notification_unread", "notification", schema=_SCHEMA)
    op.drop_index("notification_marked", "notification", schema=_SCHEMA)
    op.drop_column("notification", "marked", schema=_SCHEMA)
    op.drop_column("outbox", "actor", schema=_SCHEMA)


def _telling_of_no_meeting() -> None:
    """The register takes in what people are told of the record, which belongs to no meeting."""
    op.alter_column("notification", "meeting_id", nullable=True, schema="register")


def _of_meetings_alone() -> None:
    op.execute("DELETE FROM register.notification WHERE meeting_id IS NULL")
    op.alter_column("notification", "meeting_id", nullable=False, schema="register")
