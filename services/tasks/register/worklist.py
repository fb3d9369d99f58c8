"""A unit's open work, in the order in which somebody has to look at it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    ColumnElement,
    Date,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables
from services.tasks.register.as_of import cell, standing
from services.tasks.register.tasks import find_tasks
from services.tasks.register.views import TaskView
from services.tasks.task.state import OPEN
from services.tasks.timeliness import Day

Share = Literal["new", "overdue", "due-soon", "waiting", "open", "cooperating"]
"""Why work is looked at: nobody took note of it yet; its deadline passed, or is near; an answer to the unit is awaited;
none of these; or another unit is responsible for it."""

SHARES: tuple[Share, ...] = get_args(Share)

_PRECEDENCE: tuple[Share, ...] = ("cooperating", "waiting", "new", "overdue", "due-soon", "open")
"""Under which share a task is listed of which more than one is true: the first."""

_DAY_BITS, _SEQUENCE_BITS = 22, 38
_NO_DAY = (1 << _DAY_BITS) - 1
_FIRST_DAY = dt.date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Work:
    """An open task of a unit. It is listed once, under `share`, though more may be true of it; `place` is where it
    stands in the list."""

    task: TaskView
    share: Share
    place: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the work, how many open tasks there are, and of how many each is true."""

    work: Sequence[Work]
    all: int
    counts: Mapping[Share, int]


async def list_work(
    connection: AsyncConnection, units: frozenset[str], only: Share | None, today: Day, after: int, limit: int
) -> Listed:
    """Open work of these units behind a place: by share, then by deadline, then by age; or of one share alone, which
    then holds everything of which it is true."""
    stand = _true_of(units, today)
    counted = (func.count().filter(stand.c[_column(share)]).label(_column(share)) for share in SHARES)
    counts = select(func.count().label("all"), *counted).select_from(stand).subquery("counts")
    first = case(*((stand.c[_column(share)], SHARES.index(share)) for share in _PRECEDENCE))
    place = _place(stand, literal(0) if only else first)
    listed = select(stand.c.task_id, first.label("first"), place.label("place"))
    if only:
        listed = listed.where(stand.c[_column(only)])
    each = listed.subquery("listed")
    page = select(each).where(each.c.place > after).order_by(each.c.place).limit(limit).subquery("page")
    both = select(counts, *page.c).select_from(counts.outerjoin(page, true())).order_by(page.c.place)
    rows = (await connection.execute(both)).all()
    places = {row.task_id: row for row in rows if row.task_id}
    tasks = await find_tasks(connection, list(places), today)
    return Listed(
        [Work(task, SHARES[places[task.id].first], places[task.id].place) for task in tasks],
        rows[0].all,
        {share: rows[0]._mapping[_column(share)] for share in SHARES},
    )


def _column(share: Share) -> str:
    return f"is_{share.replace('-', '_')}"


def _true_of(units: frozenset[str], today: Day) -> CTE:
    """The open tasks of units, with what is true of each."""
    stand, task = standing(None, today.zone), tables.task
    ids = bindparam(None, sorted(units), type_=ARRAY(Text))
    own = stand.c.unit_id == any_(ids)
    stands = func.coalesce(cell(stand, today), "")
    waits = or_(stand.c.status == "submitted", task.c.pending_until.is_not(None))
    new = and_(stand.c.status == "not_started", task.c.acknowledged_at.is_(None), not_(waits))
    true_of: dict[Share, ColumnElement[bool]] = {
        "new": and_(own, new),
        "overdue": and_(own, stands == "overdue"),
        "due-soon": and_(own, stands == "due_soon"),
        "waiting": and_(own, waits),
        "open": and_(own, not_(new), not_(waits), stands.not_in(["overdue", "due_soon"])),
        "cooperating": not_(own),
    }
    return (
        select(
            stand.c.task_id,
            stand.c.assigned_sequence,
            stand.c.due,
            *(what.label(_column(share)) for share, what in true_of.items()),
        )
        .join(task, task.c.id == stand.c.task_id)
        .where(stand.c.status.in_(OPEN), or_(own, stand.c.cooperator_unit_ids.op("&&")(ids)))
        .cte("work")
    )


def _place(stand: CTE, share: ColumnElement[int]) -> ColumnElement[int]:
    """One number by which the list is ordered: the share, the day of the deadline, and the log's sequence."""
    days = func.greatest(cast(stand.c.due - literal(_FIRST_DAY, Date), BigInteger), 0)
    day = case((stand.c.due.is_(None), literal(_NO_DAY, BigInteger)), else_=days)
    return (
        cast(share, BigInteger) * (1 << _DAY_BITS + _SEQUENCE_BITS)
        + day * (1 << _SEQUENCE_BITS)
        + stand.c.assigned_sequence
    )
