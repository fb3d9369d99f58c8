"""The register's tables."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.tasks.register import finished, schema
from services.tasks.register import tables_of_pasts as pasts
from services.tasks.register import tables_of_words as words
from shared.zone import DEFAULT_ZONE

SCHEMA, metadata = schema.SCHEMA, schema.metadata

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("reader", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("stream", Text, nullable=False),
)
"""How far each reader came: `REGISTER` with all tables but those of words, `WORDS` with these, behind it."""

REGISTER, WORDS = "tasks", "words"

meeting = Table(
    "meeting",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False, unique=True),
    Column("concluded_at", DateTime(timezone=True), nullable=False),
    Column("issuer", Text),
    Column("number", Text),
    Column("issued_on", Date),
    Column("held_on", Date),
    Column("title", Text, nullable=False),
    Column("concluded_by", JSONB),
    Column("signed_by", JSONB),
    Column("attendees", JSONB, nullable=False),
    Column("recipients", JSONB, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("document_sha256", Text, nullable=False),
    Column("directive_count", Integer, nullable=False),
    Column("task_count", Integer, nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Index("meeting_by_words", text(words.OF_MEETING), postgresql_using="gin"),
)

directive = Table(
    "directive",
    metadata,
    Column("id", Text, primary_key=True),
    Column("meeting_id", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("heading", Text),
    Column("text", Text, nullable=False),
    Column("span_start", Integer),
    Column("span_end", Integer),
    Column("assignees", JSONB, nullable=False),
    Column("lead", JSONB),
    Column("cooperators", JSONB, nullable=False),
    Column("report_to", JSONB, nullable=False),
    Column("deadline", JSONB),
    Column("recurrence", Text),
    Column("citations", JSONB, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Index("directive_by_meeting", "meeting_id", "ordinal"),
)

task = Table(
    "task",
    metadata,
    Column("id", Text, primary_key=True),
    Column("assigned_sequence", BigInteger, nullable=False, unique=True),
    Column("sequence", BigInteger, nullable=False),
    Column("stands_from", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("meeting_id", Text, nullable=False),
    Column("directive_id", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("unit_id", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("phrase", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("assigned_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("baseline_due", Date),
    Column("due", Date),
    Column("due_time", Text),
    Column("due_phrase", Text),
    Column("due_rule", Text),
    Column("due_confidence", Float),
    Column("in_force", Boolean, nullable=False),
    Column("lead_name", Text),
    Column("lead_position", Text),
    Column("cooperators", JSONB, nullable=False),
    Column("cooperator_unit_ids", ARRAY(Text), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("recurrence", Text),
    Column("is_series", Boolean, nullable=False),
    Column("series_id", Text),
    Column("period_start", Date),
    Column("period_end", Date),
    Column("acknowledged_at", DateTime(timezone=True)),
    Column("percent", Integer),
    Column("submitted_at", DateTime(timezone=True)),
    Column("submitted_by", Text),
    Column("done_at", DateTime(timezone=True)),
    Column("cancelled_at", DateTime(timezone=True)),
    Column("pending_until", Date),
    Index("task_by_meeting", "meeting_id", "assigned_sequence"),
    Index("task_by_series", "series_id", "period_start", postgresql_where=text("series_id IS NOT NULL")),
    Index("task_that_recurs", "id", postgresql_where=text("is_series")),
    Index("task_that_waits", "id", postgresql_where=text("status = 'submitted' OR pending_until IS NOT NULL")),
)

standing = Table(
    "standing",
    metadata,
    Column("assigned_sequence", BigInteger, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("assigned_at", DateTime(timezone=True), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("is_series", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("due", Date),
    Column("submitted_at", DateTime(timezone=True)),
    Column("unit_id", Text, nullable=False),
    Column("meeting_id", Text, nullable=False),
    Column("directive_id", Text, nullable=False),
    Column("task_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("cooperator_unit_ids", ARRAY(Text), nullable=False),
    Column("submitted_on", Date, Computed(f"(submitted_at AT TIME ZONE '{DEFAULT_ZONE}')::date", persisted=True)),
    Column(
        "assigned_month",
        Date,
        Computed(f"date_trunc('month', assigned_at AT TIME ZONE '{DEFAULT_ZONE}')::date", persisted=True),
    ),
    postgresql_partition_by="LIST (status)",
)
"""The present version of every task in force, as it stands since `sequence`, in so few bytes that all can be counted
while somebody waits. Its local days are those of the default zone. `standing_open` holds the open ones, which change
again and again and are few, and `standing_ended` the others; see migration 0004."""

attachment = Table(
    "attachment",
    metadata,
    Column("sha256", Text, nullable=False),
    Column("task_id", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    PrimaryKeyConstraint("sha256", "task_id", "sequence"),
    Index("attachment_by_task", "task_id", "sequence"),
)

unit = Table(
    "unit",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("parent_id", Text),
    Column("closed", Boolean, nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("unit_id", Text),
    Column("position", Text),
    Column("roles", ARRAY(Text), nullable=False),
    Column("has_left", Boolean, nullable=False),
)

notification = Table(
    "notification",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("meeting_id", Text),
    Index("notification_by_meeting", "meeting_id"),
)

notified_task = Table(
    "notified_task",
    metadata,
    Column("task_id", Text, nullable=False),
    Column("notification_id", Text, nullable=False),
    PrimaryKeyConstraint("task_id", "notification_id"),
)

notification_event = Table(
    "notification_event",
    metadata,
    Column("notification_id", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    PrimaryKeyConstraint("notification_id", "sequence"),
)

parked = Table(
    "parked",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("parked_by_subject", "subject"),
)

STATES = (
    meeting,
    directive,
    task,
    pasts.moment,
    pasts.task_version,
    pasts.task_held,
    pasts.meeting_former,
    pasts.directive_former,
    standing,
    words.wording,
    words.likeness,
    words.carried_over,
    words.search,
    finished.step,
    finished.by_unit,
    finished.by_meeting,
    attachment,
    unit,
    person,
    notification,
    notified_task,
    notification_event,
    parked,
)
"""Every table that events alone decide, in the order in which a rebuild compares them."""
