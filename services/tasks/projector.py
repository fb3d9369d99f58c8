"""From the log to the ledger and the register: one batch, one transaction, one step of the checkpoint."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import structlog
from nats.aio.client import Client
from sqlalchemy import Text, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.tasks import metrics
from services.tasks.ledger.tables import event as ledger_event
from services.tasks.register import tables
from services.tasks.register.fold import fold, parts, touched_tasks
from services.tasks.register.reading import BEHIND_PARKED, Read, read, readable
from services.tasks.register.write import LedgerDiffers, load_clock, load_tasks, parked_subjects, write, write_ledger
from shared.cancelling import cancelled
from shared.database import DatabaseUnavailable, RowsRefused, translated
from shared.events.catalogue import UnknownEvent
from shared.log.faults import LogFault
from shared.log.follow import Follower
from shared.log.record import Record
from shared.log.stream import StreamState, check
from shared.newer_copy import NewerCopyKnows, newer_copy
from shared.telemetry.correlation import correlation_of
from shared.telemetry.followed import taken_in

CHANNEL = "register"
"""PostgreSQL's NOTIFY channel that says that the register moved on."""

_PAUSE_SECONDS = 0.5
_FEW = 1000
_READ_AT_ONCE = 50

Batches = AsyncGenerator[Sequence[Record], None]

log = structlog.get_logger()


class CheckpointMoved(Exception):
    """Another projector stepped the checkpoint meanwhile. Nothing of this batch was written."""


@dataclass
class Projector:
    """Follows the log and writes what it says. `follower` tells how it is going.

    `replicas` is how many copies of the stream there must be.
    """

    engine: AsyncEngine
    client: Client
    replicas: int

    def __post_init__(self) -> None:
        self.follower = Follower(self.client, tables.REGISTER)

    async def run(self) -> None:
        """Projects for ever; PostgreSQL or the log being away delays it, and loses nothing."""
        while True:
            try:
                stream = await check(self.client, self.replicas)
                with translated():
                    async with self.engine.begin() as connection:
                        position = await begun(connection, stream)
                        parked = await parked_subjects(connection)
                async with aclosing(self.follower.batches(position, stream.created)) as batches:
                    await self._project_all(batches, position, parked)
            except (
                DatabaseUnavailable,
                LogFault,
                CheckpointMoved,
                LedgerDiffers,
                RowsRefused,
                NewerCopyKnows,
            ) as error:
                log.warning("projector_begins_again", error=str(error))
                self.follower.fault = str(error)
                await asyncio.sleep(_PAUSE_SECONDS)

    def is_busy(self) -> bool:
        """Whether the log holds more than one batch that is not projected yet."""
        return (self.follower.pending or 0) > _FEW

    async def _project_all(self, batches: Batches, position: int, parked: set[str]) -> None:
        batch = await _next(batches)
        while True:
            # One batch is read while PostgreSQL writes the one before. Where none waits, the follower is asked only
            # behind the commit: so it is told that it caught up.
            if not self.follower.pending:
                position = await self._project(batch, position, parked)
                batch = await _next(batches)
                continue
            following = asyncio.create_task(_next(batches))
            try:
                position = await self._project(batch, position, parked)
                batch = await following
            finally:
                await cancelled([following])

    async def _project(self, batch: Sequence[Read], position: int, parked: set[str]) -> int:
        last = batch[-1].record.sequence
        found, began = set(parked), time.time_ns()
        with metrics.batch(len(batch)), translated():
            async with self.engine.begin() as connection:
                await _hand_over(connection, batch)
                held = await step(connection, position, last)
                await write_ledger(connection, [each.record for each in batch], held)
                await project(connection, batch, found, writing(connection, tables.SCHEMA))
        parked |= found
        taken_in("projected", (each.event.envelope for each in batch if each.event), began)
        return last


async def _hand_over(connection: AsyncConnection, batch: Sequence[Read]) -> None:
    """Confirms that no newer copy knows more of a batch than this one.

    Raises:
        NewerCopyKnows: one does, and takes the work over.
    """
    newer = next((each for each in batch if each.newer), None)
    if newer and newer.newer and await newer_copy(connection, tables.SCHEMA):
        raise NewerCopyKnows(newer.record.sequence, newer.newer)


async def _next(batches: Batches) -> list[Read]:
    found = []
    for place, record in enumerate(await anext(batches), start=1):
        found.append(read(record))
        if place % _READ_AT_ONCE == 0:
            await asyncio.sleep(0)
    return found


Write = Callable[[Sequence[Read]], Awaitable[None]]
"""Writes what events say that come one behind the other, or raises `RowsRefused`."""


async def project(connection: AsyncConnection, batch: Sequence[Read], parked: set[str], write: Write) -> None:
    """Writes what a batch says.

    An event that the register refuses is parked, and so is all that follows on its aggregate; the others go on.
    `parked` holds the subjects with which that is so, and grows.
    """
    for part in parts(readable(batch, parked)):
        await _project_part(connection, part, parked, write)


async def _project_part(connection: AsyncConnection, part: Sequence[Read], parked: set[str], write: Write) -> None:
    found = [
        Read(each.record, None, BEHIND_PARKED) if each.event and each.record.subject in parked else each
        for each in part
    ]
    try:
        with translated():
            async with connection.begin_nested():
                await write(found)
        return
    except (RowsRefused, UnknownEvent) as error:
        reason = f"the register refuses it: {error}"[:1000]
    if len(found) > 1:
        half = len(found) // 2
        await _project_part(connection, found[:half], parked, write)
        await _project_part(connection, found[half:], parked, write)
        return
    record = found[0].record
    correlation_id = correlation_of(record.content)
    log.error(
        "event_parked",
        sequence=record.sequence,
        subject=record.subject,
        reason=reason,
        correlation_id=correlation_id,
    )
    parked.add(record.subject)
    await write([Read(record, None, reason)])


def writing(connection: AsyncConnection, schema: str) -> Write:
    """How a batch is written into the register in `schema`, which holds all that was before."""

    async def write_batch(batch: Sequence[Read]) -> None:
        known = await load_tasks(connection, touched_tasks(batch))
        changes = fold(batch, known, await load_clock(connection))
        await write(connection, changes, known, schema)

    return write_batch


async def step(connection: AsyncConnection, position: int, to: int) -> int:
    """Moves the checkpoint from one sequence to another, and tells `CHANNEL` of it once the transaction is committed.
    Gives the last sequence that the ledger holds; 0 where it holds none.

    Raises:
        CheckpointMoved: it does not stand at `position`.
    """
    moved = await connection.execute(_STEP, {"position": position, "to": to, "told": str(to)})
    row = moved.one_or_none()
    if row is None:
        raise CheckpointMoved(f"the checkpoint no longer stands at {position}")
    return int(row.held)


async def begun(connection: AsyncConnection, stream: StreamState) -> int:
    """The checkpoint, made where there is none.

    Raises:
        AnotherLog: it belongs to another stream, or this stream ends before it.
    """
    checkpoint = tables.checkpoint
    found = (await connection.execute(select(checkpoint).where(checkpoint.c.reader == tables.REGISTER))).one_or_none()
    if found is None:
        await connection.execute(insert(checkpoint).values(reader=tables.REGISTER, sequence=0, stream=stream.created))
        return 0
    stream.confirm(found.stream, found.sequence)
    return int(found.sequence)


def _step() -> Any:
    checkpoint = tables.checkpoint
    held = func.coalesce(select(func.max(ledger_event.c.sequence)).scalar_subquery(), 0)
    return (
        update(checkpoint)
        .where(checkpoint.c.reader == tables.REGISTER, checkpoint.c.sequence == bindparam("position"))
        .values(sequence=bindparam("to"))
        .returning(held.label("held"), func.pg_notify(CHANNEL, bindparam("told", type_=Text)))
    )


_STEP = _step()
