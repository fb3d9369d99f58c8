"""What a person was written of a meeting or a task before: the letters that a new one follows up."""

from sqlalchemy import ColumnElement, and_, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notify.channels.mail.addressing import reference_of
from services.notify.channels.message import Message
from services.notify.tables import delivery, notification
from shared.database import translated


async def thread_of(engine: AsyncEngine, message: Message, mail_from: str) -> list[str]:
    """The Message-IDs of the first letter about the meeting, and of the first about the one task that this letter is
    about, where it is about one. A digest follows up nothing.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    if len(message.items) != 1:
        return []
    (item,) = message.items
    before = (notification.c.person_id == message.person_id) & (notification.c.sequence < item.sequence)
    matters: list[ColumnElement[bool]] = []
    if item.meeting:
        matters.append(notification.c.meeting_id == item.meeting.id)
    if item.task_count == 1 and item.tasks:
        named = cast([[item.tasks[0].task_id]], JSONB)
        matters.append(notification.c.mentions.contains(named))
    with translated():
        async with engine.connect() as connection:
            found = [await _first(connection, before & matter, mail_from) for matter in matters]
    return list(dict.fromkeys(each for each in found if each))


async def _first(connection: AsyncConnection, which: ColumnElement[bool], mail_from: str) -> str | None:
    by_mail = and_(delivery.c.notification_id == notification.c.notification_id, delivery.c.channel == "mail")
    query = (
        select(notification.c.notification_id, func.coalesce(delivery.c.reference, "").label("reference"))
        .join(delivery, by_mail)
        .where(which)
        .order_by(notification.c.sequence)
        .limit(1)
    )
    row = (await connection.execute(query)).one_or_none()
    return (row.reference or reference_of(row.notification_id, mail_from)) if row else None
