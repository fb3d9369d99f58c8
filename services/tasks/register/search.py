"""Tasks by the words of their text, unit, number and people: written with the register, and asked of it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Text, bindparam, cast, literal, or_, select
from sqlalchemy import func as sql
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables, tables_of_words
from services.tasks.register.fold import Changes
from services.tasks.register.rows import task_of
from services.tasks.register.tasks import Sight, task_view, tasks_in_force
from services.tasks.register.views import TaskView
from services.tasks.register.words import Wanted, searchable, wanted
from services.tasks.task.state import Task
from services.tasks.timeliness import Day
from shared.database import among
from shared.events.meeting import ConclusionCorrected

_Said = tuple[str, str | None, str | None]
"""What a notice says: a directive's text and heading, and the notice's number."""


async def write_search(connection: AsyncConnection, changes: Changes, known: Mapping[str, Task]) -> None:
    """Writes by which words tasks are found, where that changed. The batch's other rows are written already."""
    corrected = {each.meeting_id for each in changes.meetings if isinstance(each, ConclusionCorrected)}
    changed = [task for task in changes.tasks.values() if task.in_force and _named(task) != _named(known.get(task.id))]
    rows, unread = [], set[str]()
    for task in changed:
        if task.id in changes.said and task.meeting_id not in corrected:
            rows.append((task.id, task.assigned_sequence, _words(task, changes.said[task.id])))
        else:
            unread.add(task.id)
    if unread or corrected:
        rows += [
            (task.id, task.assigned_sequence, _words(task, said))
            for task, said in await _read(connection, unread, corrected)
        ]
    if rows:
        ids, sequences, words = zip(*rows, strict=True)
        await connection.execute(_PUT, {"ids": ids, "sequences": sequences, "words": words})


async def _read(connection: AsyncConnection, ids: set[str], meetings: set[str]) -> list[tuple[Task, _Said]]:
    task, directive, meeting = tables.task, tables.directive, tables.meeting
    statement = (
        select(task, directive.c.text, directive.c.heading, meeting.c.number)
        .join(directive, directive.c.id == task.c.directive_id)
        .join(meeting, meeting.c.id == task.c.meeting_id)
        .where(task.c.in_force, or_(among(task.c.id, ids), among(task.c.meeting_id, meetings)))
    )
    rows = await connection.execute(statement)
    return [(task_of(row), (row.text, row.heading, row.number)) for row in rows]


def _named(task: Task | None) -> object:
    return task and task.in_force and (task.unit, task.lead, task.cooperators)


def _words(task: Task, said: _Said) -> str:
    named = (each.phrase for each in task.cooperators)
    lead = task.lead.name if task.lead else None
    return searchable((*said, task.unit.name, lead, *named), {task.unit.id, *task.cooperator_unit_ids})


def _put() -> Any:
    names = ("task_id", "assigned_sequence", "words")
    given = (("ids", Text), ("sequences", BigInteger), ("words", Text))
    columns = [bindparam(name, type_=ARRAY(of)) for name, of in given]
    rows = sql.unnest(*columns).table_valued(*names).render_derived()
    added = upsert(tables_of_words.search).from_select(
        names, select(rows.c.task_id, rows.c.assigned_sequence, cast(rows.c.words, TSVECTOR))
    )
    return added.on_conflict_do_update(index_elements=["task_id"], set_={"words": added.excluded.words})


_PUT = _put()


async def search_tasks(
    connection: AsyncConnection, asked: str, sight: Sight, today: Day, after: tuple[bool, int] | None, limit: int
) -> list[tuple[bool, TaskView]]:
    """Tasks in which every word that is asked for stands, and whether all stand there as they were written.

    Those in which they do come first, and among equals the newest. `after` is the place of the last one that is known:
    whether its words stood as written, and its `assigned_sequence`.
    """
    words = wanted(asked, sight)
    if words is None:
        return []
    found: list[tuple[bool, TaskView]] = []
    for as_written in (True, False):
        if after and as_written and not after[0]:
            continue
        if not as_written and words.written == words.bare:
            continue
        before = after[1] if after and after[0] == as_written else None
        found += await _tier(connection, words, as_written, today, before, limit - len(found))
        if len(found) == limit:
            break
    return found


async def _tier(
    connection: AsyncConnection, words: Wanted, as_written: bool, today: Day, before: int | None, limit: int
) -> list[tuple[bool, TaskView]]:
    of = tables_of_words.search.c
    fits = [_holds(words.written)] if as_written else [_holds(words.bare), ~_holds(words.written)]
    if before is not None:
        fits.append(of.assigned_sequence < before)
    page = select(of.task_id).where(*fits).order_by(of.assigned_sequence.desc()).limit(limit).subquery("page")
    rows = await connection.execute(
        tasks_in_force().join(page, page.c.task_id == tables.task.c.id).order_by(tables.task.c.assigned_sequence.desc())
    )
    return [(as_written, task_view(row._mapping, today)) for row in rows]


def _holds(query: str) -> ColumnElement[bool]:
    return tables_of_words.search.c.words.bool_op("@@")(cast(literal(query, Text), TSQUERY))
