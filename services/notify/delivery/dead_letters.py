"""What was not delivered, for the office: which notifications, why, and how the providers stand."""

import datetime as dt
from collections.abc import Awaitable, Callable, Collection
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Row, case, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.delivery.circuit import CircuitState
from services.notify.delivery.providers import circuit_of
from services.notify.inbox import DeliveryState, PersonMention
from services.notify.outbox import outbox_row
from services.notify.tables import delivery, notification, provider
from shared.database import DatabaseUnavailable, translated
from shared.events.fields import Channel
from shared.events.inbox import NotificationResent
from shared.events.preferences import Category, Urgency

OutsideChannel = Literal["mail", "chat", "push"]
"""A channel other than the inbox, which takes everything."""

_ORDER: tuple[Channel, ...] = ("inbox", "mail", "chat", "push")
_place = delivery.c.sequence * len(_ORDER) + case(
    {channel: place for place, channel in enumerate(_ORDER)}, value=delivery.c.channel, else_=0
)


class DeliveryView(BaseModel):
    """A notification on its way by a channel, or at its end.

    `state` is pending, delivered, failed (given up, or refused) or bounced. `next_attempt_at` is when it is tried next
    at the earliest, `resent` how often somebody had it sent again; `error` is what was said last.
    """

    place: int
    notification_id: str
    channel: Channel
    state: DeliveryState
    person: PersonMention
    category: Category
    urgency: Urgency
    meeting_id: str | None
    requested_at: dt.datetime
    attempts: int
    resent: int
    next_attempt_at: dt.datetime | None
    settled_at: dt.datetime | None
    error: str | None


class ChannelView(BaseModel):
    """How a channel stands.

    `circuit` is closed while the provider answers; open while it is left in peace, until `tries_again_at`; half_open
    while one message tries. `error` is what was heard when it last was away, at `failed_at`.
    """

    channel: Channel
    set_up: bool
    circuit: CircuitState
    opened_at: dt.datetime | None
    tries_again_at: dt.datetime | None
    error: str | None
    failed_at: dt.datetime | None
    pending: int
    failed: int
    bounced: int


class NoSuchDelivery(Exception):
    """The notification was never to come by this channel, or there is none."""


class NotGivenUp(Exception):
    """The channel did not give up on the notification."""

    def __init__(self, state: DeliveryState) -> None:
        super().__init__(state)
        self.state = state


async def list_deliveries(
    engine: AsyncEngine,
    *,
    limit: int,
    state: DeliveryState | None = None,
    channel: OutsideChannel | None = None,
    person_id: str | None = None,
    before: int | None = None,
) -> list[DeliveryView]:
    """Deliveries by channels other than the inbox, the newest first, before a place of this list.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    which: list[ColumnElement[bool]] = [delivery.c.channel != "inbox"]
    if state:
        which.append(delivery.c.state.in_(["pending", "settled"] if state == "pending" else [state]))
    if channel:
        which.append(delivery.c.channel == channel)
    if person_id:
        which.append(delivery.c.person_id == person_id)
    if before is not None:
        which.append(_place < before)
    query = (
        select(
            delivery,
            _place.label("place"),
            notification.c.category,
            notification.c.urgency,
            notification.c.meeting_id,
            notification.c.requested_at,
        )
        .join(notification, notification.c.notification_id == delivery.c.notification_id)
        .where(*which)
        .order_by(delivery.c.sequence.desc(), _place.desc())
        .limit(limit)
    )
    with translated():
        async with engine.connect() as connection:
            return [_view(row) for row in await connection.execute(query)]


def _view(row: Row[Any]) -> DeliveryView:
    state: DeliveryState = "pending" if row.state == "settled" else row.state
    return DeliveryView(
        place=row.place,
        notification_id=row.notification_id,
        channel=row.channel,
        state=state,
        person=PersonMention(id=row.person_id),
        category=row.category,
        urgency=row.urgency,
        meeting_id=row.meeting_id,
        requested_at=row.requested_at,
        attempts=row.attempts,
        resent=row.round,
        next_attempt_at=max(row.not_before, row.next_attempt_at) if row.state == "pending" else None,
        settled_at=row.settled_at,
        error=row.error,
    )


async def list_channels(engine: AsyncEngine, set_up: Collection[Channel]) -> list[ChannelView]:
    """How each channel stands but the inbox. `set_up` are those that this installation has.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    counted = (
        select(delivery.c.channel, delivery.c.state, func.count().label("many"))
        .where(delivery.c.state.in_(["pending", "failed", "bounced"]), delivery.c.channel != "inbox")
        .group_by(delivery.c.channel, delivery.c.state)
    )
    with translated():
        async with engine.connect() as connection:
            counts = {(row.channel, row.state): row.many for row in await connection.execute(counted)}
            known = {row.channel: row for row in await connection.execute(select(provider))}
    now = dt.datetime.now(dt.UTC)
    return [
        ChannelView(
            channel=channel,
            set_up=channel in set_up,
            circuit=circuit_of(row).state(now) if (row := known.get(channel)) else "closed",
            opened_at=row.opened_at if row else None,
            tries_again_at=row.tries_again_at if row else None,
            error=row.error if row else None,
            failed_at=row.failed_at if row else None,
            pending=counts.get((channel, "pending"), 0),
            failed=counts.get((channel, "failed"), 0),
            bounced=counts.get((channel, "bounced"), 0),
        )
        for channel in _ORDER
        if channel != "inbox"
    ]


async def resending(engine: AsyncEngine, notification_id: str, channel: OutsideChannel, actor: str) -> dict[str, Any]:
    """The row of the outbox by which a notification is sent again.

    Raises:
        NoSuchDelivery: it was never to come by this channel.
        NotGivenUp: it is on its way still, or was delivered.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    query = (
        select(delivery.c.state, delivery.c.round, notification)
        .join(notification, notification.c.notification_id == delivery.c.notification_id)
        .where(delivery.c.notification_id == notification_id, delivery.c.channel == channel)
    )
    with translated():
        async with engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NoSuchDelivery
    if row.state not in {"failed", "bounced"}:
        raise NotGivenUp("pending" if row.state == "settled" else row.state)
    return outbox_row(
        NotificationResent(notification_id=notification_id, person_id=row.person_id, channel=channel),
        correlation_id=row.correlation_id,
        causation_id=row.event_id,
        at=dt.datetime.now(dt.UTC),
        actor=actor,
        round_=row.round + 1,
    )


def undelivered_note(engine: AsyncEngine, address: str) -> Callable[[], Awaitable[str | None]]:
    """How much was not delivered and which providers are away, as a note of the process's health: it takes nothing from
    readiness, since everything else goes on."""

    async def note() -> str | None:
        try:
            channels = await list_channels(engine, ())
        except DatabaseUnavailable:
            return "not known while PostgreSQL does not answer"
        lost = sum(each.failed + each.bounced for each in channels)
        said = [f"{lost} not delivered, see {address}?state=failed and {address}?state=bounced"] if lost else []
        said += [
            f"{each.channel}: its provider does not answer, {each.pending} waiting"
            for each in channels
            if each.circuit != "closed"
        ]
        return "; ".join(said) or None

    return note
