"""Questions to the register about tasks."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Row, Select, Text, any_, bindparam, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables
from services.tasks.register.rows import TASK_COLUMNS, task_row
from services.tasks.register.views import DirectiveView, DueView, MeetingBrief, PeriodView, TaskView
from services.tasks.task.state import OPEN, Status, Task
from services.tasks.timeliness import Timeliness, due_between, timeliness

Sight = frozenset[str] | None
"""The units of whoever asks, who sees the tasks that these are responsible for or co-operate in; None sees all."""


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks are wanted; what is None does not matter. `due_from` and `due_to` are both inclusive."""

    unit: str | None = None
    meeting: str | None = None
    status: Status | None = None
    timeliness: Timeliness | None = None
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    directive: str | None = None
    series: str | None = None


async def list_tasks(
    connection: AsyncConnection, wanted: TaskFilter, sight: Sight, today: dt.date, after: int, limit: int
) -> list[TaskView]:
    """Tasks in force, in the order of their assignment behind sequence `after`. `today` is a local day."""
    statement = tasks_in_force().where(tables.task.c.assigned_sequence > after, seen(sight))
    for condition in _conditions(wanted, today):
        statement = statement.where(condition)
    rows = await connection.execute(statement.order_by(tables.task.c.assigned_sequence).limit(limit))
    return [task_view(row._mapping, today) for row in rows]


async def find_row(connection: AsyncConnection, task_id: str) -> "Row[Any] | None":
    """One task in force with its directive and its meeting, as `task_view` takes them; or None."""
    found: Row[Any] | None = (
        await connection.execute(tasks_in_force().where(tables.task.c.id == task_id))
    ).one_or_none()
    return found


async def find_task(connection: AsyncConnection, task_id: str, sight: Sight, today: dt.date) -> TaskView | None:
    """One task in force, or None."""
    statement = tasks_in_force().where(tables.task.c.id == task_id, seen(sight))
    row = (await connection.execute(statement)).one_or_none()
    return task_view(row._mapping, today) if row else None


async def directive_tasks(
    connection: AsyncConnection, directive_id: str, sight: Sight, today: dt.date
) -> list[TaskView]:
    """Tasks of a directive, in the order of their assignment."""
    statement = tasks_in_force().where(tables.task.c.directive_id == directive_id, seen(sight))
    rows = await connection.execute(statement.order_by(tables.task.c.assigned_sequence))
    return [task_view(row._mapping, today) for row in rows]


async def meeting_tasks(
    connection: AsyncConnection,
    meeting_id: str,
    sight: Sight,
    today: dt.date,
    after: int = 0,
    directives: int | None = None,
) -> list[TaskView]:
    """Tasks of a meeting, in the order of the notice: all, or those of some `directives` behind ordinal `after`."""
    statement = tasks_in_force().where(
        tables.task.c.meeting_id == meeting_id, tables.task.c.ordinal > after, seen(sight)
    )
    if directives is not None:
        statement = statement.where(tables.task.c.ordinal <= after + directives)
    rows = await connection.execute(statement.order_by(tables.task.c.ordinal, tables.task.c.assigned_sequence))
    return [task_view(row._mapping, today) for row in rows]


def seen(sight: Sight) -> ColumnElement[bool]:
    """Whether a task is one that its reader may see."""
    task = tables.task.c
    if sight is None:
        return true()
    units = bindparam(None, sorted(sight), type_=ARRAY(Text))
    return or_(task.unit_id == any_(units), task.cooperator_unit_ids.overlap(units))


def tasks_in_force() -> "Select[Any]":
    """Tasks with what `task_view` needs of their directives and meetings."""
    task, directive, meeting = tables.task, tables.directive, tables.meeting
    return (
        select(
            *(column for column in task.columns if column.name != "search"),
            *(directive.c[name].label(f"directive_{name}") for name in _DIRECTIVE_COLUMNS),
            *(meeting.c[name].label(f"meeting_{name}") for name in _MEETING_COLUMNS),
        )
        .join(directive, directive.c.id == task.c.directive_id)
        .join(meeting, meeting.c.id == task.c.meeting_id)
        .where(task.c.in_force)
    )


_DIRECTIVE_COLUMNS = (
    "heading",
    "text",
    "span_start",
    "span_end",
    "lead",
    "cooperators",
    "report_to",
    "recurrence",
    "citations",
    "withdrawn",
)
_MEETING_COLUMNS = ("title", "issuer", "number", "held_on", "revoked_at")


def _conditions(wanted: TaskFilter, today: dt.date) -> Sequence[Any]:
    task = tables.task.c
    conditions: list[Any] = []
    if wanted.unit is not None:
        conditions.append(task.unit_id == wanted.unit)
    if wanted.meeting is not None:
        conditions.append(task.meeting_id == wanted.meeting)
    if wanted.directive is not None:
        conditions.append(task.directive_id == wanted.directive)
    if wanted.series is not None:
        conditions.append(task.series_id == wanted.series)
    if wanted.status is not None:
        conditions.append(task.status == wanted.status)
    if wanted.due_from is not None:
        conditions.append(task.due >= wanted.due_from)
    if wanted.due_to is not None:
        conditions.append(task.due <= wanted.due_to)
    if wanted.timeliness is not None:
        conditions.append(task.status.in_(OPEN))
        days = due_between(wanted.timeliness, today)
        if days is None:
            conditions.append(task.due.is_(None))
        else:
            first, last = days
            conditions.extend([task.due >= first] if first else [])
            conditions.extend([task.due <= last] if last else [])
    return conditions


def view_of(task: Task, row: "Row[Any]", today: dt.date) -> TaskView:
    """A task in another state than the one that the register holds of it in `row`."""
    return task_view({**row._mapping, **dict(zip(TASK_COLUMNS, task_row(task), strict=True))}, today)


def task_view(row: Mapping[Any, Any], today: dt.date) -> TaskView:
    """A task as it is shown on a local day."""
    due = lead = period = None
    if row["due"]:
        due = DueView(
            date=row["due"],
            time=row["due_time"],
            baseline=row["baseline_due"],
            phrase=row["due_phrase"],
            rule=row["due_rule"],
            confidence=row["due_confidence"],
        )
    if row["lead_name"]:
        lead = {"name": row["lead_name"], "position": row["lead_position"]}
    if row["series_id"]:
        period = PeriodView(series_id=row["series_id"], starts_on=row["period_start"], ends_on=row["period_end"])
    directive = {name: row[f"directive_{name}"] for name in _DIRECTIVE_COLUMNS}
    span = (row["directive_span_start"], row["directive_span_end"]) if row["directive_span_end"] else None
    return TaskView.model_validate(
        {
            **row,
            "timeliness": timeliness(row["due"], today),
            "unit": {"id": row["unit_id"], "name": row["unit_name"], "provisional": row["provisional"]},
            "lead": lead,
            "due": due,
            "period": period,
            "directive": DirectiveView.model_validate(
                {**directive, "id": row["directive_id"], "ordinal": row["ordinal"], "span": span}
            ),
            "meeting": MeetingBrief(
                id=row["meeting_id"], **{name: row[f"meeting_{name}"] for name in _MEETING_COLUMNS}
            ),
        }
    )
