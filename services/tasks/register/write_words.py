"""Puts what tasks say into the register: by which words they are found, and which repeat an earlier one."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Text, and_, bindparam, cast, func, or_, select, union_all
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger.tables import event as ledger_event
from services.tasks.register import tables, tables_of_pasts, tables_of_words
from services.tasks.register.carried_over import carried_over
from services.tasks.register.copying import copy_rows
from services.tasks.register.reading import read
from services.tasks.register.rows import Row
from services.tasks.register.said import Place, Said, Wording, said, wordings
from services.tasks.register.words import searchable
from shared.database import among
from shared.events.task import CooperatorsChanged, TaskReassigned
from shared.log.record import Record
from shared.log.stream import PREFIX

_TELLING = (TaskReassigned.__name__, CooperatorsChanged.__name__, '"period"', "\\\\u")
"""What stands in an event of a task that may change its words. The last is how JSON may write any of the others."""


async def write_words(connection: AsyncConnection, after: int, to: int, schema: str) -> None:
    """Writes what the events behind a sequence up to another say. The register in `schema` holds them already.

    What repeats what depends on nothing behind the event that put a task in force, and by which words a task is found
    on nothing but how it stands, so that a rebuilt register says the same whatever batches it reads.
    """
    found = said(read(record) for record in await _telling(connection, after, to))
    worded, of_series = await _worded(connection, found)
    await copy_rows(connection, tables_of_words.wording, wording_rows([*worded, *of_series]), schema)
    await copy_rows(connection, tables_of_words.likeness, likeness_rows(worded), schema)
    await copy_rows(connection, tables_of_words.carried_over, await carried_over(connection, worded), schema)
    anew = {task_id for task_id, _ in found.texts} | found.renamed
    if anew or found.corrected:
        await put_words(connection, await searched(connection, anew, found.corrected))


async def _telling(connection: AsyncConnection, after: int, to: int) -> list[Record]:
    event = ledger_event.c
    tells = or_(*(event.content.bool_op("~~")(f"%{each}%".encode()) for each in _TELLING))
    statement = (
        select(event.sequence, event.subject, event.stored_at, event.content)
        .where(event.sequence > after, event.sequence <= to)
        .where(
            or_(
                event.subject.startswith(f"{PREFIX}meeting."),
                and_(event.subject.startswith(f"{PREFIX}task."), tells),
            )
        )
        .order_by(event.sequence)
    )
    return [Record(*row) for row in await connection.execute(statement)]


async def _worded(connection: AsyncConnection, found: Said) -> tuple[list[Wording], list[Wording]]:
    """What the tasks say that came into force: those that may repeat another, and those that recur."""
    if not found.texts:
        return [], []
    ids, sequences = zip(*found.texts, strict=True)
    turns, series = dict[Place, str](), dict[Place, str]()
    for row in await connection.execute(_IN_FORCE, {"ids": ids, "sequences": sequences}):
        (series if row.is_series else turns)[row.task_id, row.sequence] = row.unit_id
    return wordings(found, turns), wordings(found, series)


def wording_rows(worded: Iterable[Wording]) -> list[Row]:
    """Rows of `wording`."""
    return [(each.task_id, each.sequence, each.plain) for each in worded]


def likeness_rows(worded: Iterable[Wording]) -> list[Row]:
    """Rows of `likeness`."""
    return [(key, each.sequence, each.task_id) for each in worded for key in each.keys]


async def searched(connection: AsyncConnection, ids: set[str], meetings: set[str]) -> list[Row]:
    """Rows of `search`, its words as PostgreSQL reads them, of tasks in force: of these ids, or of these meetings."""
    which = or_(among(tables.task.c.id, ids), among(tables.task.c.meeting_id, meetings))
    return [search_row(row) for row in await connection.execute(NAMED.where(which))]


def search_row(row: Any) -> Row:
    """A row of `search` from one of `NAMED`."""
    named = (each["phrase"] for each in row.cooperators)
    words = (row.text, row.heading, row.number, row.unit_name, row.lead_name, *named)
    return (row.id, row.assigned_sequence, searchable(words, {row.unit_id, *row.cooperator_unit_ids}))


async def put_words(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    """Puts rows of `search`, whose words are as PostgreSQL reads them, in the place of those that were there."""
    if rows:
        ids, sequences, words = zip(*rows, strict=True)
        await connection.execute(_PUT, {"ids": ids, "sequences": sequences, "words": words})


async def add_words(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    """Puts rows of `search` where none of their tasks has one."""
    if rows:
        ids, sequences, words = zip(*rows, strict=True)
        await connection.execute(_ADD, {"ids": ids, "sequences": sequences, "words": words})


def _named() -> Any:
    task, directive, meeting = tables.task, tables.directive, tables.meeting
    names = ("id", "assigned_sequence", "unit_id", "unit_name", "lead_name", "cooperators", "cooperator_unit_ids")
    return (
        select(*(task.c[name] for name in names), directive.c.text, directive.c.heading, meeting.c.number)
        .join(directive, directive.c.id == task.c.directive_id)
        .join(meeting, meeting.c.id == task.c.meeting_id)
        .where(task.c.in_force)
    )


def _in_force() -> Any:
    text, number = ARRAY(Text), ARRAY(BigInteger)
    asked = func.unnest(bindparam("ids", type_=text), bindparam("sequences", type_=number))
    asked_of = asked.table_valued("task_id", "sequence").render_derived()
    return union_all(
        *(
            select(of.c.task_id, of.c.sequence, of.c.unit_id, of.c.is_series).where(
                of.c.task_id == asked_of.c.task_id, of.c.sequence == asked_of.c.sequence
            )
            for of in (tables_of_pasts.task_version, tables.standing)
        )
    )


def _add_statement() -> Any:
    names = ("task_id", "assigned_sequence", "words")
    given = (("ids", Text), ("sequences", BigInteger), ("words", Text))
    columns = [bindparam(name, type_=ARRAY(of)) for name, of in given]
    rows = func.unnest(*columns).table_valued(*names).render_derived()
    return upsert(tables_of_words.search).from_select(
        names, select(rows.c.task_id, rows.c.assigned_sequence, cast(rows.c.words, TSVECTOR))
    )


def _put_statement() -> Any:
    added = _add_statement()
    return added.on_conflict_do_update(index_elements=["task_id"], set_={"words": added.excluded.words})


NAMED = _named()
"""Tasks in force with all that is said of them."""

_IN_FORCE, _ADD, _PUT = _in_force(), _add_statement(), _put_statement()
