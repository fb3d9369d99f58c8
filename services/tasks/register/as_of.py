"""How tasks stand, now or as they stood on a past day: what lists and summaries select from."""

import datetime as dt

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Subquery,
    Table,
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
from shared.zone import DEFAULT_ZONE

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


def standing(before: dt.datetime | None, zone: str) -> Subquery:
    """How each task in force stands, or stood `before` a moment, with local days of a zone (IANA name).

    Nearly all tasks were left alone since any day that is asked about, so their present version answers, and only for
    the others a former one has to be looked up.
    """
    present, former = tables.standing, tables.task_version
    now = select(*(present.c[name] for name in _COLUMNS), *_days(present, zone))
    if before is None:
        return now.subquery("stand")
    last = (
        select(*(former.c[name] for name in _COLUMNS), *_days(former, zone))
        .where(former.c.task_id == present.c.task_id, former.c.version < present.c.version, former.c.at < before)
        .order_by(former.c.version.desc())
        .limit(1)
        .lateral("last")
    )
    then = (
        select(*last.c)
        .select_from(present.join(last, true()))
        .where(present.c.at >= before, present.c.assigned_at < before)
    )
    return union_all(now.where(present.c.at < before), then).subquery("stand")


def _days(of: Table, zone: str) -> tuple[ColumnElement[dt.date], ColumnElement[dt.date]]:
    if zone == DEFAULT_ZONE and "submitted_on" in of.c:
        return of.c.submitted_on, of.c.assigned_month
    finished = cast(func.timezone(zone, of.c.submitted_at), Date)
    month = cast(func.date_trunc("month", func.timezone(zone, of.c.assigned_at)), Date)
    return finished.label("submitted_on"), month.label("assigned_month")


def submitted_on(of: FromClause, zone: str) -> ColumnElement[dt.date]:
    """The local day on which a task's result was handed in."""
    return of.c.submitted_on if "submitted_on" in of.c else cast(func.timezone(zone, of.c.submitted_at), Date)


def is_late(of: FromClause, day: Day) -> ColumnElement[bool]:
    """Whether a deadline passed before the result was handed in, or where it was not, before a day."""
    return of.c.due < func.coalesce(submitted_on(of, day.zone), day.date)


def is_due_soon(of: FromClause, day: Day) -> ColumnElement[bool]:
    """Whether an open task whose result is not handed in is due on a day or soon behind it."""
    return and_(of.c.submitted_at.is_(None), of.c.due.between(day.date, day.due_soon_until))


def cell(of: FromClause, day: Day) -> ColumnElement[str]:
    """The `Timeliness` of tasks that stand so on a day; it says the same as `services.tasks.timeliness.timeliness`."""
    late = is_late(of, day)
    return case(
        (or_(of.c.is_series, of.c.status == "cancelled"), null()),
        (of.c.due.is_(None), "no_deadline"),
        (and_(of.c.status == "done", late), "done_late"),
        (of.c.status == "done", "done_on_time"),
        (late, "overdue"),
        (is_due_soon(of, day), "due_soon"),
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
