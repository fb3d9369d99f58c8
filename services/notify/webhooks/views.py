"""What is shown of endpoints and of what was posted to them."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notify.webhooks.sealing import Sealing, Unsealable
from services.notify.webhooks.tables import webhook, webhook_delivery, webhook_secret
from shared.database import DatabaseUnavailable, translated

DeliveryState = Literal["pending", "delivered", "failed"]

_STATES: Mapping[DeliveryState, tuple[str, ...]] = {
    "pending": ("pending", "settled"),
    "delivered": ("delivered",),
    "failed": ("failed",),
}


class PublicKey(BaseModel):
    """A key (`whpk_…`) by which anybody can check `v1a` signatures. A former one signs `until` a moment."""

    key: str
    until: dt.datetime | None = None


class WebhookView(BaseModel):
    """An endpoint. It gets every event of tasks and meetings where it names no types.

    `resting_until` is set while nothing is posted because the endpoint did not answer. Without public keys its secret
    cannot be opened any more, since the session key was replaced: rotate it.
    """

    id: str
    name: str
    url: str
    event_types: list[str]
    state: Literal["enabled", "disabled"]
    disabled_reason: str | None = None
    changed_at: dt.datetime
    resting_until: dt.datetime | None = None
    public_keys: list[PublicKey]
    pending: int = 0
    failed: int = 0


class RegisteredWebhook(WebhookView):
    """An endpoint with its new secret (`whsec_…`), which is shown this once."""

    secret: str


class WebhookDeliveryView(BaseModel):
    """An event for an endpoint, and what became of it. `status` and `error` are of the last attempt."""

    event_id: str
    sequence: int
    type: str
    state: DeliveryState
    attempts: int
    next_attempt_at: dt.datetime | None = None
    settled_at: dt.datetime | None = None
    status: int | None = None
    error: str | None = None


class Trial(BaseModel):
    """What an endpoint did with a message that only tries whether it answers."""

    taken: bool
    status: int | None = None
    error: str | None = None
    milliseconds: int = Field(ge=0)


async def find_row(engine: AsyncEngine, webhook_id: str) -> Row[Any] | None:
    """The row of an endpoint that the log knows.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    query = select(webhook).where(webhook.c.webhook_id == webhook_id, webhook.c.state != "registering")
    with translated():
        async with engine.connect() as connection:
            return (await connection.execute(query)).one_or_none()


async def list_webhooks(engine: AsyncEngine, sealing: Sealing, webhook_id: str | None = None) -> list[WebhookView]:
    """Every endpoint, or this one, in the order in which they were registered.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    query = select(webhook).where(webhook.c.state != "registering").order_by(webhook.c.sequence)
    if webhook_id is not None:
        query = query.where(webhook.c.webhook_id == webhook_id)
    with translated():
        async with engine.connect() as connection:
            rows = (await connection.execute(query)).all()
            ids = [row.webhook_id for row in rows]
            keys = await _public_keys(connection, sealing, ids)
            counts = await _counts(connection, ids)
    now = dt.datetime.now(dt.UTC)
    return [
        WebhookView(
            id=row.webhook_id,
            name=row.name,
            url=row.url,
            event_types=row.event_types,
            state=row.state,
            disabled_reason=row.disabled_reason,
            changed_at=row.changed_at,
            resting_until=row.resting_until if row.resting_until and row.resting_until > now else None,
            public_keys=keys.get(row.webhook_id, []),
            pending=sum(counts.get((row.webhook_id, state), 0) for state in _STATES["pending"]),
            failed=counts.get((row.webhook_id, "failed"), 0),
        )
        for row in rows
    ]


async def list_deliveries(
    engine: AsyncEngine, webhook_id: str, *, before: int | None, limit: int, state: DeliveryState | None = None
) -> list[WebhookDeliveryView]:
    """What is or was posted to an endpoint, the newest event first.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    query = select(webhook_delivery).where(webhook_delivery.c.webhook_id == webhook_id)
    if before is not None:
        query = query.where(webhook_delivery.c.sequence < before)
    if state is not None:
        query = query.where(webhook_delivery.c.state.in_(_STATES[state]))
    query = query.order_by(webhook_delivery.c.sequence.desc()).limit(limit)
    with translated():
        async with engine.connect() as connection:
            rows = (await connection.execute(query)).all()
    return [_delivery(row) for row in rows]


async def find_delivery(engine: AsyncEngine, webhook_id: str, event_id: str) -> WebhookDeliveryView | None:
    """What became of one event for an endpoint; None where it was never for it.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    same = (webhook_delivery.c.webhook_id == webhook_id) & (webhook_delivery.c.event_id == event_id)
    with translated():
        async with engine.connect() as connection:
            row = (await connection.execute(select(webhook_delivery).where(same))).one_or_none()
    return _delivery(row) if row else None


def webhooks_note(engine: AsyncEngine, address: str) -> Callable[[], Awaitable[str | None]]:
    """How many endpoints got nothing of what they were owed, as a note of the process's health: it takes nothing from
    readiness, since everything else goes on."""
    failed = select(func.count()).select_from(webhook_delivery).where(webhook_delivery.c.state == "failed")
    disabled = select(func.count()).select_from(webhook).where(webhook.c.state == "disabled")

    async def note() -> str | None:
        try:
            with translated():
                async with engine.connect() as connection:
                    lost, off = await connection.scalar(failed), await connection.scalar(disabled)
        except DatabaseUnavailable:
            return "not known while PostgreSQL does not answer"
        said = [f"{off} endpoint(s) disabled"] if off else []
        said += [f"{lost} event(s) not taken"] if lost else []
        return f"{', '.join(said)}, see {address}" if said else None

    return note


def _delivery(row: Row[Any]) -> WebhookDeliveryView:
    state: DeliveryState = "pending" if row.state in _STATES["pending"] else row.state
    return WebhookDeliveryView(
        event_id=row.event_id,
        sequence=row.sequence,
        type=row.type,
        state=state,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at if row.state == "pending" else None,
        settled_at=row.settled_at,
        status=row.status,
        error=row.error,
    )


async def _public_keys(connection: AsyncConnection, sealing: Sealing, ids: Sequence[str]) -> dict[str, list[PublicKey]]:
    holds = webhook_secret.c.until.is_(None) | (webhook_secret.c.until > func.now())
    query = select(webhook_secret).where(
        webhook_secret.c.webhook_id.in_(ids), webhook_secret.c.sequence.is_not(None), holds
    )
    found: dict[str, list[PublicKey]] = {}
    for row in await connection.execute(query.order_by(webhook_secret.c.sequence.desc())):
        try:
            key = sealing.open(row.webhook_id, row.sealed).public_key
        except Unsealable:
            continue
        found.setdefault(row.webhook_id, []).append(PublicKey(key=key, until=row.until))
    return found


async def _counts(connection: AsyncConnection, ids: Sequence[str]) -> dict[tuple[str, str], int]:
    owed = webhook_delivery.c.state.in_(("pending", "settled", "failed"))
    query = (
        select(webhook_delivery.c.webhook_id, webhook_delivery.c.state, func.count())
        .where(webhook_delivery.c.webhook_id.in_(ids), owed)
        .group_by(webhook_delivery.c.webhook_id, webhook_delivery.c.state)
    )
    return {(row[0], row[1]): row[2] for row in await connection.execute(query)}
