"""Questions to the register about meetings, and to the ledger."""

import base64
import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, distinct, exists, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger.tables import event as ledger_event
from services.tasks.register import tables
from services.tasks.register.as_of import AsOf, cell
from services.tasks.register.former import meetings_as_of, revoked_as_of
from services.tasks.register.tasks import Sight, seen
from services.tasks.register.views import EventView, MeetingCounts, MeetingView, ParkedView, as_of_view
from services.tasks.task.state import OPEN
from services.tasks.timeliness import Day
from shared.database import among

_PAGE_BYTES = 4 * 1024 * 1024
_READERS = 2


async def list_meetings(
    connection: AsyncConnection, sight: Sight, before: int | None, limit: int, as_of: AsOf | None = None
) -> list[MeetingView]:
    """Meetings, newest first, concluded before sequence `before`, as they stand or stood."""
    meeting = tables.meeting
    statement = select(meeting).where(concerned(sight), _concluded(as_of)).order_by(meeting.c.sequence.desc())
    if before is not None:
        statement = statement.where(meeting.c.sequence < before)
    return await _meetings(connection, (await connection.execute(statement.limit(limit))).all(), as_of)


async def count_by_meeting(
    connection: AsyncConnection, meeting_ids: Sequence[str], sight: Sight, today: Day
) -> dict[str, MeetingCounts]:
    """How the tasks of these meetings stand on a local day, by meeting; meetings without tasks are left out."""
    task = tables.task.c
    is_open, stands = task.status.in_(OPEN), cell(tables.task, today)
    statement = (
        select(
            task.meeting_id,
            func.count().filter(is_open).label("open"),
            func.count().filter(stands == "overdue").label("overdue"),
            func.count().filter(stands == "due_soon").label("due_soon"),
            func.count(distinct(task.unit_id)).filter(task.provisional).label("provisional_units"),
        )
        .where(task.in_force, among(task.meeting_id, meeting_ids), seen(sight))
        .group_by(task.meeting_id)
    )
    rows = await connection.execute(statement)
    return {row.meeting_id: MeetingCounts.model_validate(row._asdict()) for row in rows}


async def find_meeting(
    connection: AsyncConnection, meeting_id: str, sight: Sight, as_of: AsOf | None = None
) -> MeetingView | None:
    """One meeting, as it stands or stood; or None."""
    statement = select(tables.meeting).where(tables.meeting.c.id == meeting_id, concerned(sight), _concluded(as_of))
    found = await _meetings(connection, (await connection.execute(statement)).all(), as_of)
    return found[0] if found else None


async def _meetings(connection: AsyncConnection, rows: "Sequence[Row[Any]]", as_of: AsOf | None) -> list[MeetingView]:
    if as_of is None:
        return [MeetingView.model_validate(row._asdict()) for row in rows]
    former = await meetings_as_of(connection, [row.id for row in rows], as_of)
    then = {"as_of": as_of_view(as_of)}
    return [
        MeetingView.model_validate(
            {**row._asdict(), "revoked_at": revoked_as_of(row.revoked_at, as_of), **former.get(row.id, {}), **then}
        )
        for row in rows
    ]


def _concluded(as_of: AsOf | None) -> ColumnElement[bool]:
    """Whether a meeting was concluded by then."""
    meeting = tables.meeting.c
    if as_of is None:
        return true()
    return meeting.sequence <= as_of.sequence if as_of.sense == "known" else meeting.concluded_at < as_of.before


def concerned(sight: Sight, of: FromClause = tables.meeting) -> ColumnElement[bool]:
    """Whether a meeting is one that its reader may see: it led to a task that they may see."""
    if sight is None:
        return true()
    task = tables.task.c
    return exists().where(task.meeting_id == of.c.id, task.in_force, seen(sight))


async def list_events(connection: AsyncConnection, after: int, limit: int) -> list[EventView]:
    """Events of the ledger behind a sequence, in order: so many, or fewer where they are large, but at least one."""
    event = ledger_event.c
    before = func.sum(func.octet_length(event.content)).over(order_by=event.sequence) - func.octet_length(event.content)
    sized = select(ledger_event, before.label("before")).where(event.sequence > after)
    page = sized.order_by(event.sequence).limit(limit).subquery()
    rows = await connection.execute(select(page).where(page.c.before < _PAGE_BYTES).order_by(page.c.sequence))
    return [_event(row) for row in rows]


async def events_at(connection: AsyncConnection, sequences: Collection[int]) -> dict[int, EventView]:
    """Events of the ledger by their sequences; those that it lacks are left out."""
    statement = select(ledger_event).where(ledger_event.c.sequence.in_(sequences))
    return {row.sequence: _event(row) for row in await connection.execute(statement)}


async def list_parked(connection: AsyncConnection, after: int, limit: int) -> list[ParkedView]:
    """Events that could not be applied, in order."""
    parked = tables.parked
    statement = select(parked).where(parked.c.sequence > after).order_by(parked.c.sequence).limit(limit)
    return [ParkedView.model_validate(row._asdict()) for row in await connection.execute(statement)]


async def register_sequence(connection: AsyncConnection) -> int:
    """The sequence up to which the register holds the log."""
    checkpoint = tables.checkpoint.c
    statement = select(checkpoint.sequence).where(checkpoint.reader == tables.REGISTER)
    return int(await connection.scalar(statement) or 0)


async def whole_sequence(connection: AsyncConnection) -> int:
    """The sequence up to which the register holds the log with all that tasks say."""
    checkpoint = tables.checkpoint.c
    return int(await connection.scalar(select(func.min(checkpoint.sequence)).having(func.count() == _READERS)) or 0)


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
