"""Puts the events of an archive into an empty log, each at its own sequence, and goes on where it was broken off."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing

from nats.aio.client import Client

from deploy.archive.confirming import confirm
from deploy.archive.folder import Archive, Tree, Whole
from services.tasks.ledger.note import Verifier
from shared.log.bulk import records
from shared.log.faults import LogRefused, translated
from shared.log.objects import described, stored
from shared.log.record import STORED_AT, Record
from shared.log.stream import BATCH_LIMIT, STREAM, check
from shared.settings import NatsSettings

_BATCH_BYTES = 4 * 1024 * 1024
_TIMEOUT_SECONDS = 30.0

Told = Callable[[int, int], None]


class AnotherHistory(Exception):
    """The log holds something else than the beginning of the archive. Nothing was written."""


async def restore(
    settings: NatsSettings, client: Client, archive: Archive, told: Told, trusted: Sequence[Verifier] = ()
) -> Whole:
    """What was restored, once the log gives back just that. Nothing is written before the whole archive was confirmed;
    see `confirm`. A log that holds the beginning of the archive gets the rest.

    Raises:
        ArchiveDamaged: the archive is not what was written; nothing was.
        AnotherHistory, StreamDrift, LogUnavailable, LogRefused: see `put_in`.
    """
    whole = confirm(archive, lambda *_: None, trusted)
    await put_in(settings, client, archive, whole.events, whole.files, told)
    return whole


async def put_in(settings: NatsSettings, client: Client, archive: Archive, last: int, files: int, told: Told) -> None:
    """Puts the first `files` files and the events up to `last` of a confirmed archive into the log.

    Raises:
        ArchiveDamaged: the archive was altered since it was confirmed.
        AnotherHistory: the log is not empty, and no beginning of the archive.
        StreamDrift: the log's stream is missing or wrong; nothing was written.
        LogUnavailable, LogRefused: the log does not answer or refuses; the same again goes on from there.
    """
    held = (await check(client, settings.nats_replicas)).last_sequence
    if held > last:
        raise AnotherHistory(f"the log holds {held} events, and the archive only {last}")
    await _compare(settings, _events(archive, 1, held), held)
    for file in archive.files()[:files]:
        if await described(client, file.bucket, file.sha256) is None:
            await stored(client, file.bucket, archive.content(file), file.media_type)
    told(held, last)
    for batch in _batches(_events(archive, held + 1, last)):
        await _store(client, batch)
        told(batch[-1].sequence, last)
    await _compare(settings, _events(archive, 1, last), last)


def _events(archive: Archive, first: int, last: int) -> Iterator[Record]:
    tree = Tree()
    for piece in archive.pieces():
        if piece.first > last:
            return
        # Whatever was altered since it was confirmed is found by the tree, which every piece has to make grow.
        yield from (each for each in archive.records(piece, tree) if first <= each.sequence <= last)


def _batches(events: Iterator[Record]) -> Iterator[list[Record]]:
    batch, size = list[Record](), 0
    for event in events:
        if batch and (len(batch) == BATCH_LIMIT or size + len(event.content) > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += len(event.content)
    if batch:
        yield batch


async def _store(client: Client, batch: Sequence[Record]) -> None:
    """Appends some events as one, right behind all that is there."""
    token = client.new_inbox().rpartition(".")[2]
    *others, final = batch
    first = {"Nats-Expected-Last-Sequence": str(batch[0].sequence - 1)}
    with translated():
        for place, each in enumerate(others, start=1):
            headers = {"Nats-Batch-Id": token, "Nats-Batch-Sequence": str(place), STORED_AT: each.stored_at.isoformat()}
            await client.publish(each.subject, each.content, headers=headers | (first if place == 1 else {}))
        headers = {STORED_AT: final.stored_at.isoformat(), "Nats-Expected-Stream": STREAM}
        if others:
            headers |= {"Nats-Batch-Id": token, "Nats-Batch-Sequence": str(len(batch)), "Nats-Batch-Commit": "1"}
        else:
            headers |= first
        answer = await client.request(final.subject, final.content, timeout=_TIMEOUT_SECONDS, headers=headers)
    body = json.loads(answer.data)
    if "error" in body or body["seq"] != final.sequence:
        said = body.get("error", {}).get("description", f"it came to stand at {body.get('seq')}")
        raise LogRefused(f"event {final.sequence} was not appended ({said}). Nobody else may write meanwhile.")


async def _compare(settings: NatsSettings, expected: Iterator[Record], last: int) -> None:
    """Confirms that the log gives these events up to sequence `last`.

    Raises:
        AnotherHistory: it gives another one.
    """
    async with aclosing(records(settings, 1, last)) as lists:
        async for found in lists:
            for each in found:
                wanted = next(expected, None)
                if wanted is None or (wanted.subject, wanted.content) != (each.subject, each.content):
                    raise AnotherHistory(f"event {each.sequence} of the log is not that of the archive")
