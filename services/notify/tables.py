"""What notify keeps in PostgreSQL. All of it but the ways to reach people can be made anew from the log."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Identity,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

SCHEMA = "notify"
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
    Column("author", Text),
)
"""Notices as they stand. `author` is the actor who published it, such as `person.lan`."""

task = Table(
    "task",
    metadata,
    Column("task_id", Text, primary_key=True),
    Column("meeting_id", Text, nullable=False),
    Column("directive_id", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("unit_id", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("lead", Text),
    Column("cooperators", ARRAY(Text), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("recurrence", Text),
    Column("series_id", Text),
    Column("status", Text, nullable=False),
    Column("acknowledged", Boolean, nullable=False),
    Column("percent", Integer),
    Column("due", Date),
    Column("due_time", Text),
    Column("due_event", Text),
    Column("obliged_since", DateTime(timezone=True)),
    Column("baseline", Date),
    Column("submitted_by", Text),
    Column("extension_requested_by", Text),
    Column("extension_until", Date),
    Column("sequence", BigInteger, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("before_correction", JSONB),
)
"""Tasks in force, as they stand: what deciding whom to tell needs of them.

`lead` is the name that the notice gives, `cooperators` the ids of the directory's units; `status` is one of
not_started, in_progress, submitted, done, cancelled. `series_id` names the series of which it is a turn, `recurrence`
is the rule of a task that recurs itself. `due_event` is the id of the event that set the deadline which holds now,
`obliged_since` when that deadline came to be the unit's own: it was set, or the work came to the unit, or back to it.
`sequence` and `changed_at` are those of its last event. `before_correction` is the task before the events of a
correction whose own last event has not come yet.
"""

cause = Table(
    "cause",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("happened_at", DateTime(timezone=True), nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
)
"""Events of which somebody may be told, and those that set a deadline. `facts` holds what is short of them: `until`,
`percent`, `due`, and the first words that somebody wrote, `note`; or a checkpoint's whole note, `checkpoint`."""

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
    Column("actor", Text),
)
"""Events that were decided and do not stand in the log yet, in the order in which they were decided. `actor` is the
person who decided; None stands for this service."""

notification = Table(
    "notification",
    metadata,
    Column("notification_id", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("meeting_id", Text),
    Column("rule", Text, nullable=False),
    Column("reasons", ARRAY(Text), nullable=False),
    Column("mentions", JSONB, nullable=False),
    Column("category", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("due", Date),
    Column("offset", Integer),
    Column("cause", Text, nullable=False),
    Column("read_at", DateTime(timezone=True)),
    Column("acknowledged_at", DateTime(timezone=True)),
    Column("marked", BigInteger),
)
"""The inboxes. `mentions` lists pairs of a task's id and the reason why it concerns the person; `cause` is the id of
the event that they are told of, `marked` the place of the last event by which the person read or acknowledged it."""

delivery = Table(
    "delivery",
    metadata,
    Column("notification_id", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("not_before", DateTime(timezone=True), nullable=False),
    Column("digest", Boolean, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("excused", Integer, nullable=False, server_default="0"),
    Column("round", Integer, nullable=False, server_default="0"),
    Column("bundle", Text),
    Column("reference", Text),
    Column("next_attempt_at", DateTime(timezone=True), nullable=False),
    Column("settled_at", DateTime(timezone=True)),
    Column("error", Text),
    Column("claimed_by", Text),
)
"""`pending`: to be done; `settled`: done or given up, the outcome is in the outbox; `delivered`, `failed`, `bounced`:
the log says so. Nothing is brought before `not_before`; those of one `digest` are due together.

`sequence` is where the notification stands in the log; of one person's, the earlier leaves first. Of the `attempts`,
the `excused` ones found no provider, were broken off or are under way. `round` counts how often somebody had it sent
again. `bundle` is the id of the message that it leaves with, `reference` what the channel called it. `claimed_by` is
the copy of this service that is sending it.
"""

provider = Table(
    "provider",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("tokens", Double, nullable=False),
    Column("filled_at", DateTime(timezone=True), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("opened_at", DateTime(timezone=True)),
    Column("tries_again_at", DateTime(timezone=True)),
    Column("probing", Boolean, nullable=False),
    Column("probes", Integer, nullable=False),
    Column("error", Text),
    Column("failed_at", DateTime(timezone=True)),
    Column("answered_at", DateTime(timezone=True)),
)
"""How the provider of each channel stands: how much it may be sent now, and whether it answers."""

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
    Column("mail", Text),
    Column("chat_service", Text),
    Column("chat_to", Text),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)
"""Where people are reached. Given by people, kept here alone, never in the log. `chat_to` is an id
within the service."""

push_subscription = Table(
    "push_subscription",
    metadata,
    Column("endpoint", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("p256dh", Text, nullable=False),
    Column("auth", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
"""Browsers that take web push for a person. Kept here alone, never in the log."""

calendar_feed = Table(
    "calendar_feed",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
"""The private address of each person's deadlines, as the SHA-256 of the secret in it. Kept here alone."""

preference = Table(
    "preference",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("data", JSONB, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
"""How each person wants to be told: their last PreferencesChanged, and where it stands."""

floor = Table(
    "floor",
    metadata,
    Column("unit_id", Text, primary_key=True),
    Column("channels", JSONB, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
"""What each unit decided for its members: pairs of category and channel."""

watch = Table(
    "watch",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("task_id", Text, primary_key=True),
)

adoption = Table(
    "adoption",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("after", BigInteger, nullable=False),
)
"""Rules that an upgrade brought, and the last event that was decided without them, until the log says so itself."""

reminding = Table(
    "reminding",
    metadata,
    Column("reader", Text, primary_key=True),
    Column("settled_until", DateTime(timezone=True), nullable=False),
)
"""Up to when it was decided who is reminded of deadlines; the log says so where this was lost."""

parked = Table(
    "parked",
    metadata,
    Column("sequence", BigInteger, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("parked_at", DateTime(timezone=True), nullable=False),
)
"""Events that could not be read or applied; the others went on."""
