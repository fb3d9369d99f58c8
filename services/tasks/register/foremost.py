"""The foremost of the tasks that fit a filter: those to be looked at first, where not all can be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import CTE, ColumnElement, Date, Select, cast, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables_of_words
from services.tasks.register.as_of import standing, submitted_on
from services.tasks.register.tasks import Sight, TaskFilter, conditions, day_of
from services.tasks.timeliness import Day

First = Literal["most late", "oldest", "most repeated", "last done"]
"""Which tasks come first: those whose deadline is or was first, that were assigned first, that most notices running
ordered, or whose result was handed in last."""


_FIRST_DAY = cast(literal("2000-01-01"), Date)


@dataclass(frozen=True, slots=True)
class Foremost:
    """How many tasks fit a filter, and the ids of the foremost of them."""

    count: int
    ids: Sequence[str]


async def foremost(
    connection: AsyncConnection, wanted: TaskFilter, sight: Sight, today: Day, first: First, limit: int
) -> Foremost:
    """So many of the tasks that fit a filter, and of more the foremost."""
    (found,) = await foremost_of_each(connection, wanted, [(wanted, first)], sight, today, limit)
    return found


async def foremost_of_each(
    connection: AsyncConnection,
    within: TaskFilter,
    each: Sequence[tuple[TaskFilter, First]],
    sight: Sight,
    today: Day,
    limit: int,
) -> list[Foremost]:
    """The same for several filters, in one reading of the tasks that fit `within`, as all that are wanted do."""
    day = day_of(within, today)
    every = standing(within.as_of, today.zone)
    read = select(every).where(*conditions(within, sight, every, day)).cte("within")
    listed = [
        select(_foremost(read, wanted, sight, day, first, limit, number).subquery(f"list_{number}"))
        for number, (wanted, first) in enumerate(each)
    ]
    found: list[Foremost] = [Foremost(0, []) for _ in each]
    for number, count, _, task_id in sorted(await connection.execute(union_all(*listed))):
        found[number] = Foremost(count, [*found[number].ids, task_id])
    return found


def _foremost(
    read: CTE, wanted: TaskFilter, sight: Sight, day: Day, first: First, limit: int, number: int
) -> "Select[Any]":
    """The number of a list, how many tasks are in it, and the place and the id of each that is foremost."""
    repeating, age = tables_of_words.carried_over, read.c.assigned_sequence
    orders: Mapping[First, ColumnElement[Any]] = {
        "most late": read.c.due - _FIRST_DAY,
        "oldest": age,
        "most repeated": -repeating.c.times,
        "last done": _FIRST_DAY - submitted_on(read, day.zone),
    }
    order = orders[first].label("before")
    fitting = select(read.c.task_id, age, order).where(*conditions(wanted, sight, read, day))
    if first == "most repeated":
        fitting = fitting.join(repeating, repeating.c.task_id == read.c.task_id)
    count = select(func.count()).select_from(fitting.subquery("all")).scalar_subquery()
    found = fitting.order_by(order, age).limit(limit).subquery("first")
    place = func.row_number().over(order_by=(found.c.before, found.c.assigned_sequence))
    return select(literal(number), count, place, found.c.task_id)
