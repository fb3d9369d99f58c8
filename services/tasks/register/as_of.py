"""How tasks stand, now or as they stood as of a moment: what lists and summaries select from."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from services.tasks.register import tables
from services.tasks.register import tables_of_pasts as pasts
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


Sense = Literal["known", "held"]
"""What is meant by how things stood: as we knew it then, or as we now know that it was."""

_MOST_BITS = 40


@dataclass(frozen=True, slots=True)
class AsOf:
    """A moment of the past that is asked about.

    `sequence` is the last event that was recorded by then, `before` the first moment (UTC) that is no longer asked
    about, and `stands_on` the last event that the answer rests on. It was asked about `by_sequence`, or by its time.
    """

    sense: Sense
    sequence: int
    before: dt.datetime
    stands_on: int
    by_sequence: bool = False

    @property
    def asked(self) -> str:
        """The moment as it is asked about again."""
        return str(self.sequence) if self.by_sequence else self.time.isoformat().replace("+00:00", "Z")

    @property
    def time(self) -> dt.datetime:
        """The last second (UTC) that is asked about."""
        return self.before - dt.timedelta(seconds=1)


def standing(as_of: AsOf | None, zone: str) -> Subquery:
    """How each task in force stands, or stood as of a moment, with local days of a zone (IANA name)."""
    return union_all(*standing_parts(as_of, zone)).subquery("stand")


def standing_parts(as_of: AsOf | None, zone: str) -> "list[Select[Any]]":
    """The same in parts that hold each task once: whoever wants the first ones has them looked for in each part."""
    if as_of is None:
        return [_present(zone)]
    known = _known(as_of.sequence, zone)
    if as_of.sense == "known":
        return known
    held = pasts.task_held
    return [*(part.where(column("task_id").not_in(select(held.c.task_id))) for part in known), held_then(as_of, zone)]


def known_otherwise(as_of: AsOf, zone: str) -> Subquery:
    """How those tasks were known to stand of which we now know that they stood otherwise."""
    known = union_all(*_known(as_of.sequence, zone)).subquery("known")
    return select(known).where(exists().where(pasts.task_held.c.task_id == known.c.task_id)).subquery("otherwise")


def held_then(as_of: AsOf, zone: str) -> "Select[Any]":
    """How those tasks stood as we now know it."""
    held = pasts.task_held
    stood = and_(held.c.at < as_of.before, or_(held.c.until.is_(None), held.c.until >= as_of.before))
    return select(*(held.c[name] for name in _COLUMNS), *_days(held, zone)).where(stood)


def _present(zone: str) -> "Select[Any]":
    present = tables.standing
    return select(*(present.c[name] for name in _COLUMNS), *_days(present, zone))


def _known(sequence: int, zone: str) -> "list[Select[Any]]":
    """Tasks that stand as they did, and former versions of the others: of each width, those that end soon enough
    behind the event to have begun before it."""
    former = pasts.task_version
    width = func.generate_series(1, _MOST_BITS).table_valued("bits").render_derived()
    furthest = literal(sequence, BigInteger) + literal(1, BigInteger).op("<<")(width.c.bits)
    ended = (
        select(former)
        .where(former.c.width == width.c.bits, former.c.sequence <= sequence)
        .where(former.c.until_sequence > sequence, former.c.until_sequence < furthest)
        .offset(0)  # keeps PostgreSQL from reading the whole table instead
        .lateral("ended")
    )
    then = select(*(ended.c[name] for name in _COLUMNS), *_days(ended, zone)).select_from(width.join(ended, true()))
    return [_present(zone).where(tables.standing.c.sequence <= sequence), then]


def _days(of: FromClause, zone: str) -> tuple[ColumnElement[dt.date], ColumnElement[dt.date]]:
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
