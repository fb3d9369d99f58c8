"""Up to which event a rebuild goes, and the board of the register that it made."""

import datetime as dt

from pydantic import AwareDatetime, TypeAdapter, ValidationError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.tasks.ledger.tables import event as ledger_event
from services.tasks.rebuild.run import in_schema
from services.tasks.rebuild.shadow import SHADOW
from services.tasks.register.summary import Matrix, summarise
from services.tasks.register.tasks import TaskFilter
from services.tasks.timeliness import Day
from shared.database import translated

_TIME: TypeAdapter[dt.datetime] = TypeAdapter(AwareDatetime)
_ALL_UNITS = 10_000


class NoSuchMoment(Exception):
    """What was given is no event and no time. Nothing was changed."""

    def __init__(self, given: str, last: int) -> None:
        super().__init__(
            f"{given!r} is neither an event from 1 to {last} nor a time such as 2026-11-23T17:00:00+07:00."
        )


async def last_event(connection: AsyncConnection) -> int:
    """The last event that the ledger holds: a register may not go beyond it, or the ledger would have a gap."""
    return int(await connection.scalar(select(func.max(ledger_event.c.sequence))) or 0)


async def event_at(connection: AsyncConnection, given: str) -> int:
    """The event that a number names, or the last one that the log stored up to a time (RFC 3339).

    Raises:
        NoSuchMoment: it is neither, or the ledger holds no event up to there.
    """
    event = ledger_event.c
    last = await last_event(connection)
    if given.isascii() and given.isdigit():
        found = int(given)
    else:
        try:
            at = _TIME.validate_python(given)
        except ValidationError as error:
            raise NoSuchMoment(given, last) from error
        newest = select(event.sequence).where(event.stored_at <= at).order_by(event.sequence.desc()).limit(1)
        found = int(await connection.scalar(newest) or 0)
    if not 1 <= found <= last:
        raise NoSuchMoment(given, last)
    return found


async def board(engine: AsyncEngine, last: int, zone: str) -> tuple[dt.datetime, Matrix]:
    """When the log stored event `last`, and how the tasks of every unit stood on that day in the shadow register."""
    with translated():
        async with engine.connect() as connection:
            event = ledger_event.c
            at: dt.datetime | None = await connection.scalar(select(event.stored_at).where(event.sequence == last))
            if at is None:
                raise AssertionError("the event that a shadow ends with is in the ledger")
            day = Day(at.date(), zone).of(at)
            async with in_schema(connection, SHADOW) as shadow:
                return at, await summarise(shadow, TaskFilter(), "unit", None, day, _ALL_UNITS)
