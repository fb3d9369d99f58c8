"""The foremost of the tasks that fit a filter: those to be looked at first, where not all can be shown."""

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables_of_words
from services.tasks.register.as_of import standing, submitted_on
from services.tasks.register.tasks import Sight, TaskFilter, conditions, day_of, find_tasks
from services.tasks.register.views import TaskView
from services.tasks.timeliness import Day

First = Literal["most late", "oldest", "most repeated", "last done"]
"""Which tasks come first: those whose deadline is or was first, that were assigned first, that most notices running
ordered, or whose result was handed in last."""


async def foremost_tasks(
    connection: AsyncConnection, wanted: TaskFilter, sight: Sight, today: Day, first: First, limit: int
) -> list[TaskView]:
    """So many tasks that fit a filter, and of more the foremost."""
    day = day_of(wanted, today)
    stand, repeating = standing(wanted.as_of, today.zone), tables_of_words.carried_over
    fitting = select(stand.c.task_id).where(*conditions(wanted, sight, stand, day))
    age = stand.c.assigned_sequence
    orders: Mapping[First, tuple[Any, ...]] = {
        "most late": (stand.c.due, age),
        "oldest": (age,),
        "most repeated": (repeating.c.times.desc(), age),
        "last done": (submitted_on(stand, day.zone).desc(), age),
    }
    if first == "most repeated":
        fitting = fitting.join(repeating, repeating.c.task_id == stand.c.task_id)
    ids = await connection.scalars(fitting.order_by(*orders[first]).limit(limit))
    return await find_tasks(connection, list(ids), day, wanted.as_of)
