"""Questions to the register about tasks."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Row,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    exists,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables, tables_of_words
from services.tasks.register.as_of import AsOf, in_cells, standing_parts, submitted_on
from services.tasks.register.former import directives_as_of, meetings_as_of, revoked_as_of, tasks_as_of
from services.tasks.register.rows import TASK_COLUMNS, task_row
from services.tasks.register.task_views import DIRECTIVE_COLUMNS, MEETING_COLUMNS, task_view
from services.tasks.register.views import TaskView, as_of_view
from services.tasks.task.state import OPEN, Status
from services.tasks.timeliness import Day, Timeliness
from shared.database import among

Sight = frozenset[str] | None
"""The units of whoever asks, who sees the tasks that these are responsible for or co-operate in; None sees all."""


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks are wanted; what is None or empty does not matter. Days are local, and ranges of them inclusive.

    `timeliness` names ways to stand of which any will do. `as_of` asks how tasks stood, and `on` how they will stand to
    their deadlines on a later day than today. `carried_over` wants those that repeat an earlier task, or those that do
    not; `is_open` those that still have to come to an end, or those that came to it. `done_from` and `done_to` are days
    on which the results of work that is done were handed in.
    """

    unit: str | None = None
    meeting: str | None = None
    status: Status | None = None
    timeliness: tuple[Timeliness, ...] = ()
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    directive: str | None = None
    series: str | None = None
    assigned_from: dt.date | None = None
    assigned_to: dt.date | None = None
    as_of: AsOf | None = None
    on: dt.date | None = None
    carried_over: bool | None = None
    is_open: bool | None = None
    done_from: dt.date | None = None
    done_to: dt.date | None = None


async def list_tasks(
    connection: AsyncConnection, wanted: TaskFilter, sight: Sight, today: Day, after: int, limit: int
) -> list[TaskView]:
    """Tasks in force, in the order of their assignment behind sequence `after`."""
    day = day_of(wanted, today)
    first = []
    for part in standing_parts(wanted.as_of, today.zone):
        stand = part.subquery("stand")
        those = select(stand.c.assigned_sequence, stand.c.task_id).where(
            stand.c.assigned_sequence > after, *conditions(wanted, sight, stand, day)
        )
        first.append(those.order_by(stand.c.assigned_sequence).limit(limit).subquery())
    found = union_all(*map(select, first)).subquery("found")
    page = select(found.c.task_id).order_by(found.c.assigned_sequence).limit(limit)
    return await find_tasks(connection, list(await connection.scalars(page)), day, wanted.as_of)


async def find_tasks(
    connection: AsyncConnection, ids: Sequence[str], day: Day, as_of: AsOf | None = None
) -> list[TaskView]:
    """Tasks in force by their ids and in that order, as they stand on a day, or stood as of a moment of that day."""
    place = {task_id: number for number, task_id in enumerate(ids)}
    rows = await connection.execute(tasks_in_force().where(among(tables.task.c.id, ids)))
    return await _views(connection, sorted(rows.all(), key=lambda row: place[row.id]), day, as_of)


def day_of(wanted: TaskFilter, today: Day) -> Day:
    """The day on which it is asked how tasks stand."""
    if wanted.as_of:
        return today.of(wanted.as_of.time)
    return replace(today, date=wanted.on) if wanted.on else today


async def find_row(connection: AsyncConnection, task_id: str) -> "Row[Any] | None":
    """One task in force with its directive and its meeting, as `task_view` takes them; or None."""
    found: Row[Any] | None = (
        await connection.execute(tasks_in_force().where(tables.task.c.id == task_id))
    ).one_or_none()
    return found


async def find_task(
    connection: AsyncConnection, task_id: str, sight: Sight, today: Day, as_of: AsOf | None = None
) -> TaskView | None:
    """One task that is in force now, as it stands or stood; or None."""
    statement = tasks_in_force().where(tables.task.c.id == task_id, seen(sight))
    found = await _views(connection, (await connection.execute(statement)).all(), today, as_of)
    return found[0] if found else None


async def directive_tasks(
    connection: AsyncConnection, directive_id: str, sight: Sight, today: Day, as_of: AsOf | None = None
) -> list[TaskView]:
    """Tasks of a directive, in the order of their assignment."""
    statement = tasks_in_force().where(_of_directive(directive_id), seen(sight))
    rows = await connection.execute(statement.order_by(tables.task.c.assigned_sequence))
    return await _views(connection, rows.all(), today, as_of)


async def meeting_tasks(
    connection: AsyncConnection,
    meeting_id: str,
    sight: Sight,
    today: Day,
    after: int = 0,
    directives: int | None = None,
    as_of: AsOf | None = None,
) -> list[TaskView]:
    """Tasks of a meeting, in the order of the notice: all, or those of some `directives` behind ordinal `after`."""
    statement = tasks_in_force().where(
        tables.task.c.meeting_id == meeting_id, tables.task.c.ordinal > after, seen(sight)
    )
    if directives is not None:
        statement = statement.where(tables.task.c.ordinal <= after + directives)
    rows = await connection.execute(statement.order_by(tables.task.c.ordinal, tables.task.c.assigned_sequence))
    return await _views(connection, rows.all(), today, as_of)


async def task_ids_of(connection: AsyncConnection, meeting_id: str) -> Sequence[str]:
    """The ids of everything that a meeting ever gave to a unit, also of what is not in force."""
    return (await connection.scalars(select(tables.task.c.id).where(tables.task.c.meeting_id == meeting_id))).all()


async def _views(
    connection: AsyncConnection, rows: Sequence["Row[Any]"], day: Day, as_of: AsOf | None
) -> list[TaskView]:
    """The tasks of rows that the register holds, as they stand on a day, or as of a moment of that day."""
    if as_of is None:
        return [task_view(row._mapping, day) for row in rows]
    day = day.of(as_of.time)
    # What was known then of a task that stands since before is what the register says of it.
    same = {row.id for row in rows if as_of.sense == "known" and row.stands_from <= as_of.sequence}
    tasks = await tasks_as_of(connection, [row.id for row in rows if row.id not in same], as_of)
    notices = await meetings_as_of(connection, [row.meeting_id for row in rows], as_of)
    directives = await directives_as_of(connection, [row.directive_id for row in rows], as_of)
    found = []
    for row in rows:
        if row.id in tasks or row.id in same:
            stood = dict(zip(TASK_COLUMNS, task_row(tasks[row.id]), strict=True)) if row.id in tasks else {}
            notice, directive = notices.get(row.meeting_id, {}), directives.get(row.directive_id, {})
            then = {
                **row._mapping,
                **{f"meeting_{name}": notice[name] for name in MEETING_COLUMNS if name in notice},
                **{f"directive_{name}": directive[name] for name in DIRECTIVE_COLUMNS if name in directive},
                **stood,
            }
            if not notice:
                then["meeting_revoked_at"] = revoked_as_of(row.meeting_revoked_at, as_of)
            found.append(task_view(then, day).model_copy(update={"as_of": as_of_view(as_of)}))
    return found


def _of_directive(directive_id: str, of: FromClause = tables.task) -> ColumnElement[bool]:
    """Whether a task, as it stands in `of`, is of a directive; found by the directive's meeting, so that no index is
    kept for it alone."""
    directive = tables.directive.c
    meeting = select(directive.meeting_id).where(directive.id == directive_id).scalar_subquery()
    return and_(of.c.meeting_id == meeting, of.c.directive_id == directive_id)


def seen(sight: Sight, of: FromClause = tables.task) -> ColumnElement[bool]:
    """Whether a task, as it stands in `of`, is one that its reader may see."""
    task = of.c
    if sight is None:
        return true()
    units = bindparam(None, sorted(sight), type_=ARRAY(Text))
    return or_(task.unit_id == any_(units), task.cooperator_unit_ids.op("&&")(units))


def tasks_in_force() -> "Select[Any]":
    """Tasks with what `task_view` needs of their directives and meetings."""
    task, directive, meeting, repeating = tables.task, tables.directive, tables.meeting, tables_of_words.carried_over
    return (
        select(
            *task.columns,
            *(directive.c[name].label(f"directive_{name}") for name in DIRECTIVE_COLUMNS),
            *(meeting.c[name].label(f"meeting_{name}") for name in MEETING_COLUMNS),
            repeating.c.repeats_task_id,
            repeating.c.times,
        )
        .join(directive, directive.c.id == task.c.directive_id)
        .join(meeting, meeting.c.id == task.c.meeting_id)
        .outerjoin(repeating, repeating.c.task_id == task.c.id)
        .where(task.c.in_force)
    )


def conditions(wanted: TaskFilter, sight: Sight, stand: FromClause, day: Day) -> list[ColumnElement[bool]]:
    """What a filter says of tasks that stand as in `stand` on a day, and of who may see them."""
    of, repeating = stand.c, tables_of_words.carried_over.alias("repeating").c
    equal = {
        "unit_id": wanted.unit,
        "meeting_id": wanted.meeting,
        "status": wanted.status,
    }
    found = [seen(sight, stand), *(of[name] == value for name, value in equal.items() if value is not None)]
    if wanted.as_of is not None and sight is not None:
        present = tables.standing.alias("present")
        found.append(exists().where(present.c.task_id == of.task_id, seen(sight, present)))
    if wanted.directive is not None:
        found.append(_of_directive(wanted.directive, stand))
    if wanted.series is not None:
        turns = select(tables.task.c.id).where(tables.task.c.series_id == wanted.series)
        found.append(of.task_id.in_(turns))
    if wanted.due_from is not None:
        found.append(of.due >= wanted.due_from)
    if wanted.due_to is not None:
        found.append(of.due <= wanted.due_to)
    if wanted.assigned_from is not None:
        found.append(of.assigned_at >= day.begun(wanted.assigned_from))
    if wanted.assigned_to is not None:
        found.append(of.assigned_at < replace(day, date=wanted.assigned_to).ended_at)
    if wanted.is_open is not None:
        is_open = of.status.in_(OPEN)
        found.append(is_open if wanted.is_open else ~is_open)
    if wanted.done_from is not None or wanted.done_to is not None:
        handed_in = submitted_on(stand, day.zone)
        found.append(of.status == "done")
        found.extend([handed_in >= wanted.done_from] if wanted.done_from else [])
        found.extend([handed_in <= wanted.done_to] if wanted.done_to else [])
    if wanted.timeliness:
        found.append(in_cells(stand, wanted.timeliness, day))
    if wanted.carried_over is not None:
        repeats = exists().where(repeating.task_id == of.task_id)
        found.append(repeats if wanted.carried_over else ~repeats)
    return found
