"""The organisation as it was at a place of the log."""

from contextlib import aclosing

import structlog
from nats.aio.client import Client

from shared.directory.directory import Directory
from shared.directory.live import SUBJECTS
from shared.events.catalogue import CATALOGUE, UnreadableEvent
from shared.log.follow import Follower
from shared.log.read import last_on

log = structlog.get_logger()


async def directory_at(client: Client, sequence: int) -> Directory:
    """The directory as the events up to this sequence tell it.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    directory = Directory()
    newest = [record.sequence for subject in SUBJECTS if (record := await last_on(client, subject))]
    last = min(max(newest, default=0), sequence)
    if not last:
        return directory
    async with aclosing(Follower(client, "notify-organisation", SUBJECTS).batches(0)) as batches:
        async for batch in batches:
            for record in batch:
                if record.sequence > last:
                    return directory
                try:
                    directory.apply(CATALOGUE.read(record.content).data)
                except UnreadableEvent as error:
                    log.error("unreadable_event", sequence=record.sequence, error=str(error))
            if batch[-1].sequence >= last:
                return directory
    return directory
