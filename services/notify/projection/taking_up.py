"""After an upgrade: what only a newer release knew is taken up by it, with all that was put aside behind it."""

from itertools import groupby

import structlog
from nats.aio.client import Client
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notify.projection.projection import IN_TURN, Office, Projection
from services.notify.tables import checkpoint, parked
from shared.database import translated
from shared.directory.directory import Directory
from shared.events.catalogue import CATALOGUE, UnknownEvent, UnreadableEvent
from shared.log.record import Record
from shared.log.retired import record_at

_TAKEN_UP = ("UnknownEvent", "BehindParked")

log = structlog.get_logger()


async def take_up(engine: AsyncEngine, client: Client, directory: Directory, office: Office) -> bool:
    """Projects what was parked of notices and tasks because an earlier release did not know it, where this one does.
    People are told now of what they were not told then; whoever left meanwhile is not. Says whether there was any.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer; nothing was taken up.
        LogUnavailable, LogRefused: the log does not answer, or refuses; nothing was taken up.
    """
    with translated():
        async with engine.begin() as connection:
            # Of several copies one takes up each event: whoever projects holds this row.
            await connection.execute(select(checkpoint).with_for_update())
            records = await _readable(connection, client)
            if not records:
                return False
            await connection.execute(delete(parked).where(parked.c.sequence.in_([each.sequence for each in records])))
            await Projection(directory, office).project(connection, records)
    log.info("taken_up", first=records[0].sequence, last=records[-1].sequence, events=len(records))
    return True


async def _readable(connection: AsyncConnection, client: Client) -> list[Record]:
    """The parked events of those aggregates of which this release can read every one that is parked, in order."""
    reason = func.split_part(parked.c.reason, ":", 1)
    rows = await connection.execute(
        select(parked.c.subject, parked.c.sequence, reason.label("reason")).order_by(
            parked.c.subject, parked.c.sequence
        )
    )
    found: list[Record] = []
    for subject, group in groupby(rows, key=lambda row: str(row.subject)):
        held = list(group)
        if all(row.reason in _TAKEN_UP for row in held) and subject.partition(".")[2].startswith(IN_TURN):
            records = [await record_at(client, row.sequence) for row in held]
            found += [each for each in records if each] if all(map(_is_known, records)) else []
    return sorted(found, key=lambda each: each.sequence)


def _is_known(record: Record | None) -> bool:
    if record is None:
        return False
    try:
        CATALOGUE.applicable(record.content, record.aggregate)
    except UnknownEvent:
        return False
    except UnreadableEvent:
        return True
    return True
