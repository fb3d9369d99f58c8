"""What the events of notices, tasks and the record change, and whom the rules tell of them."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.policy.case import Case, Change, Notification
from services.notify.policy.decide import Adopted, decisions
from services.notify.policy.people import People
from services.notify.policy.rules import BY_EVENT
from services.notify.projection.facts import facts
from services.notify.projection.rows import add, put
from services.notify.tables import cause, meeting, task, watch
from services.notify.taskstate import Place, TaskState, assigned, evolve, of_directive
from shared.database import among
from shared.events.catalogue import Event
from shared.events.inbox import WatchBegun, WatchEnded
from shared.events.ledger import CheckpointIssued, RecordRepaired
from shared.events.meeting import ConclusionCorrected, ConclusionHeld, ConclusionRevoked, Directive, MeetingConcluded
from shared.events.task import DueDateSet, TaskAssigned, TaskEvent

_COLUMNS = tuple(each.name for each in fields(TaskState))

INTAKE = "/ketluan/intake"
"""Source of what a correction or a revocation does to tasks: its own event, which stands last, tells of all of it."""


class UnknownTask(Exception):
    """Something happened to a task of which no notice in force was read."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Somebody is to be told, without the event that led to it: that may hold megabytes. `place` is that event's."""

    notification_id: str
    place: Place
    correlation_id: str
    meeting_id: str | None
    notification: Notification


@dataclass
class Deciding:
    """Tasks and notices as a batch of events changes them, and what is decided on the way.

    `tasks` are those that the batch may be about, `watchers` who watches each of them, `before` those that a
    correction has begun to change, as they were.
    """

    people: People
    adopted: Adopted
    tasks: dict[str, TaskState] = field(default_factory=dict)
    watchers: dict[str, set[str]] = field(default_factory=dict)
    before: dict[str, TaskState] = field(default_factory=dict)
    meetings: dict[str, dict[str, Any]] = field(default_factory=dict)
    decided: list[Decision] = field(default_factory=list)
    causes: list[dict[str, Any]] = field(default_factory=list)
    _changed: set[str] = field(default_factory=set)
    _changed_meetings: set[str] = field(default_factory=set)

    async def load(self, connection: AsyncConnection, events: Iterable[Event]) -> None:
        """Looks up what these events may be about."""
        tasks, meetings = set(), set()
        for event in events:
            kind, _, key = event.envelope.subject.partition(".")
            match kind, event.data:
                case "task", TaskAssigned(period=period):
                    if period:
                        tasks |= {key, period.series_id}
                case "task", _:
                    tasks.add(key)
                case "meeting", _:
                    meetings.add(key)
        if meetings:
            found = await connection.execute(select(meeting).where(among(meeting.c.meeting_id, meetings)))
            self.meetings |= {row.meeting_id: dict(row._mapping) for row in found}
        await self._load_tasks(connection, tasks, meetings & self.meetings.keys())
        if self.tasks:
            watched = await connection.execute(select(watch).where(among(watch.c.task_id, self.tasks)))
            for row in watched:
                self.watchers.setdefault(row.task_id, set()).add(row.person_id)

    async def _load_tasks(self, connection: AsyncConnection, tasks: Collection[str], meetings: Collection[str]) -> None:
        for column, keys in ((task.c.task_id, tasks), (task.c.meeting_id, meetings)):
            if not keys:
                continue
            for row in await connection.execute(select(task).where(among(column, keys))):
                self.tasks[row.task_id] = state_of(row)
                if row.before_correction:
                    self.before[row.task_id] = TaskState.read(row.before_correction)

    def take(self, event: Event, sequence: int) -> None:
        """Takes an event in; one of no concern changes nothing.

        Raises:
            UnknownTask: see there.
        """
        envelope, data = event.envelope, event.data
        place = Place(envelope.id, sequence, envelope.at(), envelope.actor)
        case: Case | None = None
        match data:
            case MeetingConcluded():
                case = self._concluded(data, place)
            case ConclusionHeld():
                case = Case(place, data, data.meeting_id, author=place.actor)
                self._keep_meeting(_meeting_row(place, data))
            case ConclusionCorrected():
                case = self._corrected(data, place)
            case ConclusionRevoked():
                case = Case(place, data, data.meeting_id, self._touched(data.meeting_id), self._author(data.meeting_id))
            case TaskAssigned():
                case = self._period_opened(data, place)
            case CheckpointIssued() | RecordRepaired():
                case = Case(place, data)
            case WatchBegun() if data.task_id in self.tasks:
                self.watchers.setdefault(data.task_id, set()).add(data.person_id)
            case WatchEnded() if data.task_id in self.tasks:
                self.watchers.setdefault(data.task_id, set()).discard(data.person_id)
            case _ if envelope.subject.startswith("task."):
                case = self._happened(data, place, envelope.source)  # type: ignore[arg-type]
                if case is None and isinstance(data, DueDateSet):
                    self._keep_cause(event, place)
        if case:
            self._decide(case, event)

    def _decide(self, case: Case, event: Event) -> None:
        if type(case.data) not in BY_EVENT:
            return
        envelope = event.envelope
        self._keep_cause(event, case.place)
        self.decided.extend(
            Decision(each.id(envelope.id), case.place, envelope.correlationid, case.meeting_id, each)
            for each in decisions(case, self.people, self.adopted)
        )

    def _keep_cause(self, event: Event, place: Place) -> None:
        envelope = event.envelope
        self.causes.append(
            {
                "event_id": envelope.id,
                "sequence": place.sequence,
                "type": envelope.type,
                "subject": envelope.subject,
                "actor": envelope.actor,
                "happened_at": place.at,
                "correlation_id": envelope.correlationid,
                "facts": facts(event.data),
            }
        )

    def _concluded(self, data: MeetingConcluded, place: Place) -> Case:
        self._keep_meeting(_meeting_row(place, data))
        new = [state for each in _in_order(data.directives) for state in of_directive(data.meeting_id, each, place)]
        for state in new:
            self._keep(self.tasks.get(state.task_id, state))
        changes = tuple(Change(None, state) for state in new)
        return Case(place, data, data.meeting_id, changes, place.actor)

    def _corrected(self, data: ConclusionCorrected, place: Place) -> Case:
        if known := self.meetings.get(data.meeting_id):
            given = {name: value for name in ("title", "number", "issuer") if (value := getattr(data.fields, name))}
            self._keep_meeting(known | given)
        new: list[Change] = []
        for state in (each for one in data.directives for each in of_directive(data.meeting_id, one, place)):
            if (held := self.tasks.get(state.task_id)) is None:
                self._keep(state)
                new.append(Change(None, state))
            elif (held.text, held.urgent, held.ordinal) != (state.text, state.urgent, state.ordinal):
                self.before.setdefault(held.task_id, held)
                self._keep(replace(held, text=state.text, urgent=state.urgent, ordinal=state.ordinal))
        changes = (*self._touched(data.meeting_id), *new)
        ordered = tuple(sorted(changes, key=lambda each: (each.after.ordinal, each.after.task_id)))
        return Case(place, data, data.meeting_id, ordered, self._author(data.meeting_id))

    def _touched(self, meeting_id: str) -> tuple[Change, ...]:
        """The tasks of a notice that its correction or revocation changed; with that they are done with."""
        touched = []
        for task_id, before in list(self.before.items()):
            if before.meeting_id == meeting_id:
                after = self.tasks[task_id]
                touched.append(self._change(before, after))
                del self.before[task_id]
                self._changed.add(task_id)
        return tuple(sorted(touched, key=lambda each: (each.after.ordinal, each.after.task_id)))

    def _period_opened(self, data: TaskAssigned, place: Place) -> Case | None:
        """What a new period does. Tasks without one come into force with their notice, which names all of them."""
        if data.period is None:
            return None
        state = assigned(data, place)
        self._keep(state)
        watchers = frozenset(self.watchers.get(data.period.series_id, ()))
        return Case(place, data, data.meeting_id, (Change(None, state, watchers),))

    def _happened(self, data: TaskEvent, place: Place, source: str) -> Case | None:
        before = self.tasks.get(data.task_id)
        if before is None:
            raise UnknownTask(f"no notice in force gave the task {data.task_id}")
        if place.sequence <= before.sequence:
            return None
        after = evolve(before, data, place)
        self._keep(after)
        if source == INTAKE:
            self.before.setdefault(data.task_id, before)
            return None
        return Case(place, data, after.meeting_id, (self._change(before, after),))

    def _change(self, before: TaskState, after: TaskState) -> Change:
        return Change(before, after, frozenset(self.watchers.get(after.task_id, ())))

    def _author(self, meeting_id: str) -> str | None:
        known = self.meetings.get(meeting_id)
        return known["author"] if known else None

    def _keep(self, state: TaskState) -> None:
        self.tasks[state.task_id] = state
        self._changed.add(state.task_id)

    def _keep_meeting(self, row: dict[str, Any]) -> None:
        self.meetings[row["meeting_id"]] = row
        self._changed_meetings.add(row["meeting_id"])

    async def write(self, connection: AsyncConnection) -> None:
        """Writes tasks, notices and causes."""
        await put(connection, meeting, [self.meetings[each] for each in sorted(self._changed_meetings)])
        await put(connection, task, [self._task_row(each) for each in sorted(self._changed)])
        await add(connection, cause, self.causes)

    def _task_row(self, task_id: str) -> dict[str, Any]:
        before = self.before.get(task_id)
        row = asdict(self.tasks[task_id])
        return row | {
            "cooperators": list(row["cooperators"]),
            "before_correction": before.written() if before else None,
        }


def state_of(row: Row[Any]) -> TaskState:
    """The task that a row of the table `task` holds."""
    held = row._mapping
    values = {name: held[name] for name in _COLUMNS}
    return TaskState(**(values | {"cooperators": tuple(row.cooperators)}))


def _in_order(directives: Iterable[Directive]) -> list[Directive]:
    return sorted(directives, key=lambda each: each.ordinal)


def _meeting_row(place: Place, data: MeetingConcluded | ConclusionHeld) -> dict[str, Any]:
    return {
        "meeting_id": data.meeting_id,
        "sequence": place.sequence,
        "title": data.title,
        "number": data.number,
        "issuer": data.issuer,
        "author": place.actor,
    }
