"""The directory with the place of each unit and person in the log: what a decision to change them rests on."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import NamedTuple

import structlog
from nats.aio.client import Client

from shared.directory.directory import Directory
from shared.directory.live import SUBJECTS
from shared.events.catalogue import CATALOGUE, UnreadableEvent
from shared.log.faults import LogUnavailable
from shared.log.follow import Follower
from shared.log.read import last_on
from shared.log.record import Record

_PATIENCE_SECONDS = 5.0

log = structlog.get_logger()


class Tail(NamedTuple):
    """Where an aggregate's newest event stands in the log, and its version; zeros where there is none."""

    sequence: int = 0
    version: int = 0


@dataclass
class Fold:
    """Units and people as the events taken in tell, and the tail of each of them."""

    directory: Directory = field(default_factory=Directory)
    tails: dict[str, Tail] = field(default_factory=dict)

    def tail(self, aggregate: str) -> Tail:
        """Where an aggregate stood, such as `unit.van-phong`."""
        return self.tails.get(aggregate, Tail())

    def take(self, record: Record) -> None:
        """Takes one event in. One that cannot be read changes nothing, and counts all the same."""
        version = self.tail(record.aggregate).version + 1
        try:
            event = CATALOGUE.read(record.content)
        except UnreadableEvent as error:
            log.error("unreadable_event", sequence=record.sequence, error=str(error))
        else:
            version = event.envelope.aggregateversion
            self.directory.apply(event.data)
        self.tails[record.aggregate] = Tail(record.sequence, version)


async def folded(client: Client) -> Fold:
    """Everything about units and people that the log held when this was called.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, falls silent on the way, or refuses.
    """
    fold = Fold()
    newest = await asyncio.gather(*(last_on(client, subject) for subject in SUBJECTS))
    last = max((record.sequence for record in newest if record), default=0)
    if not last:
        return fold
    clock = asyncio.get_running_loop().time
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS) as patience:
            async with aclosing(Follower(client, "directory-fold", SUBJECTS).batches(0)) as batches:
                async for batch in batches:
                    for record in batch:
                        fold.take(record)
                    if batch[-1].sequence >= last:
                        break
                    patience.reschedule(clock() + _PATIENCE_SECONDS)
    except TimeoutError as error:
        raise LogUnavailable(f"the log fell silent for {_PATIENCE_SECONDS:.0f} s while it was read") from error
    return fold
