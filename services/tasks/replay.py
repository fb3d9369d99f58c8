"""Rebuilds the register from the log, beside the live one, and says whether they are equal."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

from nats.aio.client import Client
from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.tasks.projector import project, writing
from services.tasks.register import tables
from services.tasks.register.fold import read
from services.tasks.register.write_words import write_words
from shared.database import translated
from shared.log.follow import Follower
from shared.log.stream import StreamState, state_of, stream_info

_SHADOW = "pg_temp"
_SHOWN = 5
_PATIENCE_SECONDS = 15.0


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


class ReplayStalled(Exception):
    """The log does not give all its events. The live register was not touched."""

    def __init__(self, sequence: int, reason: str) -> None:
        super().__init__(f"event {sequence} cannot be read: {reason}. The live register was not touched.")


Progress = Callable[[int, int], None]
"""Is told how many events are replayed, of how many."""


async def replay(engine: AsyncEngine, client: Client, progress: Progress) -> Replay:
    """Rebuilds the register from event 1 up to the live checkpoint in tables of this transaction only.

    The live register is read in the snapshot of the same transaction, so that both are of the same moment although
    the projector goes on; the rebuilt tables vanish with the transaction.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        AnotherLog: the register was made from another log than the one that answers.
        ReplayStalled: the log does not give all its events up to the checkpoint.
        LogUnavailable: the log does not answer.
    """
    stream = state_of(await stream_info(client))
    with translated():
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            async with connection.begin() as transaction:
                last = await _live_checkpoint(connection, stream)
                for table in tables.STATES:
                    live = f"{tables.SCHEMA}.{table.name}"
                    await connection.execute(text(f"CREATE TEMP TABLE {table.name} (LIKE {live} INCLUDING ALL)"))
                await _rebuild(connection, client, stream.created, last, progress)
                compared = [await _compared(connection, table) for table in tables.STATES]
                await transaction.rollback()
    return Replay(last, tuple(compared))


async def _live_checkpoint(connection: AsyncConnection, stream: StreamState) -> int:
    checkpoint = tables.checkpoint
    found = (await connection.execute(select(checkpoint).where(checkpoint.c.reader == tables.REGISTER))).one_or_none()
    if found is None:
        return 0
    stream.confirm(found.stream, found.sequence)
    return int(found.sequence)


async def _rebuild(connection: AsyncConnection, client: Client, created: str, last: int, progress: Progress) -> None:
    shadow = await connection.execution_options(schema_translate_map={tables.SCHEMA: _SHADOW})
    parked: set[str] = set()
    if last:
        follower = Follower(client, f"{tables.REGISTER}-replay")
        async with aclosing(follower.batches(0, created)) as batches:
            done = 0
            while done < last:
                try:
                    async with asyncio.timeout(_PATIENCE_SECONDS):
                        batch = await anext(batches)
                except TimeoutError as error:
                    raise ReplayStalled(done + 1, follower.fault or "the log gives no more events") from error
                due = [read(record) for record in batch if record.sequence <= last]
                await project(shadow, due, parked, writing(shadow, _SHADOW))
                await write_words(shadow, done, due[-1].record.sequence, _SHADOW)
                done = due[-1].record.sequence
                progress(done, last)
    await connection.execution_options(schema_translate_map={})


async def _compared(connection: AsyncConnection, table: Table) -> TableComparison:
    rebuilt = table.to_metadata(table.metadata.__class__(), schema=_SHADOW)

    async def rows(of: Table) -> int:
        return int(await connection.scalar(select(func.count()).select_from(of)) or 0)

    async def only(one: Table, other: Table) -> tuple[str, ...]:
        difference = select(one).except_(select(other)).limit(_SHOWN)
        return tuple(str(row[0]) for row in await connection.execute(difference))

    return TableComparison(
        table.name, await rows(table), await rows(rebuilt), await only(table, rebuilt), await only(rebuilt, table)
    )
