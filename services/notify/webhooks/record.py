"""Events of endpoints: each is appended behind the last one of its own subject, as the log's leader knows it."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import structlog
from nats.aio.client import Client
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.outbox import ACTOR, SOURCE
from services.notify.webhooks.tables import webhook_delivery
from shared.database import DatabaseUnavailable, translated
from shared.events.envelope import Envelope
from shared.events.fields import derived_id
from shared.events.webhook import WebhookDelivered, WebhookEvent, WebhookFailed
from shared.log.append import append, entry
from shared.log.faults import Conflict, LogFault
from shared.log.read import last_on
from shared.log.stream import PREFIX

_AT_ONCE = 500
_TRIES = 5
_PAUSE_SECONDS = 0.5
_RECHECK_SECONDS = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Tail:
    """The last event of an endpoint: its sequence and its version; both 0 where there is none."""

    sequence: int = 0
    version: int = 0


async def tail(client: Client, webhook_id: str) -> Tail:
    """Where the events of an endpoint end now.

    Raises:
        LogUnavailable, LogRefused: see `shared.log.faults`.
    """
    last = await last_on(client, f"{PREFIX}webhook.{webhook_id}")
    return Tail(last.sequence, Envelope.model_validate_json(last.content).aggregateversion) if last else Tail()


def event(
    data: WebhookEvent, event_id: str, version: int, *, actor: str, request_id: str, cause: str, at: dt.datetime
) -> Envelope:
    """The envelope of an endpoint's event."""
    return Envelope(
        id=event_id,
        source=SOURCE,
        type=data.type,
        subject=f"webhook.{data.webhook_id}",
        time=at,
        actor=actor,
        correlationid=request_id,
        causationid=cause,
        aggregateversion=version,
        data=data.model_dump(mode="json", exclude_none=True),
    )


async def append_next(
    client: Client, data: WebhookEvent, event_id: str, *, actor: str, request_id: str, first: bool = False
) -> int:
    """Appends an event behind whatever stands last on its endpoint's subject, or as its `first`; gives its sequence.

    Raises:
        LogFault: the log did not take it; for `LogUnavailable`, that is not known.
    """
    for attempt in range(1, _TRIES + 1):
        last = Tail() if first else await tail(client, data.webhook_id)
        now = dt.datetime.now(dt.UTC)
        made = event(data, event_id, last.version + 1, actor=actor, request_id=request_id, cause=request_id, at=now)
        try:
            return await append(client, [entry(made, last.sequence)])
        except Conflict:
            if attempt == _TRIES:
                raise
    raise AssertionError("the last try returns or raises")


@dataclass
class Recorder:
    """Appends what became of what was posted.

    A row that is settled stands in the log once the projection says so. Before anything is appended, the projection has
    to hold all that stands on the endpoint's subject: what is settled then is not there yet, and is appended behind
    exactly that place. Hence no outcome is lost, and none is told twice.

    `reached` returns when the projection holds a sequence of the log.
    """

    engine: AsyncEngine
    client: Client
    reached: Callable[[int], Awaitable[None]]
    _settled: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Says that there may be something to append."""
        self._settled.set()

    async def run(self) -> None:
        """Appends for ever. Begin when the projection has seen the whole log once."""
        while True:
            self._settled.clear()
            try:
                if not await self._append_all():
                    with suppress(TimeoutError):
                        async with asyncio.timeout(_RECHECK_SECONDS):
                            await self._settled.wait()
            except (DatabaseUnavailable, LogFault) as fault:
                log.warning("webhook_outcomes_wait", fault=str(fault))
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _append_all(self) -> bool:
        query = select(webhook_delivery.c.webhook_id).where(webhook_delivery.c.state == "settled").distinct()
        with translated():
            async with self.engine.connect() as connection:
                endpoints = (await connection.scalars(query)).all()
        for webhook_id in endpoints:
            await self._append(webhook_id)
        return bool(endpoints)

    async def _append(self, webhook_id: str) -> None:
        last = await tail(self.client, webhook_id)
        await self.reached(last.sequence)
        own = (webhook_delivery.c.webhook_id == webhook_id) & (webhook_delivery.c.state == "settled")
        query = select(webhook_delivery).where(own).order_by(webhook_delivery.c.settled_at).limit(_AT_ONCE)
        with translated():
            async with self.engine.connect() as connection:
                rows = (await connection.execute(query)).all()
        if not rows:
            return
        entries = [
            entry(_outcome(row, last.version + place), last.sequence if place == 1 else None)
            for place, row in enumerate(rows, start=1)
        ]
        try:
            await self.reached(await append(self.client, entries))
        except Conflict:
            log.info("webhook_moved_on", webhook_id=webhook_id)


def _outcome(row: Row[Any], version: int) -> Envelope:
    data: WebhookDelivered | WebhookFailed
    if row.error is None:
        data = WebhookDelivered(
            webhook_id=row.webhook_id, event_id=row.event_id, status=row.status, attempts=row.attempts
        )
    else:
        data = WebhookFailed(webhook_id=row.webhook_id, event_id=row.event_id, error=row.error, attempts=row.attempts)
    event_id = derived_id(data.type, row.webhook_id, row.event_id, row.round)
    return event(
        data,
        event_id,
        version,
        actor=ACTOR,
        request_id=row.correlation_id,
        cause=row.event_id,
        at=row.settled_at,
    )


def new_event_id(data: WebhookEvent) -> str:
    """An id for what somebody does to an endpoint, which nothing else has."""
    return derived_id(data.type, data.webhook_id, uuid4())
