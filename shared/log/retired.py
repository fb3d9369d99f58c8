"""Events of closed years that left the stream: they lie in files beside it, and an event that stays names each file.

A reader that meets a gap in the stream asks here. What is given back is what left it, byte for byte; a gap of which no
event tells, or whose file is gone or altered, stays a gap.
"""

import asyncio
import gzip
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import groupby, pairwise

import structlog
from nats.aio.client import Client
from pydantic_core import from_json

from shared.events.catalogue import CATALOGUE, UnreadableEvent
from shared.events.ledger import EventsRetired, RetiredPiece
from shared.log.lines import LineUnreadable, line_of, record_of
from shared.log.objects import Bucket, ObjectDamaged, fetched
from shared.log.read import next_on, read_from
from shared.log.record import Record
from shared.log.stream import PREFIX, STREAM

AGGREGATE = "ledger.retirements"
"""The aggregate whose events tell what left the stream."""

BUCKET: Bucket = "retired"

_COMPRESSION = 9
_PIECES_HELD = 4
_AT_ONCE = 5000

log = structlog.get_logger()


def packed(records: Iterable[Record]) -> bytes:
    """The file that holds these events: a gzip of one line for each, the same for the same events."""
    return gzip.compress(b"".join(map(line_of, records)), _COMPRESSION, mtime=0)


def unpacked(content: bytes) -> list[Record]:
    """The events of a file, in order.

    Raises:
        LineUnreadable: it is none that was written here.
    """
    try:
        found = [record_of(line) for line in gzip.decompress(content).splitlines(keepends=True)]
    except (OSError, EOFError, zlib.error) as error:
        raise LineUnreadable("a file of retired events cannot be read") from error
    if any(one.sequence >= other.sequence for one, other in pairwise(found)):
        raise LineUnreadable("a file of retired events is not in order")
    return found


@dataclass
class Retired:
    """What left the stream, as its own events tell. It reads what it is asked for, and holds little of it."""

    client: Client
    pieces: list[RetiredPiece] = field(default_factory=list)
    _told: int = 0
    _held: dict[str, tuple[list[int], list[Record]]] = field(default_factory=dict)

    async def between(self, first: int, last: int) -> list[Record]:
        """The events from sequence `first` to `last` that left the stream and are whole in their files, in order.

        Raises:
            LogUnavailable, LogRefused: the log does not answer, or refuses.
        """
        if not any(each.first <= first and last <= each.last for each in self.pieces):
            await self.look()
        found: dict[int, Record] = {}
        for piece in self.pieces:
            if piece.first <= last and first <= piece.last:
                places, records = await self._records(piece)
                for each in records[bisect_left(places, first) : bisect_right(places, last)]:
                    found[each.sequence] = each
        return [found[sequence] for sequence in sorted(found)]

    async def stretches(self, first: int, last: int) -> AsyncGenerator[list[Record], None]:
        """The same in lists of some thousands.

        Raises:
            LogUnavailable, LogRefused: see `between`.
        """
        for begin in range(first, last + 1, _AT_ONCE):
            if found := await self.between(begin, min(begin + _AT_ONCE - 1, last)):
                yield found

    async def sequences(self) -> set[int]:
        """The sequence of every event that the log tells to have left it, and that is whole beside it.

        Raises:
            LogUnavailable, LogRefused: see `between`.
        """
        await self.look()
        found: set[int] = set()
        for piece in self.pieces:
            found.update((await self._records(piece))[0])
        return found

    async def look(self) -> None:
        """Takes in what the log tells by now of events that left it.

        Raises:
            LogUnavailable, LogRefused: see `between`.
        """
        while record := await next_on(self.client, PREFIX + AGGREGATE, self._told):
            self._told = record.sequence
            try:
                data = CATALOGUE.read(record.content).data
            except UnreadableEvent as error:
                log.error("unreadable_event", sequence=record.sequence, error=str(error))
                continue
            if isinstance(data, EventsRetired):
                self.pieces += data.pieces

    async def _records(self, piece: RetiredPiece) -> tuple[list[int], list[Record]]:
        if (held := self._held.get(piece.sha256)) is not None:
            return held
        records: list[Record] = []
        try:
            content = await fetched(self.client, BUCKET, piece.sha256)
            if content is None:
                log.error("retired_piece_missing", first=piece.first, last=piece.last, sha256=piece.sha256)
            else:
                records = await asyncio.to_thread(unpacked, content)
        except (ObjectDamaged, LineUnreadable) as fault:
            log.error("retired_piece_damaged", first=piece.first, last=piece.last, fault=str(fault))
        while len(self._held) >= _PIECES_HELD:
            del self._held[next(iter(self._held))]
        found = [each.sequence for each in records], records
        self._held[piece.sha256] = found
        return found


async def completed(client: Client, found: Sequence[Record]) -> list[Record]:
    """Events of whole aggregates, read from the stream, with those between them that left it, in the log's order. An
    aggregate's own versions tell where it lacks some.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    gaps = {(each.subject, *stretch) for each, stretch in _gaps(found)}
    if not gaps:
        return list(found)
    lacking = {subject for subject, _, _ in gaps}
    by_sequence = {each.sequence: each for each in found}
    first, last = min(first for _, first, _ in gaps), max(last for _, _, last in gaps)
    async with aclosing(Retired(client).stretches(first, last)) as stretches:
        async for stretch in stretches:
            by_sequence |= {each.sequence: each for each in stretch if each.subject in lacking}
    return [by_sequence[sequence] for sequence in sorted(by_sequence)]


async def record_at(client: Client, sequence: int) -> Record | None:
    """The event at a sequence, in the stream or beside it; None where there is none.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    found = await read_from(client, STREAM, {"seq": sequence})
    return found or next(iter(await Retired(client).between(sequence, sequence)), None)


def _gaps(found: Sequence[Record]) -> Iterable[tuple[Record, tuple[int, int]]]:
    for _, group in groupby(sorted(found, key=lambda each: (each.subject, each.sequence)), lambda each: each.subject):
        for one, other in pairwise(group):
            before, behind = _version(one.content), _version(other.content)
            if before is not None and behind is not None and behind != before + 1:
                yield one, (one.sequence + 1, other.sequence - 1)


def _version(content: bytes) -> int | None:
    """Which of its aggregate's events it is; None where it does not say so."""
    try:
        version = from_json(content)["aggregateversion"]
    except (ValueError, TypeError, LookupError):
        return None
    return version if isinstance(version, int) else None


Lists = AsyncGenerator[list[Record], None]


async def filled(lists: Lists, first: int, last: int, retired: Retired) -> Lists:
    """Events from `first` to `last` in order, as a stream gives them in lists, with those that left it at their places.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    expected = first
    async with aclosing(lists) as given:
        async for found in given:
            if found[-1].sequence - expected + 1 == len(found):
                yield found
            else:
                whole: list[Record] = []
                for each in found:
                    async with aclosing(retired.stretches(expected, each.sequence - 1)) as stretches:
                        async for stretch in stretches:
                            whole += stretch
                            if len(whole) >= _AT_ONCE:
                                yield whole
                                whole = []
                    whole.append(each)
                    expected = each.sequence + 1
                yield whole
            expected = found[-1].sequence + 1
    async with aclosing(retired.stretches(expected, last)) as stretches:
        async for stretch in stretches:
            yield stretch
