"""The register's tables."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

SCHEMA = "register"
metadata = MetaData(schema=SCHEMA)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("reader", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("stream", Text, nullable=False),
)

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
    Index("directive_by_meeting", "meeting_id", "ordinal"),
)

task = Table(
    "task",
    metadata,
    Column("id", Text, primary_key=True),
    Column("assigned_sequence", BigInteger, nullable=False, unique=True),
    Column("sequence", BigInteger, nullable=False),
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
    Column("baseline_due", Date),
    Column("due", Date),
    Column("due_phrase", Text),
    Column("due_rule", Text),
    Column("due_confidence", Float),
    Column("in_force", Boolean, nullable=False),
    Index("task_by_meeting", "meeting_id", "assigned_sequence"),
    Index("task_by_unit", "unit_id", "assigned_sequence"),
    Index("task_by_due", "due", "assigned_sequence"),
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
)

notification = Table(
    "notification",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("meeting_id", Text, nullable=False),
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

STATES = (meeting, directive, task, unit, person, notification, notified_task, notification_event, parked)
"""Every table that events alone decide, in the order in which a rebuild compares them."""
