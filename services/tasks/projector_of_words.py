"""What tasks say, behind the register: search and what repeats, on which no answer to a command waits."""

import asyncio
from collections.abc import Callable

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.tasks.register import tables
from services.tasks.register.write_words import write_words
from shared.database import DatabaseUnavailable, RowsRefused, Signal, translated

_BATCH = 1000
_PAUSE_SECONDS = 0.5
_LOOK_AGAIN_SECONDS = 5.0

log = structlog.get_logger()


class ProjectorOfWords:
    """Follows the register and writes what its tasks say. `position` is how far it came, `fault` what keeps it.

    While the register itself is `busy` with what is new, words come after it.
    """

    def __init__(self, engine: AsyncEngine, busy: Callable[[], bool]) -> None:
        self.engine, self.busy = engine, busy
        self.position = 0
        self.register = 0
        self.fault: str | None = None

    async def run(self, advanced: Signal) -> None:
        """Writes for ever, woken by whatever moves the register; PostgreSQL being away delays it, and loses nothing."""
        while True:
            woken = advanced.next()
            try:
                moved = not self.busy() and await self._step()
                self.fault = None
            except (DatabaseUnavailable, RowsRefused) as error:
                log.warning("projector_of_words_begins_again", error=str(error))
                self.fault, moved = str(error), False
                await asyncio.sleep(_PAUSE_SECONDS)
            if not moved:
                await woken.wait(_PAUSE_SECONDS if self.busy() else _LOOK_AGAIN_SECONDS)

    async def note(self) -> str | None:
        """What keeps search from knowing all that the register holds, as a note of the process's health."""
        if self.fault:
            return self.fault
        if self.position < self.register:
            return f"search knows the log up to event {self.position} of {self.register}"
        return None

    async def _step(self) -> bool:
        with translated():
            async with self.engine.begin() as connection:
                held = await positions(connection)
                if held is None:
                    return False
                self.position, self.register = held
                to = min(self.register, self.position + _BATCH)
                if to <= self.position:
                    return False
                await write_words(connection, self.position, to, tables.SCHEMA)
                await step_words(connection, to)
        self.position = to
        return True


async def positions(connection: AsyncConnection) -> tuple[int, int] | None:
    """How far words came, and how far the register; None while another copy of the service writes words.

    The place of words is this transaction's alone until it ends. They begin at 0 where they were never written.
    """
    checkpoint = tables.checkpoint.c
    register = select(checkpoint.sequence, checkpoint.stream).where(checkpoint.reader == tables.REGISTER)
    words = select(checkpoint.sequence).where(checkpoint.reader == tables.WORDS)
    of_register = (await connection.execute(register)).one_or_none()
    if of_register is None:
        return 0, 0
    if await connection.scalar(words) is None:
        begin = {"reader": tables.WORDS, "sequence": 0, "stream": of_register.stream}
        await connection.execute(insert(tables.checkpoint).values(begin).on_conflict_do_nothing())
    position = await connection.scalar(words.with_for_update(skip_locked=True))
    return None if position is None else (int(position), int(of_register.sequence))


async def step_words(connection: AsyncConnection, to: int) -> None:
    """Moves the checkpoint of words; see `positions`."""
    checkpoint = tables.checkpoint
    await connection.execute(update(checkpoint).where(checkpoint.c.reader == tables.WORDS).values(sequence=to))
