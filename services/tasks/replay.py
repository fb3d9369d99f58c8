"""Rebuilds the register from the log, beside the live one, and says whether they are equal."""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

from nats.aio.client import Client
from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.tasks.projector import READER, project
from services.tasks.register import tables
from shared.database import translated
from shared.log.follow import Follower

_SHADOW = "pg_temp"
_SHOWN = 5


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


Progress = Callable[[int, int], None]
"""Is told how many events are replayed, of how many."""


async def replay(engine: AsyncEngine, client: Client, progress: Progress) -> Replay:
    """Rebuilds the register from event 1 up to the live checkpoint in tables of this transaction only.

    The live register is read in the snapshot of the same transaction, so that both are of the same moment although
    the projector goes on; the rebuilt tables vanish with the transaction.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with translated():
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            async with connection.begin() as transaction:
                last = await _live_checkpoint(connection)
                for table in tables.STATES:
                    live = f"{tables.SCHEMA}.{table.name}"
                    await connection.execute(text(f"CREATE TEMP TABLE {table.name} (LIKE {live} INCLUDING ALL)"))
                await _rebuild(connection, client, last, progress)
                compared = [await _compared(connection, table) for table in tables.STATES]
                await transaction.rollback()
    return Replay(last, tuple(compared))


async def _live_checkpoint(connection: AsyncConnection) -> int:
    checkpoint = tables.checkpoint
    found = await connection.scalar(select(checkpoint.c.sequence).where(checkpoint.c.reader == READER))
    return int(found or 0)


async def _rebuild(connection: AsyncConnection, client: Client, last: int, progress: Progress) -> None:
    shadow = await connection.execution_options(schema_translate_map={tables.SCHEMA: _SHADOW})
    parked: set[str] = set()
    if last:
        async with aclosing(Follower(client, f"{READER}-replay").batches(0)) as batches:
            async for batch in batches:
                due = [record for record in batch if record.sequence <= last]
                await project(shadow, due, parked, _SHADOW)
                progress(due[-1].sequence, last)
                if due[-1].sequence == last:
                    break
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
