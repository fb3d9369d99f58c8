"""What notify keeps in PostgreSQL. All of it but the contacts can be made anew from the log."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Identity,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

SCHEMA = "notify"
CHANGED = "notify_inbox"
"""Channel of PostgreSQL's NOTIFY on which a change of any inbox is made known."""

metadata = MetaData(schema=SCHEMA)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("reader", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("stream", Text, nullable=False),
)
"""How far the log was projected, and which log: `stream` is the time at which it was made."""

meeting = Table(
    "meeting",
    metadata,
    Column("meeting_id", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("number", Text),
    Column("issuer", Text),
)

task = Table(
    "task",
    metadata,
    Column("task_id", Text, primary_key=True),
    Column("meeting_id", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("unit_id", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("due", Date),
)

outbox = Table(
    "outbox",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("place", BigInteger, Identity(always=True), nullable=False),
    Column("person_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("causation_id", Text, nullable=False),
    Column("happened_at", DateTime(timezone=True), nullable=False),
    Column("data", JSONB, nullable=False),
)
"""Events that were decided and do not stand in the log yet, in the order in which they were decided."""

notification = Table(
    "notification",
    metadata,
    Column("notification_id", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("meeting_id", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("reasons", ARRAY(Text), nullable=False),
    Column("mentions", JSONB, nullable=False),
)
"""The inboxes. `mentions` lists pairs of a task's id and the reason why it concerns the person."""

delivery = Table(
    "delivery",
    metadata,
    Column("notification_id", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", DateTime(timezone=True), nullable=False),
    Column("settled_at", DateTime(timezone=True)),
    Column("error", Text),
)
"""`pending`: to be done; `settled`: done or given up, the outcome is in the outbox; `delivered`, `failed`: the log
says so."""

inbox_tail = Table(
    "inbox_tail",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
)
"""The last event on each person's subject, and how many there are: what the next one has to follow."""

contact = Table(
    "contact",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("mail", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)
"""Where people are reached. Given by people, kept here alone, never in the log."""

parked = Table(
    "parked",
    metadata,
    Column("sequence", BigInteger, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("parked_at", DateTime(timezone=True), nullable=False),
)
"""Events that could not be read or applied; the others went on."""
