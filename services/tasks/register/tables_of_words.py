"""The register's tables of what tasks say: by which words they are found, and which repeat an earlier one."""

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, Table, Text
from sqlalchemy.dialects.postgresql import TSVECTOR

from services.tasks.register.schema import metadata

wording = Table(
    "wording",
    metadata,
    Column("task_id", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("plain", Text, nullable=False),
)
"""What a task said when it came into force at `sequence`, in words without which the same order can be recognised."""

likeness = Table(
    "likeness",
    metadata,
    Column("key", BigInteger, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("task_id", Text, nullable=False),
    PrimaryKeyConstraint("key", "sequence", "task_id"),
)
"""Under which keys a task is found that says nearly the same to the same unit."""

carried_over = Table(
    "carried_over",
    metadata,
    Column("task_id", Text, primary_key=True),
    Column("repeats_task_id", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Index("carried_over_by_repeated", "repeats_task_id"),
)
"""Tasks that repeat an earlier one which was still open, and for the how-manieth time the same is ordered."""

search = Table(
    "search",
    metadata,
    Column("task_id", Text, primary_key=True),
    Column("assigned_sequence", BigInteger, nullable=False),
    Column("words", TSVECTOR, nullable=False),
    Index("search_by_words", "words", postgresql_using="gin"),
    Index("search_by_sequence", "assigned_sequence"),
)
"""The words by which a task is found, each with its marks and without."""

OF_MEETING = r"""to_tsvector('simple', regexp_replace(lower(translate(regexp_replace(normalize(
    coalesce(number, '') || ' ' || title, NFKD), '[\u0300-\u036f]', '', 'g'), 'Đđ', 'dd')), '[^a-z0-9]+', ' ', 'g'))"""
"""The words by which a meeting is found, without marks: of its number and its title."""
