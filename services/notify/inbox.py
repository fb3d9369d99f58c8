"""What people were told: queries for a person's inbox, and for who was told of a meeting."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Row, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notify.tables import cause, delivery, meeting, notification, task
from shared.database import among, translated
from shared.events.fields import Channel
from shared.events.inbox import Reason
from shared.events.preferences import Category, Urgency

SHOWN_TASKS = 100
"""Most tasks that one notification lists; `task_count` counts all of them."""

DeliveryState = Literal["pending", "delivered", "failed", "bounced"]
"""What became of a notification on a channel."""

_STATES: Mapping[str, DeliveryState] = {
    "pending": "pending",
    "settled": "pending",
    "delivered": "delivered",
    "failed": "failed",
    "bounced": "bounced",
}


class Delivery(BaseModel):
    """What became of a notification on one channel. `at` is when the channel took it or gave up."""

    channel: Channel
    state: DeliveryState
    at: dt.datetime | None = None


class MeetingMention(BaseModel):
    """The meeting that a notification is about."""

    id: str
    title: str | None = None
    number: str | None = None
    issuer: str | None = None


class UnitMention(BaseModel):
    """A unit by its name."""

    id: str
    name: str


class TaskLine(BaseModel):
    """A task, and why it concerns the reader. `due` is the last local day on which finishing is in time."""

    task_id: str
    reason: Reason
    text: str
    unit: UnitMention
    due: dt.date | None = None


class CauseMention(BaseModel):
    """The event that a notification tells of: its name, such as `ExtensionGranted`, who did it, and what is short of
    it; see `cause` in the tables."""

    event: str
    at: dt.datetime
    actor: str
    facts: dict[str, Any] = {}


class InboxItem(BaseModel):
    """A notification as its person sees it. `tasks` holds the first hundred; `task_count` counts all.

    `due` and `offset` are set for reminders: the deadline, and how many working days behind it this is.
    """

    notification_id: str
    sequence: int
    requested_at: dt.datetime
    meeting: MeetingMention | None = None
    category: Category = "assignment"
    urgency: Urgency = "important"
    cause: CauseMention | None = None
    due: dt.date | None = None
    offset: int | None = None
    rule: str
    reasons: list[Reason]
    task_count: int
    tasks: list[TaskLine]
    deliveries: list[Delivery]
    read_at: dt.datetime | None = None
    acknowledged_at: dt.datetime | None = None


class PersonMention(BaseModel):
    """A person, with the name that the directory knows them by."""

    id: str
    name: str | None = None


class NotificationView(BaseModel):
    """That somebody was told of a meeting, and why. `unit` is the one that they are in now."""

    notification_id: str
    sequence: int
    requested_at: dt.datetime
    person: PersonMention
    unit: UnitMention | None = None
    rule: str
    reasons: list[Reason]
    task_count: int
    deliveries: list[Delivery]


async def list_inbox(
    engine: AsyncEngine,
    person_id: str,
    *,
    limit: int,
    before: int | None = None,
    after: int = 0,
    unread: bool = False,
    category: Category | None = None,
) -> list[InboxItem]:
    """A person's notifications between two sequences of the log, the newest first; all, or only some of them.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    own = (notification.c.person_id == person_id) & (notification.c.sequence > after)
    if before is not None:
        own &= notification.c.sequence < before
    if unread:
        own &= notification.c.read_at.is_(None)
    if category is not None:
        own &= notification.c.category == category
    return await _items(engine, own, notification.c.sequence.desc(), limit)


async def list_arrived(
    engine: AsyncEngine, people: Iterable[str], *, after: int, up_to: int, limit: int
) -> list[tuple[str, InboxItem]]:
    """What came into some people's inboxes behind one sequence of the log and up to another, the oldest first, each
    with the person's id.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    theirs = among(notification.c.person_id, people)
    theirs &= (notification.c.sequence > after) & (notification.c.sequence <= up_to)
    return await _owned(engine, theirs, notification.c.sequence.asc(), limit)


async def find_items(engine: AsyncEngine, notification_ids: Iterable[str]) -> list[InboxItem]:
    """Notifications as their person sees them, in the log's order; those that are not there are left out.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    ids = list(notification_ids)
    return await _items(
        engine, among(notification.c.notification_id, ids), notification.c.sequence.asc(), max(len(ids), 1)
    )


async def list_notifications(
    engine: AsyncEngine, meeting_id: str, *, limit: int, after: int = 0
) -> list[NotificationView]:
    """Who was told of a meeting, in the log's order, by their ids alone.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    of_meeting = (notification.c.meeting_id == meeting_id) & (notification.c.sequence > after)
    query = (
        select(notification, func.jsonb_array_length(notification.c.mentions).label("task_count"))
        .where(of_meeting)
        .order_by(notification.c.sequence)
        .limit(limit)
    )
    with translated():
        async with engine.connect() as connection:
            rows = (await connection.execute(query)).all()
            deliveries = await _deliveries(connection, rows)
    return [
        NotificationView(
            notification_id=row.notification_id,
            sequence=row.sequence,
            requested_at=row.requested_at,
            person=PersonMention(id=row.person_id),
            rule=row.rule,
            reasons=row.reasons,
            task_count=row.task_count,
            deliveries=deliveries[row.notification_id],
        )
        for row in rows
    ]


async def _items(
    engine: AsyncEngine, which: ColumnElement[bool], order: ColumnElement[Any], limit: int
) -> list[InboxItem]:
    return [item for _, item in await _owned(engine, which, order, limit)]


async def _owned(
    engine: AsyncEngine, which: ColumnElement[bool], order: ColumnElement[Any], limit: int
) -> list[tuple[str, InboxItem]]:
    shown = func.jsonb_path_query_array(notification.c.mentions, literal_column(f"'$[0 to {SHOWN_TASKS - 1}]'"))
    query = (
        select(
            notification.c.notification_id,
            notification.c.person_id,
            notification.c.read_at,
            notification.c.acknowledged_at,
            notification.c.sequence,
            notification.c.requested_at,
            notification.c.rule,
            notification.c.reasons,
            notification.c.meeting_id,
            notification.c.category,
            notification.c.urgency,
            notification.c.due,
            notification.c.offset,
            func.jsonb_array_length(notification.c.mentions).label("task_count"),
            shown.label("shown"),
            meeting.c.title,
            meeting.c.number,
            meeting.c.issuer,
            cause.c.type.label("cause_type"),
            cause.c.happened_at,
            cause.c.actor,
            cause.c.facts,
        )
        .outerjoin(meeting, meeting.c.meeting_id == notification.c.meeting_id)
        .outerjoin(cause, cause.c.event_id == notification.c.cause)
        .where(which)
        .order_by(order)
        .limit(limit)
    )
    with translated():
        async with engine.connect() as connection:
            rows = (await connection.execute(query)).all()
            if not rows:
                return []
            deliveries = await _deliveries(connection, rows)
            wanted = {task_id for row in rows for task_id, _ in row.shown}
            found = (await connection.execute(select(task).where(among(task.c.task_id, wanted)))).all()
    tasks = {each.task_id: each for each in found}
    return [(row.person_id, _item(row, tasks, deliveries[row.notification_id])) for row in rows]


async def _deliveries(connection: AsyncConnection, rows: Sequence[Any]) -> dict[str, list[Delivery]]:
    grouped: dict[str, list[Delivery]] = {row.notification_id: [] for row in rows}
    query = select(delivery).where(among(delivery.c.notification_id, grouped)).order_by(delivery.c.channel)
    for each in await connection.execute(query):
        settled = Delivery(channel=each.channel, state=_STATES[each.state], at=each.settled_at)
        grouped[each.notification_id].append(settled)
    return grouped


def _item(row: Any, tasks: Mapping[str, Row[Any]], deliveries: list[Delivery]) -> InboxItem:
    lines = [
        TaskLine(
            task_id=task_id,
            reason=reason,
            text=known.text,
            unit=UnitMention(id=known.unit_id, name=known.unit_name),
            due=known.due,
        )
        for task_id, reason in row.shown
        if (known := tasks.get(task_id))
    ]
    return InboxItem(
        notification_id=row.notification_id,
        sequence=row.sequence,
        requested_at=row.requested_at,
        meeting=MeetingMention(id=row.meeting_id, title=row.title, number=row.number, issuer=row.issuer)
        if row.meeting_id
        else None,
        category=row.category,
        urgency=row.urgency,
        cause=CauseMention(event=row.cause_type.split(".")[1], at=row.happened_at, actor=row.actor, facts=row.facts)
        if row.cause_type
        else None,
        due=row.due,
        offset=row.offset,
        rule=row.rule,
        reasons=row.reasons,
        task_count=row.task_count,
        tasks=lines,
        deliveries=deliveries,
        read_at=row.read_at,
        acknowledged_at=row.acknowledged_at,
    )
