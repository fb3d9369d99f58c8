"""What became of an attempt: the delivery's row and the events that tell it are kept in one transaction."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import ColumnElement, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notify.channels.channel import NotTaken, ProviderAway, Receipt
from services.notify.delivery.claims import Claim, Claimed
from services.notify.delivery.pauses import pause_before
from services.notify.delivery.providers import locked_provider, note_answer, note_silence, write_provider
from services.notify.outbox import outbox_row
from services.notify.settings import NotifySettings
from services.notify.tables import delivery, outbox, provider
from shared.database import among, translated
from shared.events.inbox import NotificationAttempted, NotificationDelivered, NotificationFailed

_SOON = dt.timedelta(seconds=1)

log = structlog.get_logger()

Outcome = NotificationDelivered | NotificationFailed | NotificationAttempted


@dataclass(frozen=True)
class Outcomes:
    """Keeps what became of the attempts of all channels."""

    engine: AsyncEngine
    settings: NotifySettings

    async def delivered(self, claim: Claim, receipt: Receipt) -> None:
        """The channel took the message.

        Raises:
            DatabaseUnavailable: nothing was kept.
        """
        log.info("delivered", channel=claim.channel, message_id=claim.message_id, attempts=claim.counted)
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
        await self._settle(claim, events, None)

    async def given_up(self, claim: Claim, error: str, *, asked: bool = True) -> None:
        """The message is a dead letter. `asked` says whether the provider was asked at all.

        Raises:
            DatabaseUnavailable: nothing was kept.
        """
        log.warning("given_up", channel=claim.channel, message_id=claim.message_id, error=error)
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
        await self._settle(claim, events, error, asked)

    async def not_taken(self, claim: Claim, fault: NotTaken, *, asked: bool = True) -> None:
        """The message is tried again later, or given up where its attempts are used up. `asked` is as in `given_up`.

        Raises:
            DatabaseUnavailable: nothing was kept.
        """
        away = isinstance(fault, ProviderAway)
        if not away and claim.counted >= self.settings.delivery_attempts:
            await self.given_up(claim, fault.error, asked=asked)
            return
        now = dt.datetime.now(dt.UTC)
        after = None if away else fault.retry_after
        attempt = 2 if away else claim.counted + 1
        pause = pause_before(attempt, self.settings.delivery_retry_seconds, random.random(), after)
        log.info("not_taken", channel=claim.channel, message_id=claim.message_id, error=fault.error, away=away)
        with translated():
            async with self.engine.begin() as connection:
                postponed = update(delivery).values(
                    next_attempt_at=now + pause, excused=delivery.c.excused + int(away), error=fault.error
                )
                changed = await connection.execute(postponed.where(_pending(claim)))
                if changed.rowcount:
                    events = [_attempted(claim, part, fault.error, int(away)) for part in claim.parts]
                    await _tell(connection, claim, events, now)
                if away:
                    await self._away(connection, claim, fault.retry_after, fault.error, now)
                else:
                    await _noted(connection, claim, asked, now)

    async def released(self, claim: Claim) -> None:
        """The attempt was none: something of our own was away. It is made up for soon, and used up nothing.

        Raises:
            DatabaseUnavailable: nothing was kept; the deliveries are due when their lease is over.
        """
        now = dt.datetime.now(dt.UTC)
        with translated():
            async with self.engine.begin() as connection:
                again = update(delivery).values(next_attempt_at=now + _SOON, excused=delivery.c.excused + 1)
                await connection.execute(again.where(_pending(claim)))
                await note_silence(connection, claim.channel, now)

    async def _settle(
        self,
        claim: Claim,
        events: "list[NotificationDelivered] | list[NotificationFailed]",
        error: str | None,
        asked: bool = True,
    ) -> None:
        """Once, whoever comes first."""
        now = dt.datetime.now(dt.UTC)
        with translated():
            async with self.engine.begin() as connection:
                settled = update(delivery).values(state="settled", settled_at=now, error=error)
                ids = set(
                    await connection.scalars(settled.where(_pending(claim)).returning(delivery.c.notification_id))
                )
                await _tell(connection, claim, [each for each in events if each.notification_id in ids], now)
                await _noted(connection, claim, asked, now)

    async def _away(
        self, connection: AsyncConnection, claim: Claim, retry_after: float | None, error: str, now: dt.datetime
    ) -> None:
        per_minute = self.settings.per_minute(claim.channel)
        bucket, circuit = await locked_provider(connection, claim.channel, per_minute, now)
        later = circuit.when_away(now, dt.timedelta(seconds=self.settings.circuit_seconds), retry_after)
        if later.opened_at and not circuit.opened_at:
            log.warning("circuit_opened", channel=claim.channel, error=error)
        await write_provider(connection, claim.channel, bucket, later)
        kept = update(provider).where(provider.c.channel == claim.channel)
        await connection.execute(kept.values(error=error, failed_at=now))


def _pending(claim: Claim) -> ColumnElement[bool]:
    return among(delivery.c.notification_id, claim.ids) & (
        (delivery.c.channel == claim.channel) & (delivery.c.state == "pending")
    )


def _attempted(claim: Claim, part: Claimed, error: str, away: int) -> NotificationAttempted:
    return NotificationAttempted(
        notification_id=part.notification_id,
        person_id=claim.person_id,
        channel=claim.channel,
        attempt=part.attempt,
        excused=part.attempt - part.counted + away,
        error=error,
    )


async def _tell(connection: AsyncConnection, claim: Claim, events: Sequence[Outcome], now: dt.datetime) -> None:
    parts = {part.notification_id: part for part in claim.parts}
    rows = [
        outbox_row(
            each,
            round_=parts[each.notification_id].round,
            correlation_id=parts[each.notification_id].correlation_id,
            causation_id=parts[each.notification_id].event_id,
            at=now,
        )
        for each in events
    ]
    if rows:
        await connection.execute(insert(outbox).on_conflict_do_nothing(), rows)


async def _noted(connection: AsyncConnection, claim: Claim, asked: bool, now: dt.datetime) -> None:
    if asked:
        await note_answer(connection, claim.channel)
    else:
        await note_silence(connection, claim.channel, now)
