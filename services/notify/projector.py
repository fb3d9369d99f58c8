"""Follows the log and keeps notify's tables: rows, position and decisions are committed together."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from nats.aio.client import Client
from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notify.adoption import adopted
from services.notify.organisation import directory_at
from services.notify.outbox import DECIDED
from services.notify.projection.projection import Office, Projection, follow_organisation
from services.notify.projection.taking_up import take_up
from services.notify.tables import checkpoint
from shared.database import DatabaseUnavailable, Signal, translated
from shared.directory.directory import Directory
from shared.log.faults import AnotherLog, LogUnavailable
from shared.log.follow import Follower
from shared.log.record import Record
from shared.log.stream import check
from shared.newer_copy import NewerCopyKnows

READER = "notify"

_PAUSE_SECONDS = 0.5
_RECHECK_SECONDS = 5.0
_LOOK_AGAIN_SECONDS = 0.3
_PART_BYTES = 2_000_000

PROJECTOR = "projector"
"""The work of which the tables come."""

CHANNEL = "notify"
"""PostgreSQL's NOTIFY channel that says how far the tables hold the log."""

_DATA_FAULTS = ("22", "23", "54")
"""Classes of SQLSTATE that the rows themselves cause: what cannot be stored, what contradicts, what is too large."""

_OWN_CHECKPOINT = select(checkpoint).where(checkpoint.c.reader == READER)

_Write = Callable[[AsyncConnection, Directory, Sequence[Record]], Awaitable[bool]]
"""Writes what some events change, and says whether that left something to be appended or sent."""

log = structlog.get_logger()


class _Rewound(Exception):
    """The checkpoint stands before what was read: the database was set back."""


@dataclass
class Projector:
    """Projects every event, in order, once. Of several copies of the service the one that `leads` does; the others
    take in what it committed, as soon as `advanced` is raised.

    `directory` is the organisation as of `position`, the last sequence that is committed. `caught_up` is set once the
    projection holds all that the log held at the start: before that, decisions found in the log's past may be done
    with further on. `fault` says what keeps it from going on. `decided` is called after a commit that left something
    to be appended or sent, `committed` after each with the events whose rows are there now.
    """

    engine: AsyncEngine
    client: Client
    replicas: int
    office: Office
    decided: Callable[[], None]
    leads: Callable[[], bool]
    advanced: Signal
    committed: Callable[[Sequence[Record]], None] = lambda _: None
    directory: Directory = field(default_factory=Directory)
    position: int = 0
    fault: str | None = "not started"
    caught_up: asyncio.Event = field(default_factory=asyncio.Event)
    _goal: int = 0
    _created: str = ""
    _moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.follower = Follower(self.client, READER)

    async def run(self) -> None:
        """Follows for ever; waits while NATS or PostgreSQL is away, or another log answers.

        Raises:
            StreamDrift: the stream is not as it must be. The process has to stop.
        """
        while True:
            try:
                await self._begin()
                async with aclosing(self.follower.batches(self.position, self._created)) as batches:
                    async for batch in batches:
                        for part in _parts(batch):
                            await self._committed(part)
            except _Rewound:
                log.error("checkpoint_set_back", position=self.position)
            except AnotherLog as error:
                log.error("another_log", error=str(error))
                self.fault = str(error)
            except (DatabaseUnavailable, LogUnavailable, NewerCopyKnows) as fault:
                self._waits(fault)
            await asyncio.sleep(_PAUSE_SECONDS)

    async def lead(self) -> None:
        """Nothing but being the copy that leads, for as long as this is awaited."""
        await asyncio.Event().wait()

    async def reached(self, sequence: int) -> None:
        """Returns when everything up to this sequence is projected."""
        async with self._moved:
            await self._moved.wait_for(lambda: self.position >= sequence)

    async def health(self) -> str | None:
        """None, or what keeps the projection from being current."""
        if wrong := self.fault or self.follower.fault:
            return wrong
        if not self.caught_up.is_set():
            return f"at event {self.position} of {self._goal}"
        silence = self.follower.silence
        return f"nothing heard from the log for {silence:.0f} s" if silence > _RECHECK_SECONDS else None

    async def _begin(self) -> None:
        state = await check(self.client, self.replicas)
        with translated():
            async with self.engine.begin() as connection:
                first = insert(checkpoint).values(reader=READER, stream=state.created, sequence=0)
                await connection.execute(first.on_conflict_do_nothing())
                held = (await connection.execute(_OWN_CHECKPOINT)).one()
        if held.sequence > state.last_sequence:
            # Another copy went on between the two questions.
            state = await check(self.client, self.replicas)
        state.confirm(held.stream, held.sequence)
        self._created, self._goal = state.created, state.last_sequence
        self.office = replace(self.office, adopted=await adopted(self.client, self.engine))
        self.directory = await directory_at(self.client, held.sequence)
        if await take_up(self.engine, self.client, self._copied_directory(), self.office):
            self.decided()
        self.fault = None
        await self._move(held.sequence)
        self.committed(())

    async def _committed(self, batch: Sequence[Record]) -> None:
        while batch:
            try:
                with translated():
                    done = await (self._commit(batch) if self.leads() else self._follow(batch))
            except DatabaseUnavailable as fault:
                self._waits(fault)
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                self.fault = None
                batch = batch[done:]

    async def _follow(self, batch: Sequence[Record]) -> int:
        """Takes in what the copy that leads committed of a batch, and gives how many events that is; waits a while for
        it where it is none."""
        woken = self.advanced.next()
        async with self.engine.connect() as connection:
            held = self._confirmed((await connection.execute(_OWN_CHECKPOINT)).one_or_none(), batch)
        known = [record for record in batch if record.sequence <= held]
        if not known:
            await woken.wait(_LOOK_AGAIN_SECONDS)
            return 0
        directory = self._copied_directory()
        follow_organisation(directory, known)
        await self._took_in(known, directory)
        return len(known)

    async def _commit(self, batch: Sequence[Record]) -> int:
        """Commits what is new of a batch together with the position, and gives how many events it took in.

        The row of the checkpoint is locked first: of several copies that take themselves for the leading one, one
        projects each event.
        """
        try:
            directory = await self._commit_with(batch, self._write)
        except DBAPIError as error:
            if not _caused_by_rows(error):
                raise
            log.error("batch_refused", first=batch[0].sequence, last=batch[-1].sequence, error=str(error.orig))
            directory = await self._commit_with(batch, self._write_one_by_one)
        await self._took_in(batch, directory)
        return len(batch)

    def _confirmed(self, held: Row[Any] | None, batch: Sequence[Record]) -> int:
        """The sequence of the checkpoint, once it is known to be that of this log and not to be set back."""
        if held is None or held.sequence < batch[0].sequence - 1:
            raise _Rewound
        if held.stream != self._created:
            raise AnotherLog(held.stream, held.sequence, self._created, batch[-1].sequence)
        return int(held.sequence)

    def _copied_directory(self) -> Directory:
        return Directory(dict(self.directory.units), dict(self.directory.people))

    async def _took_in(self, batch: Sequence[Record], directory: Directory) -> None:
        self.directory = directory
        await self._move(batch[-1].sequence)
        self.committed(batch)

    async def _commit_with(self, batch: Sequence[Record], write: _Write) -> Directory:
        directory, decides = self._copied_directory(), False
        async with self.engine.begin() as connection:
            row = (await connection.execute(_OWN_CHECKPOINT.with_for_update())).one_or_none()
            held = self._confirmed(row, batch)
            known = [record for record in batch if record.sequence <= held]
            fresh = batch[len(known) :]
            follow_organisation(directory, known)
            if fresh:
                decides = await write(connection, directory, fresh)
                last = fresh[-1].sequence
                moved = update(checkpoint).where(checkpoint.c.reader == READER).values(sequence=last)
                await connection.execute(moved.returning(func.pg_notify(CHANNEL, str(last))))
                if decides:
                    await connection.execute(select(func.pg_notify(DECIDED, "")))
        if decides:
            self.decided()
        return directory

    async def _write(self, connection: AsyncConnection, directory: Directory, fresh: Sequence[Record]) -> bool:
        projection = Projection(directory, self.office)
        await projection.project(connection, fresh)
        return projection.decides

    async def _write_one_by_one(
        self, connection: AsyncConnection, directory: Directory, fresh: Sequence[Record]
    ) -> bool:
        for record in fresh:
            try:
                async with connection.begin_nested():
                    await self._write(connection, directory, [record])
            except DBAPIError as error:
                if not _caused_by_rows(error):
                    raise
                await Projection(directory, self.office).put_aside(connection, record, error)
        return True

    async def _move(self, sequence: int) -> None:
        async with self._moved:
            self.position = sequence
            self._moved.notify_all()
        if sequence >= self._goal:
            self.caught_up.set()

    def _waits(self, fault: Exception) -> None:
        log.warning("projector_waits", position=self.position, fault=str(fault))
        self.fault = str(fault)


def _parts(batch: Sequence[Record]) -> Iterator[Sequence[Record]]:
    """The batch in parts that a small process can hold as rows: a notice of 5,000 tasks alone is megabytes."""
    begin = size = 0
    for place, record in enumerate(batch):
        if size and size + len(record.content) > _PART_BYTES:
            yield batch[begin:place]
            begin, size = place, 0
        size += len(record.content)
    yield batch[begin:]


def _caused_by_rows(error: DBAPIError) -> bool:
    cause = getattr(error.orig, "__cause__", None)
    return isinstance(cause, ValueError) or str(getattr(cause, "sqlstate", "")).startswith(_DATA_FAULTS)
