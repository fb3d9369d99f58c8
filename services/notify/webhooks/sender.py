"""Posts what is due, each endpoint for itself: one message at a time, in the order of the log.

A turn leases an endpoint for some seconds, so of several copies of this service one posts to it; whoever dies leaves a
lease that ends. What was posted is marked behind the answer: who dies between the two posts it again under the same id.
An endpoint that takes nothing rests as a whole, and its messages keep their order. One that refuses a single message
goes on with those behind it.
"""

import asyncio
import datetime as dt
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import structlog
from nats.aio.client import Client
from sqlalchemy import Row

from services.notify import metrics
from services.notify.egress import AddressRefused, NoAnswer, Place, located, post, posting
from services.notify.outbox import ACTOR
from services.notify.webhooks.payload import MEDIA_TYPE, payload
from services.notify.webhooks.queue import Queue
from services.notify.webhooks.record import append_next, new_event_id
from services.notify.webhooks.schedule import PAUSES, Outcome, judged, pause
from services.notify.webhooks.sealing import Sealing, Unsealable
from services.notify.webhooks.signing import Secret, headers
from shared.database import DatabaseUnavailable
from shared.events.envelope import Envelope
from shared.events.webhook import WebhookDisabled
from shared.log.faults import LogFault
from shared.log.retired import record_at
from shared.telemetry import traces
from shared.telemetry.correlation import bound

_AT_ONCE = 64
_PAUSE_SECONDS = 0.5
_RECHECK_SECONDS = 5.0

GONE = "Điểm nhận trả lời 410: không nhận nữa. (The endpoint answers 410: it wants nothing any more.)"
SILENT = "Điểm nhận không nhận gì trong mọi lần gửi. (The endpoint took nothing in all attempts.)"

log = structlog.get_logger()


@dataclass(frozen=True)
class Way:
    """How messages leave: links begin with `public_url`; an endpoint has so many `seconds` for its answer."""

    public_url: str
    sealing: Sealing
    allow_private: bool = False
    seconds: float = 20.0
    pauses: Sequence[float] = PAUSES

    @property
    def lease(self) -> dt.timedelta:
        """How long a turn may last at most: one part for beginning messages, one for the last answer, and some time for
        keeping it. A turn that died holds its endpoint up for no longer."""
        return dt.timedelta(seconds=2.5 * self.seconds)

    async def send(
        self, client: httpx.AsyncClient, place: Place, message_id: str, content: bytes, secrets: Sequence[Secret]
    ) -> Outcome:
        """Posts one message; what came of it."""
        signed = headers(message_id, dt.datetime.now(dt.UTC), content, secrets)
        try:
            answer = await post(client, place, content, {**signed, "content-type": MEDIA_TYPE}, self.seconds)
        except NoAnswer as fault:
            return Outcome("away", error=fault.error)
        except Exception as fault:  # noqa: BLE001 - whatever an endpoint answers, the others must go on
            return Outcome("away", error=f"no answer that can be read: {type(fault).__name__}")
        return judged(answer)


@dataclass
class Sender:
    """Posts for ever. `settled` is called when an outcome waits to be recorded; `reached` returns when the projection
    holds a sequence of the log."""

    queue: Queue
    client: Client
    way: Way
    settled: Callable[[], None]
    reached: Callable[[int], Awaitable[None]]
    _due: asyncio.Event = field(default_factory=asyncio.Event)
    _turns: "set[asyncio.Task[None]]" = field(default_factory=set)

    def wake(self) -> None:
        """Says that something may be due."""
        self._due.set()

    async def run(self) -> None:
        """Posts for ever. Begin when the projection has seen the whole log once, and with it what was taken."""
        async with asyncio.TaskGroup() as turns:
            while True:
                self._due.clear()
                waits = _RECHECK_SECONDS
                try:
                    if free := _AT_ONCE - len(self._turns):
                        for endpoint in await self.queue.claim(free):
                            turn = turns.create_task(self._turn(endpoint))
                            self._turns.add(turn)
                            turn.add_done_callback(self._ended)
                        waits = await self.queue.until_next()
                except DatabaseUnavailable as fault:
                    log.warning("webhooks_wait", fault=str(fault))
                    waits = _PAUSE_SECONDS
                with suppress(TimeoutError):
                    async with asyncio.timeout(waits):
                        await self._due.wait()

    def _ended(self, turn: "asyncio.Task[None]") -> None:
        self._turns.discard(turn)
        self.wake()

    async def _turn(self, endpoint: Row[Any]) -> None:
        """Posts what is due for one endpoint, and gives the lease back; where that fails in a way that nobody foresaw,
        the lease ends by itself, and the others have gone on meanwhile."""
        gives_back = True
        try:
            await self._post_due(endpoint)
        except (DatabaseUnavailable, LogFault) as fault:
            log.warning("webhook_turn_broken_off", webhook_id=endpoint.webhook_id, fault=str(fault))
            await asyncio.sleep(_PAUSE_SECONDS)
        except Exception:
            log.exception("webhook_turn_failed", webhook_id=endpoint.webhook_id)
            gives_back = False
        finally:
            if gives_back:
                with suppress(DatabaseUnavailable):
                    await self.queue.release(endpoint)

    async def _post_due(self, endpoint: Row[Any]) -> None:
        """Posts until there is nothing, the endpoint rests, or it is time to lease it anew."""
        ends, webhook_id = time.monotonic() + self.way.seconds, endpoint.webhook_id
        secrets: list[Secret] = []
        place, error = None, ""
        try:
            secrets = await self.queue.secrets(webhook_id, self.way.sealing)
            place = await located(endpoint.url, allow_private=self.way.allow_private)
        except (AddressRefused, Unsealable) as fault:
            error = f"not sent: {fault}"
        async with posting(self.way.seconds) as client:
            while rows := await self.queue.due(webhook_id):
                for row in rows:
                    if time.monotonic() >= ends:
                        return
                    event = await self._event(row.sequence)
                    with bound(event.correlationid):
                        if place is None:
                            outcome = Outcome("away", error=error)
                        else:
                            outcome = await self._sent(client, place, row, event, secrets)
                        if not await self._keep(row, outcome):
                            return

    async def _sent(
        self, client: httpx.AsyncClient, place: Place, row: Row[Any], event: Envelope, secrets: Sequence[Secret]
    ) -> Outcome:
        """Posts one event; what came of it."""
        content = payload(event, row.sequence, self.way.public_url)
        with traces.below(traces.of_event(event.correlationid, event.id), "post to webhook", None, "client") as span:
            outcome = await self.way.send(client, place, row.event_id, content, secrets)
            if span is not None:
                span.attributes["ketluan.outcome"] = outcome.meaning
        metrics.WEBHOOKS.labels(outcome.meaning).inc()
        return outcome

    async def _event(self, sequence: int) -> Envelope:
        record = await record_at(self.client, sequence)
        if record is None:
            raise LogFault(f"the log does not hold event {sequence}")
        return Envelope.model_validate_json(record.content)

    async def _keep(self, row: Row[Any], outcome: Outcome) -> bool:
        """Keeps what became of an attempt. Says whether the endpoint may be sent more now."""
        now, attempts = dt.datetime.now(dt.UTC), row.attempts + 1
        done: dict[str, Any] = {"state": "settled", "settled_at": now}
        values: dict[str, Any] = {"attempts": attempts, "status": outcome.status, "error": outcome.error}
        if outcome.meaning == "taken":
            log.info("webhook_taken", webhook_id=row.webhook_id, event_id=row.event_id, attempts=attempts)
            await self.queue.keep(row, **done, **values)
            self.settled()
            return True
        log.info("webhook_not_taken", webhook_id=row.webhook_id, event_id=row.event_id, error=outcome.error)
        if outcome.meaning == "gone":
            await self._disable(row.webhook_id, GONE)
            return False
        waits = pause(attempts, self.way.pauses, random.random(), outcome.retry_after)
        if waits is None:
            await self.queue.keep(row, **done, **values)
            self.settled()
            if outcome.meaning == "away":
                await self._disable(row.webhook_id, SILENT)
            return outcome.meaning != "away"
        again = now + dt.timedelta(seconds=waits)
        rests = again if outcome.meaning == "away" else None
        await self.queue.keep(row, rests, next_attempt_at=again, **values)
        return rests is None

    async def _disable(self, webhook_id: str, reason: str) -> None:
        data = WebhookDisabled(webhook_id=webhook_id, reason=reason)
        log.warning("webhook_disabled", webhook_id=webhook_id, reason=reason)
        event_id = new_event_id(data)
        await self.reached(await append_next(self.client, data, event_id, actor=ACTOR, request_id=event_id))
