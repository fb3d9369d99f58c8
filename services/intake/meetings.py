"""The notices that the log holds, kept current in memory: their numbers, states and sketches, never their texts."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain

import structlog
from nats.aio.client import Client

from services.intake.posted import Posted, fields_given, identity, number_key
from services.intake.sketch import sketch, words_compared
from services.intake.standing import State, identity_of
from shared.events.catalogue import CATALOGUE, Event, UnreadableEvent
from shared.events.fields import Day
from shared.events.meeting import (
    ConclusionCorrected,
    ConclusionHeld,
    ConclusionReviewed,
    ConclusionRevoked,
    CorrectedFields,
    Directive,
    MeetingConcluded,
)
from shared.log.faults import LogUnavailable
from shared.log.follow import Follower
from shared.log.record import Record
from shared.telemetry.correlation import correlation_of

SUBJECT = "log.meeting.*"
_PATIENCE_SECONDS = 3.0
_LOOK_AGAIN_SECONDS = 0.005
_LONGEST_TITLE = 300
_MOST_CANDIDATES = 50

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class KnownMeeting:
    """What is kept of a notice. `arrived` is the log's sequence of its first event, `version` that of its last, and
    `unit_ids` are the units that it ever laid a duty on, alone or with others."""

    meeting_id: str
    state: State
    arrived: int
    version: int
    title: str
    issuer: str | None
    number: str | None
    issued_on: Day | None
    held_on: Day | None
    identity: str | None
    doubts: int
    sketch: tuple[int, ...]
    unit_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A document, its media type and file name when it was first posted, and the notices that came in it."""

    sha256: str
    media_type: str
    name: str | None
    meeting_ids: frozenset[str] = frozenset()


@dataclass
class Meetings:
    """Every notice by its id, by the notice that its number makes it, and by its sketch."""

    by_id: dict[str, KnownMeeting] = field(default_factory=dict)
    documents: dict[str, KnownDocument] = field(default_factory=dict)
    _by_identity: dict[str, str] = field(default_factory=dict)
    _unnumbered: dict[int, dict[str, None]] = field(default_factory=dict)
    _numbered: dict[int, dict[str, None]] = field(default_factory=dict)
    _by_number: dict[str, dict[str, None]] = field(default_factory=dict)

    def take(self, record: Record) -> None:
        """Takes one event in; one that cannot be read changes nothing."""
        try:
            event = CATALOGUE.applicable(record.content, record.aggregate)
        except UnreadableEvent as error:
            correlation_id = correlation_of(record.content)
            log.error("unreadable_event", sequence=record.sequence, error=str(error), correlation_id=correlation_id)
            return
        self._apply(event, record.sequence)

    def _apply(self, event: Event, sequence: int) -> None:
        data, version = event.data, event.envelope.aggregateversion
        if isinstance(data, ConclusionHeld | MeetingConcluded):
            self.know(data, sequence, version)
            return
        known = self.by_id.get(event.envelope.subject.removeprefix("meeting."))
        if known is None:
            return
        known = replace(known, version=version)
        match data:
            case ConclusionReviewed():
                known = replace(known, state="published" if known.state == "doubtful" else known.state)
            case ConclusionRevoked():
                known = replace(known, state="revoked", identity=None)
            case ConclusionCorrected():
                known = _renamed(known, data.fields)
                known = replace(known, unit_ids=known.unit_ids | _units_in(data.directives))
            case _:
                pass
        self._put(known)

    def know(
        self,
        data: ConclusionHeld | MeetingConcluded,
        sequence: int,
        version: int = 1,
        drawn: tuple[int, ...] | None = None,
    ) -> None:
        """Takes in a notice that came to stand at this sequence of the log; `drawn` is its sketch, if that is known."""
        document = data.document
        known = self.documents.get(document.sha256) or KnownDocument(
            document.sha256, document.media_type, document.name
        )
        self.documents[document.sha256] = replace(known, meeting_ids=known.meeting_ids | {data.meeting_id})
        if drawn is None:
            drawn = sketch(words_compared(data.title, (each.text for each in data.directives)))
        self._put(_known(data, self.by_id.get(data.meeting_id), sequence, version, drawn))

    def _put(self, known: KnownMeeting) -> None:
        if former := self.by_id.get(known.meeting_id):
            self._forget(former)
        self.by_id[known.meeting_id] = known
        if known.identity:
            self._by_identity[known.identity] = known.meeting_id
        if known.state == "revoked":
            return
        for band in known.sketch:
            (self._numbered if known.number else self._unnumbered).setdefault(band, {})[known.meeting_id] = None
        if known.number:
            self._by_number.setdefault(number_key(known.number), {})[known.meeting_id] = None

    def _forget(self, known: KnownMeeting) -> None:
        if known.identity and self._by_identity.get(known.identity) == known.meeting_id:
            del self._by_identity[known.identity]
        for band in known.sketch:
            (self._numbered if known.number else self._unnumbered).get(band, {}).pop(known.meeting_id, None)
        if known.number:
            self._by_number.get(number_key(known.number), {}).pop(known.meeting_id, None)

    def concerns(self, sha256: str, unit_ids: frozenset[str]) -> bool:
        """Whether one of the notices that came in this document concerns one of these units."""
        known = self.documents.get(sha256)
        return known is not None and any(self.by_id[each].unit_ids & unit_ids for each in known.meeting_ids)

    def bearer(self, identity: str | None) -> str | None:
        """The id of the notice in force, or held, that bears the number which makes this identity."""
        return self._by_identity.get(identity) if identity else None

    def candidates(self, posted: Posted) -> list[str]:
        """Ids of the notices that may be this one in another rendering, the newest first.

        Two numbers that differ, or two days that do, make two notices, whatever they say; under the same number in the
        same year, days may have been misread.
        """
        conclusion = posted.conclusion
        bands = posted.sketch
        if conclusion.number:
            same_number = self._by_number.get(number_key(conclusion.number), {})
            found = dict.fromkeys(chain(same_number, *(self._unnumbered.get(band, {}) for band in bands)))
        else:
            tables = (self._unnumbered, self._numbered)
            found = dict.fromkeys(chain.from_iterable(table.get(band, {}) for band in bands for table in tables))
        found.pop(posted.meeting_id, None)
        likely = [each for each in map(self.by_id.__getitem__, found) if _may_be(each, posted)]
        likely.sort(key=lambda each: -each.arrived)
        return [each.meeting_id for each in likely[:_MOST_CANDIDATES]]

    def listed(self, states: Iterable[State], before: int | None, limit: int) -> list[KnownMeeting]:
        """The notices of these states that arrived before a sequence, the newest first."""
        wanted = frozenset(states)
        found = [m for m in self.by_id.values() if m.state in wanted and (before is None or m.arrived < before)]
        found.sort(key=lambda each: -each.arrived)
        return found[:limit]


def _known(
    data: ConclusionHeld | MeetingConcluded,
    former: KnownMeeting | None,
    sequence: int,
    version: int,
    drawn: tuple[int, ...],
) -> KnownMeeting:
    held = isinstance(data, ConclusionHeld)
    return KnownMeeting(
        meeting_id=data.meeting_id,
        state="held" if held else "doubtful" if data.for_review else "published",
        arrived=former.arrived if former else sequence,
        version=version,
        title=data.title[:_LONGEST_TITLE],
        issuer=data.issuer,
        number=data.number,
        issued_on=data.issued_on,
        held_on=data.held_on,
        identity=identity_of(data),
        doubts=len(data.doubts),
        sketch=drawn,
        unit_ids=_units_in(data.directives),
    )


def _units_in(directives: Iterable[Directive]) -> frozenset[str]:
    responsible = (t.unit.id for each in directives for assignee in each.assignees for t in assignee.tasks)
    cooperating = (named.unit for each in directives for named in each.cooperators if named.unit)
    return frozenset(chain(responsible, cooperating))


def _renamed(known: KnownMeeting, fields: CorrectedFields) -> KnownMeeting:
    given = {name: value for name, value in fields_given(fields).items() if name in KnownMeeting.__slots__}
    if "title" in given:
        given["title"] = str(given["title"])[:_LONGEST_TITLE]
    changed = replace(known, **given)  # type: ignore[arg-type]
    if changed.state == "revoked":
        return changed
    return replace(changed, identity=identity(changed.issuer, changed.number, changed.issued_on, changed.held_on))


def _may_be(known: KnownMeeting, posted: Posted) -> bool:
    conclusion = posted.conclusion
    days = ((conclusion.issued_on, known.issued_on), (conclusion.held_on, known.held_on))
    both = [(one, other) for one, other in days if one and other]
    if conclusion.number and known.number:
        same_number = number_key(conclusion.number) == number_key(known.number)
        return same_number and all(one.year == other.year for one, other in both)
    return all(one == other for one, other in both)


@dataclass
class LiveMeetings:
    """Follows the events of meetings. `meetings` is what they tell so far."""

    client: Client
    meetings: Meetings = field(default_factory=Meetings)
    _written: int = 0
    _publishing: dict[str, asyncio.Event] = field(default_factory=dict)
    _published: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.follower = Follower(self.client, "intake-meetings", (SUBJECT,))

    async def run(self, created: str) -> None:
        """Follows for ever the stream that was made at this time.

        Raises:
            AnotherLog: the stream was replaced. What was read of it is worth nothing; the process has to begin anew.
        """
        async for batch in self.follower.batches(self.follower.position, created):
            for record in batch:
                if publishing := self._publishing.get(record.aggregate):
                    await publishing.wait()
                if record.sequence in self._published:
                    continue
                self.meetings.take(record)
                await asyncio.sleep(0)
            self._published = {each for each in self._published if each > batch[-1].sequence}

    def wrote(self, sequence: int) -> None:
        """Notes the log's sequence of a meeting's event that this process appended."""
        self._written = max(self._written, sequence)

    @contextmanager
    def publishing(self, meeting_id: str) -> Iterator[None]:
        """While this process appends a notice, its events are not read back: `published` may make that needless."""
        aggregate, ended = f"meeting.{meeting_id}", asyncio.Event()
        self._publishing[aggregate] = ended
        try:
            yield
        finally:
            ended.set()
            if self._publishing.get(aggregate) is ended:
                del self._publishing[aggregate]

    def published(self, reading: ConclusionHeld | MeetingConcluded, sequence: int, drawn: tuple[int, ...]) -> None:
        """Takes in a notice that this process appended at a sequence, so that it need not be read again."""
        if self.follower.position < sequence:
            self._published.add(sequence)
            self.meetings.know(reading, sequence, drawn=drawn)

    async def current(self) -> Meetings:
        """The notices with everything in them that this process wrote; what others write comes milliseconds later.

        Raises:
            LogUnavailable: the follower did not catch up in time.
        """
        started = time.monotonic()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while self.follower.position < self._written or not self.follower.caught_up:  # noqa: ASYNC110 - hardly ever true
                    await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        except TimeoutError as error:
            waited = time.monotonic() - started
            raise LogUnavailable(f"the notices are not caught up after {waited:.0f} s") from error
        return self.meetings
