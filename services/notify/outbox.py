"""From decisions to events: what was decided in the database is appended to the log, exactly once each."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from nats.aio.client import Client
from sqlalchemy import BigInteger, Row, Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.tables import inbox_tail, outbox
from shared.database import DatabaseUnavailable, translated
from shared.events.envelope import Envelope
from shared.events.fields import derived_id
from shared.events.inbox import NotificationDelivered, NotificationFailed, NotificationRequested
from shared.log.append import append, entry
from shared.log.faults import Conflict, LogFault
from shared.log.read import last_on
from shared.log.stream import BATCH_LIMIT

SOURCE = "/ketluan/notify"
ACTOR = "system:notify"

_BATCH_BYTES = 4_000_000
_PAUSE_SECONDS = 0.5
_RECHECK_SECONDS = 5.0

log = structlog.get_logger()

Decided = NotificationRequested | NotificationDelivered | NotificationFailed


def event_id(data: Decided) -> str:
    """The id of this event: the same decision always has the same."""
    if isinstance(data, NotificationRequested):
        return derived_id(data.type, data.notification_id)
    return derived_id(data.type, data.notification_id, data.channel)


def outbox_row(data: Decided, *, correlation_id: str, causation_id: str, at: dt.datetime) -> dict[str, Any]:
    """A row of the outbox. `at` is when it happened."""
    return {
        "event_id": event_id(data),
        "person_id": data.person_id,
        "type": data.type,
        "correlation_id": correlation_id,
        "causation_id": causation_id,
        "happened_at": at,
        "data": data.model_dump(mode="json", exclude_none=True),
    }


@dataclass
class Outbox:
    """Appends what the outbox holds.

    Every event states the last sequence of its person's subject as it was projected. So when an event went into the
    log and this process died before it saw that, the same event again is recognised by its id; and where anything
    else stands there, the projection is behind: its rows decide again once it has caught up. Hence nobody is alerted
    twice, and nothing that was decided is lost.

    `reached` returns when the projection holds a sequence of the log; an appended row leaves the outbox with it.
    """

    engine: AsyncEngine
    client: Client
    reached: Callable[[int], Awaitable[None]]
    _filled: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Says that there may be something to append."""
        self._filled.set()

    async def run(self) -> None:
        """Appends for ever. Begin when the projection has seen the whole log once: most rows are done with by then."""
        while True:
            self._filled.clear()
            try:
                with translated():
                    rows = await self._oldest_of_each_person()
                if not rows:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(_RECHECK_SECONDS):
                            await self._filled.wait()
                    continue
                await self.reached(await self._append(rows))
            except (DatabaseUnavailable, LogFault) as fault:
                log.warning("outbox_waits", fault=str(fault))
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _append(self, rows: Sequence[Row[Any]]) -> int:
        try:
            return await append(self.client, [entry(_envelope(row), row.follows) for row in rows])
        except Conflict as conflict:
            newest = await last_on(self.client, "log.inbox.*")
            log.info("projection_is_behind", subjects=conflict.subjects[:3])
            return newest.sequence if newest else 0

    async def _oldest_of_each_person(self) -> Sequence[Row[Any]]:
        """One event a person, as many as one atomic batch takes: at least one, then up to a size that NATS buffers."""
        oldest = (
            select(outbox.c.event_id, outbox.c.place)
            .distinct(outbox.c.person_id)
            .order_by(outbox.c.person_id, outbox.c.place)
            .subquery()
        )
        sized = (
            select(
                outbox,
                func.coalesce(inbox_tail.c.sequence, cast(0, BigInteger)).label("follows"),
                func.coalesce(inbox_tail.c.version, cast(0, BigInteger)).label("version"),
                func.sum(func.octet_length(cast(outbox.c.data, Text))).over(order_by=outbox.c.place).label("bytes"),
                func.row_number().over(order_by=outbox.c.place).label("number"),
            )
            .join(oldest, oldest.c.event_id == outbox.c.event_id)
            .outerjoin(inbox_tail, inbox_tail.c.person_id == outbox.c.person_id)
            .subquery()
        )
        fitting = (sized.c.bytes <= _BATCH_BYTES) & (sized.c.number <= BATCH_LIMIT) | (sized.c.number == 1)
        async with self.engine.connect() as connection:
            return (await connection.execute(select(sized).where(fitting).order_by(sized.c.place))).all()


def _envelope(row: Row[Any]) -> Envelope:
    return Envelope(
        id=row.event_id,
        source=SOURCE,
        type=row.type,
        subject=f"inbox.{row.person_id}",
        time=row.happened_at,
        actor=ACTOR,
        correlationid=row.correlation_id,
        causationid=row.causation_id,
        aggregateversion=row.version + 1,
        data=row.data,
    )
