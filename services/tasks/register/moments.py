"""Where the log was at a moment, and when it was at an event."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ARRAY, DateTime, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import queries
from services.tasks.register.as_of import AsOf, Sense
from services.tasks.register.tables_of_pasts import moment

_SECOND = dt.timedelta(seconds=1)
_BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class BeyondTheRegister(Exception):
    """The register does not hold the event that is asked about."""

    def __init__(self, last: int) -> None:
        super().__init__(f"the register holds the log up to event {last}")
        self.last = last


async def beginning(connection: AsyncConnection) -> dt.datetime | None:
    """The second (UTC) in which the first event was recorded; None where there is none yet."""
    found: dt.datetime | None = await connection.scalar(select(moment.c.at).order_by(moment.c.at).limit(1))
    return found


async def at_sequence(connection: AsyncConnection, sequence: int, sense: Sense) -> AsOf:
    """As of an event, counted from 1; 0 is before the first one. What held then held in the second in which the event
    was recorded.

    Raises:
        BeyondTheRegister: there is no such event yet.
    """
    last = await queries.register_sequence(connection)
    if sequence > last:
        raise BeyondTheRegister(last)
    clock: dt.datetime | None = await connection.scalar(
        select(moment.c.at).where(moment.c.sequence <= sequence).order_by(moment.c.sequence.desc()).limit(1)
    )
    before = (clock or _BEGINNING) + _SECOND
    return AsOf(sense, sequence, before, sequence if sense == "known" else last, by_sequence=True)


async def at_time(connection: AsyncConnection, before: dt.datetime, sense: Sense) -> AsOf:
    """As of the last whole second that ended by a moment (UTC)."""
    (found,) = await at_times(connection, [before], sense)
    return found


async def at_times(connection: AsyncConnection, befores: Sequence[dt.datetime], sense: Sense) -> list[AsOf]:
    """The same for several moments, in their order."""
    last = await queries.register_sequence(connection)
    given = bindparam(None, befores, type_=ARRAY(DateTime(timezone=True)))
    asked = func.unnest(given).table_valued("before", with_ordinality="place").render_derived()
    behind = select(moment.c.sequence).where(moment.c.at >= asked.c.before).order_by(moment.c.at).limit(1)
    rows = await connection.execute(select(asked.c.place, behind.scalar_subquery()).order_by(asked.c.place))
    sequences = [last if sequence is None else sequence - 1 for _, sequence in rows]
    return [
        AsOf(sense, sequence, before, sequence if sense == "known" else last)
        for before, sequence in zip(befores, sequences, strict=True)
    ]
