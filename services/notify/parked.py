"""Events that could not be read or applied: what the office has to look at."""

import datetime as dt

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.tables import parked
from shared.database import translated


class ParkedView(BaseModel):
    """An event that could not be applied, and why. Nothing of it is lost: the log holds it at this sequence."""

    sequence: int
    subject: str
    reason: str
    parked_at: dt.datetime


async def list_parked(engine: AsyncEngine, *, after: int, limit: int) -> list[ParkedView]:
    """Parked events behind a sequence of the log, in order.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    query = select(parked).where(parked.c.sequence > after).order_by(parked.c.sequence).limit(limit)
    with translated():
        async with engine.connect() as connection:
            return [ParkedView.model_validate(row._asdict()) for row in await connection.execute(query)]
