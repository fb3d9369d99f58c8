"""`ketluan directory import`: a file of units and people becomes the events that the log lacks."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import httpx
from nats.aio.client import Client

from shared.directory.changes import Change, changes
from shared.directory.directory import Directory
from shared.directory.file import DirectoryFile, PersonEntry
from shared.directory.live import LiveDirectory
from shared.directory.write import write
from shared.log.connect import broker, connected
from shared.log.faults import Conflict
from shared.log.stream import check
from shared.settings import NatsSettings

ACTOR = "administrator"

_ATTEMPTS = 5
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote: the changes, and how many events they were."""

    changes: tuple[Change, ...]
    events: int


async def import_directory(settings: NatsSettings, file: DirectoryFile) -> Imported:
    """Appends what the log lacks of the file; the same file again appends nothing.

    Raises:
        UnknownUnit: the file names a unit that nobody knows; nothing was written.
        StreamDrift, LogUnavailable, LogRefused, Conflict: the log does not take it; importing again completes it.
    """
    nats_broker = broker(settings, "ketluan-directory")
    client = await connected(nats_broker)
    try:
        await check(client, settings.nats_replicas)
        written: list[Change] = []
        events = 0
        for attempt in range(1, _ATTEMPTS + 1):
            missing = changes(file, await _directory(client))
            try:
                events += await write(client, missing, ACTOR)
            except Conflict:
                if attempt == _ATTEMPTS:
                    raise
                continue
            written += missing
            break
        return Imported(tuple(written), events)
    finally:
        await nats_broker.stop()


async def _directory(client: Client) -> Directory:
    live = LiveDirectory(client, "directory-import")
    following = asyncio.create_task(live.run())
    try:
        return await live.current()
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def put_contacts(public_url: str, people: Iterable[PersonEntry]) -> int:
    """Gives the notify service the addresses of the file, and says how many it took. They never enter the log.

    Raises:
        httpx.HTTPError: the service does not answer or refuses; doing it again is safe.
    """
    room = asyncio.Semaphore(_AT_ONCE)
    async with httpx.AsyncClient(base_url=public_url, timeout=10) as client:

        async def put(person: PersonEntry) -> None:
            async with room:
                answer = await client.put(f"/v1/contacts/{person.id}", json={"mail": person.mail})
                answer.raise_for_status()

        reachable = [person for person in people if person.mail]
        await asyncio.gather(*(put(person) for person in reachable))
    return len(reachable)
