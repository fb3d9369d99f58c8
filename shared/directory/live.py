"""The directory kept current in a process's memory."""

import asyncio
import time
from dataclasses import dataclass, field

import structlog
from nats.aio.client import Client

from shared.directory.directory import Directory
from shared.events.catalogue import CATALOGUE, UnreadableEvent
from shared.log.faults import LogUnavailable
from shared.log.follow import Follower
from shared.log.read import last_on

SUBJECTS = ("log.unit.*", "log.person.*")
_PATIENCE_SECONDS = 3.0
_LOOK_AGAIN_SECONDS = 0.01

log = structlog.get_logger()


@dataclass
class LiveDirectory:
    """Follows the events of units and people. `directory` is what they tell so far."""

    client: Client
    name: str
    directory: Directory = field(default_factory=Directory)

    def __post_init__(self) -> None:
        self.follower = Follower(self.client, f"{self.name}-directory", SUBJECTS)

    async def run(self, created: str) -> None:
        """Follows for ever the stream that was made at this time.

        Raises:
            AnotherLog: the stream was replaced. What was read of it is worth nothing; the process has to begin anew.
        """
        async for batch in self.follower.batches(self.follower.position, created):
            for record in batch:
                try:
                    self.directory.apply(CATALOGUE.read(record.content).data)
                except UnreadableEvent as error:
                    log.error("unreadable_event", sequence=record.sequence, error=str(error))

    async def current(self) -> Directory:
        """The directory with everything in it that the log held when this was called.

        Raises:
            LogUnavailable: the log does not answer, or the follower did not catch up in time.
        """
        newest = await asyncio.gather(*(last_on(self.client, subject) for subject in SUBJECTS))
        wanted = max((record.sequence for record in newest if record), default=0)
        started = time.monotonic()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while self.follower.position < wanted or not self.follower.caught_up:  # noqa: ASYNC110 - hardly ever true
                    await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        except TimeoutError as error:
            waited = time.monotonic() - started
            raise LogUnavailable(f"the directory is not caught up after {waited:.0f} s") from error
        return self.directory
