"""Reads the log from its beginning into the tables of a register: one list is read while the last is written."""

import asyncio
import gc
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.projector import project
from services.tasks.rebuild.apart import reader_of_words
from services.tasks.rebuild.memory import Memory
from services.tasks.rebuild.shadow import KEYED_LAST, make_keys
from services.tasks.rebuild.write_words import WritingWords
from services.tasks.register.reading import Read, read
from services.tasks.register.schema import SCHEMA
from shared.log.bulk import records
from shared.log.record import Record
from shared.settings import NatsSettings

Progress = Callable[[int, int], None]
"""Is told how many events are replayed, of how many."""

_AT_ONCE = 5000
_READ_AT_ONCE = 100


@asynccontextmanager
async def in_schema(connection: AsyncConnection, schema: str) -> AsyncIterator[AsyncConnection]:
    """The connection with the register's tables in another schema, for as long as the block lasts."""
    try:
        yield await connection.execution_options(schema_translate_map={SCHEMA: schema})
    finally:
        await connection.execution_options(schema_translate_map={})


async def rebuild(
    connection: AsyncConnection, settings: NatsSettings, schema: str, last: int, progress: Progress
) -> None:
    """Fills the empty tables of `schema` with what the events from 1 to `last` say. Of their keys it makes
    those of `KEYED_LAST`.

    Raises:
        GapInLog, LogUnavailable, LogRefused: see `shared.log.bulk.records`.
        RowsRefused: PostgreSQL refuses what no event can be blamed for.
    """
    async with in_schema(connection, schema) as shadow:
        memory, parked = Memory(shadow, schema), set[str]()
        async with reader_of_words(last) as ask:
            words = WritingWords(shadow, schema, ask)
            with _without_collections():
                async with aclosing(_read(settings, last)) as lists:
                    async for batch in lists:
                        await project(shadow, batch, parked, memory.write)
                        await words.take(memory.begun)
                        memory.begun = []
                        progress(batch[-1].record.sequence, last)
                await memory.finish()
                await words.finish()
        await make_keys(shadow, schema, KEYED_LAST)
        await memory.finish_pasts()
        await words.finish_changed(memory.renamed, memory.corrected)


async def _read(settings: NatsSettings, last: int) -> AsyncGenerator[list[Read]]:
    async with aclosing(_pieces(settings, last)) as pieces:
        following = asyncio.create_task(_next(pieces))
        try:
            while (found := await following) is not None:
                following = asyncio.create_task(_next(pieces))
                yield found
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def _pieces(settings: NatsSettings, last: int) -> AsyncGenerator[Sequence[Record]]:
    async with aclosing(records(settings, 1, last)) as lists:
        async for found in lists:
            for begin in range(0, len(found), _AT_ONCE):
                yield found[begin : begin + _AT_ONCE]


async def _next(pieces: AsyncGenerator[Sequence[Record]]) -> list[Read] | None:
    try:
        piece = await anext(pieces)
    except StopAsyncIteration:
        return None
    found = []
    for place, record in enumerate(piece, start=1):
        found.append(read(record))
        if place % _READ_AT_ONCE == 0:
            await asyncio.sleep(0)
    return found


@contextmanager
def _without_collections() -> Iterator[None]:
    """A rebuild makes no cycles, and looking for them among a hundred thousand tasks takes a third of its time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
