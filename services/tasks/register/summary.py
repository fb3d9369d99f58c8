"""How many tasks stand in which way to their deadlines: the timeliness matrix, as one query."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import finished, tables
from services.tasks.register.as_of import AsOf, held_then, is_due_soon, is_late, known_otherwise, standing
from services.tasks.register.tasks import Sight, TaskFilter, conditions, day_of
from services.tasks.task.state import OPEN
from services.tasks.timeliness import Day, Timeliness
from shared.zone import DEFAULT_ZONE

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
    each = _each(wanted, by, sight, today)
    counts = [column.name for column in each.c if column.name != "key"]
    rows = (
        select(
            *each.c,
            *(func.sum(each.c[name]).over().label(f"all_{name}") for name in counts),
            func.count().over().label("all_rows"),
        )
        .order_by(each.c.open_late.desc(), (each.c.open + each.c.done).desc(), each.c.key)
        .limit(limit)
        .subquery("counted")
    )
    found = (await connection.execute(select(rows, _name(rows, by).label("name")))).all()
    if not found:
        return Matrix(Counted(None, None, dict.fromkeys(KINDS, 0)), (), 0)
    total = Counted(None, None, _tasks({name: int(found[0]._mapping[f"all_{name}"]) for name in counts}))
    if by is None:
        return Matrix(total, (), 0)
    counted = [Counted(row.key, row.name, _tasks(row._mapping)) for row in found]
    return Matrix(total, counted, found[0].all_rows - len(counted))


def _each(wanted: TaskFilter, by: By | None, sight: Sight, today: Day) -> Subquery:
    """Counts by key. Where nothing but a unit is asked for, work that came to its end is counted already."""
    day = day_of(wanted, today)
    stand = standing(wanted.as_of, today.zone)
    counts = _counts(stand, day)
    key = _key(stand, by).label("key")
    listed = select(key, *(func.count().filter(what).label(name) for name, what in counts.items())).where(
        or_(~stand.c.is_series, stand.c.status == "cancelled"), *conditions(wanted, sight, stand, day)
    )
    if not _is_kept(wanted, by, sight, today):
        return listed.group_by(key).subquery("each")
    parts = [listed.where(stand.c.status.in_(OPEN)).group_by(key)]
    parts.extend(_ended(kept, by, wanted) for kept in _kept(by, wanted.as_of))
    if wanted.as_of and wanted.as_of.sense == "held":
        held = held_then(wanted.as_of, today.zone).subquery("held")
        parts.extend(
            _ended_one_by_one(of, by, wanted, day, sign)
            for of, sign in ((held, 1), (known_otherwise(wanted.as_of, today.zone), -1))
        )
    both = union_all(*parts).subquery("both")
    sums = (cast(func.sum(both.c[name]), BigInteger).label(name) for name in counts)
    return select(both.c.key, *sums).group_by(both.c.key).subquery("each")


def _is_kept(wanted: TaskFilter, by: By | None, sight: Sight, today: Day) -> bool:
    if sight is not None or today.zone != DEFAULT_ZONE or (by == "meeting" and wanted.as_of):
        return False
    unit = None if by == "meeting" else wanted.unit
    return wanted == TaskFilter(unit=unit, on=wanted.on, as_of=wanted.as_of)


def _kept(by: By | None, as_of: AsOf | None) -> "list[Select[Any]]":
    """What is counted already of work that had come to its end."""
    if by == "meeting":
        return [select(finished.by_meeting)]
    if as_of is None:
        return [select(finished.by_unit)]
    block, step = finished.block_of(as_of.sequence), finished.step.c.sequence
    return [
        select(finished.by_unit).where(finished.by_unit.c.block < block),
        select(finished.step).where(step >= finished.first_of(block), step <= as_of.sequence),
    ]


def _ended(of: "Select[Any]", by: By | None, wanted: TaskFilter) -> "Select[Any]":
    kept = of.subquery()
    zero: ColumnElement[int] = literal_column("0")
    counts = (kept.c[name] if name in finished.COUNTS else zero.label(name) for name in COUNTS)
    ended = select(_key(kept, by).label("key"), *counts)
    return ended if wanted.unit is None else ended.where(kept.c.unit_id == wanted.unit)


def _ended_one_by_one(of: Subquery, by: By | None, wanted: TaskFilter, day: Day, sign: int) -> "Select[Any]":
    """Counts of work that came to its end, to be added to what is counted already or taken from it."""
    key = _key(of, by).label("key")
    counts = (func.count().filter(what) * sign for what in _counts(of, day).values())
    ended = select(key, *counts).where(~of.c.status.in_(OPEN), or_(~of.c.is_series, of.c.status == "cancelled"))
    return (ended if wanted.unit is None else ended.where(of.c.unit_id == wanted.unit)).group_by(key)


COUNTS = ("cancelled", "done", "done_undated", "done_late", "open", "open_undated", "open_late", "open_soon")
"""What is counted, in the order of `_counts`."""


def _counts(stand: Subquery, day: Day) -> Mapping[str, ColumnElement[bool]]:
    """What is counted, each in as few comparisons as can be, since every task is looked at."""
    is_open, done = stand.c.status.in_(OPEN), stand.c.status == "done"
    undated, late = stand.c.due.is_(None), is_late(stand, day)
    return {
        "cancelled": stand.c.status == "cancelled",
        "done": done,
        "done_undated": and_(done, undated),
        "done_late": and_(done, late),
        "open": is_open,
        "open_undated": and_(is_open, undated),
        "open_late": and_(is_open, late),
        "open_soon": and_(is_open, is_due_soon(stand, day)),
    }


def _tasks(counts: Mapping[Any, Any]) -> dict[Kind, int]:
    return {
        "done_on_time": counts["done"] - counts["done_undated"] - counts["done_late"],
        "done_late": counts["done_late"],
        "in_time": counts["open"] - counts["open_undated"] - counts["open_late"] - counts["open_soon"],
        "due_soon": counts["open_soon"],
        "overdue": counts["open_late"],
        "no_deadline": counts["open_undated"],
        "done_without_deadline": counts["done_undated"],
        "cancelled": counts["cancelled"],
    }


def _key(stand: FromClause, by: By | None) -> ColumnElement[Any]:
    match by:
        case "unit":
            return stand.c.unit_id
        case "meeting":
            return stand.c.meeting_id
        case "month":
            return stand.c.assigned_month
        case None:
            return literal_column("''::text")


def _name(rows: FromClause, by: By | None) -> ColumnElement[Any]:
    """What a row is called: a unit that the directory lacks goes by the words of a notice."""
    unit, task, meeting, stand = tables.unit.c, tables.task.c, tables.meeting.c, tables.standing.c
    if by == "unit":
        known = select(unit.name).where(unit.id == rows.c.key).scalar_subquery()
        # One below the other: else the inner one would take its unit from rows of its own.
        of_unit = select(stand.task_id).where(stand.unit_id == rows.c.key).limit(1).correlate(rows).scalar_subquery()
        phrase = select(task.unit_name).where(task.id == of_unit).correlate(rows).scalar_subquery()
        return func.coalesce(known, phrase)
    if by == "meeting":
        called = func.coalesce(meeting.number + literal_column("': '") + meeting.title, meeting.title)
        return select(called).where(meeting.id == rows.c.key).scalar_subquery()
    return null()
