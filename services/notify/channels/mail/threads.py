"""What people were written of a meeting or a task before: the letters that a new one follows up."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, BigInteger, Integer, Text, and_, cast, column, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notify.channels.mail.addressing import reference_of
from services.notify.channels.message import Message
from services.notify.tables import delivery, notification
from shared.database import translated


async def threads_of(engine: AsyncEngine, messages: Sequence[Message], mail_from: str) -> list[list[str]]:
    """For each message, the Message-IDs of the first letter about its meeting, and of the first about the one task that
    it is about, where it is about one. A digest follows up nothing.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    meetings, tasks = [], []
    for number, message in enumerate(messages):
        if len(message.items) == 1:
            (item,) = message.items
            if item.meeting:
                meetings.append((number, message.person_id, item.sequence, item.meeting.id))
            if item.task_count == 1 and item.tasks:
                tasks.append((number, message.person_id, item.sequence, item.tasks[0].task_id))
    threads: list[list[str]] = [[] for _ in messages]
    with translated():
        async with engine.connect() as connection:
            for asked, is_task in ((meetings, False), (tasks, True)):
                for number, reference in await _first(connection, asked, is_task, mail_from):
                    if reference not in threads[number]:
                        threads[number].append(reference)
    return threads


async def _first(
    connection: AsyncConnection, asked: Sequence[tuple[int, str, int, str]], is_task: bool, mail_from: str
) -> list[tuple[int, str]]:
    """The first letter to a person about a matter, a meeting or a task, before a sequence of the log; by the number
    under which it is asked for. Those of which there is none are left out."""
    if not asked:
        return []
    numbers, people, sequences, matters = (list(values) for values in zip(*asked, strict=True))
    given = (
        func.unnest(
            cast(numbers, ARRAY(Integer)),
            cast(people, ARRAY(Text)),
            cast(sequences, ARRAY(BigInteger)),
            cast(matters, ARRAY(Text)),
        )
        .table_valued(
            column("number", Integer), column("person_id", Text), column("sequence", BigInteger), column("matter", Text)
        )
        .render_derived(name="given")
    )
    about = (
        notification.c.mentions.contains(func.jsonb_build_array(func.jsonb_build_array(given.c.matter)))
        if is_task
        else notification.c.meeting_id == given.c.matter
    )
    by_mail = and_(delivery.c.notification_id == notification.c.notification_id, delivery.c.channel == "mail")
    first = (
        select(notification.c.notification_id, delivery.c.reference)
        .join(delivery, by_mail)
        .where(notification.c.person_id == given.c.person_id, notification.c.sequence < given.c.sequence, about)
        .order_by(notification.c.sequence)
        .limit(1)
        .lateral("first")
    )
    query = select(given.c.number, first.c.notification_id, first.c.reference).join_from(given, first, true())
    rows = (await connection.execute(query)).all()
    return [(row.number, row.reference or reference_of(row.notification_id, mail_from)) for row in rows]
