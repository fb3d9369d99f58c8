"""The register's tables of what was: when the log was where, and how tasks, notices and directives stood before."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.tasks.register.schema import metadata

moment = Table(
    "moment",
    metadata,
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Index("moment_by_sequence", "sequence"),
)
"""The log's clock: in the second that begins `at`, `sequence` was the first event to be recorded. It never goes back:
an event that tells of an earlier time was entered late, and one that tells of a later time than that at which the log
stored it counts from there."""


def _stood() -> "tuple[Column[object], ...]":
    return (
        Column("assigned_sequence", BigInteger, nullable=False),
        Column("assigned_at", DateTime(timezone=True), nullable=False),
        Column("meeting_id", Text, nullable=False),
        Column("directive_id", Text, nullable=False),
        Column("unit_id", Text, nullable=False),
        Column("cooperator_unit_ids", ARRAY(Text), nullable=False),
        Column("status", Text, nullable=False),
        Column("is_series", Boolean, nullable=False),
        Column("due", Date),
        Column("submitted_at", DateTime(timezone=True)),
    )


task_version = Table(
    "task_version",
    metadata,
    Column("task_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("until_sequence", BigInteger, nullable=False),
    Column("width", SmallInteger, nullable=False),
    *_stood(),
    PrimaryKeyConstraint("task_id", "version"),
    Index("task_version_at", "width", "until_sequence"),
)
"""Every former version of a task that was in force, from the event `sequence` until `until_sequence`, which made the
next one. It is written once, when it ends. `width` is how many bits its length has: of the versions with w bits only
those can hold an event that end within 2^w behind it, so that a few ranges of the index find all that do."""

task_held = Table(
    "task_held",
    metadata,
    Column("task_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True)),
    *_stood(),
    PrimaryKeyConstraint("task_id", "version"),
)
"""How tasks stood as we know it now, of those for which that is not what we knew then: something was entered late, or
the reading of their notice was corrected. The last version has no end."""

meeting_former = Table(
    "meeting_former",
    metadata,
    Column("id", Text, nullable=False),
    Column("until_sequence", BigInteger, nullable=False),
    Column("state", JSONB, nullable=False),
    PrimaryKeyConstraint("id", "until_sequence"),
)
"""Rows of `meeting` as they were until an event changed them."""

directive_former = Table(
    "directive_former",
    metadata,
    Column("id", Text, nullable=False),
    Column("until_sequence", BigInteger, nullable=False),
    Column("state", JSONB, nullable=False),
    PrimaryKeyConstraint("id", "until_sequence"),
)
"""The same of `directive`."""
