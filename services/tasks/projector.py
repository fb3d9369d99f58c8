"""From the log to the ledger and the register: one batch, one transaction, one step of the checkpoint."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from nats.aio.client import Client
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.tasks.register import tables
from services.tasks.register.fold import Read, fold, read, touched_tasks
from services.tasks.register.write import load_tasks, parked_subjects, write, write_ledger
from shared.database import DatabaseUnavailable, translated
from shared.log.follow import Follower
from shared.log.record import Record
from shared.log.stream import StreamState

READER = "tasks"
CHANNEL = "register"
"""PostgreSQL's NOTIFY channel that says that the register moved on."""

_PAUSE_SECONDS = 0.5

log = structlog.get_logger()


class CheckpointMoved(Exception):
    """Another projector stepped the checkpoint meanwhile. Nothing of this batch was written."""


class AnotherLog(Exception):
    """The register was made from another stream than the one at hand. Nothing was read or written."""


@dataclass
class Projector:
    """Follows the log and writes what it says. `follower` tells how it is going."""

    engine: AsyncEngine
    follower: Follower

    async def run(self, stream: StreamState) -> None:
        """Projects for ever; PostgreSQL or the log being away delays it, and loses nothing."""
        while True:
            try:
                with translated():
                    async with self.engine.begin() as connection:
                        position = await begun(connection, stream)
                        parked = await parked_subjects(connection)
                async for batch in self.follower.batches(position):
                    position = await self._project(batch, position, parked)
            except (DatabaseUnavailable, CheckpointMoved, AnotherLog) as error:
                log.warning("projector_begins_again", error=str(error))
                self.follower.fault = str(error)
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _project(self, batch: Sequence[Record], position: int, parked: set[str]) -> int:
        with translated():
            try:
                async with self.engine.begin() as connection:
                    await step(connection, position, batch[-1].sequence)
                    await write_ledger(connection, batch)
                    await project(connection, read(batch, parked), tables.SCHEMA)
                    await connection.execute(select(func.pg_notify(CHANNEL, str(batch[-1].sequence))))
            except DBAPIError as error:
                if error.connection_invalidated or len(batch) == 1:
                    raise
                log.warning("batch_refused", first=batch[0].sequence, error=str(error.orig))
                for each in batch:
                    position = await self._project_or_park(each, position, parked)
        return batch[-1].sequence

    async def _project_or_park(self, record: Record, position: int, parked: set[str]) -> int:
        try:
            return await self._project([record], position, parked)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            reason = f"the register refuses it: {error.orig}"[:1000]
            log.error("event_parked", sequence=record.sequence, subject=record.subject, reason=reason)
            async with self.engine.begin() as connection:
                await step(connection, position, record.sequence)
                await write_ledger(connection, [record])
                await project(connection, [Read(record, None, reason)], tables.SCHEMA)
            parked.add(record.subject)
            return record.sequence


async def project(connection: AsyncConnection, batch: Sequence[Read], schema: str) -> None:
    """Writes what a batch says into the register in `schema`."""
    known = await load_tasks(connection, touched_tasks(batch))
    await write(connection, fold(batch, known), known, schema)


async def step(connection: AsyncConnection, position: int, to: int) -> None:
    """Moves the checkpoint from one sequence to another.

    Raises:
        CheckpointMoved: it does not stand at `position`.
    """
    checkpoint = tables.checkpoint
    moved = await connection.execute(
        update(checkpoint)
        .where(checkpoint.c.reader == READER, checkpoint.c.sequence == position)
        .values(sequence=to)
    )
    if moved.rowcount != 1:
        raise CheckpointMoved(f"the checkpoint no longer stands at {position}")


async def begun(connection: AsyncConnection, stream: StreamState) -> int:
    """The checkpoint, made where there is none.

    Raises:
        AnotherLog: it belongs to another stream, or this stream ends before it.
    """
    checkpoint = tables.checkpoint
    found = (await connection.execute(select(checkpoint).where(checkpoint.c.reader == READER))).one_or_none()
    if found is None:
        await connection.execute(insert(checkpoint).values(reader=READER, sequence=0, stream=stream.created))
        return 0
    if found.stream != stream.created or found.sequence > stream.last_sequence:
        raise AnotherLog(
            f"the register was made from the log of {found.stream} up to event {found.sequence}, but the log at hand "
            f"is of {stream.created} and ends at {stream.last_sequence}. Nothing was changed. "
            "Restore the log that belongs to this database, or start with an empty database."
        )
    return int(found.sequence)


def follower(client: Client) -> Follower:
    """The projector's follower: it reads the whole log."""
    return Follower(client, READER)
