"""Writing the stream anew from the ledger: beside the damaged one first, and in its place once it is proven.

A stream cannot be mended where it is: its settings deny that. So the ledger's bytes go into another stream, that one is
compared with the ledger, and then the log becomes its mirror, which keeps sequences, and at last a stream of its own.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Sequence, Set
from contextlib import aclosing
from typing import Any

import nats.js.errors
from nats.aio.client import Client
from nats.js.api import StorageType, StreamConfig
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.tasks.ledger import tables
from services.tasks.record import sources
from shared.database import translated
from shared.log.bulk import present
from shared.log.faults import LogRefused
from shared.log.faults import translated as log_translated
from shared.log.record import STORED_AT, Record
from shared.log.retired import Retired, filled
from shared.log.stream import BATCH_LIMIT, STREAM, definition, state_of, stream_info
from shared.settings import NatsSettings

STAGING = "RESTORED"
"""Name of the stream in which the log is written first."""

STAGED = "restored."
"""First word of its subjects, before the log's own."""

_EMPTY = "empty"
"""Subject of what holds a place there, behind that word."""

_TIMEOUT_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 0.1
_WIDTH = 8192

_SCHEMAS = text(
    "SELECT table_schema FROM information_schema.columns WHERE table_name = 'checkpoint' AND column_name = 'stream'"
)
"""Where readers of the log keep how far they came."""

Told = Callable[[int, int], None]
"""Is told how many events are written, of how many."""


class NotRestored(Exception):
    """The stream that was written is not what the ledger holds. The log was left as it was."""


async def rewrite(
    engine: AsyncEngine,
    settings: NatsSettings,
    client: Client,
    last: int,
    told: Told,
    gone: Set[int] = frozenset(),
) -> str:
    """Puts a stream with the ledger's events 1 to `last` in the place of the log. Gives the time of its making. `gone`
    are the sequences of events that have left it, and lie beside it: they stay out, and the others where they are.

    Broken off at any moment and done again, it does the same.

    Raises:
        NotRestored: see there.
        LogUnavailable, LogRefused, DatabaseUnavailable, RowsRefused: the log is as it was, or the repair has to be
            done again; the ledger was not touched.
    """
    await _write_staging(engine, client, settings.nats_replicas, last, told, gone)
    await _compare_staging(engine, settings, client, last, gone)
    with log_translated():
        await _remove(client, STREAM)
        await _ask(client, f"STREAM.CREATE.{STREAM}", _as_mirror(settings.nats_replicas))
        await _mirrored(client, last, last - len(gone))
        await client.jsm().update_stream(definition(settings.nats_replicas))
        await _remove(client, STAGING)
    return state_of(await stream_info(client)).created


async def set_back(client: Client, replicas: int) -> None:
    """Sets the stream's settings back to its definition.

    Raises:
        LogUnavailable, LogRefused: they are as they were.
    """
    with log_translated():
        await client.jsm().update_stream(definition(replicas))


async def adopt(engine: AsyncEngine, created: str) -> None:
    """Makes the stream of this time the one that every reader's checkpoint belongs to.

    Raises:
        DatabaseUnavailable, RowsRefused: nothing was changed.
    """
    with translated():
        async with engine.begin() as connection:
            for schema in (await connection.scalars(_SCHEMAS)).all():
                moved = text(f'UPDATE "{schema}".checkpoint SET stream = :created')
                await connection.execute(moved, {"created": created})


async def _write_staging(
    engine: AsyncEngine, client: Client, replicas: int, last: int, told: Told, gone: Set[int]
) -> None:
    with log_translated():
        await _remove(client, STAGING)
        staging = StreamConfig(
            name=STAGING, subjects=[f"{STAGED}>"], storage=StorageType.FILE, num_replicas=replicas, allow_atomic=True
        )
        await client.jsm().add_stream(staging)
    written = 0
    async with aclosing(_ledger_batches(engine, last)) as batches:
        async for batch in batches:
            if batch[0].sequence != written + 1 or batch[-1].sequence != written + len(batch):
                raise NotRestored(f"the ledger itself lacks an event behind {written}")
            with log_translated():
                written = await _store(client, [_emptied(each) if each.sequence in gone else each for each in batch])
            if written != batch[-1].sequence:
                raise NotRestored(f"event {batch[-1].sequence} came to stand at {written}")
            told(written, last)
    if written != last:
        raise NotRestored(f"the ledger ends at event {written}, and {last} must be restored")
    if gone:
        with log_translated():
            await client.jsm().purge_stream(STAGING, subject=f"{STAGED}{_EMPTY}")


def _emptied(record: Record) -> Record:
    """What holds an event's place until it is taken out: a stream gives every message the next number."""
    return record._replace(subject=_EMPTY, content=b"")


async def _ledger_batches(engine: AsyncEngine, last: int) -> AsyncGenerator[list[Record]]:
    event = tables.event.c
    chosen = select(event.sequence, event.subject, event.stored_at, event.content).order_by(event.sequence)
    with translated():
        async with engine.connect() as connection:
            for first in range(1, last + 1, BATCH_LIMIT):
                end = min(first + BATCH_LIMIT - 1, last)
                rows = (await connection.execute(chosen.where(event.sequence.between(first, end)))).all()
                if rows:
                    yield [Record(*row) for row in rows]


async def _store(client: Client, batch: Sequence[Record]) -> int:
    """Stores a batch in the staging stream; gives the sequence of its last event."""
    token = client.new_inbox().rpartition(".")[2]
    *others, final = batch
    for place, each in enumerate(others, start=1):
        headers = {"Nats-Batch-Id": token, "Nats-Batch-Sequence": str(place), STORED_AT: each.stored_at.isoformat()}
        await client.publish(f"{STAGED}{each.subject}", each.content, headers=headers)
    headers = {STORED_AT: final.stored_at.isoformat(), "Nats-Expected-Stream": STAGING}
    if others:
        headers |= {"Nats-Batch-Id": token, "Nats-Batch-Sequence": str(len(batch)), "Nats-Batch-Commit": "1"}
    subject = f"{STAGED}{final.subject}"
    answer = await client.request(subject, final.content, timeout=_TIMEOUT_SECONDS, headers=headers)
    body = json.loads(answer.data)
    if "error" in body:
        raise LogRefused(str(body["error"]))
    return int(body["seq"])


async def _compare_staging(
    engine: AsyncEngine, settings: NatsSettings, client: Client, last: int, gone: Set[int]
) -> None:
    """Raises NotRestored unless the staging stream, and what lies beside it, give every event as the ledger has it."""
    first = 1
    with log_translated():
        state = (await client.jsm().stream_info(STAGING)).state
    if state.messages != last - len(gone):
        raise NotRestored(f"{state.messages} events were written, and {last - len(gone)} must stay")
    with translated():
        async with engine.connect() as connection:
            async for records in filled(_staged(settings, last), 1, last, Retired(client)):
                end = first + len(records) - 1
                digest = await sources.ledger_digest(connection, first, end)
                ours, _ = sources.digest_of(records)
                if digest != ours or not digest.is_whole(len(records)):
                    raise NotRestored(f"events {first} to {end} were not written as the ledger has them")
                first = end + 1
    if first != last + 1:
        raise NotRestored(f"event {first} was not written")


async def _staged(settings: NatsSettings, last: int) -> AsyncGenerator[list[Record]]:
    async with aclosing(present(settings, 1, last, STAGING)) as lists:
        async for found in lists:
            yield [
                Record(each.sequence, each.subject.removeprefix(STAGED), each.stored_at, each.content) for each in found
            ]


def _as_mirror(replicas: int) -> dict[str, Any]:
    """The log's definition as a mirror of the staging stream; a mirror has no subjects and no atomic batches."""
    wanted = {name: value for name, value in definition(replicas).as_dict().items() if value is not None}
    for name in ("subjects", "allow_atomic"):
        wanted.pop(name, None)
    own = [{"src": f"{STAGED}>", "dest": ">"}]
    return wanted | {"mirror": {"name": STAGING, "subject_transforms": own}}


async def _mirrored(client: Client, last: int, count: int) -> None:
    while True:
        state = (await client.jsm().stream_info(STREAM)).state
        if (state.last_seq, state.messages) == (last, count):
            return
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def _remove(client: Client, stream: str) -> None:
    try:
        await client.jsm().delete_stream(stream)
    except nats.js.errors.NotFoundError:
        return


async def _ask(client: Client, what: str, request: dict[str, Any]) -> None:
    answer = await client.request(f"$JS.API.{what}", json.dumps(request).encode(), timeout=_TIMEOUT_SECONDS)
    body = json.loads(answer.data)
    if "error" in body:
        raise LogRefused(str(body["error"]))
