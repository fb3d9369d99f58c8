"""Writing the ledger's rows anew, as its owner: the only place where its triggers are off, for one transaction."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from itertools import groupby
from typing import Any

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.tasks.ledger import tables
from services.tasks.ledger.leaf import leaf_hash
from services.tasks.record import sources
from services.tasks.record.checkpoints import told_checkpoints
from services.tasks.record.grown_tree import GrownTile
from services.tasks.record.judgement import Judgement
from shared.database import translated
from shared.log.bulk import present
from shared.log.record import Record
from shared.settings import NatsSettings


class StillDamaged(Exception):
    """A row could not be restored as it was proven to be. Nothing was written."""


@asynccontextmanager
async def unlocked(engine: AsyncEngine, *names: str) -> AsyncIterator[AsyncConnection]:
    """A transaction in which these tables of the ledger can be changed; nobody else's can.

    Raises:
        DatabaseUnavailable, RowsRefused: nothing was changed.
    """
    with translated():
        async with engine.begin() as connection:
            for name in names:
                await connection.execute(text(f"ALTER TABLE ledger.{name} DISABLE TRIGGER only_grows"))
            yield connection
            for name in names:
                await connection.execute(text(f"ALTER TABLE ledger.{name} ENABLE TRIGGER only_grows"))


async def restore_rows(engine: AsyncEngine, settings: NatsSettings, damaged: Sequence[Judgement]) -> None:
    """Writes the rows of these events as they truly are.

    Raises:
        StillDamaged: what is there now is not what was found.
        DatabaseUnavailable, RowsRefused, LogUnavailable: nothing was written.
    """
    async with unlocked(engine, "event") as connection:
        for run in _runs(damaged):
            first, last = run[0].seen.sequence, run[-1].seen.sequence
            in_log = {each.sequence: each async for some in present(settings, first, last) for each in some}
            rows = await sources.ledger_rows(connection, first, last)
            for each in run:
                sequence = each.seen.sequence
                kept = rows[sequence].record if sequence in rows else None
                true = [side for side in (in_log.get(sequence), kept) if side and leaf_hash(side) == each.leaf]
                if not true:
                    raise StillDamaged(f"event {sequence} is no longer what it was found to be")
                await _put(connection, true[0])


async def add_rows(connection: AsyncConnection, records: Iterable[Record]) -> None:
    """Adds events to the end of the ledger."""
    for each in records:
        await connection.execute(insert(tables.event).values(sequence=each.sequence, **_row(each)))


async def restore_tiles(engine: AsyncEngine, tiles: Iterable[GrownTile]) -> None:
    """Writes tiles as the tree has them."""
    async with unlocked(engine, "tile") as connection:
        for each in tiles:
            row: dict[str, Any] = {"root": each.root, "hashes": each.hashes}
            statement = insert(tables.tile).values(level=each.level, index=each.index, **row)
            await connection.execute(statement.on_conflict_do_update(index_elements=["level", "index"], set_=row))


async def restore_checkpoints(engine: AsyncEngine) -> None:
    """Makes the ledger's table of checkpoints what its events say of them."""
    async with unlocked(engine, "checkpoint") as connection:
        told = await told_checkpoints(connection)
        await connection.execute(delete(tables.checkpoint))
        if told:
            await connection.execute(insert(tables.checkpoint), told)


def _row(record: Record) -> dict[str, Any]:
    return {
        "subject": record.subject,
        "stored_at": record.stored_at,
        "content": record.content,
        "leaf_hash": leaf_hash(record),
    }


async def _put(connection: AsyncConnection, record: Record) -> None:
    row = _row(record)
    statement = insert(tables.event).values(sequence=record.sequence, **row)
    await connection.execute(statement.on_conflict_do_update(index_elements=["sequence"], set_=row))


def _runs(damaged: Sequence[Judgement]) -> list[list[Judgement]]:
    ordered = sorted(damaged, key=lambda each: each.seen.sequence)
    grouped = groupby(enumerate(ordered), key=lambda item: item[1].seen.sequence - item[0])
    return [[each for _, each in run] for _, run in grouped]
