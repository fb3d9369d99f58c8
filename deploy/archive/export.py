"""Writes the whole log into an archive, and goes on where it was broken off."""

from collections.abc import Callable
from contextlib import aclosing

from nats.aio.client import Client

from deploy.archive.folder import Archive, ArchiveDamaged, KeptFile, Tree, Whole
from services.tasks.ledger import issued
from shared.log.bulk import records
from shared.log.objects import BUCKETS, ObjectDamaged, fetched, listed
from shared.log.read import last_on
from shared.log.record import Record
from shared.log.stream import PREFIX, state_of, stream_info
from shared.settings import NatsSettings

PIECE_EVENTS = 10_000

Told = Callable[[int, int], None]
"""Is told how many events are there, and how many there will be."""


async def export(
    settings: NatsSettings, client: Client, archive: Archive, told: Told, piece_events: int = PIECE_EVENTS
) -> Whole:
    """Everything that was in the log when it was asked for, and every file beside it. What the archive holds already is
    confirmed, and not read again from the log. Each piece holds so many events at most.

    Raises:
        ArchiveDamaged: what the archive holds already is not what was written, or not of this log.
        ObjectDamaged: a file beside the log is not what was handed in; everything before it was written.
        GapInLog, LogUnavailable, LogRefused: the log could not be read; what came was written.
        OSError: the archive cannot be written; it is as it was before the last piece.
    """
    last = state_of(await stream_info(client)).last_sequence
    event = await last_on(client, PREFIX + issued.AGGREGATE)
    checkpoint = issued.issued_of(event.content) if event else None
    archive.reopen()
    tree = Tree(checkpoint.size if checkpoint else 0)
    newest: Record | None = None
    for piece in archive.pieces():
        newest = archive.records(piece, tree)[-1]
        told(tree.size, last)
    await _confirm(settings, newest, last)
    waiting: list[Record] = []
    async with aclosing(records(settings, tree.size + 1, last)) as lists:
        async for found in lists:
            waiting += found
            while len(waiting) >= piece_events:
                archive.add(waiting[:piece_events], tree)
                del waiting[:piece_events]
                told(tree.size, last)
    if waiting:
        archive.add(waiting, tree)
        told(tree.size, last)
    await _files(client, archive)
    if checkpoint and tree.root_at != checkpoint.root:
        raise ArchiveDamaged(
            f"the first {checkpoint.size} events do not have the root that was signed. The events were written, but "
            "the log is not what was signed; see `ketluan verify`."
        )
    return archive.close(
        tree.size, tree.root(), checkpoint.note if checkpoint else None, checkpoint.size if checkpoint else 0
    )


async def _confirm(settings: NatsSettings, newest: Record | None, last: int) -> None:
    """Confirms that an archive's newest event stands in the log."""
    if newest is None:
        return
    if newest.sequence <= last:
        async with aclosing(records(settings, newest.sequence, newest.sequence)) as lists:
            async for (found,) in lists:
                if (found.subject, found.content) == (newest.subject, newest.content):
                    return
    raise ArchiveDamaged(f"the archive's event {newest.sequence} is not in this log: it is an archive of another one.")


async def _files(client: Client, archive: Archive) -> None:
    """Writes the files that the archive lacks."""
    held = {(each.bucket, each.sha256) for each in archive.files()}
    for bucket in BUCKETS:
        if bucket == "retired":
            # Its events are in the archive already, each at its own place.
            continue
        async with aclosing(listed(client, bucket)) as every:
            async for sha256, description in every:
                if (bucket, sha256) in held:
                    continue
                content = await fetched(client, bucket, sha256)
                if content is None:
                    raise ObjectDamaged(f"the file {sha256} in {bucket} is gone")
                file = KeptFile(bucket=bucket, sha256=sha256, size=len(content), media_type=description.media_type)
                archive.add_file(file, content)
