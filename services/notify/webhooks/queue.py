"""What waits to be posted, and who may post it: the queue of each endpoint, in PostgreSQL."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.webhooks.sealing import Sealing
from services.notify.webhooks.signing import Secret
from services.notify.webhooks.tables import webhook, webhook_delivery, webhook_secret
from shared.database import translated

_PAGE = 20
_RECHECK_SECONDS = 5.0
_SOON_SECONDS = 0.02


@dataclass(frozen=True)
class Queue:
    """The queues of all endpoints. Each of its questions raises DatabaseUnavailable where PostgreSQL does not
    answer."""

    engine: AsyncEngine
    lease: dt.timedelta

    async def claim(self, most: int) -> Sequence[Row[Any]]:
        """Leases so many endpoints at most for which something is due. Nobody else posts to them until the lease is
        over."""
        with translated():
            async with self.engine.begin() as connection:
                # Copies whose clocks differ must agree on when a lease is over.
                now = (await connection.execute(select(func.now()))).scalar_one()
                due = (
                    select(webhook.c.webhook_id)
                    .where(_is_free(now), exists().where(_is_due(now, webhook.c.webhook_id)))
                    .limit(most)
                    .with_for_update(skip_locked=True)
                )
                claim = update(webhook).where(webhook.c.webhook_id.in_(due)).values(leased_until=now + self.lease)
                claimed: Sequence[Row[Any]] = (await connection.execute(claim.returning(webhook))).all()
                return claimed

    async def release(self, endpoint: Row[Any]) -> None:
        """Gives a lease back."""
        own = (webhook.c.webhook_id == endpoint.webhook_id) & (webhook.c.leased_until == endpoint.leased_until)
        with translated():
            async with self.engine.begin() as connection:
                await connection.execute(update(webhook).where(own).values(leased_until=None))

    async def awake(self, webhook_id: str) -> None:
        """Ends an endpoint's rest: all that waits for it is due."""
        waits = (webhook_delivery.c.webhook_id == webhook_id) & (webhook_delivery.c.state == "pending")
        with translated():
            async with self.engine.begin() as connection:
                own = update(webhook).where(webhook.c.webhook_id == webhook_id)
                await connection.execute(own.values(resting_until=None))
                await connection.execute(update(webhook_delivery).where(waits).values(next_attempt_at=func.now()))

    async def until_next(self) -> float:
        """Seconds until something is due; five at most, since another copy of this service may have died."""
        enabled = webhook.c.state == "enabled"
        at = func.greatest(webhook_delivery.c.next_attempt_at, webhook.c.resting_until, webhook.c.leased_until)
        query = (
            select(func.min(at))
            .join(webhook_delivery, webhook_delivery.c.webhook_id == webhook.c.webhook_id)
            .where(enabled, webhook_delivery.c.state == "pending")
        )
        with translated():
            async with self.engine.connect() as connection:
                due_at = await connection.scalar(query)
        if due_at is None:
            return _RECHECK_SECONDS
        seconds: float = (due_at - dt.datetime.now(dt.UTC)).total_seconds()
        return min(max(seconds, _SOON_SECONDS), _RECHECK_SECONDS)

    async def due(self, webhook_id: str) -> Sequence[Row[Any]]:
        """The first messages that are due for an endpoint, in the order of the log."""
        query = (
            select(webhook_delivery)
            .join(webhook, webhook.c.webhook_id == webhook_delivery.c.webhook_id)
            .where(_is_due(dt.datetime.now(dt.UTC), webhook_id), webhook.c.state == "enabled")
            .order_by(webhook_delivery.c.sequence)
            .limit(_PAGE)
        )
        with translated():
            async with self.engine.connect() as connection:
                return (await connection.execute(query)).all()

    async def secrets(self, webhook_id: str, sealing: Sealing) -> list[Secret]:
        """What signs now, the newest first.

        Raises:
            Unsealable: one was sealed with another session key.
        """
        own = (webhook_secret.c.webhook_id == webhook_id) & webhook_secret.c.sequence.is_not(None)
        holds = webhook_secret.c.until.is_(None) | (webhook_secret.c.until > dt.datetime.now(dt.UTC))
        query = select(webhook_secret.c.sealed).where(own, holds).order_by(webhook_secret.c.sequence.desc())
        with translated():
            async with self.engine.connect() as connection:
                sealed = (await connection.scalars(query)).all()
        return [sealing.open(webhook_id, each) for each in sealed]

    async def keep(self, row: Row[Any], rests: dt.datetime | None = None, **values: Any) -> None:
        """Keeps what became of an attempt, unless a replay was asked for meanwhile. The endpoint rests until then."""
        same = (webhook_delivery.c.webhook_id == row.webhook_id) & (webhook_delivery.c.event_id == row.event_id)
        same &= (webhook_delivery.c.state == "pending") & (webhook_delivery.c.round == row.round)
        with translated():
            async with self.engine.begin() as connection:
                await connection.execute(update(webhook_delivery).where(same).values(values))
                if rests:
                    own = update(webhook).where(webhook.c.webhook_id == row.webhook_id)
                    await connection.execute(own.values(resting_until=rests))


def _is_free(now: dt.datetime) -> Any:
    rested = or_(webhook.c.resting_until.is_(None), webhook.c.resting_until <= now)
    return (
        (webhook.c.state == "enabled") & rested & or_(webhook.c.leased_until.is_(None), webhook.c.leased_until <= now)
    )


def _is_due(now: dt.datetime, webhook_id: Any) -> Any:
    own = (webhook_delivery.c.webhook_id == webhook_id) & (webhook_delivery.c.state == "pending")
    return own & (webhook_delivery.c.next_attempt_at <= now)
