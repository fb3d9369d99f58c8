"""What the routes read from: the register, once it holds as much of the log as is asked for."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request
from nats.aio.client import Client
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.tasks.clock import local_day
from services.tasks.register import queries
from services.tasks.timeliness import Day
from shared.database import DatabaseUnavailable, Signal, translated
from shared.language import Words
from shared.log.faults import LogFault
from shared.log.stream import stream_info
from shared.problems import DATABASE_AWAY, FieldProblem, Invalid, Unavailable
from shared.working_days import WorkingDays

PATIENCE_SECONDS = 3.0
_LOOK_AGAIN_SECONDS = 0.5
_WORDS_SECONDS = 0.02
LARGEST_SEQUENCE = 2**63 - 1

BEYOND_THE_LOG = Words("sổ ghi sự kiện mới tới {last}", "the log ends at {last}")
REGISTER_BEHIND = Words("Dữ liệu đang được cập nhật.", "The register is still catching up.")

MinSequence = Annotated[
    int | None,
    Query(ge=0, le=LARGEST_SEQUENCE, description="answer only once the register holds the log up to this sequence"),
]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the routes read from.

    `client` reaches the log, `advanced` is raised whenever the register moved on, `zone` counts the days, and
    `calendar` says which of them are worked.
    """

    engine: AsyncEngine
    client: Client
    advanced: Signal
    zone: str
    calendar: WorkingDays

    def today(self) -> Day:
        """The local day."""
        return Day(local_day(self.zone), self.zone, self.calendar)


async def reading(request: Request) -> Reading:
    """What this application reads from."""
    found: Reading = request.app.state.reading
    return found


@asynccontextmanager
async def connected(source: Reading, min_sequence: int | None) -> AsyncIterator[AsyncConnection]:
    """A connection to the register, once it holds the log up to `min_sequence`.

    Raises:
        Unavailable: PostgreSQL or the log does not answer, or the register did not get that far in three seconds.
        Invalid: the log itself does not reach that far.
    """
    try:
        if min_sequence is not None:
            await _caught_up(source, min_sequence)
        async with register(source) as found:
            yield found
    except DatabaseUnavailable as fault:
        raise Unavailable(DATABASE_AWAY) from fault
    except LogFault as fault:
        raise Unavailable(REGISTER_BEHIND) from fault


async def connection(
    source: Annotated[Reading, Depends(reading)], min_sequence: MinSequence = None
) -> AsyncIterator[AsyncConnection]:
    """A connection for as long as the request is answered; see `connected`."""
    async with connected(source, min_sequence) as found:
        yield found


@asynccontextmanager
async def register(source: Reading) -> AsyncIterator[AsyncConnection]:
    """A connection to the register as it is.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with translated():
        async with source.engine.connect() as found:
            yield found


async def shows(source: Reading, sequence: int) -> bool:
    """Whether the register holds the log up to a sequence, after three seconds at the latest.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        woken = source.advanced.next()
        # What notifications tell spares everybody who waits a question to the database.
        while source.advanced.told < sequence and time.monotonic() < until:
            if not await woken.wait(_LOOK_AGAIN_SECONDS):
                break
            woken = source.advanced.next()
        if source.advanced.told >= sequence:
            return True
        async with register(source) as found:
            held = await queries.register_sequence(found)
        if held >= sequence:
            return True
        if time.monotonic() >= until:
            return False


async def _caught_up(source: Reading, sequence: int) -> None:
    if await _is_whole(source, sequence):
        return
    last = (await stream_info(source.client)).state.last_seq
    if sequence > last:
        raise Invalid(errors=[FieldProblem("min_sequence", "beyond-the-log", BEYOND_THE_LOG, {"last": last})])
    until = time.monotonic() + PATIENCE_SECONDS
    shown = await shows(source, sequence)
    while not (shown and await _is_whole(source, sequence)):
        if time.monotonic() >= until:
            raise Unavailable(REGISTER_BEHIND)
        # Words are there some milliseconds after the register.
        await asyncio.sleep(_WORDS_SECONDS)


async def _is_whole(source: Reading, sequence: int) -> bool:
    async with register(source) as found:
        return await queries.whole_sequence(found) >= sequence


Source = Annotated[Reading, Depends(reading)]
Connection = Annotated[AsyncConnection, Depends(connection, scope="function")]
