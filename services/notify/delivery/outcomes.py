"""What became of an attempt: the delivery's row and the events that tell it are kept in one transaction.

Outcomes that come together are kept together.
"""

import datetime as dt
import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import ARRAY, DateTime, Integer, Text, bindparam, case, column, func, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.dml import ReturningUpdate

from services.notify import metrics
from services.notify.batching import Batches
from services.notify.channels.channel import NotTaken, ProviderAway, Receipt
from services.notify.delivery.claims import Claim, Claimed
from services.notify.delivery.pauses import pause_before
from services.notify.delivery.providers import locked_provider, note_answer, note_silence, write_provider
from services.notify.outbox import outbox_row
from services.notify.projection.rows import add
from services.notify.settings import NotifySettings
from services.notify.tables import delivery, outbox, provider
from shared.database import translated
from shared.events.fields import Channel
from shared.events.inbox import NotificationAttempted, NotificationDelivered, NotificationFailed

_SOON = dt.timedelta(seconds=1)

log = structlog.get_logger()

Event = NotificationDelivered | NotificationFailed | NotificationAttempted


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What is to be kept of a claim. It is settled, unless it is due `again_at`; what is `excused` counts for nothing.

    `away` is the fault of a provider that takes nothing, `asked` says whether the provider was asked at all.
    """

    claim: Claim
    events: Sequence[Event] = ()
    error: str | None = None
    asked: bool = True
    again_at: dt.datetime | None = None
    excused: bool = False
    away: ProviderAway | None = None


@dataclass
class Outcomes:
    """Keeps what became of the attempts of a channel."""

    engine: AsyncEngine
    settings: NotifySettings
    channel: Channel
    _kept: Batches[_Outcome, None] = field(init=False)

    def __post_init__(self) -> None:
        self._kept = Batches(self._keep)

    async def delivered(self, claim: Claim, receipt: Receipt) -> None:
        """The channel took the message.

        Raises:
            DatabaseUnavailable: nothing was kept.
        """
        _tell("delivered", claim, attempts=claim.counted)
        events = [
            NotificationDelivered(
                notification_id=part.notification_id,
                person_id=claim.person_id,
                channel=claim.channel,
                reference=receipt.reference,
                attempts=part.attempt,
                template=receipt.template,
                content_sha256=receipt.content_sha256,
            )
            for part in claim.parts
        ]
        await self._kept.ask(_Outcome(claim, events))

    async def given_up(self, claim: Claim, error: str, *, asked: bool = True) -> None:
        """The message is a dead letter. `asked` says whether the provider was asked at all.

        Raises:
            DatabaseUnavailable: nothing was kept.
        """
        _tell("given_up", claim, error=error)
        events = [
            NotificationFailed(
                notification_id=part.notification_id,
                person_id=claim.person_id,
                channel=claim.channel,
                error=error,
                attempts=part.attempt,
            )
            for part in claim.parts
        ]
        await self._kept.ask(_Outcome(claim, events, error, asked))

    async def not_taken(self, claim: Claim, fault: NotTaken, *, asked: bool = True) -> None:
        """The message is tried again later, or given up where its attempts are used up. `asked` is as in `given_up`.

        Raises:
            DatabaseUnavailable: nothing was kept.
        """
        away = fault if isinstance(fault, ProviderAway) else None
        if away is None and claim.counted >= self.settings.delivery_attempts:
            await self.given_up(claim, fault.error, asked=asked)
            return
        attempt, after = (2, None) if away else (claim.counted + 1, fault.retry_after)
        pause = pause_before(attempt, self.settings.delivery_retry_seconds, random.random(), after)
        _tell("not_taken", claim, error=fault.error, away=bool(away))
        events = [_attempted(claim, part, fault.error, excused=bool(away)) for part in claim.parts]
        again_at = dt.datetime.now(dt.UTC) + pause
        await self._kept.ask(_Outcome(claim, events, fault.error, asked, again_at, bool(away), away))

    async def released(self, claim: Claim) -> None:
        """The attempt was none: something of our own was away. It is made up for soon, and used up nothing.

        Raises:
            DatabaseUnavailable: nothing was kept; the deliveries are due when their lease is over.
        """
        _tell("released", claim)
        again_at = dt.datetime.now(dt.UTC) + _SOON
        await self._kept.ask(_Outcome(claim, asked=False, again_at=again_at, excused=True))

    async def _keep(self, outcomes: Sequence[_Outcome]) -> list[None]:
        """Each once, whoever comes first."""
        now = dt.datetime.now(dt.UTC)
        with translated():
            async with self.engine.begin() as connection:
                changed = await self._changed(connection, outcomes, now)
                rows = [row for each in outcomes for row in _told(each, changed, now)]
                await add(connection, outbox, rows)
                for each in outcomes:
                    if each.away:
                        await self._away(connection, each.away, now)
                if any(each.asked and not each.away for each in outcomes):
                    await note_answer(connection, self.channel)
                if any(not each.asked for each in outcomes):
                    await note_silence(connection, self.channel, now)
        return [None] * len(outcomes)

    async def _changed(self, connection: AsyncConnection, outcomes: Sequence[_Outcome], now: dt.datetime) -> set[str]:
        """The notifications whose deliveries were waiting for this."""
        changes = [(notification_id, each) for each in outcomes for notification_id in each.claim.ids]
        given = {
            "ids": [notification_id for notification_id, _ in changes],
            "errors": [each.error for _, each in changes],
            "again_at": [each.again_at for _, each in changes],
            "counts": [0 if each.excused else 1 for _, each in changes],
            "of_channel": self.channel,
            "now": now,
        }
        return set(await connection.scalars(_CHANGED, given))

    async def _away(self, connection: AsyncConnection, fault: ProviderAway, now: dt.datetime) -> None:
        per_minute = self.settings.per_minute(self.channel)
        bucket, circuit = await locked_provider(connection, self.channel, per_minute, now)
        later = circuit.when_away(now, dt.timedelta(seconds=self.settings.circuit_seconds), fault.retry_after)
        if later.opened_at and not circuit.opened_at:
            log.warning("circuit_opened", channel=self.channel, error=fault.error)
        await write_provider(connection, self.channel, bucket, later)
        kept = update(provider).where(provider.c.channel == self.channel)
        await connection.execute(kept.values(error=fault.error, failed_at=now))


def _tell(outcome: str, claim: Claim, **more: object) -> None:
    """Counts an attempt, and logs it with the correlation id of what the message tells; of several, with each."""
    metrics.DELIVERIES.labels(claim.channel, outcome).inc()
    level = logging.WARNING if outcome == "given_up" else logging.INFO
    told = {"channel": claim.channel, "message_id": claim.message_id, **more}
    for correlation_id in sorted({part.correlation_id for part in claim.parts}):
        log.log(level, outcome, correlation_id=correlation_id, **told)


def _changing() -> ReturningUpdate[tuple[str]]:
    given = (
        func.unnest(
            bindparam("ids", type_=ARRAY(Text)),
            bindparam("errors", type_=ARRAY(Text)),
            bindparam("again_at", type_=ARRAY(DateTime(timezone=True))),
            bindparam("counts", type_=ARRAY(Integer)),
        )
        .table_valued(
            column("notification_id", Text),
            column("error", Text),
            column("again_at", DateTime(timezone=True)),
            column("counts", Integer),
        )
        .render_derived(name="given")
    )
    settled = given.c.again_at.is_(None)
    return (
        update(delivery)
        .where(
            delivery.c.notification_id == given.c.notification_id,
            delivery.c.channel == bindparam("of_channel"),
            delivery.c.state == "pending",
        )
        .values(
            state=case((settled, "settled"), else_="pending"),
            settled_at=case((settled, bindparam("now", type_=DateTime(timezone=True)))),
            next_attempt_at=func.coalesce(given.c.again_at, delivery.c.next_attempt_at),
            excused=delivery.c.excused - given.c.counts,
            claimed_by=None,
            error=case((settled, given.c.error), else_=func.coalesce(given.c.error, delivery.c.error)),
        )
        .returning(delivery.c.notification_id)
    )


_CHANGED = _changing()
"""Made once: to make a statement takes as long as to ask it."""


def _attempted(claim: Claim, part: Claimed, error: str, *, excused: bool) -> NotificationAttempted:
    return NotificationAttempted(
        notification_id=part.notification_id,
        person_id=claim.person_id,
        channel=claim.channel,
        attempt=part.attempt,
        excused=part.attempt - part.counted + int(excused),
        error=error,
    )


def _told(outcome: _Outcome, changed: set[str], now: dt.datetime) -> Iterator[dict[str, Any]]:
    """The rows of the outbox for those events whose deliveries changed."""
    for part, event in zip(outcome.claim.parts, outcome.events, strict=False):
        if part.notification_id in changed:
            yield outbox_row(
                event,
                round_=part.round,
                correlation_id=part.correlation_id,
                causation_id=part.event_id,
                at=now,
            )
