"""Carries a retirement out, in the order in which nothing is lost wherever it is broken off.

First every event lies in a file beside the stream, then the stream tells of it, and then another stream takes its place
that lacks them, once that one was compared with the ledger.
"""

import datetime as dt
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from nats.aio.client import Client
from sqlalchemy.ext.asyncio import AsyncEngine

from services.tasks.ledger.store import size_of
from services.tasks.record.repair import ledger_side, log_side
from services.tasks.record.retirement.leaving import leaving
from shared.database import translated
from shared.events.catalogue import CATALOGUE
from shared.events.envelope import Chain, event_content
from shared.events.fields import derived_id
from shared.events.ledger import MOST_PIECES, EventsRetired, RetiredPiece
from shared.log.append import Entry, append
from shared.log.bulk import records
from shared.log.objects import stored
from shared.log.read import last_on
from shared.log.record import Record
from shared.log.retired import AGGREGATE, BUCKET, Retired, packed
from shared.log.stream import PREFIX, stream_info
from shared.settings import NatsSettings

SOURCE = "/ketluan/retirement"
ACTOR = "service.administration"
MEDIA_TYPE = "application/gzip"

_PIECE_EVENTS = 10_000
_PIECE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Parts:
    """What a retirement works on: the log as a user that may replace it, and the database as its owner."""

    settings: NatsSettings
    client: Client
    engine: AsyncEngine


@dataclass(frozen=True, slots=True)
class Archived:
    """The archive that holds all of it: so many events with this root, and the checkpoint that covers them."""

    events: int
    root: str
    checkpoint_size: int
    checkpoint_root: str


@dataclass(frozen=True, slots=True)
class Stream:
    """How large the log's stream is."""

    events: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Retirement:
    """What was done: how many events left, how large the stream was and is, and how large the files beside it are that
    came to be now."""

    count: int
    before: Stream
    after: Stream
    beside_bytes: int


async def count_leaving(parts: Parts, before: dt.datetime, last: int) -> int:
    """How many events up to sequence `last` would leave.

    Raises:
        LogUnavailable, LogRefused, DatabaseUnavailable, RowsRefused: nothing was changed.
    """
    async with aclosing(_pieces(parts, before, last, await Retired(parts.client).sequences())) as pieces:
        return sum([len(each) async for each in pieces])


async def retire(parts: Parts, before: dt.datetime, archived: Archived, told: log_side.Told) -> Retirement:
    """Takes out of the stream what was stored before a moment (UTC) and may leave. Done again after it was broken off,
    it goes on; done again after it ended, it does nothing.

    Raises:
        NotRestored: the stream without them is not as it must be; the log was left as it was.
        GapInLog: the log lacks events that left nowhere; nothing was changed. Repair it first.
        LogUnavailable, LogRefused, DatabaseUnavailable, RowsRefused: do it again.
    """
    was = await _stream(parts.client)
    gone = await Retired(parts.client).sequences()
    made, size = list[RetiredPiece](), 0
    async with aclosing(_pieces(parts, before, archived.checkpoint_size, gone)) as pieces:
        async for found in pieces:
            content = packed(found)
            sha256 = await stored(parts.client, BUCKET, content, MEDIA_TYPE)
            first, last = found[0].sequence, found[-1].sequence
            made.append(RetiredPiece(first=first, last=last, count=len(found), sha256=sha256))
            gone.update(each.sequence for each in found)
            size += len(content)
    for begin in range(0, len(made), MOST_PIECES):
        await _tell(parts.client, before, archived, made[begin : begin + MOST_PIECES])
    info = await stream_info(parts.client)
    count = info.state.messages - (info.state.last_seq - len(gone))
    if count:
        await _catch_up(parts, info.state.last_seq)
        created = await log_side.rewrite(
            parts.engine, parts.settings, parts.client, info.state.last_seq, told, frozenset(gone)
        )
        await log_side.adopt(parts.engine, created)
    return Retirement(count, was, await _stream(parts.client), size)


async def _pieces(parts: Parts, before: dt.datetime, last: int, gone: set[int]) -> AsyncGenerator[list[Record], None]:
    """What is to leave and has not, in the lists of which each becomes a file."""
    piece, size = list[Record](), 0
    with translated():
        async with parts.engine.connect() as connection, aclosing(leaving(connection, before, last)) as lists:
            async for found in lists:
                for each in found:
                    if each.sequence in gone:
                        continue
                    if len(piece) == _PIECE_EVENTS or size + len(each.content) > _PIECE_BYTES:
                        yield piece
                        piece, size = [], 0
                    piece.append(each)
                    size += len(each.content)
    if piece:
        yield piece


async def _catch_up(parts: Parts, last: int) -> None:
    """Brings the ledger to where the log ends."""
    with translated():
        async with parts.engine.begin() as connection:
            first = await size_of(connection) + 1
            async with aclosing(records(parts.settings, first, last)) as lists:
                async for found in lists:
                    await ledger_side.add_rows(connection, found)


async def _stream(client: Client) -> Stream:
    state = (await stream_info(client)).state
    return Stream(state.messages, state.bytes)


async def _tell(client: Client, before: dt.datetime, archived: Archived, pieces: Sequence[RetiredPiece]) -> None:
    newest = await last_on(client, PREFIX + AGGREGATE)
    version = CATALOGUE.read(newest.content).envelope.aggregateversion + 1 if newest else 1
    data = EventsRetired(
        stored_before=before,
        count=sum(each.count for each in pieces),
        pieces=tuple(pieces),
        archive_events=archived.events,
        archive_root=archived.root,
        checkpoint_size=archived.checkpoint_size,
        checkpoint_root=archived.checkpoint_root,
    )
    event_id = derived_id(data.type, version, *(each.sha256 for each in pieces))
    chain = Chain(SOURCE, ACTOR, event_id, event_id, dt.datetime.now(dt.UTC))
    content = event_content(data, data.type, event_id, AGGREGATE, chain, version)
    await append(client, [Entry(event_id, PREFIX + AGGREGATE, content, newest.sequence if newest else 0)])
