"""What stood in the log at an event, read from the log itself: the tables know only how things stand now."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import structlog
from nats.aio.client import Client

from services.notify.policy.case import Case, Change
from services.notify.preferences.floors import Pair
from services.notify.projection.deciding import INTAKE
from services.notify.taskstate import Place, TaskState, assigned, evolve, of_directive
from shared.events.catalogue import CATALOGUE, Event, UnreadableEvent
from shared.events.floor import UnitFloorSet
from shared.events.inbox import PreferencesChanged, WatchBegun, WatchEnded
from shared.events.ledger import LedgerEvent
from shared.events.meeting import ConclusionCorrected, ConclusionHeld, ConclusionRevoked, MeetingConcluded
from shared.events.task import TaskAssigned, TaskEvent
from shared.log.follow import Follower
from shared.log.read import last_on, next_on
from shared.log.record import Record
from shared.log.retired import completed, record_at

_SUBJECTS_AT_ONCE = 100

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Stored:
    """An event and its sequence in the log."""

    sequence: int
    event: Event

    @property
    def place(self) -> Place:
        """Where it stands, as the rules look at it."""
        envelope = self.event.envelope
        return Place(envelope.id, self.sequence, envelope.at(), envelope.actor)


async def event_at(client: Client, sequence: int) -> Stored | None:
    """The event at a sequence of the log; None where there is none that can be read.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    return _stored(await record_at(client, sequence))


async def events_until(client: Client, subjects: Sequence[str], sequence: int) -> AsyncIterator[Stored]:
    """The events on these subjects up to a sequence, in order.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    newest = await asyncio.gather(*(last_on(client, subject) for subject in subjects))
    last = min(max((record.sequence for record in newest if record), default=0), sequence)
    async for record in _in_stream(client, subjects, last):
        if stored := _stored(record):
            yield stored


async def _events_of_tasks(client: Client, tasks: Sequence[str], sequence: int) -> list[Stored]:
    """The events of tasks up to a sequence, in order, with those that left the log with their year.

    Raises:
        LogUnavailable, LogRefused: see `events_until`.
    """
    subjects = [f"log.task.{task_id}" for task_id in tasks]
    newest = await asyncio.gather(*(last_on(client, subject) for subject in subjects))
    last = max((record.sequence for record in newest if record), default=0)
    # What comes behind the sequence tells, by its version, whether something before it left the log.
    whole = await completed(client, [each async for each in _in_stream(client, subjects, last)])
    found = (_stored(record) for record in whole if record.sequence <= sequence)
    return [each for each in found if each]


async def _in_stream(client: Client, subjects: Sequence[str], last: int) -> AsyncIterator[Record]:
    """The events on these subjects in the stream, up to a sequence."""
    if not last:
        return
    async with aclosing(Follower(client, "notify-past", tuple(subjects)).batches(0)) as batches:
        async for batch in batches:
            for record in batch:
                if record.sequence > last:
                    return
                yield record
            if batch[-1].sequence >= last:
                return


@dataclass
class Chosen:
    """What a person had chosen at an event, and what was asked of them by then."""

    preferences: PreferencesChanged | None = None
    watched: set[str] = field(default_factory=set)


async def chosen_at(client: Client, person_id: str, sequence: int) -> Chosen:
    """What a person had chosen before an event.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    chosen = Chosen()
    async for stored in events_until(client, [f"log.inbox.{person_id}"], sequence - 1):
        match stored.event.data:
            case PreferencesChanged() as changed:
                chosen.preferences = changed
            case WatchBegun(task_id=task_id):
                chosen.watched.add(task_id)
            case WatchEnded(task_id=task_id):
                chosen.watched.discard(task_id)
    return chosen


async def floors_at(client: Client, units: Iterable[str], sequence: int) -> dict[str, tuple[Pair, ...]]:
    """What these units had decided for their members before an event.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    found: dict[str, tuple[Pair, ...]] = {}
    async for stored in events_until(client, [f"log.floor.{unit_id}" for unit_id in units], sequence - 1):
        if isinstance(stored.event.data, UnitFloorSet):
            found[stored.event.data.unit_id] = stored.event.data.channels
    return found


async def closing(client: Client, stored: Stored) -> Stored:
    """The event that tells of this one: itself, or the correction or revocation of whose effects it is one.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    envelope = stored.event.envelope
    if envelope.source != INTAKE or not envelope.subject.startswith("task."):
        return stored
    begun = _stored(await next_on(client, f"log.{envelope.subject}"))
    if begun is None or not isinstance(begun.event.data, TaskAssigned):
        return stored
    subject = f"log.meeting.{begun.event.data.meeting_id}"
    return _stored(await next_on(client, subject, stored.sequence)) or stored


async def case_of(client: Client, stored: Stored, watched: frozenset[str], watcher: str) -> Case:
    """An event as the rules looked at it: its tasks before and after it. Of those who watch, `watcher` alone is in it.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    place, data = stored.place, stored.event.data

    def change(before: TaskState | None, after: TaskState, of: str | None = None) -> Change:
        return Change(before, after, frozenset({watcher} if (of or after.task_id) in watched else ()))

    match data:
        case MeetingConcluded():
            directives = sorted(data.directives, key=lambda each: each.ordinal)
            states = [state for each in directives for state in of_directive(data.meeting_id, each, place)]
            return Case(place, data, data.meeting_id, tuple(change(None, state) for state in states), place.actor)
        case ConclusionHeld():
            return Case(place, data, data.meeting_id, author=place.actor)
        case ConclusionCorrected() | ConclusionRevoked():
            author, touched = await _touched(client, stored)
            changes = tuple(change(before, after) for before, after in touched)
            return Case(place, data, data.meeting_id, changes, author)
        case TaskAssigned(period=period):
            # Without a period it comes into force with its notice, which tells of it.
            opened = (change(None, assigned(data, place), period.series_id),) if period else ()
            return Case(place, data, data.meeting_id, opened)
        case _ if isinstance(data, LedgerEvent):
            return Case(place, data)
    steps = await _steps(client, [data.task_id], stored.sequence) if isinstance(data, TaskEvent) else {}
    for of_task in steps.values():
        before, after = of_task[-2:] if len(of_task) > 1 else (None, of_task[-1])
        return Case(place, data, after.meeting_id, (change(before, after),))  # type: ignore[arg-type]
    return Case(place, data)  # type: ignore[arg-type]


def _stored(record: Record | None) -> Stored | None:
    if record is None:
        return None
    try:
        return Stored(record.sequence, CATALOGUE.read(record.content))
    except UnreadableEvent as error:
        log.error("unreadable_event", sequence=record.sequence, error=str(error))
        return None


async def _touched(client: Client, stored: Stored) -> tuple[str | None, list[tuple[TaskState | None, TaskState]]]:
    """Who published a notice, and the tasks that its correction or revocation changed, before and after it."""
    meeting_id = stored.event.envelope.subject.removeprefix("meeting.")
    author: str | None = None
    named: dict[str, TaskState] = {}
    earlier: dict[str, TaskState] = {}
    since = 0
    async for each in events_until(client, [f"log.meeting.{meeting_id}"], stored.sequence):
        match each.event.data:
            case MeetingConcluded(directives=directives) | ConclusionCorrected(directives=directives):
                if isinstance(each.event.data, MeetingConcluded):
                    author = each.event.envelope.actor
                if each.sequence == stored.sequence:
                    earlier = dict(named)
                else:
                    since = each.sequence
                for directive in directives:
                    named |= {task.task_id: task for task in of_directive(meeting_id, directive, each.place)}
            case ConclusionRevoked():
                earlier = dict(named)
    touched: list[tuple[TaskState | None, TaskState]] = []
    steps = await _steps(client, list(named), stored.sequence, since)
    for task_id, state in named.items():
        of_task = steps.get(task_id, [state])
        if task_id not in earlier:
            touched.append((None, state))
        elif len(of_task) > 1:
            touched.append((of_task[0], replace(of_task[-1], text=state.text, urgent=state.urgent)))
        elif (earlier[task_id].text, earlier[task_id].urgent) != (state.text, state.urgent):
            touched.append((earlier[task_id], replace(of_task[-1], text=state.text, urgent=state.urgent)))
    return author, sorted(touched, key=lambda pair: (pair[1].ordinal, pair[1].task_id))


async def _steps(
    client: Client, tasks: Sequence[str], until: int, since: int | None = None
) -> dict[str, list[TaskState]]:
    """The states of tasks up to a sequence: each of them, or, with `since`, before and after what intake did to it
    behind that sequence."""
    found: dict[str, list[TaskState]] = {}
    for begin in range(0, len(tasks), _SUBJECTS_AT_ONCE):
        some = tasks[begin : begin + _SUBJECTS_AT_ONCE]
        for stored in await _events_of_tasks(client, some, until):
            data = stored.event.data
            if isinstance(data, TaskAssigned):
                found[data.task_id] = [assigned(data, stored.place)]
            elif isinstance(data, TaskEvent) and (states := found.get(data.task_id)):
                after = evolve(states[-1], data, stored.place)
                by_intake = stored.event.envelope.source == INTAKE
                if since is None or (by_intake and stored.sequence > since):
                    states.append(after)
                else:
                    states[-1] = after
    return found
