"""Whose tasks are due when: what a person's calendar shows, and with whom a task lies."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import case, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.calendars import DeadlineEntry
from services.notify.tables import meeting, task
from shared.database import among, translated
from shared.language import Language

MOST_ENTRIES = 2_000


@dataclass(frozen=True, slots=True)
class Owners:
    """The id of the unit that is responsible for a task, and those of the units that co-operate in it."""

    responsible: str
    cooperating: frozenset[str]


async def find_owners(engine: AsyncEngine, task_id: str) -> Owners | None:
    """With whom a task in force lies; None where there is none of this id.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    query = select(task.c.unit_id, task.c.cooperators).where(task.c.task_id == task_id)
    with translated():
        async with engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
    return Owners(row.unit_id, frozenset(row.cooperators)) if row else None


async def list_deadlines(
    engine: AsyncEngine, unit_ids: Collection[str], closed_since: dt.date, language: Language
) -> Sequence[DeadlineEntry]:
    """The deadlines of tasks for which one of these units is responsible: all that are open, and those done or
    cancelled that were due since a day; the 2,000 latest, in a stable order.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    state = case((task.c.status == "done", "done"), (task.c.status == "cancelled", "cancelled"), else_="open")
    query = (
        select(task, meeting.c.number, state.label("state"))
        .outerjoin(meeting, meeting.c.meeting_id == task.c.meeting_id)
        .where(among(task.c.unit_id, unit_ids), task.c.due.is_not(None), task.c.recurrence.is_(None))
        .where((state == "open") | (task.c.due >= closed_since))
        .order_by(task.c.due.desc(), task.c.task_id)
        .limit(MOST_ENTRIES)
    )
    with translated():
        async with engine.connect() as connection:
            rows = (await connection.execute(query)).all()
    return [
        DeadlineEntry(
            task_id=row.task_id,
            due=row.due,
            number=row.number,
            sequence=row.sequence,
            changed_at=row.changed_at,
            language=language,
            ordinal=row.ordinal,
            state=row.state,
        )
        for row in rows
    ]
