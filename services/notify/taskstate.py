"""What a task in force is after each of its events, as far as telling people needs it. History is fact: nothing is
refused here. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

from pydantic import TypeAdapter

from shared.events.fields import Deadline, NamedUnit, UnitRef
from shared.events.meeting import Directive
from shared.events.task import (
    CompletionAccepted,
    CompletionReturned,
    CompletionSubmitted,
    CooperatorsChanged,
    DueDateSet,
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
    ProgressReported,
    TaskAcknowledged,
    TaskAssigned,
    TaskCancelled,
    TaskEvent,
    TaskReassigned,
    TaskReopened,
)

Status = Literal["not_started", "in_progress", "submitted", "done", "cancelled"]
"""How far the work is."""

OPEN: tuple[Status, ...] = ("not_started", "in_progress", "submitted")
"""Work that still has to come to an end."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event stands: its id, its sequence in the log, when it happened (UTC), and who did it."""

    event_id: str
    sequence: int
    at: dt.datetime
    actor: str


@dataclass(frozen=True, slots=True)
class TaskState:
    """One directive in the hands of one unit; its fields are the columns of the table `task`."""

    task_id: str
    meeting_id: str
    directive_id: str
    ordinal: int
    text: str
    unit_id: str
    unit_name: str
    provisional: bool
    sequence: int
    changed_at: dt.datetime
    lead: str | None = None
    cooperators: tuple[str, ...] = ()
    urgent: bool = False
    recurrence: str | None = None
    series_id: str | None = None
    status: Status = "not_started"
    acknowledged: bool = False
    percent: int | None = None
    due: dt.date | None = None
    due_time: str | None = None
    due_event: str | None = None
    obliged_since: dt.datetime | None = None
    baseline: dt.date | None = None
    submitted_by: str | None = None
    extension_requested_by: str | None = None
    extension_until: dt.date | None = None

    @property
    def unit(self) -> UnitRef:
        """The responsible unit."""
        return UnitRef(id=self.unit_id, name=self.unit_name, provisional=self.provisional)

    @property
    def is_open(self) -> bool:
        """Whether the work still has to come to an end."""
        return self.status in OPEN

    def written(self) -> dict[str, Any]:
        """It as JSON keeps it."""
        kept: dict[str, Any] = _STATE.dump_python(self, mode="json")
        return kept

    @classmethod
    def read(cls, kept: object) -> Self:
        """The state that was kept as `written` gives it."""
        found: Self = _STATE.validate_python(kept)  # type: ignore[assignment]
        return found


def of_directive(meeting_id: str, directive: Directive, place: Place) -> Iterator[TaskState]:
    """The tasks that a directive became, each once: two of its phrases may mean the same unit, and name one task."""
    shared = TaskState(
        task_id="",
        meeting_id=meeting_id,
        directive_id=directive.id,
        ordinal=directive.ordinal,
        text=directive.text,
        unit_id="",
        unit_name="",
        provisional=False,
        sequence=place.sequence,
        changed_at=place.at,
        lead=directive.lead.name if directive.lead else None,
        cooperators=_units(directive.cooperators),
        urgent=directive.urgent,
        recurrence=directive.recurrence,
        baseline=directive.deadline.date if directive.deadline else None,
    )
    shared = _due(shared, directive.deadline, place)
    for task in {each.id: each for assignee in directive.assignees for each in assignee.tasks}.values():
        yield replace(
            shared, task_id=task.id, unit_id=task.unit.id, unit_name=task.unit.name, provisional=task.unit.provisional
        )


def assigned(event: TaskAssigned, place: Place) -> TaskState:
    """The task that an assignment begins."""
    state = TaskState(
        task_id=event.task_id,
        meeting_id=event.meeting_id,
        directive_id=event.directive_id,
        ordinal=event.ordinal,
        text=event.text,
        unit_id=event.unit.id,
        unit_name=event.unit.name,
        provisional=event.unit.provisional,
        sequence=place.sequence,
        changed_at=place.at,
        lead=event.lead.name if event.lead else None,
        cooperators=_units(event.cooperators),
        urgent=event.urgent,
        recurrence=event.recurrence,
        series_id=event.period.series_id if event.period else None,
        baseline=event.deadline.date if event.deadline else None,
    )
    return _due(state, event.deadline, place)


def evolve(state: TaskState, event: TaskEvent, place: Place) -> TaskState:
    """The task after one more event of its own. Its clock never goes back."""
    state = replace(state, sequence=place.sequence, changed_at=max(place.at, state.changed_at))
    match event:
        case TaskAcknowledged():
            return replace(state, acknowledged=True)
        case ProgressReported():
            percent = state.percent if event.percent is None else event.percent
            begun: Status = "in_progress" if state.status == "not_started" else state.status
            return replace(state, status=begun, percent=percent)
        case CompletionSubmitted():
            return replace(state, status="submitted", acknowledged=True, submitted_by=place.actor)
        case CompletionAccepted():
            return _unasked(replace(state, status="done"))
        case CompletionReturned():
            return _obliged_again(replace(state, status="in_progress", submitted_by=None), place)
        case ExtensionRequested():
            asked = replace(state, extension_requested_by=place.actor, extension_until=event.until)
            return replace(asked, acknowledged=True)
        case ExtensionGranted():
            return _unasked(_due(state, Deadline(date=event.until), place))
        case ExtensionRefused():
            return _unasked(state)
        case DueDateSet():
            return _unasked(_due(state, event.deadline, place))
        case TaskReassigned():
            return _reassigned(state, event, place)
        case CooperatorsChanged():
            return replace(state, cooperators=_units(event.cooperators))
        case TaskCancelled():
            return _unasked(replace(state, status="cancelled"))
        case TaskReopened():
            again: Status = "in_progress" if state.acknowledged or state.percent is not None else "not_started"
            return _obliged_again(replace(state, status=again, submitted_by=None), place)
        case _:
            return state


def _reassigned(state: TaskState, event: TaskReassigned, place: Place) -> TaskState:
    named = replace(
        state,
        unit_id=event.unit.id,
        unit_name=event.unit.name,
        provisional=event.unit.provisional,
        lead=event.lead.name if event.lead else None,
    )
    if event.unit.id == state.unit_id:
        return named
    named = _obliged_again(named, place)
    # Another unit has yet to begin; what came to an end stays at its end.
    begun = replace(named, acknowledged=False, percent=None, extension_requested_by=None, extension_until=None)
    if state.is_open:
        begun = replace(begun, status="not_started")
    return replace(begun, submitted_by=None) if state.status == "submitted" else begun


def _due(state: TaskState, deadline: Deadline | None, place: Place) -> TaskState:
    if deadline is None:
        return replace(state, due=None, due_time=None, due_event=None, obliged_since=None)
    due = replace(state, due=deadline.date, due_time=deadline.time, due_event=place.event_id)
    return _obliged_again(due, place)


def _obliged_again(state: TaskState, place: Place) -> TaskState:
    return replace(state, obliged_since=place.at) if state.due else state


def _unasked(state: TaskState) -> TaskState:
    return replace(state, extension_requested_by=None, extension_until=None)


def _units(named: tuple[NamedUnit, ...]) -> tuple[str, ...]:
    """The directory's units among those that are named, in order."""
    return tuple(dict.fromkeys(each.unit for each in named if each.unit))


_STATE: TypeAdapter[TaskState] = TypeAdapter(TaskState)
