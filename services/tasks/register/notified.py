"""Which events tell what became of notifications."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables
from shared.database import among

_MOST = 1_000


async def outcomes_of(connection: AsyncConnection, notification_ids: Sequence[str]) -> list[int]:
    """The sequences of the events of these notifications, in order; the request itself is the first of each."""
    event = tables.notification_event.c
    statement = select(event.sequence).where(among(event.notification_id, notification_ids))
    return list(await connection.scalars(statement.order_by(event.sequence).limit(_MOST)))
