"""Questions to the register and the ledger."""

import base64
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger.tables import event as ledger_event
from services.tasks.register import tables
from services.tasks.register.views import (
    DirectiveView,
    DueView,
    EventView,
    MeetingBrief,
    MeetingCounts,
    MeetingView,
    ParkedView,
    TaskView,
)
from services.tasks.task.state import OPEN, Status
from services.tasks.timeliness import DUE_SOON_DAYS, Timeliness, due_between, timeliness
from shared.database import among

_PAGE_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks are wanted; what is None does not matter. `due_from` and `due_to` are both inclusive."""

    unit: str | None = None
    meeting: str | None = None
    status: Status | None = None
    timeliness: Timeliness | None = None
    due_from: dt.date | None = None
    due_to: dt.date | None = None


async def list_tasks(
    connection: AsyncConnection, wanted: TaskFilter, today: dt.date, after: int, limit: int
) -> list[TaskView]:
    """Tasks in force, in the order of their assignment behind sequence `after`. `today` is a local day."""
    statement = _tasks().where(tables.task.c.assigned_sequence > after)
    for condition in _conditions(wanted, today):
        statement = statement.where(condition)
    rows = await connection.execute(statement.order_by(tables.task.c.assigned_sequence).limit(limit))
    return [_task(row, today) for row in rows]


async def find_task(connection: AsyncConnection, task_id: str, today: dt.date) -> TaskView | None:
    """One task in force, or None."""
    row = (await connection.execute(_tasks().where(tables.task.c.id == task_id))).one_or_none()
    return _task(row, today) if row else None


async def meeting_tasks(
    connection: AsyncConnection, meeting_id: str, today: dt.date, after: int = 0, directives: int | None = None
) -> list[TaskView]:
    """Tasks of a meeting, in the order of the notice: all, or those of some `directives` behind ordinal `after`."""
    statement = _tasks().where(tables.task.c.meeting_id == meeting_id, tables.task.c.ordinal > after)
    if directives is not None:
        statement = statement.where(tables.task.c.ordinal <= after + directives)
    rows = await connection.execute(statement.order_by(tables.task.c.ordinal, tables.task.c.assigned_sequence))
    return [_task(row, today) for row in rows]


async def list_meetings(connection: AsyncConnection, before: int | None, limit: int) -> list[MeetingView]:
    """Meetings, newest first, in force before sequence `before`."""
    meeting = tables.meeting
    statement = select(meeting).order_by(meeting.c.sequence.desc()).limit(limit)
    if before is not None:
        statement = statement.where(meeting.c.sequence < before)
    return [MeetingView.model_validate(row._asdict()) for row in await connection.execute(statement)]


async def count_by_meeting(
    connection: AsyncConnection, meeting_ids: Sequence[str], today: dt.date
) -> dict[str, MeetingCounts]:
    """How the tasks of these meetings stand on a local day, by meeting; meetings without tasks are left out."""
    task = tables.task.c
    is_open = task.status.in_(OPEN)
    soon = today + dt.timedelta(days=DUE_SOON_DAYS)
    statement = (
        select(
            task.meeting_id,
            func.count().filter(is_open).label("open"),
            func.count().filter(is_open, task.due < today).label("overdue"),
            func.count().filter(is_open, task.due.between(today, soon)).label("due_soon"),
            func.count(distinct(task.unit_id)).filter(task.provisional).label("provisional_units"),
        )
        .where(task.in_force, among(task.meeting_id, meeting_ids))
        .group_by(task.meeting_id)
    )
    rows = await connection.execute(statement)
    return {row.meeting_id: MeetingCounts.model_validate(row._asdict()) for row in rows}


async def find_meeting(connection: AsyncConnection, meeting_id: str) -> MeetingView | None:
    """One meeting, or None."""
    row = (await connection.execute(select(tables.meeting).where(tables.meeting.c.id == meeting_id))).one_or_none()
    return MeetingView.model_validate(row._asdict()) if row else None


async def list_events(connection: AsyncConnection, after: int, limit: int) -> list[EventView]:
    """Events of the ledger behind a sequence, in order: so many, or fewer where they are large, but at least one."""
    event = ledger_event.c
    before = func.sum(func.octet_length(event.content)).over(order_by=event.sequence) - func.octet_length(event.content)
    sized = select(ledger_event, before.label("before")).where(event.sequence > after)
    page = sized.order_by(event.sequence).limit(limit).subquery()
    rows = await connection.execute(select(page).where(page.c.before < _PAGE_BYTES).order_by(page.c.sequence))
    return [_event(row) for row in rows]


async def list_parked(connection: AsyncConnection, after: int, limit: int) -> list[ParkedView]:
    """Events that could not be applied, in order."""
    parked = tables.parked
    statement = select(parked).where(parked.c.sequence > after).order_by(parked.c.sequence).limit(limit)
    return [ParkedView.model_validate(row._asdict()) for row in await connection.execute(statement)]


async def register_sequence(connection: AsyncConnection) -> int:
    """The sequence up to which the register holds the log."""
    return int(await connection.scalar(select(tables.checkpoint.c.sequence)) or 0)


def _tasks() -> "Select[Any]":
    task, directive, meeting = tables.task, tables.directive, tables.meeting
    return (
        select(
            task,
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
)
_MEETING_COLUMNS = ("title", "issuer", "number", "held_on")


def _conditions(wanted: TaskFilter, today: dt.date) -> Sequence[Any]:
    task = tables.task.c
    conditions: list[Any] = []
    if wanted.unit is not None:
        conditions.append(task.unit_id == wanted.unit)
    if wanted.meeting is not None:
        conditions.append(task.meeting_id == wanted.meeting)
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


def _task(row: "Row[Any]", today: dt.date) -> TaskView:
    due = None
    if row.due:
        due = DueView(
            date=row.due,
            baseline=row.baseline_due,
            phrase=row.due_phrase,
            rule=row.due_rule,
            confidence=row.due_confidence,
        )
    return TaskView.model_validate(
        {
            **row._asdict(),
            "timeliness": timeliness(row.due, today),
            "unit": {"id": row.unit_id, "name": row.unit_name, "provisional": row.provisional},
            "due": due,
            "directive": DirectiveView(
                id=row.directive_id,
                ordinal=row.ordinal,
                heading=row.directive_heading,
                text=row.directive_text,
                span=(row.directive_span_start, row.directive_span_end) if row.directive_span_end else None,
                lead=row.directive_lead,
                cooperators=row.directive_cooperators,
                report_to=row.directive_report_to,
                recurrence=row.directive_recurrence,
                citations=row.directive_citations,
            ),
            "meeting": MeetingBrief(
                id=row.meeting_id,
                title=row.meeting_title,
                issuer=row.meeting_issuer,
                number=row.meeting_number,
                held_on=row.meeting_held_on,
            ),
        }
    )


def _event(row: "Row[Any]") -> EventView:
    try:
        found = json.loads(row.content)
    except (ValueError, RecursionError):
        found = None
    readable = isinstance(found, dict)
    return EventView(
        sequence=row.sequence,
        subject=row.subject,
        stored_at=row.stored_at,
        event=found if readable else None,
        content_base64=None if readable else base64.b64encode(row.content).decode(),
    )
