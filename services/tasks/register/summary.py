"""How many tasks stand in which way to their deadlines: the timeliness matrix, as one query."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, FromClause, Subquery, and_, case, func, literal_column, null, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables
from services.tasks.register.as_of import cell, standing
from services.tasks.register.tasks import Sight, TaskFilter, conditions, day_of, moment_of
from services.tasks.timeliness import Day, Timeliness

By = Literal["unit", "meeting", "month"]
"""What the rows of a summary are. A month is that in which tasks were assigned."""

Kind = Timeliness | Literal["done_without_deadline", "cancelled"]
"""How a task is counted: each in exactly one way. Here "no_deadline" is work that is open."""

KINDS: tuple[Kind, ...] = (*get_args(Timeliness), "done_without_deadline", "cancelled")


@dataclass(frozen=True, slots=True)
class Counted:
    """Tasks by the way in which they are counted. `key` is a unit, a meeting, the first day of a month, or None."""

    key: str | dt.date | None
    name: str | None
    tasks: Mapping[Kind, int]


@dataclass(frozen=True, slots=True)
class Matrix:
    """All tasks together, the rows that were asked for (most overdue first), and how many rows were left out."""

    total: Counted
    rows: Sequence[Counted]
    left_out: int


async def summarise(
    connection: AsyncConnection, wanted: TaskFilter, by: By | None, sight: Sight, today: Day, limit: int
) -> Matrix:
    """Counts the tasks that fit a filter, on the day that it names. Series are left out: their turns are counted."""
    day = day_of(wanted, today)
    stand = standing(moment_of(wanted, today))
    kinds = _kinds(stand, by, day, conditions(wanted, sight, stand, day))
    sums = {kind: func.coalesce(func.sum(kinds.c.tasks).filter(kinds.c.kind == kind), 0) for kind in KINDS}
    rows = (
        select(
            kinds.c.key,
            *(sums[kind].label(kind) for kind in KINDS),
            *(func.sum(sums[kind]).over().label(f"all_{kind}") for kind in KINDS),
            func.count().over().label("all_rows"),
        )
        .group_by(kinds.c.key)
        .order_by(sums["overdue"].desc(), func.sum(kinds.c.tasks).desc(), kinds.c.key)
        .limit(limit)
        .subquery("counted")
    )
    named = select(rows, _name(rows, by).label("name"))
    found = (await connection.execute(named)).all()
    if not found:
        return Matrix(Counted(None, None, dict.fromkeys(KINDS, 0)), (), 0)
    total = Counted(None, None, {kind: int(found[0]._mapping[f"all_{kind}"]) for kind in KINDS})
    if by is None:
        return Matrix(total, (), 0)
    counted = [_counted(row._mapping) for row in found]
    return Matrix(total, counted, found[0].all_rows - len(counted))


def _kinds(stand: Subquery, by: By | None, day: Day, fits: Sequence[ColumnElement[bool]]) -> Subquery:
    """How many tasks there are of each key and kind: so each task is looked at once, and few rows are left to sum."""
    done_without = and_(stand.c.status == "done", stand.c.due.is_(None), ~stand.c.is_series)
    kind = case(
        (stand.c.status == "cancelled", "cancelled"), (done_without, "done_without_deadline"), else_=cell(stand, day)
    )
    key: ColumnElement[Any]
    match by:
        case "unit":
            key = stand.c.unit_id
        case "meeting":
            key = stand.c.meeting_id
        case "month":
            key = func.date_trunc("month", func.timezone(day.zone, stand.c.assigned_at))
        case None:
            key = literal_column("''")
    labelled = select(key.label("key"), kind.label("kind")).where(
        or_(~stand.c.is_series, stand.c.status == "cancelled"), *fits
    )
    each = labelled.subquery("each")
    tasks = func.count().label("tasks")
    return select(each.c.key, each.c.kind, tasks).group_by(each.c.key, each.c.kind).subquery("kinds")


def _name(rows: FromClause, by: By | None) -> ColumnElement[Any]:
    """What a row is called: a unit that the directory lacks goes by the words of a notice."""
    unit, task, meeting = tables.unit.c, tables.task.c, tables.meeting.c
    if by == "unit":
        known = select(unit.name).where(unit.id == rows.c.key).scalar_subquery()
        phrase = select(task.unit_name).where(task.unit_id == rows.c.key).limit(1).scalar_subquery()
        return func.coalesce(known, phrase)
    if by == "meeting":
        called = func.coalesce(meeting.number + literal_column("': '") + meeting.title, meeting.title)
        return select(called).where(meeting.id == rows.c.key).scalar_subquery()
    return null()


def _counted(row: Mapping[Any, Any]) -> Counted:
    key = row["key"].date() if isinstance(row["key"], dt.datetime) else row["key"]
    return Counted(key, row["name"], {kind: int(row[kind]) for kind in KINDS})
