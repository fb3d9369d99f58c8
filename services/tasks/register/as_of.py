"""How tasks stand, now or as they stood on a past day: what lists and summaries select from."""

import datetime as dt

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Subquery,
    and_,
    case,
    cast,
    func,
    null,
    or_,
    select,
    true,
    union_all,
)

from services.tasks.register import tables
from services.tasks.task.state import OPEN
from services.tasks.timeliness import Day, Timeliness

_COLUMNS = (
    "task_id",
    "assigned_sequence",
    "assigned_at",
    "meeting_id",
    "directive_id",
    "unit_id",
    "cooperator_unit_ids",
    "status",
    "is_series",
    "due",
    "submitted_at",
)

OPEN_CELLS: tuple[Timeliness, ...] = ("in_time", "due_soon", "overdue")
DONE_CELLS: tuple[Timeliness, ...] = ("done_on_time", "done_late")


def standing(before: dt.datetime | None) -> Subquery:
    """How each task in force stands, or stood `before` a moment.

    Nearly all tasks were left alone since any day that is asked about, so their present version answers, and only for
    the others a former one has to be looked up.
    """
    present, former = tables.standing, tables.task_version
    now = select(*(present.c[name] for name in _COLUMNS))
    if before is None:
        return now.subquery("stand")
    last = (
        select(*(former.c[name] for name in _COLUMNS))
        .where(former.c.task_id == present.c.task_id, former.c.version < present.c.version, former.c.at < before)
        .order_by(former.c.version.desc())
        .limit(1)
        .lateral("last")
    )
    then = (
        select(*(last.c[name] for name in _COLUMNS))
        .select_from(present.join(last, true()))
        .where(present.c.at >= before, present.c.assigned_at < before)
    )
    return union_all(now.where(present.c.at < before), then).subquery("stand")


def cell(of: FromClause, day: Day) -> ColumnElement[str]:
    """The `Timeliness` of tasks that stand so on a day; it says the same as `services.tasks.timeliness.timeliness`."""
    finished = cast(func.timezone(day.zone, of.c.submitted_at), Date)
    late = case((of.c.submitted_at.is_(None), of.c.due < day.date), else_=of.c.due < finished)
    return case(
        (or_(of.c.is_series, of.c.status == "cancelled"), null()),
        (of.c.due.is_(None), "no_deadline"),
        (and_(of.c.status == "done", late), "done_late"),
        (of.c.status == "done", "done_on_time"),
        (late, "overdue"),
        (and_(of.c.submitted_at.is_(None), of.c.due <= day.due_soon_until), "due_soon"),
        else_="in_time",
    )


def in_cells(of: FromClause, wanted: tuple[Timeliness, ...], day: Day) -> ColumnElement[bool]:
    """Whether a task stands in one of these ways to its deadline; said so that an index of open tasks serves it."""
    found = cell(of, day).in_(wanted)
    if set(wanted) <= set(OPEN_CELLS):
        return and_(of.c.status.in_(OPEN), found)
    if set(wanted) <= set(DONE_CELLS):
        return and_(of.c.status == "done", found)
    return found
