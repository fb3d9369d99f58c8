"""Which events may leave the stream with their year: reports of work that is done with, and notifications.

Everything that says who is who, what a notice ordered and what was signed stays, and so do the first and the newest
event of every aggregate: whoever appends goes on behind the newest, and recognises what is there by the first.
"""

import datetime as dt
from collections.abc import AsyncGenerator

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import translated
from shared.events.catalogue import CATALOGUE, UnreadableEvent
from shared.events.inbox import OUTCOMES, NotificationRequested
from shared.log.record import Record
from shared.log.stream import PREFIX

_AT_ONCE = 1000
_TASK = f"{PREFIX}task."

_CANDIDATES = text(
    """
    WITH done_with AS (
        SELECT 'log.task.' || task.id AS subject FROM register.task
        WHERE NOT EXISTS (
            SELECT FROM register.task AS other JOIN ledger.event AS newest ON newest.sequence = other.sequence
            WHERE other.meeting_id = task.meeting_id
            AND (other.status NOT IN ('done', 'cancelled') OR newest.stored_at >= :before)
        )
    ), aggregate AS (
        SELECT subject, min(sequence) AS first, max(sequence) AS newest FROM ledger.event
        WHERE (subject LIKE 'log.inbox.%' OR subject IN (SELECT subject FROM done_with))
        AND subject NOT IN (SELECT subject FROM register.parked UNION ALL SELECT subject FROM notify.parked)
        GROUP BY subject
    )
    SELECT event.sequence, event.subject, event.stored_at, event.content
    FROM ledger.event JOIN aggregate USING (subject)
    WHERE event.sequence NOT IN (aggregate.first, aggregate.newest)
    AND event.sequence <= :last AND event.stored_at < :before
    ORDER BY event.sequence
    """
)
"""Events of tasks whose notice has nothing open and saw nothing since, and of inboxes; none of an aggregate of which
something is parked."""


async def leaving(connection: AsyncConnection, before: dt.datetime, last: int) -> AsyncGenerator[list[Record], None]:
    """The events up to sequence `last` that may leave, stored before a moment (UTC), in order, in lists.

    Raises:
        DatabaseUnavailable, RowsRefused: see `shared.database.translated`.
    """
    with translated():
        found = await connection.stream(_CANDIDATES, {"before": before, "last": last})
        async for rows in found.partitions(_AT_ONCE):
            if chosen := [each for each in (Record(*row) for row in rows) if may_leave(each)]:
                yield chosen


def may_leave(record: Record) -> bool:
    """Whether an event is of a kind that leaves with its year: all of a task's, and what became of notifications. What
    people chose for themselves stays, and what nobody can read."""
    try:
        data = CATALOGUE.read(record.content).data
    except UnreadableEvent:
        return False
    return record.subject.startswith(_TASK) or isinstance(data, (NotificationRequested, *OUTCOMES))
