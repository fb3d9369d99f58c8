"""What is compared: the log in bulk, the ledger in digests that PostgreSQL works out, and its checkpoints and tiles."""

import datetime as dt
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from nats.aio.client import Client
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger import tables
from services.tasks.ledger.leaf import LEAF_HASH_IN_SQL, leaf_hash
from services.tasks.ledger.tiles import split
from services.tasks.register import tables as register
from shared.database import RowsRefused, translated
from shared.log.bulk import present
from shared.log.faults import LogRefused
from shared.log.record import Record
from shared.log.stream import STREAM, definition, differences, stream_info
from shared.settings import NatsSettings

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)

_DIGEST = text(
    f"SELECT string_agg({LEAF_HASH_IN_SQL} || int8send((extract(epoch FROM stored_at) * 1000000)::int8), "
    "''::bytea ORDER BY sequence), string_agg(leaf_hash, ''::bytea ORDER BY sequence) "
    "FROM ledger.event WHERE sequence BETWEEN :first AND :last"
)


@dataclass(frozen=True, slots=True)
class LogStanding:
    """Where the log stands. `created` is empty where there is no stream; `drift` says how its settings differ."""

    created: str
    first: int
    last: int
    drift: tuple[str, ...]

    @property
    def began_at(self) -> dt.datetime | None:
        """When the stream was made."""
        return dt.datetime.fromisoformat(self.created) if self.created else None


@dataclass(frozen=True, slots=True)
class LedgerStanding:
    """Where the ledger stands. `position` is how far the projector came, in the stream made at `stream`."""

    last: int
    position: int
    stream: str

    @property
    def end(self) -> int:
        """The last event that the ledger must hold."""
        return max(self.last, self.position)

    def before(self, until: int) -> "LedgerStanding":
        """The same as if nothing came behind an event."""
        return replace(self, last=min(self.last, until), position=min(self.position, until))


@dataclass(frozen=True, slots=True)
class Digest:
    """A stretch of events: their leaf hashes and times, and their leaf hashes alone, in order."""

    leaves_and_times: bytes
    leaves: bytes

    @property
    def kept(self) -> list[bytes]:
        """The leaf hashes one by one."""
        return split(self.leaves)

    def is_whole(self, count: int) -> bool:
        """Whether these are so many events, each with the leaf hash that is kept of it."""
        both = self.leaves_and_times
        own = b"".join(both[place : place + 32] for place in range(0, len(both), 40))
        return own == self.leaves and len(own) == count * 32


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the ledger."""

    record: Record
    leaf: bytes


async def log_standing(client: Client, replicas: int) -> LogStanding:
    """Where the log stands.

    Raises:
        LogUnavailable: it does not answer.
    """
    try:
        info = await stream_info(client)
    except LogRefused:
        return LogStanding("", 0, 0, ())
    drift = tuple(differences(info.config, definition(replicas)))
    return LogStanding(str(info.created), info.state.first_seq, info.state.last_seq, drift)


async def ledger_standing(connection: AsyncConnection) -> LedgerStanding:
    """Where the ledger stands.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    reader = register.checkpoint.c
    with translated():
        read = (
            await connection.execute(select(reader.sequence, reader.stream).where(reader.reader == register.REGISTER))
        ).one_or_none()
        last = int(await connection.scalar(select(func.max(tables.event.c.sequence))) or 0)
    return LedgerStanding(last, int(read.sequence) if read else 0, str(read.stream) if read else "")


async def log_windows(
    settings: NatsSettings, last: int, width: int, held: int, stream: str = STREAM
) -> AsyncGenerator[list[Record]]:
    """What the log, or another stream, has of events 1 to `last`, a list for each `width` of them; an empty one where
    it has none. `held` is where it ends.

    Raises:
        LogUnavailable, LogRefused: see `shared.log.bulk.present`.
    """
    end, waiting = width, list[Record]()
    async with aclosing(present(settings, 1, held, stream)) as lists:
        async for found in lists:
            waiting += found
            while waiting and waiting[-1].sequence > end:
                cut = _behind(waiting, end)
                yield waiting[:cut]
                waiting, end = waiting[cut:], end + width
    while end - width < last:
        cut = _behind(waiting, end)
        yield waiting[:cut]
        waiting, end = waiting[cut:], end + width


def _behind(records: Sequence[Record], end: int) -> int:
    return next((place for place, each in enumerate(records) if each.sequence > end), len(records))


def digest_of(records: Sequence[Record]) -> tuple[Digest, list[bytes]]:
    """What `ledger_digest` must give of the same events, and the leaf hashes one by one."""
    leaves = [leaf_hash(each) for each in records]
    times = [((each.stored_at - _EPOCH) // _MICROSECOND).to_bytes(8, "big") for each in records]
    both = b"".join([leaf + time for leaf, time in zip(leaves, times, strict=True)])
    return Digest(both, b"".join(leaves)), leaves


async def ledger_digest(connection: AsyncConnection, first: int, last: int) -> Digest | None:
    """The digest of the ledger's events from `first` to `last`, worked out from their bytes; None where PostgreSQL
    cannot read them.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    try:
        with translated():
            both, leaves = (await connection.execute(_DIGEST, {"first": first, "last": last})).one()
    except RowsRefused:
        return None
    return Digest(bytes(both or b""), bytes(leaves or b""))


async def ledger_rows(connection: AsyncConnection, first: int, last: int) -> dict[int, Row]:
    """The ledger's rows from `first` to `last` that PostgreSQL can read, by sequence.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    event = tables.event.c
    chosen = select(event.sequence, event.subject, event.stored_at, event.content, event.leaf_hash)
    try:
        with translated():
            found = await connection.execute(chosen.where(event.sequence.between(first, last)).order_by(event.sequence))
            return {row.sequence: Row(Record(*row[:4]), bytes(row.leaf_hash)) for row in found}
    except RowsRefused:
        if first == last:
            return {}
    middle = (first + last) // 2
    return await ledger_rows(connection, first, middle) | await ledger_rows(connection, middle + 1, last)


async def tiles(
    connection: AsyncConnection, level: int, first: int, last: int
) -> dict[tuple[int, int], tuple[bytes, bytes]]:
    """Root and hashes of the ledger's tiles of one level from index `first` to `last`, by level and index.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    tile = tables.tile.c
    chosen = select(tile.level, tile.index, tile.root, tile.hashes)
    with translated():
        found = await connection.execute(chosen.where(tile.level == level, tile.index.between(first, last)))
        return {(at, index): (bytes(root), bytes(hashes)) for at, index, root, hashes in found}
