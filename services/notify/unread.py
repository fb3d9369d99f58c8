"""What people have read, and how much they have not."""

import datetime as dt
from collections.abc import Collection, Iterable

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.tables import notification
from shared.database import among, translated
from shared.events.preferences import Category


class Marked(BaseModel):
    """What a person read or acknowledged. `sequence` is the place of the event that says so."""

    notification_id: str
    sequence: int
    read_at: dt.datetime
    acknowledged_at: dt.datetime | None = None


async def list_marked(
    engine: AsyncEngine, people: Iterable[str], *, after: int, up_to: int, limit: int
) -> list[tuple[str, Marked]]:
    """What some people read or acknowledged behind one sequence of the log and up to another, as it stands now, the
    oldest first, each with the person's id.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    marked = notification.c.marked
    query = (
        select(
            notification.c.person_id,
            notification.c.notification_id,
            marked.label("sequence"),
            notification.c.read_at,
            notification.c.acknowledged_at,
        )
        .where(among(notification.c.person_id, people), marked > after, marked <= up_to)
        .order_by(marked)
        .limit(limit)
    )
    with translated():
        async with engine.connect() as connection:
            rows = (await connection.execute(query)).all()
    return [(row.person_id, Marked.model_validate(row, from_attributes=True)) for row in rows]


async def count_unread(engine: AsyncEngine, people: Collection[str]) -> dict[str, int]:
    """How many notifications each of these people has not read.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    query = (
        select(notification.c.person_id, func.count().label("unread"))
        .where(among(notification.c.person_id, people), notification.c.read_at.is_(None))
        .group_by(notification.c.person_id)
    )
    with translated():
        async with engine.connect() as connection:
            found = (await connection.execute(query)).all()
    return dict.fromkeys(people, 0) | {row.person_id: row.unread for row in found}


async def count_unread_by_category(engine: AsyncEngine, person_id: str) -> dict[Category, int]:
    """How many notifications of each category a person has not read; categories without any are left out.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    query = (
        select(notification.c.category, func.count().label("unread"))
        .where(notification.c.person_id == person_id, notification.c.read_at.is_(None))
        .group_by(notification.c.category)
        .order_by(notification.c.category)
    )
    with translated():
        async with engine.connect() as connection:
            found = (await connection.execute(query)).all()
    return {row.category: row.unread for row in found}
