"""Questions to the register about tasks that recur."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Date, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables
from services.tasks.register.rows import task_of
from services.tasks.register.task_views import task_view
from services.tasks.register.tasks import Sight, seen, tasks_in_force
from services.tasks.register.views import TaskView
from services.tasks.task.state import OPEN, Task
from services.tasks.timeliness import Day


@dataclass(frozen=True, slots=True)
class Series:
    """A task that recurs, and the first days of the periods that have their tasks."""

    task: Task
    opened: frozenset[dt.date]


async def open_series(connection: AsyncConnection) -> list[Series]:
    """Every task that recurs and was not ended."""
    task, turn = tables.task, tables.task.alias("turn")
    opened = select(func.array_agg(turn.c.period_start, type_=ARRAY(Date))).where(turn.c.series_id == task.c.id)
    statement = select(task, opened.scalar_subquery().label("opened")).where(
        task.c.is_series, task.c.in_force, task.c.status.in_(OPEN)
    )
    return [Series(task_of(row), frozenset(row.opened or ())) for row in await connection.execute(statement)]


async def list_turns(
    connection: AsyncConnection, series_id: str, sight: Sight, today: Day, before: dt.date | None, limit: int
) -> list[TaskView]:
    """The tasks of a recurring task's periods, the latest first; those of periods that begin before a day."""
    task = tables.task.c
    statement = tasks_in_force().where(task.series_id == series_id, seen(sight))
    if before is not None:
        statement = statement.where(task.period_start < before)
    rows = await connection.execute(statement.order_by(task.period_start.desc()).limit(limit))
    return [task_view(row._mapping, today) for row in rows]
