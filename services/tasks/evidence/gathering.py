"""Gathers what makes a bundle of evidence: events and hashes from the ledger, files from where they are kept."""

import asyncio
from dataclasses import replace

from nats.aio.client import Client
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.evidence import selection
from services.tasks.evidence.bundle import Asked, Contents, Earlier, Part, sealed
from services.tasks.evidence.proof import ranges_without
from services.tasks.evidence.report import Report
from services.tasks.evidence.verifier import verify as form
from services.tasks.ledger import issued, store
from services.tasks.ledger.issued import Issued
from services.tasks.ledger.keys import SigningKey
from services.tasks.ledger.tree import Range, consistency_ranges, root_of
from shared.log.objects import Bucket, fetched

_EARLIER = 32
"""Most earlier checkpoints that a bundle is joined to."""


async def gathered(
    connection: AsyncConnection, client: Client, key: SigningKey, checkpoint: Issued, asked: Asked, zone: str
) -> dict[str, Part]:
    """The files of a bundle as of a checkpoint, sealed with a key; `zone` counts the days of its report.

    Raises:
        TooMuch: it would hold too many events.
        BeyondTheLedger: the ledger does not hold what the checkpoint covers.
        ObjectDamaged, LogUnavailable, LogRefused: a file that belongs to it could not be read.
    """
    asked = replace(asked, matter=asked.matter.within(checkpoint.size))
    chosen = [each for each in await selection.sequences_of(connection, asked.matter) if each <= checkpoint.size]
    contents = Contents(Report(asked.matter, checkpoint, zone))
    async for record in selection.records_at(connection, chosen):
        contents.take(record)
    around = ranges_without([each - 1 for each in chosen], checkpoint.size)
    hashes = await _hashes(connection, around, checkpoint.size)
    before = await issued.before(connection, checkpoint.size, _EARLIER)
    earlier = [Earlier(each.note, await _joining(connection, each.size, checkpoint.size)) for each in before]
    files = await _files(client, contents, asked.attachments)
    # Setting the report's pages takes a second where they are many.
    return await asyncio.to_thread(sealed, contents, key, checkpoint, asked, hashes, earlier, files)


async def _files(client: Client, contents: Contents, attachments: bool) -> dict[str, bytes | None]:
    wanted: list[tuple[str, Bucket, str]] = [(form.DOCUMENTS, "documents", each) for each in contents.documents]
    if attachments:
        wanted += [(form.ATTACHMENTS, "attachments", each) for each in contents.attachments]
    return {folder + sha256: await fetched(client, bucket, sha256) for folder, bucket, sha256 in sorted(wanted)}


async def _joining(connection: AsyncConnection, old: int, new: int) -> list[str]:
    return await _hashes(connection, consistency_ranges(old, new), new)


async def _hashes(connection: AsyncConnection, ranges: list[Range], size: int) -> list[str]:
    look = await store.looker(connection, ranges, size)
    return [root_of(leaves, look).hex() for leaves in ranges]
