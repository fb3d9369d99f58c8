"""By which channels each decision is brought: what people chose, and where they can be reached."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.outbox import outbox_row
from services.notify.policy.case import Notification
from services.notify.preferences.hours import OfficeHours
from services.notify.preferences.timing import Timing, timing
from services.notify.projection.choices import Held
from services.notify.projection.deciding import Decision
from services.notify.tables import contact, push_subscription
from shared.database import among
from shared.events.fields import Channel
from shared.events.inbox import NotificationRequested, TaskMention

OUTSIDE: tuple[Channel, ...] = ("mail", "chat", "push")
"""The channels that need an address; the inbox has everything."""


async def reachable(connection: AsyncConnection, people: Collection[str]) -> dict[str, set[Channel]]:
    """The channels by which each of these people can be reached now, the inbox aside."""
    found: dict[str, set[Channel]] = {}
    for row in await connection.execute(select(contact).where(among(contact.c.person_id, people))):
        ways = found.setdefault(row.person_id, set())
        if row.mail:
            ways.add("mail")
        if row.chat_service and row.chat_to:
            ways.add("chat")
    subscribed = select(push_subscription.c.person_id).where(among(push_subscription.c.person_id, people))
    for person_id in await connection.scalars(subscribed):
        found.setdefault(person_id, set()).add("push")
    return found


def bringing(
    told: Notification,
    held: Held,
    before: int,
    at: dt.datetime,
    ways: Collection[Channel],
    channels: Collection[Channel],
    office: OfficeHours,
) -> Iterator[tuple[Channel, Timing]]:
    """The channels that bring what is decided at a moment, the inbox first, each with when.

    It is decided by what was chosen before a place of the log. `ways` are the channels by which the person can be
    reached, `channels` those that this installation has.
    """
    preferences, floor = held.preferences(told.person_id, before), held.floor(told.person_id, before)
    for channel in ("inbox", *OUTSIDE):
        if channel == "inbox" or (channel in channels and channel in ways):
            when = timing(preferences, floor, told.category, told.urgency, channel, at, office)
            if when:
                yield channel, when


async def addressed(
    connection: AsyncConnection,
    decided: Sequence[Decision],
    held: Held,
    channels: Collection[Channel],
    office: OfficeHours,
) -> list[dict[str, Any]]:
    """Rows of the outbox that ask for what was decided. `channels` are those that this installation has."""
    if not decided:
        return []
    ways = await reachable(connection, {each.notification.person_id for each in decided})
    now = dt.datetime.now(dt.UTC)
    rows = []
    for each in decided:
        told, person_id = each.notification, each.notification.person_id
        place = each.place
        preferences = held.preferences(person_id, place.sequence)
        brought = bringing(told, held, place.sequence, place.at, ways.get(person_id, ()), channels, office)
        requested = NotificationRequested(
            notification_id=each.notification_id,
            person_id=person_id,
            rule=told.rule,
            reasons=told.reasons,
            meeting_id=each.meeting_id,
            tasks=tuple(TaskMention(task_id=task_id, reason=reason) for task_id, reason in told.mentions),
            channels=tuple(channel for channel, _ in brought),
            category=told.category,
            urgency=told.urgency,
            language=preferences.language if preferences else "vi",
            due=told.due,
            offset=told.offset,
        )
        rows.append(outbox_row(requested, correlation_id=each.correlation_id, causation_id=each.place.event_id, at=now))
    return rows
