"""Rebuilds the register from the log, beside the live one, and says whether they are equal."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.tasks.rebuild.run import Progress, rebuild
from services.tasks.rebuild.shadow import make_tables
from services.tasks.register import tables
from services.tasks.register.write_words import write_words
from shared.database import translated
from shared.log.connect import broker, connected
from shared.log.stream import StreamState, state_of, stream_info
from shared.settings import NatsSettings

_TEMPORARY = "pg_temp"
_SHOWN = 5
_PATIENCE_SECONDS = 3.0
_PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class TableComparison:
    """One table of the register: how many rows the live and the rebuilt one have, and rows that only one has."""

    table: str
    live_rows: int
    rebuilt_rows: int
    only_live: tuple[str, ...]
    only_rebuilt: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether both hold the same rows."""
        return self.live_rows == self.rebuilt_rows and not self.only_live and not self.only_rebuilt


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay found. `sequence` is the event up to which both were compared."""

    sequence: int
    tables: tuple[TableComparison, ...]

    @property
    def equal(self) -> bool:
        """Whether the rebuilt register is the live one."""
        return all(table.equal for table in self.tables)


async def replay(engine: AsyncEngine, settings: NatsSettings, progress: Progress) -> Replay:
    """Rebuilds the register from event 1 up to the live checkpoint in tables of this transaction only.

    The live register is read in the snapshot of the same transaction, so that both are of the same moment although
    the projector goes on; the rebuilt tables vanish with the transaction.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        AnotherLog: the register was made from another log than the one that answers.
        GapInLog: the log lacks an event.
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    stream = await stream_state(settings)
    with translated():
        async with engine.connect() as connection, _snapshot(connection) as last:
            await confirm(connection, stream)
            await make_tables(connection, _TEMPORARY)
            if last:
                await rebuild(connection, settings, _TEMPORARY, last, progress)
            compared = [await _compared(connection, table) for table in tables.STATES]
    return Replay(last, tuple(compared))


async def stream_state(settings: NatsSettings) -> StreamState:
    """What the stream says of itself.

    Raises:
        LogUnavailable, LogRefused: see `stream_info`.
    """
    nats_broker = broker(settings, "ketluan-replay")
    try:
        return state_of(await stream_info(await connected(nats_broker)))
    finally:
        await nats_broker.stop()


async def confirm(connection: AsyncConnection, stream: StreamState) -> None:
    """Makes sure that the register was made from this log.

    Raises:
        AnotherLog: it was made from another one.
    """
    checkpoint = tables.checkpoint
    found = (await connection.execute(select(checkpoint).where(checkpoint.c.reader == tables.REGISTER))).one_or_none()
    if found is not None:
        stream.confirm(found.stream, found.sequence)


@asynccontextmanager
async def _snapshot(connection: AsyncConnection) -> AsyncIterator[int]:
    """One moment of the live register, whole: how far it holds the log. Nothing that is done in it stays."""
    await connection.execution_options(isolation_level="REPEATABLE READ")
    until = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
    while True:
        async with connection.begin() as transaction:
            register, words = await _held(connection, tables.REGISTER), await _held(connection, tables.WORDS)
            if words == register or asyncio.get_running_loop().time() > until:
                if words < register:
                    # Nobody writes the words that are missing: they are written here, and vanish with all else.
                    await write_words(connection, words, register, tables.SCHEMA)
                try:
                    yield register
                finally:
                    await transaction.rollback()
                return
        await asyncio.sleep(_PAUSE_SECONDS)


async def _held(connection: AsyncConnection, reader: str) -> int:
    checkpoint = tables.checkpoint.c
    return int(await connection.scalar(select(checkpoint.sequence).where(checkpoint.reader == reader)) or 0)


async def _compared(connection: AsyncConnection, table: Table) -> TableComparison:
    rebuilt = table.to_metadata(table.metadata.__class__(), schema=_TEMPORARY)

    async def rows(of: Table) -> int:
        return int(await connection.scalar(select(func.count()).select_from(of)) or 0)

    async def only(one: Table, other: Table) -> tuple[str, ...]:
        difference = select(one).except_(select(other)).limit(_SHOWN)
        return tuple(str(row[0]) for row in await connection.execute(difference))

    return TableComparison(
        table.name, await rows(table), await rows(rebuilt), await only(table, rebuilt), await only(rebuilt, table)
    )
