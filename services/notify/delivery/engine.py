"""Sends what is due, again where it failed, and records what became of it.

A mail stands between two events: NotificationRequested before it, NotificationDelivered or NotificationFailed behind
it. The attempt is marked in the row before anything is sent. Who dies while sending leaves it unknown whether the mail
went out; the row is due again when its time is up, and a second mail then carries the same Message-ID.
"""

import asyncio
import datetime as dt
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import Row, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.channels.mail import LONGEST_SENDING_SECONDS, TEMPLATE, Letter, Mailer, MailNotTaken, MailRefused
from services.notify.contacts import find_mail
from services.notify.inbox import find_item
from services.notify.outbox import outbox_row
from services.notify.tables import delivery, notification, outbox
from shared.database import DatabaseUnavailable, translated
from shared.events.inbox import NotificationDelivered, NotificationFailed

MOST_ATTEMPTS = 8
_AT_ONCE = 8
_LEASE = dt.timedelta(seconds=LONGEST_SENDING_SECONDS + 60)
_LONGEST_PAUSE_SECONDS = 1800.0
_RECHECK_SECONDS = 5.0
_PAUSE_SECONDS = 0.5

log = structlog.get_logger()


@dataclass
class Delivery:
    """Delivers mail. `decided` is called when an outcome waits in the outbox.

    The second attempt comes `first_pause_seconds` after the first, each further one after twice the pause.
    """

    engine: AsyncEngine
    mailer: Mailer
    decided: Callable[[], None]
    first_pause_seconds: float
    _due: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Says that something may be due."""
        self._due.set()

    async def run(self) -> None:
        """Delivers for ever. Begin when the projection has seen the whole log once, and with it what was delivered."""
        while True:
            self._due.clear()
            try:
                with translated():
                    claimed = await self._claim()
                if claimed:
                    async with asyncio.TaskGroup() as sending:
                        for row in claimed:
                            sending.create_task(self._attempt(row))
                    continue
                pause = await self._until_next()
            except DatabaseUnavailable as fault:
                log.warning("delivery_waits", fault=str(fault))
                pause = _PAUSE_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._due.wait()

    async def _claim(self) -> Sequence[Row[Any]]:
        """Marks an attempt on what is due. Nobody else attempts it until the lease is over."""
        now = dt.datetime.now(dt.UTC)
        key = (delivery.c.notification_id, delivery.c.channel)
        due = (
            select(*key)
            .where(delivery.c.state == "pending", delivery.c.channel == "mail", delivery.c.next_attempt_at <= now)
            .order_by(delivery.c.next_attempt_at)
            .limit(_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        claim = (
            update(delivery)
            .where(tuple_(*key).in_(due), notification.c.notification_id == delivery.c.notification_id)
            .values(attempts=delivery.c.attempts + 1, next_attempt_at=now + _LEASE)
            .returning(
                delivery.c.notification_id,
                delivery.c.attempts,
                notification.c.person_id,
                notification.c.event_id,
                notification.c.correlation_id,
            )
        )
        async with self.engine.begin() as connection:
            return (await connection.execute(claim)).all()

    async def _attempt(self, row: Row[Any]) -> None:
        try:
            if row.attempts > MOST_ATTEMPTS:
                await self._give_up(row, "every attempt was broken off")
                return
            address = await find_mail(self.engine, row.person_id)
            item = await find_item(self.engine, row.notification_id)
            if address is None or item is None:
                await self._give_up(row, "there is no address for this person any more")
                return
            letter = self.mailer.letter(item, address, dt.datetime.now(dt.UTC))
            taken = _taken(row, letter)
            await self.mailer.send(letter)
            log.info("mail_delivered", notification_id=row.notification_id, attempts=row.attempts)
            await self._settle(row, taken, None)
        except MailRefused as refused:
            await self._give_up(row, str(refused))
        except MailNotTaken as fault:
            if row.attempts >= MOST_ATTEMPTS:
                await self._give_up(row, str(fault))
            else:
                await self._postpone(row, str(fault))
        except DatabaseUnavailable as fault:
            log.warning("attempt_outcome_unknown", notification_id=row.notification_id, fault=str(fault))

    async def _give_up(self, row: Row[Any], error: str) -> None:
        failed = NotificationFailed(
            notification_id=row.notification_id,
            person_id=row.person_id,
            channel="mail",
            error=error,
            attempts=row.attempts,
        )
        log.warning("mail_given_up", notification_id=row.notification_id, attempts=row.attempts, error=error)
        await self._settle(row, failed, error)

    async def _settle(
        self, row: Row[Any], outcome: NotificationDelivered | NotificationFailed, error: str | None
    ) -> None:
        """Keeps the outcome and the event that tells it in one transaction; once, whoever comes first."""
        now = dt.datetime.now(dt.UTC)
        event = outbox_row(outcome, correlation_id=row.correlation_id, causation_id=row.event_id, at=now)
        with translated():
            async with self.engine.begin() as connection:
                settled = await connection.execute(
                    update(delivery)
                    .where(delivery.c.notification_id == row.notification_id, delivery.c.channel == "mail")
                    .where(delivery.c.state == "pending")
                    .values(state="settled", settled_at=now, error=error)
                )
                if settled.rowcount:
                    await connection.execute(insert(outbox).values(event).on_conflict_do_nothing())
        self.decided()

    async def _postpone(self, row: Row[Any], error: str) -> None:
        pause = min(self.first_pause_seconds * 2 ** (row.attempts - 1), _LONGEST_PAUSE_SECONDS)
        spread = dt.timedelta(seconds=pause * random.uniform(0.75, 1.25))
        log.info("mail_postponed", notification_id=row.notification_id, attempts=row.attempts, error=error)
        with translated():
            async with self.engine.begin() as connection:
                await connection.execute(
                    update(delivery)
                    .where(delivery.c.notification_id == row.notification_id, delivery.c.channel == "mail")
                    .where(delivery.c.state == "pending")
                    .values(next_attempt_at=dt.datetime.now(dt.UTC) + spread, error=error)
                )

    async def _until_next(self) -> float:
        """Seconds until something is due; five at most, since another copy of this service may have died."""
        waiting = select(func.min(delivery.c.next_attempt_at)).where(
            delivery.c.state == "pending", delivery.c.channel == "mail"
        )
        with translated():
            async with self.engine.connect() as connection:
                due_at = await connection.scalar(waiting)
        if due_at is None:
            return _RECHECK_SECONDS
        seconds: float = (due_at - dt.datetime.now(dt.UTC)).total_seconds()
        return min(max(seconds, 0.01), _RECHECK_SECONDS)


def _taken(row: Row[Any], letter: Letter) -> NotificationDelivered:
    """The outcome where all goes well. Made before sending: behind a mail that went out nothing may fail but the
    database."""
    return NotificationDelivered(
        notification_id=row.notification_id,
        person_id=row.person_id,
        channel="mail",
        reference=letter.reference,
        attempts=row.attempts,
        template=TEMPLATE,
        content_sha256=letter.sha256,
    )
