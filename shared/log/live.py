"""What some subjects of the log tell, kept current in a process's memory."""

import asyncio
import time
from collections.abc import Callable

import structlog
from nats.aio.client import Client

from shared.events.catalogue import CATALOGUE, Event, UnknownEvent, UnreadableEvent
from shared.log.faults import LogUnavailable
from shared.log.follow import Follower
from shared.log.read import last_on
from shared.telemetry.correlation import correlation_of

_PATIENCE_SECONDS = 3.0
_LOOK_AGAIN_SECONDS = 0.01

log = structlog.get_logger()

Take = Callable[[Event, int], None]
"""Takes in an event and its sequence."""

TakeUnknown = Callable[[str, UnknownEvent], None]
"""Takes in that a newer release wrote of an aggregate."""


class LiveFold:
    """Follows some subjects, and hands each event to `take`, or to `unknown` where only a newer release knows it.
    `name` names the follower on the server."""

    def __init__(
        self,
        client: Client,
        name: str,
        subjects: tuple[str, ...],
        take: Take,
        unknown: TakeUnknown = lambda *_: None,
    ) -> None:
        self._client = client
        self._subjects = subjects
        self._take = take
        self._unknown = unknown
        self.follower = Follower(client, name, subjects)

    async def run(self, created: str) -> None:
        """Follows for ever the stream that was made at this time.

        Raises:
            AnotherLog: the stream was replaced. What was read of it is worth nothing; the process has to begin anew.
        """
        async for batch in self.follower.batches(self.follower.position, created):
            for record in batch:
                try:
                    self._take(CATALOGUE.applicable(record.content, record.aggregate), record.sequence)
                except UnknownEvent as error:
                    log.warning("event_of_newer_release", sequence=record.sequence, type=error.event_type)
                    self._unknown(record.aggregate, error)
                except UnreadableEvent as error:
                    correlation_id = correlation_of(record.content)
                    log.error(
                        "unreadable_event", sequence=record.sequence, error=str(error), correlation_id=correlation_id
                    )

    async def caught_up(self) -> None:
        """Returns once everything was taken in that the log's leader held when this was called.

        Raises:
            LogUnavailable: the log does not answer, or the follower did not catch up in time.
        """
        newest = await asyncio.gather(*(last_on(self._client, subject) for subject in self._subjects))
        wanted = max((record.sequence for record in newest if record), default=0)
        started = time.monotonic()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while self.follower.position < wanted or not self.follower.caught_up:  # noqa: ASYNC110 - hardly ever true
                    await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        except TimeoutError as error:
            waited = time.monotonic() - started
            raise LogUnavailable(f"{self.follower.name} is not caught up after {waited:.0f} s") from error
