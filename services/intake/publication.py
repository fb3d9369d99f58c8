"""The one door through which a conclusion reaches the log: whole, once, or not at all."""

import asyncio
from contextlib import nullcontext
from dataclasses import dataclass

import structlog
from nats.aio.client import Client

from services.intake.conclude import Origin, Posted, conclude, published
from shared.directory.directory import Directory
from shared.directory.live import LiveDirectory
from shared.events.catalogue import CATALOGUE, EventData, Unknown, UnreadableEvent
from shared.events.meeting import MeetingConcluded
from shared.events.submission import SubmissionAccepted
from shared.log.append import Entry, append
from shared.log.faults import Conflict
from shared.log.read import next_on
from shared.log.stream import BATCH_LIMIT, PREFIX

_BATCHES_AT_ONCE = 16
"""JetStream takes at most 50 batches of one stream at a time (ADR-50); other copies of intake want theirs."""

_LARGE_FROM = 200
_LARGE_AT_ONCE = 3
"""Notices of so many directives wait for one another: each is megabytes of events while it is being published."""

_MOST_BYTES = 64 * 1024 * 1024
_HEADERS_BYTES = 1024
"""What the server counts beside an event's own bytes; past its limit it closes the connection."""

log = structlog.get_logger()


class PublicationRefused(Exception):
    """The log holds something that forbids this publication. Nothing was published."""

    def __init__(self, meeting_id: str) -> None:
        super().__init__(meeting_id)
        self.meeting_id = meeting_id


class NumberTaken(PublicationRefused):
    """Another notice of the same issuer, number and year is in force."""


class KeyTaken(PublicationRefused):
    """The Idempotency-Key was used for another notice."""


class EventsTooLarge(Exception):
    """The notice would become more bytes of events than the log takes of one notice. Nothing was published."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A meeting in force, and the log's sequence at which it came into force. `sequence` is None in a dry run."""

    meeting: MeetingConcluded
    sequence: int | None
    repeated: bool = False


class Publisher:
    """Publishes conclusions. `client` writes, `directory` says which units there are."""

    def __init__(self, client: Client, directory: LiveDirectory) -> None:
        self._client = client
        self._directory = directory
        self._room = asyncio.Semaphore(_BATCHES_AT_ONCE)
        self._large_room = asyncio.Semaphore(_LARGE_AT_ONCE)

    async def preview(self, posted: Posted, origin: Origin) -> Publication:
        """What publishing would give. Refuses what publishing would refuse, and writes nothing.

        Raises: as `publish`.
        """
        former, directory = await asyncio.gather(self._former(posted), self._directory.current())
        return former or Publication(self._prepared(posted, directory, origin)[0], None)

    async def publish(self, posted: Posted, origin: Origin) -> Publication:
        """Puts the conclusion in force, or finds that it is.

        Raises:
            NumberTaken, KeyTaken, TooManyTasks, EventsTooLarge: see there; nothing was published.
            LogUnavailable: all or nothing was published; the same call again finds out and completes it.
            LogRefused: the log refused; nothing is in force.
        """
        former, directory = await asyncio.gather(self._former(posted), self._directory.current())
        if former:
            return former
        large = len(posted.conclusion.directives) >= _LARGE_FROM
        try:
            async with self._large_room if large else nullcontext():
                return await self._append(posted, directory, origin)
        except Conflict:
            former = await self._former(posted)
            if former is None:
                raise
            return former

    async def _append(self, posted: Posted, directory: Directory, origin: Origin) -> Publication:
        meeting, entries = self._prepared(posted, directory, origin)
        sequence = 0
        for batch in batches(entries):
            async with self._room:
                sequence = await append(self._client, batch, closing=batch[-1] is entries[-1])
        log.info("published", meeting=meeting.meeting_id, events=len(entries), sequence=sequence)
        return Publication(meeting, sequence)

    def _prepared(self, posted: Posted, directory: Directory, origin: Origin) -> tuple[MeetingConcluded, list[Entry]]:
        meeting, tasks = conclude(posted, directory)
        entries = published(posted, meeting, tasks, origin)
        sizes = [len(each.content) for each in entries]
        if max(sizes) > self._client.max_payload - _HEADERS_BYTES or sum(sizes) > _MOST_BYTES:
            raise EventsTooLarge
        return meeting, entries

    async def _former(self, posted: Posted) -> Publication | None:
        """The publication that the same notice or the same key led to earlier."""
        (concluded, sequence), (submission, _) = await asyncio.gather(
            self._first(f"meeting.{posted.meeting_id}"),
            self._first(f"submission.{posted.submission_id}") if posted.submission_id else _nothing(),
        )
        if isinstance(submission, SubmissionAccepted) and submission.fingerprint != posted.fingerprint:
            raise KeyTaken(submission.meeting_id)
        if not isinstance(concluded, MeetingConcluded):
            return None
        if concluded.fingerprint != posted.fingerprint:
            raise NumberTaken(concluded.meeting_id)
        return Publication(concluded, sequence, repeated=True)

    async def _first(self, aggregate: str) -> tuple[EventData | Unknown | None, int]:
        record = await next_on(self._client, PREFIX + aggregate)
        try:
            return (CATALOGUE.read(record.content).data, record.sequence) if record else (None, 0)
        except UnreadableEvent:
            log.error("unreadable_event", subject=aggregate)
            return None, 0


async def _nothing() -> tuple[None, int]:
    return None, 0


def batches(entries: list[Entry]) -> list[list[Entry]]:
    """The entries in atomic batches, in order, the last as full as can be: it holds MeetingConcluded, which puts all
    in force, and whatever must not be in the log without it."""
    first = len(entries) % BATCH_LIMIT
    rest = range(first, len(entries), BATCH_LIMIT)
    return [batch for batch in (entries[:first], *(entries[start : start + BATCH_LIMIT] for start in rest)) if batch]
