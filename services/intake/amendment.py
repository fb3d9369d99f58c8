"""The door through which a person confirms, corrects, reviews or revokes a notice: one atomic batch, or as many as a
large notice takes, the last of which holds the event that says so."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from nats.aio.client import Client

from services.intake.changes import Confirmation, Correction, Revocation
from services.intake.conclude import Origin, begun
from services.intake.correct import confirmation, correction
from services.intake.effects import Plan
from services.intake.meetings import LiveMeetings
from services.intake.publication import NumberTaken, Publisher, batches, confirm_sizes
from services.intake.records import events_of, stands, tasks_standing
from services.intake.standing import Standing
from services.intake.taskstate import TaskStanding
from shared.directory.live import LiveDirectory
from shared.events.catalogue import CATALOGUE, EventData
from shared.events.envelope import event_content
from shared.events.fields import derived_id
from shared.events.meeting import (
    ConclusionCorrected,
    ConclusionReviewed,
    ConclusionRevoked,
    Directive,
)
from shared.events.task import TaskCancelled
from shared.log.append import Entry, append
from shared.log.faults import Conflict, LogUnavailable
from shared.log.read import last_on
from shared.log.stream import BATCH_LIMIT, PREFIX

_ATTEMPTS = 5
_MOST_ALIASES = BATCH_LIMIT // 2

log = structlog.get_logger()


class NoSuchNotice(Exception):
    """No notice has this id."""


class AnotherVersion(Exception):
    """The notice is at another version than the one that was asked to be changed. Nothing was changed."""

    def __init__(self, known: Standing) -> None:
        super().__init__(known.version)
        self.known = known


class NotInThisState(Exception):
    """What was asked cannot be done with a notice in this state. Nothing was changed."""

    def __init__(self, known: Standing) -> None:
        super().__init__(known.state)
        self.known = known


class ChangesTooMuch(Exception):
    """The change would be more events than one atomic batch holds. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Amended:
    """The notice as it stands after it was changed. `repeated` says that this very change was made before."""

    known: Standing
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """Which notice, at which version of it, is to be changed by whom; `body` is what makes two requests the same."""

    meeting_id: str
    version: int
    body: bytes
    origin: Origin

    def seed(self, verb: str) -> str:
        """What goes into the ids of everything that the request leads to."""
        digest = hashlib.sha256(self.body).hexdigest()
        return derived_id("amendment", verb, self.meeting_id, self.version, digest)


class Amender:
    """Changes notices that stand in the log. Each change is known by its ids, so making it again does nothing."""

    def __init__(self, client: Client, directory: LiveDirectory, meetings: LiveMeetings, publisher: Publisher) -> None:
        self._client = client
        self._directory = directory
        self._meetings = meetings
        self._publisher = publisher

    async def stands(self, meeting_id: str) -> Standing:
        """The notice as it stands now.

        Raises:
            NoSuchNotice: there is none.
            LogUnavailable, LogRefused, UnreadableEvent: the log does not give it.
        """
        known = await stands(self._client, meeting_id)
        if known is None:
            raise NoSuchNotice
        return known

    async def confirm(self, request: Request, changes: Confirmation) -> Amended:
        """Puts a held notice in force, with what a person changed in it.

        Raises:
            NoSuchNotice, AnotherVersion, NotInThisState, NumberTaken, ChangesTooMuch, UnknownDirective,
                UnknownMeantUnit, TooManyTasks, EventsTooLarge: see there; nothing was changed.
            LogUnavailable: all or nothing was changed; the same call again finds out.
            LogRefused: the log refused; nothing was changed.
        """
        seed = request.seed("confirm")
        for _ in range(_ATTEMPTS):
            known, repeated = await self._known(request, seed)
            if repeated:
                return Amended(known, repeated=True)
            if known.state != "held":
                raise NotInThisState(known)
            resolver = self._publisher.resolver(await self._directory.current())
            concluded, tasks, plan = confirmation(known, changes, resolver, seed)
            chain = request.origin.chain()
            effects = [begun(f"task.{task.task_id}", task, "", chain) for task in tasks]
            besides = await self._besides(plan, request.origin, seed)
            entries = [*effects, *besides, self._on_meeting(known, concluded, seed, request.origin)]
            if await self._appended(entries):
                return Amended(await self.stands(known.meeting_id))
        raise LogUnavailable("others kept on changing the same notice or units")

    async def correct(self, request: Request, changes: Correction) -> Amended:
        """Corrects a notice in force: what it says, and what that does to its tasks, in one batch.

        Raises: as `confirm`.
        """
        seed = request.seed("correct")
        for _ in range(_ATTEMPTS):
            known, repeated = await self._known(request, seed)
            if repeated:
                return Amended(known, repeated=True)
            if known.state not in {"published", "doubtful"}:
                raise NotInThisState(known)
            named = {each.id for each in changes.directives} | set(changes.withdrawn)
            ids = _task_ids([each for each in known.reading.directives if each.id in named])
            resolver = self._publisher.resolver(await self._directory.current())
            tasks = await tasks_standing(self._client, ids)
            plan = correction(known, changes, tasks, resolver, changes.reason, seed)
            corrected = ConclusionCorrected(
                meeting_id=known.meeting_id,
                reason=changes.reason,
                fields=changes.fields,
                directives=tuple(plan.directives),
                withdrawn=plan.withdrawn,
            )
            entries = [
                *_effects(plan, tasks, seed, request.origin),
                *await self._besides(plan, request.origin, seed),
                self._on_meeting(known, corrected, seed, request.origin),
            ]
            if len(entries) > BATCH_LIMIT:
                raise ChangesTooMuch
            if await self._appended(entries):
                return Amended(await self.stands(known.meeting_id))
        raise LogUnavailable("others kept on changing the same notice or tasks")

    async def review(self, request: Request) -> Amended:
        """Notes that a person went through the doubts of a notice in force.

        Raises: as `confirm`.
        """
        seed = request.seed("review")
        for _ in range(_ATTEMPTS):
            known, repeated = await self._known(request, seed)
            if repeated:
                return Amended(known, repeated=True)
            if known.state not in {"published", "doubtful"}:
                raise NotInThisState(known)
            reviewed = ConclusionReviewed(meeting_id=known.meeting_id)
            if await self._appended([self._on_meeting(known, reviewed, seed, request.origin)]):
                return Amended(await self.stands(known.meeting_id))
        raise LogUnavailable("others kept on changing the same notice")

    async def revoke(self, request: Request, revocation: Revocation) -> Amended:
        """Cancels every task of a notice that is not cancelled yet, and then revokes it. Interrupted between two
        batches, the same call again goes on where the first one ended.

        Raises: as `confirm`.
        """
        seed = request.seed("revoke")
        for _ in range(_ATTEMPTS):
            known, repeated = await self._known(request, seed)
            if repeated:
                return Amended(known, repeated=True)
            if known.state == "revoked":
                raise NotInThisState(known)
            ids = [] if known.state == "held" else _task_ids(known.reading.directives)
            tasks = await tasks_standing(self._client, ids)
            plan = Plan()
            for task in tasks.values():
                if not task.cancelled:
                    plan.does(task.task_id, TaskCancelled(task_id=task.task_id, reason=revocation.reason))
            revoked = ConclusionRevoked(meeting_id=known.meeting_id, reason=revocation.reason)
            entries = [
                *_effects(plan, tasks, seed, request.origin),
                self._on_meeting(known, revoked, seed, request.origin),
            ]
            if await self._appended(entries):
                return Amended(await self.stands(known.meeting_id))
        raise LogUnavailable("others kept on changing the same tasks")

    async def _known(self, request: Request, seed: str) -> tuple[Standing, bool]:
        """The notice, and whether the request was carried out before."""
        known = await self.stands(request.meeting_id)
        if known.version == request.version:
            return known, False
        if known.version > request.version:
            records = await events_of(self._client, f"meeting.{known.meeting_id}")
            made = {CATALOGUE.read(record.content).envelope.id for record in records}
            if _event_id(f"meeting.{known.meeting_id}", request.version + 1, seed) in made:
                return known, True
        raise AnotherVersion(known)

    async def _appended(self, entries: Sequence[Entry]) -> bool:
        """Whether the entries are in the log; False where others came first, or the same request was carried out
        meanwhile, and all has to be looked at again."""
        confirm_sizes(self._client, list(entries))
        try:
            for batch in batches(list(entries)):
                sequence = await append(self._client, batch, closing=batch[-1] is entries[-1])
        except Conflict as conflict:
            log.info("amendment_looks_again", subjects=conflict.subjects[:3])
            return False
        self._meetings.wrote(sequence)
        log.info("amended", subject=entries[-1].subject, events=len(entries), sequence=sequence)
        return True

    async def _besides(self, plan: Plan, origin: Origin, seed: str) -> list[Entry]:
        """What a change tells of the directory and of the notice's number."""
        entries: list[Entry] = []
        if plan.identified:
            identity, concluded_as = plan.identified.meeting_id, plan.identified.concluded_as
            bearer = await stands(self._client, identity)
            if bearer and bearer.identity == identity and bearer.meeting_id != concluded_as:
                raise NumberTaken(bearer.meeting_id)
            other = (await self._meetings.current()).bearer(identity)
            if other and other != concluded_as:
                raise NumberTaken(other)
            # Where a notice bore the number and gave it up, its subject stays as it is.
            if bearer is None:
                entries.append(_entry(f"meeting.{identity}", plan.identified, 1, 0, seed, origin))
        if len(plan.aliases) > _MOST_ALIASES:
            raise ChangesTooMuch
        versions: dict[str, int] = {}
        for alias in plan.aliases:
            subject = f"unit.{alias.unit_id}"
            follows: int | None = None
            if subject not in versions:
                last = await last_on(self._client, PREFIX + subject)
                follows = last.sequence if last else 0
                versions[subject] = CATALOGUE.read(last.content).envelope.aggregateversion if last else 0
            versions[subject] += 1
            entries.append(_entry(subject, alias, versions[subject], follows, seed, origin))
        return entries

    def _on_meeting(self, known: Standing, data: EventData, seed: str, origin: Origin) -> Entry:
        return _entry(f"meeting.{known.meeting_id}", data, known.version + 1, known.sequence, seed, origin)


def _effects(plan: Plan, tasks: dict[str, TaskStanding], seed: str, origin: Origin) -> list[Entry]:
    entries = []
    for task_id, events in plan.effects.items():
        known = tasks.get(task_id)
        version, follows = (known.version, known.sequence) if known else (0, 0)
        for turn, data in enumerate(events):
            behind = follows if turn == 0 else None
            entries.append(_entry(f"task.{task_id}", data, version + turn + 1, behind, seed, origin))
    return entries


def _entry(aggregate: str, data: EventData, version: int, follows: int | None, seed: str, origin: Origin) -> Entry:
    event_id = _event_id(aggregate, version, seed)
    content = event_content(data, data.type, event_id, aggregate, origin.chain(), version)
    return Entry(event_id, PREFIX + aggregate, content, follows)


def _event_id(aggregate: str, version: int, seed: str) -> str:
    return derived_id("event", aggregate, version, seed)


def _task_ids(directives: Sequence[Directive]) -> list[str]:
    refs = (ref.id for each in directives for assignee in each.assignees for ref in assignee.tasks)
    return list(dict.fromkeys(refs))
