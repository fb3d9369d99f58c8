"""Tasks by the words of their text, unit, number and people: written with the register, and asked of it."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json
from sqlalchemy import ColumnElement, Text, bindparam, cast, literal, or_, select
from sqlalchemy import column as of_type
from sqlalchemy import func as sql
from sqlalchemy.dialects.postgresql import JSONB, TSQUERY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables
from services.tasks.register.fold import Changes
from services.tasks.register.tasks import Sight, task_view, tasks_in_force
from services.tasks.register.views import TaskView
from services.tasks.register.words import Wanted, searchable, wanted
from services.tasks.task.state import Task
from services.tasks.timeliness import Day
from shared.database import among
from shared.events.meeting import ConclusionCorrected

_PUT_ROWS = 500


async def write_search(connection: AsyncConnection, changes: Changes, known: Mapping[str, Task]) -> None:
    """Writes by which words tasks are found, where that changed. The batch's other rows are written already."""
    task, directive, meeting = tables.task.c, tables.directive.c, tables.meeting.c
    ids = [each.id for each in changes.tasks.values() if each.in_force and _named(each) != _named(known.get(each.id))]
    corrected = [each.meeting_id for each in changes.meetings if isinstance(each, ConclusionCorrected)]
    if not ids and not corrected:
        return
    statement = (
        select(
            task.id,
            task.assigned_sequence,
            task.unit_id,
            task.unit_name,
            task.lead_name,
            task.cooperators,
            task.cooperator_unit_ids,
            directive.heading,
            directive.text,
            meeting.number,
        )
        .join(tables.directive, directive.id == task.directive_id)
        .join(tables.meeting, meeting.id == task.meeting_id)
        .where(task.in_force, or_(among(task.id, ids), among(task.meeting_id, corrected)))
    )
    rows = [
        {"task_id": row.id, "assigned_sequence": row.assigned_sequence, "words": _words(row)}
        for row in await connection.execute(statement)
    ]
    for first in range(0, len(rows), _PUT_ROWS):
        await connection.execute(_PUT, {"rows": to_json(rows[first : first + _PUT_ROWS]).decode()})


def _named(task: Task | None) -> object:
    return task and task.in_force and (task.unit, task.lead, task.cooperators)


def _words(row: Any) -> str:
    named = (each["phrase"] for each in row.cooperators)
    texts = (row.text, row.heading, row.unit_name, row.lead_name, row.number, *named)
    return searchable(texts, {row.unit_id, *row.cooperator_unit_ids})


def _put() -> Any:
    names = ("task_id", "assigned_sequence", "words")
    columns = [of_type(name, tables.search.c[name].type) for name in names]
    rows = sql.jsonb_to_recordset(cast(bindparam("rows", type_=Text), JSONB)).table_valued(*columns)
    added = upsert(tables.search).from_select(names, select(rows.render_derived(with_types=True)))
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
    of = tables.search.c
    fits = [_holds(words.written)] if as_written else [_holds(words.bare), ~_holds(words.written)]
    if before is not None:
        fits.append(of.assigned_sequence < before)
    page = select(of.task_id).where(*fits).order_by(of.assigned_sequence.desc()).limit(limit).subquery("page")
    rows = await connection.execute(
        tasks_in_force().join(page, page.c.task_id == tables.task.c.id).order_by(tables.task.c.assigned_sequence.desc())
    )
    return [(as_written, task_view(row._mapping, today)) for row in rows]


def _holds(query: str) -> ColumnElement[bool]:
    return tables.search.c.words.bool_op("@@")(cast(literal(query, Text), TSQUERY))
