"""The one door through which a conclusion reaches the log: whole, once, or not at all."""

import asyncio
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Literal

import structlog
from nats.aio.client import Client

from services.intake import metrics
from services.intake.arrivals import Arrivals
from services.intake.conclude import Origin, conclude, held, published
from services.intake.meetings import LiveMeetings
from services.intake.posted import Posted, number_key
from services.intake.records import stands
from services.intake.sketch import NEARLY_THE_SAME, likeness, words_compared
from services.intake.standing import Standing
from shared.directory.directory import Directory
from shared.directory.live import LiveDirectory
from shared.directory.resolution import Resolver
from shared.events.catalogue import CATALOGUE, UnknownEvent, UnreadableEvent
from shared.events.meeting import ConclusionHeld, MeetingConcluded, Reading
from shared.events.submission import SubmissionAccepted
from shared.log.append import Entry, append
from shared.log.faults import Conflict
from shared.log.objects import ObjectWriter
from shared.log.read import next_on
from shared.log.stream import BATCH_LIMIT, PREFIX

_BATCHES_AT_ONCE = 16
"""JetStream takes at most 50 batches of one stream at a time (ADR-50); other copies of intake want theirs."""

_LARGE_FROM = 200
_LARGE_AT_ONCE = 3
"""Notices of so many directives wait for one another: each is megabytes of events while it is being published."""

_TURN_SECONDS = 0.02
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
    """Another notice of the same issuer, number and year is in force or held."""


class KeyTaken(PublicationRefused):
    """The Idempotency-Key was used for another notice."""


class ProbablyTheSame(PublicationRefused):
    """A notice that says nearly the same is in force or held: this one is probably it, in another rendering."""


class WasRevoked(PublicationRefused):
    """This very notice was in force and was revoked."""


class EventsTooLarge(Exception):
    """The notice would become more bytes of events than the log takes of one notice. Nothing was published."""


@dataclass(frozen=True, slots=True)
class Review:
    """What an office decides about doubtful readings. A doubt below `below` makes a reading doubtful; then it is
    published and marked for review, or held until a person confirms it."""

    below: float = 0.6
    doubtful: Literal["publish", "hold"] = "publish"


@dataclass(frozen=True, slots=True)
class Publication:
    """A notice in force or held, and the log's sequence at which it came to that. `sequence` is None in a dry run."""

    meeting: MeetingConcluded | ConclusionHeld
    sequence: int | None
    repeated: bool = False


class Publisher:
    """Publishes conclusions. `client` writes, `directory` says which units there are, `meetings` which notices."""

    def __init__(self, client: Client, directory: LiveDirectory, meetings: LiveMeetings, review: Review) -> None:
        self._client = client
        self._documents = ObjectWriter(client, "documents")
        self._directory = directory
        self._meetings = meetings
        self._review = review
        self._resolver: tuple[int, Resolver] | None = None
        self._room = asyncio.Semaphore(_BATCHES_AT_ONCE)
        self._large_room = asyncio.Semaphore(_LARGE_AT_ONCE)
        self._arrivals = Arrivals()

    async def preview(self, posted: Posted, origin: Origin, *, duplicate_allowed: bool = False) -> Publication:
        """What publishing would give. Refuses what publishing would refuse, and writes nothing.

        Raises: as `publish`.
        """
        posted, former = await self._placed(posted, duplicate_allowed)
        if former:
            return former
        directory = await self._directory.current()
        await self._look_up(posted, directory)
        return Publication(self._prepared(posted, directory, origin)[0], None)

    async def publish(
        self, posted: Posted, origin: Origin, *, duplicate_allowed: bool = False, hold: bool = False
    ) -> Publication:
        """Puts the conclusion in force, or holds it, or finds that this was done. `hold` holds it whatever its reading
        is worth, for a person who wants to look at it first.

        Raises:
            NumberTaken, KeyTaken, ProbablyTheSame, WasRevoked, TooManyTasks, EventsTooLarge: see there; nothing was
                published.
            LogUnavailable: all or nothing was published; the same call again finds out and completes it.
            LogRefused: the log refused; nothing is in force.
        """
        if duplicate_allowed:
            return await self._publish(posted, origin, duplicate_allowed=True, hold=hold)
        number = posted.conclusion.number
        async with self._arrivals.alone(posted.sketch, number_key(number) if number else None):
            return await self._publish(posted, origin, duplicate_allowed=False, hold=hold)

    async def _publish(self, posted: Posted, origin: Origin, *, duplicate_allowed: bool, hold: bool) -> Publication:
        placed, former = await self._placed(posted, duplicate_allowed)
        if former:
            return former
        large = len(posted.conclusion.directives) >= _LARGE_FROM
        try:
            async with self._large_room if large else nullcontext():
                return await self._append(placed, await self._directory.current(), origin, hold=hold)
        except Conflict:
            _, former = await self._placed(posted, duplicate_allowed)
            if former is None:
                raise
            return former

    def resolver(self, directory: Directory) -> Resolver:
        """A resolver of the directory as it is now; the same one as long as nothing in it changes."""
        if self._resolver is None or self._resolver[0] != directory.changes:
            self._resolver = directory.changes, Resolver(directory)
        return self._resolver[1]

    async def _append(self, posted: Posted, directory: Directory, origin: Origin, *, hold: bool) -> Publication:
        await self._look_up(posted, directory)
        meeting, entries = self._prepared(posted, directory, origin, hold=hold)
        await self._documents.stored(posted.content)  # only now: a notice that is refused leaves nothing behind
        sequence = 0
        with self._meetings.publishing(meeting.meeting_id):
            for batch in batches(entries):
                async with self._room:
                    sequence = await append(self._client, batch, closing=batch[-1] is entries[-1])
            self._meetings.published(meeting, sequence, posted.sketch)
        metrics.taken(meeting, (doubt.code for doubt in meeting.doubts))
        log.info("published", meeting=meeting.meeting_id, type=meeting.type, events=len(entries), sequence=sequence)
        return Publication(meeting, sequence)

    async def _look_up(self, posted: Posted, directory: Directory) -> None:
        """Finds what the notice's phrases mean, letting others go on meanwhile: a hostile notice has thousands of them,
        and the resolver keeps what it found."""
        resolver, clock = self.resolver(directory), asyncio.get_running_loop().time
        await asyncio.sleep(0)
        until = clock() + _TURN_SECONDS
        for directive in posted.conclusion.directives:
            for phrase in (*directive.assignees, *directive.cooperators):
                resolver.resolve(phrase)
                if clock() > until:
                    await asyncio.sleep(0)
                    until = clock() + _TURN_SECONDS

    def _prepared(
        self, posted: Posted, directory: Directory, origin: Origin, *, hold: bool = False
    ) -> tuple[MeetingConcluded | ConclusionHeld, list[Entry]]:
        meeting, tasks = conclude(posted, self.resolver(directory), self._review.below)
        found: MeetingConcluded | ConclusionHeld = meeting
        if hold or (meeting.for_review and self._review.doubtful == "hold"):
            found, entries = held(posted, meeting, origin)
        else:
            entries = published(posted, meeting, tasks, origin)
        confirm_sizes(self._client, entries)
        return found, entries

    async def _placed(self, posted: Posted, duplicate_allowed: bool) -> tuple[Posted, Publication | None]:
        """The notice under the id that it is to have, and the publication that the same one or the same key led to
        earlier."""
        submission, record = await asyncio.gather(
            self._submission(posted), next_on(self._client, f"{PREFIX}meeting.{posted.meeting_id}")
        )
        if submission and submission.fingerprint != posted.fingerprint:
            raise KeyTaken(submission.meeting_id)
        meetings = await self._meetings.current()
        if record is None:
            if bearer := meetings.bearer(posted.meeting_id):
                raise await self._taken(posted, bearer)
        else:
            known = await self._standing_at(posted.meeting_id)
            if known is not None:
                if known.first.fingerprint == posted.fingerprint and known.meeting_id == posted.meeting_id:
                    return posted, _former(known)
                if known.identity == posted.meeting_id:
                    raise await self._taken(posted, known.meeting_id)
            if bearer := meetings.bearer(posted.meeting_id):
                raise await self._taken(posted, bearer)
            posted = posted.as_unnumbered()
            if await next_on(self._client, f"{PREFIX}meeting.{posted.meeting_id}"):
                known = await self._standing_at(posted.meeting_id)
                if known is not None:
                    return posted, _former(known)
        if not duplicate_allowed:
            for candidate in meetings.candidates(posted):
                if await self._alike(posted, candidate):
                    raise ProbablyTheSame(candidate)
        return posted, None

    async def _standing_at(self, meeting_id: str) -> Standing | None:
        """The notice at an id, or the one that got its number later; None where what stands there cannot be read.

        Raises:
            UnknownEvent: a newer release wrote what stands there.
        """
        try:
            return await stands(self._client, meeting_id)
        except UnknownEvent:
            raise
        except UnreadableEvent:
            log.error("unreadable_event", subject=f"meeting.{meeting_id}")
            return None

    async def _taken(self, posted: Posted, meeting_id: str) -> PublicationRefused:
        alike = await self._alike(posted, meeting_id)
        return ProbablyTheSame(meeting_id) if alike else NumberTaken(meeting_id)

    async def _alike(self, posted: Posted, meeting_id: str) -> bool:
        known = await self._standing_at(meeting_id)
        if known is None:
            return False
        return likeness(posted.words, _words(known.first)) >= NEARLY_THE_SAME

    async def _submission(self, posted: Posted) -> SubmissionAccepted | None:
        if not posted.submission_id:
            return None
        record = await next_on(self._client, f"{PREFIX}submission.{posted.submission_id}")
        try:
            data = CATALOGUE.applicable(record.content, record.aggregate).data if record else None
        except UnknownEvent:
            raise
        except UnreadableEvent:
            log.error("unreadable_event", subject=f"submission.{posted.submission_id}")
            return None
        return data if isinstance(data, SubmissionAccepted) else None


def confirm_sizes(client: Client, entries: list[Entry]) -> None:
    """Confirms that the log takes these events.

    Raises:
        EventsTooLarge: one of them, or all together, are too large.
    """
    sizes = [len(each.content) for each in entries]
    if max(sizes) > client.max_payload - _HEADERS_BYTES or sum(sizes) > _MOST_BYTES:
        raise EventsTooLarge


def _former(known: Standing) -> Publication:
    """What the notice was first answered with: as held, or as published.

    Raises:
        WasRevoked: it is no longer in force.
    """
    if known.state == "revoked":
        raise WasRevoked(known.meeting_id)
    assert isinstance(known.first, MeetingConcluded | ConclusionHeld)
    return Publication(known.first, known.concluded or known.sequence, repeated=True)


def _words(reading: Reading) -> list[str]:
    return words_compared(reading.title, (each.text for each in reading.directives))


def batches(entries: list[Entry]) -> list[list[Entry]]:
    """The entries in atomic batches, in order, the last as full as can be: it holds the event that puts all in force,
    and whatever must not be in the log without it."""
    first = len(entries) % BATCH_LIMIT
    rest = range(first, len(entries), BATCH_LIMIT)
    return [batch for batch in (entries[:first], *(entries[start : start + BATCH_LIMIT] for start in rest)) if batch]
