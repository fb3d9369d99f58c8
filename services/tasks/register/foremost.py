"""The foremost of the tasks that fit a filter: those to be looked at first, where not all can be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables_of_words
from services.tasks.register.as_of import standing, submitted_on
from services.tasks.register.tasks import Sight, TaskFilter, conditions, day_of
from services.tasks.timeliness import Day

First = Literal["most late", "oldest", "most repeated", "last done"]
"""Which tasks come first: those whose deadline is or was first, that were assigned first, that most notices running
ordered, or whose result was handed in last."""


@dataclass(frozen=True, slots=True)
class Foremost:
    """How many tasks fit a filter, and the ids of the foremost of them."""

    count: int
    ids: Sequence[str]


async def foremost(
    connection: AsyncConnection, wanted: TaskFilter, sight: Sight, today: Day, first: First, limit: int
) -> Foremost:
    """So many of the tasks that fit a filter, and of more the foremost."""
    day = day_of(wanted, today)
    stand, repeating = standing(wanted.as_of, today.zone), tables_of_words.carried_over
    fitting = select(stand.c.task_id, func.count().over()).where(*conditions(wanted, sight, stand, day))
    age = stand.c.assigned_sequence
    orders: Mapping[First, tuple[Any, ...]] = {
        "most late": (stand.c.due, age),
        "oldest": (age,),
        "most repeated": (repeating.c.times.desc(), age),
        "last done": (submitted_on(stand, day.zone).desc(), age),
    }
    if first == "most repeated":
        fitting = fitting.join(repeating, repeating.c.task_id == stand.c.task_id)
    rows = (await connection.execute(fitting.order_by(*orders[first]).limit(limit))).all()
    return Foremost(rows[0][1] if rows else 0, [row[0] for row in rows])
