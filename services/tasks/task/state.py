"""What a task is after each of its events. History is fact: nothing is refused here."""

import datetime as dt
from typing import Literal, NamedTuple, assert_never

from services.tasks.task.recurrence import rule
from shared.events.fields import Deadline, NamedPerson, NamedUnit, UnitRef
from shared.events.task import (
    CommentAdded,
    CompletionAccepted,
    CompletionReturned,
    CompletionSubmitted,
    CooperatorsChanged,
    DueDateSet,
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
    Period,
    ProgressReported,
    ReminderIssued,
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


class Place(NamedTuple):
    """Where an event stands: its sequence in the log, when it happened (UTC), and who did it."""

    sequence: int
    at: dt.datetime
    actor: str


class Task(NamedTuple):
    """One directive in the hands of one unit. A tuple, since its next state is made at every event.

    `version` counts the task's own events, `sequence` is the log's sequence of the last of them and `changed_at` its
    time; `stands_from` is the sequence of the event, its own or its notice's, since which it stands as it does.
    `deadline` holds now; `baseline_due` is the day that the notice set. A task is `in_force` once its meeting is
    concluded, or as soon as it is there where it is one turn of a series. `pending_until` is the day until which more
    time was asked for, while that is unanswered. `submitted_at` and `submitted_by` tell of the result that waits for
    acceptance, or was accepted.
    """

    id: str
    assigned_sequence: int
    sequence: int
    stands_from: int
    version: int
    meeting_id: str
    directive_id: str
    ordinal: int
    unit: UnitRef
    phrase: str
    status: Status
    assigned_at: dt.datetime
    changed_at: dt.datetime
    baseline_due: dt.date | None
    deadline: Deadline | None
    in_force: bool
    lead: NamedPerson | None = None
    cooperators: tuple[NamedUnit, ...] = ()
    urgent: bool = False
    confidence: float = 1.0
    recurrence: str | None = None
    period: Period | None = None
    acknowledged_at: dt.datetime | None = None
    percent: int | None = None
    submitted_at: dt.datetime | None = None
    submitted_by: str | None = None
    done_at: dt.datetime | None = None
    cancelled_at: dt.datetime | None = None
    pending_until: dt.date | None = None

    @property
    def due(self) -> dt.date | None:
        """The last local day on which finishing is in time."""
        return self.deadline.date if self.deadline else None

    @property
    def is_series(self) -> bool:
        """Whether it recurs, so that each period has a task of its own on which the work is reported."""
        return self.period is None and rule(self.recurrence) is not None

    @property
    def cooperator_unit_ids(self) -> tuple[str, ...]:
        """The units of the directory that co-operate, in order."""
        return tuple(dict.fromkeys(each.unit for each in self.cooperators if each.unit))


def assigned(event: TaskAssigned, place: Place) -> Task:
    """The task that an assignment begins."""
    return Task(
        id=event.task_id,
        assigned_sequence=place.sequence,
        sequence=place.sequence,
        stands_from=place.sequence,
        version=1,
        meeting_id=event.meeting_id,
        directive_id=event.directive_id,
        ordinal=event.ordinal,
        unit=event.unit,
        phrase=event.phrase,
        status="not_started",
        assigned_at=place.at,
        changed_at=place.at,
        baseline_due=event.deadline.date if event.deadline else None,
        deadline=event.deadline,
        in_force=event.period is not None,
        lead=event.lead,
        cooperators=event.cooperators,
        urgent=event.urgent,
        confidence=event.confidence,
        recurrence=event.recurrence,
        period=event.period,
    )


def put_in_force(task: Task, place: Place) -> Task:
    """The task once its notice, concluded at a place of the log, put it in force."""
    return task._replace(in_force=True, changed_at=max(place.at, task.changed_at), stands_from=place.sequence)


def passed(task: Task, place: Place) -> Task:
    """The task after one more event of its own, whatever that said. Its clock never goes back."""
    at = max(place.at, task.changed_at)
    return task._replace(version=task.version + 1, sequence=place.sequence, stands_from=place.sequence, changed_at=at)


def evolve(task: Task, event: TaskEvent, place: Place) -> Task:
    """The task after one more event of its own."""
    task = passed(task, place)
    at = task.changed_at
    match event:
        case TaskAssigned() | ReminderIssued() | CommentAdded():
            return task
        case TaskAcknowledged():
            return task._replace(acknowledged_at=task.acknowledged_at or at)
        case ProgressReported():
            percent = task.percent if event.percent is None else event.percent
            begun: Status = "in_progress" if task.status == "not_started" else task.status
            return task._replace(status=begun, percent=percent)
        case CompletionSubmitted():
            acknowledged_at = task.acknowledged_at or at
            return task._replace(
                status="submitted", acknowledged_at=acknowledged_at, submitted_at=at, submitted_by=place.actor
            )
        case CompletionAccepted():
            return task._replace(status="done", done_at=at, pending_until=None)
        case CompletionReturned():
            return task._replace(status="in_progress", submitted_at=None, submitted_by=None)
        case ExtensionRequested():
            return task._replace(acknowledged_at=task.acknowledged_at or at, pending_until=event.until)
        case ExtensionGranted():
            return task._replace(deadline=Deadline(date=event.until), pending_until=None)
        case ExtensionRefused():
            return task._replace(pending_until=None)
        case DueDateSet():
            return task._replace(deadline=event.deadline, pending_until=None)
        case TaskReassigned():
            return _reassigned(task, event)
        case CooperatorsChanged():
            return task._replace(cooperators=event.cooperators)
        case TaskCancelled():
            return task._replace(status="cancelled", cancelled_at=at, pending_until=None)
        case TaskReopened():
            again: Status = "in_progress" if task.acknowledged_at or task.percent is not None else "not_started"
            return task._replace(status=again, submitted_at=None, submitted_by=None, done_at=None, cancelled_at=None)
        case _:
            assert_never(event)


def _reassigned(task: Task, event: TaskReassigned) -> Task:
    if event.unit.id == task.unit.id:
        return task._replace(unit=event.unit, lead=event.lead)
    # Another unit has yet to take note and to begin; what came to an end stays at its end.
    status: Status = "not_started" if task.status in OPEN else task.status
    submitted = (None, None) if task.status == "submitted" else (task.submitted_at, task.submitted_by)
    return task._replace(
        unit=event.unit,
        lead=event.lead,
        status=status,
        acknowledged_at=None,
        percent=None,
        submitted_at=submitted[0],
        submitted_by=submitted[1],
        pending_until=None,
    )
