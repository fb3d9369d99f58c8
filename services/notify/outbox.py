"""From decisions to events: what was decided in the database is appended to the log, exactly once each."""

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import structlog
from nats.aio.client import Client
from sqlalchemy import Row, Text, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.tables import inbox_tail, outbox
from shared.database import DatabaseUnavailable, among, translated
from shared.events.envelope import Envelope
from shared.events.fields import derived_id
from shared.events.inbox import (
    NotificationAttempted,
    NotificationBounced,
    NotificationDelivered,
    NotificationFailed,
    NotificationRequested,
    NotificationResent,
)
from shared.lease import Share
from shared.log.append import appended, entry
from shared.log.faults import Conflict, LogFault
from shared.log.read import last_on
from shared.log.stream import BATCH_LIMIT
from shared.telemetry import traces

SOURCE = "/ketluan/notify"
ACTOR = "service.notify"

DECIDED = "notify_decided"
"""PostgreSQL's NOTIFY channel that says that something waits to be appended or sent; a trigger of the outbox tells it,
too."""

_MOST_BYTES = 2_000_000
_TURNS = 16
_PAUSE_SECONDS = 0.5
_RECHECK_SECONDS = 5.0

log = structlog.get_logger()

Decided = (
    NotificationRequested
    | NotificationAttempted
    | NotificationDelivered
    | NotificationFailed
    | NotificationBounced
    | NotificationResent
)


def event_id(data: Decided, round_: int = 0) -> str:
    """The id of this event: the same decision always has the same. `round_` counts how often somebody had the
    notification sent again by this channel."""
    match data:
        case NotificationRequested():
            return derived_id(data.type, data.notification_id)
        case NotificationAttempted():
            return derived_id(data.type, data.notification_id, data.channel, data.attempt)
    return derived_id(data.type, data.notification_id, data.channel, *([round_] if round_ else []))


def outbox_row(
    data: Decided,
    *,
    correlation_id: str,
    causation_id: str,
    at: dt.datetime,
    actor: str | None = None,
    round_: int = 0,
) -> dict[str, Any]:
    """A row of the outbox. `at` is when it happened; `actor` decided it, this service where it is None."""
    return {
        "event_id": event_id(data, round_),
        "person_id": data.person_id,
        "type": data.type,
        "correlation_id": correlation_id,
        "causation_id": causation_id,
        "happened_at": at,
        "data": data.model_dump(mode="json", exclude_none=True),
        "actor": actor,
    }


@dataclass
class Outbox:
    """Appends what the outbox holds.

    Every event states the last sequence of its person's subject as it was projected. So when an event went into the
    log and this process died before it saw that, the same event again is recognised by its id; and where anything
    else stands there, the projection is behind: its rows decide again once it has caught up. Hence nobody is told
    twice in the inbox, and nothing that was decided is lost.

    `reached` returns when the projection holds a sequence of the log; an appended row leaves the outbox with it.
    `on_line` gives those who are looking at their inboxes now: where many are to be told, they are told first. `share`
    says which people are this copy's; while copies come and go, two may append the same, to no effect.
    """

    engine: AsyncEngine
    client: Client
    reached: Callable[[int], Awaitable[None]]
    on_line: Callable[[], Iterable[str]] = tuple
    share: Callable[[], Share] = Share
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
                    rows = await self._waiting()
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
        """Appends one batch for each turn, and gives the sequence at which all of them are projected.

        JetStream stores a batch without anything in between, so a batch's last sequence tells those of the others, and
        a person's next event need not wait for the projection. Where another copy had appended some of a batch, only
        the projection knows their places: a guess may name the very event that is to be appended next.
        """
        tails: dict[str, int] = {row.person_id: row.follows for row in rows}
        last = 0
        for _, turn in groupby(rows, key=lambda row: row.turn):
            batch, began = list(turn), time.time_ns()
            try:
                done = await appended(self.client, [entry(_envelope(row), tails[row.person_id]) for row in batch])
            except Conflict as conflict:
                newest = await last_on(self.client, "log.inbox.*")
                log.info("projection_is_behind", subjects=conflict.subjects[:3])
                return newest.sequence if newest else last
            last = done.last
            _traced(batch, began)
            if done.added < len(batch):
                return last
            first = last - len(batch) + 1
            tails |= {row.person_id: first + place for place, row in enumerate(batch)}
        return last

    async def _waiting(self) -> Sequence[Row[Any]]:
        """The next events of each person, turn by turn, in batches that NATS takes; at least one, where there is one.

        What people are to be told goes before what became of it.
        """
        share = self.share()
        # Without its sign a number has the same rest wherever it is divided.
        number = func.hashtextextended(outbox.c.person_id, 0).bitwise_and(2**63 - 1)
        urgency = case((outbox.c.type == NotificationRequested.type, 0), else_=1)
        looking = case((among(outbox.c.person_id, self.on_line()), 0), else_=1)
        theirs = select(
            outbox,
            urgency.label("urgency"),
            looking.label("looking"),
            func.row_number().over(partition_by=outbox.c.person_id, order_by=(urgency, outbox.c.place)).label("turn"),
        ).where(number % share.of == share.place)
        by_turn = theirs.subquery()
        order = (by_turn.c.turn, by_turn.c.urgency, by_turn.c.looking, by_turn.c.place)
        sized = (
            select(
                by_turn,
                func.coalesce(inbox_tail.c.sequence, 0).label("follows"),
                func.coalesce(inbox_tail.c.version, 0).label("version"),
                func.sum(func.octet_length(cast(by_turn.c.data, Text))).over(order_by=order).label("bytes"),
                func.row_number().over(order_by=order).label("number"),
            )
            .outerjoin(inbox_tail, inbox_tail.c.person_id == by_turn.c.person_id)
            .where(by_turn.c.turn <= _TURNS)
            .subquery()
        )
        fitting = (sized.c.bytes <= _MOST_BYTES) & (sized.c.number <= BATCH_LIMIT) | (sized.c.number == 1)
        async with self.engine.connect() as connection:
            return (await connection.execute(select(sized).where(fitting).order_by(sized.c.number))).all()


def _traced(batch: Sequence[Row[Any]], began: int) -> None:
    """Tells what went into the log together, each below the deciding that led to it; deliveries go on below it."""
    if not traces.is_on():
        return
    for row in batch:
        correlation_id = row.correlation_id
        above = traces.of_planning(correlation_id, row.causation_id)
        if row.type != NotificationRequested.type:
            above = traces.of_event(correlation_id, row.causation_id)
        place = traces.of_event(correlation_id, row.event_id)
        kind = row.type.split(".")[-2]
        traces.done(above, "append notification", began, {"ketluan.event": kind}, "producer", place)


def _envelope(row: Row[Any]) -> Envelope:
    return Envelope(
        id=row.event_id,
        source=SOURCE,
        type=row.type,
        subject=f"inbox.{row.person_id}",
        time=row.happened_at,
        actor=row.actor or ACTOR,
        correlationid=row.correlation_id,
        causationid=row.causation_id,
        aggregateversion=row.version + row.turn,
        data=row.data,
    )
