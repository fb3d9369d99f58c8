"""The organisation as it was at a place of the log."""

import asyncio
from bisect import bisect_right
from contextlib import aclosing
from dataclasses import dataclass, field

import structlog
from nats.aio.client import Client

from shared.directory.directory import Directory
from shared.directory.live import SUBJECTS
from shared.events.catalogue import CATALOGUE, EventData, Unknown, UnreadableEvent
from shared.log.follow import Follower
from shared.log.read import last_on

log = structlog.get_logger()


@dataclass
class Organisation:
    """The directory at any place of the log. Its events are read once and kept, since whoever may ask why they were
    told may ask often, and in a large organisation reading them takes seconds."""

    client: Client
    _sequences: list[int] = field(default_factory=list)
    _events: list[EventData | Unknown] = field(default_factory=list)
    _read_to: int = 0
    _built: tuple[int, Directory] = field(default_factory=lambda: (0, Directory()))
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def at(self, sequence: int) -> Directory:
        """The directory as the events up to this sequence tell it. It is shared: nobody may change it.

        Raises:
            LogUnavailable, LogRefused: the log does not answer, or refuses.
        """
        async with self._reading:
            await self._read(sequence)
        told = bisect_right(self._sequences, sequence)
        if self._built[0] != told:
            directory = Directory()
            for data in self._events[:told]:
                directory.apply(data)
            self._built = (told, directory)
        return self._built[1]

    async def _read(self, sequence: int) -> None:
        """Reads on as far as to this sequence. Whoever gives up meanwhile leaves what was read to the next."""
        if sequence <= self._read_to:
            return
        newest = [record.sequence for subject in SUBJECTS if (record := await last_on(self.client, subject))]
        last = min(max(newest, default=0), sequence)
        if last <= self._read_to:
            return
        async with aclosing(Follower(self.client, "notify-organisation", SUBJECTS).batches(self._read_to)) as batches:
            async for batch in batches:
                for record in batch:
                    try:
                        data = CATALOGUE.read(record.content).data
                    except UnreadableEvent as error:
                        log.error("unreadable_event", sequence=record.sequence, error=str(error))
                    else:
                        self._sequences.append(record.sequence)
                        self._events.append(data)
                    self._read_to = record.sequence
                if self._read_to >= last:
                    return


async def directory_at(client: Client, sequence: int) -> Directory:
    """The directory as the events up to this sequence tell it, for whoever changes it from there on.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    return await Organisation(client).at(sequence)
