"""The life of a task: the states that its events lead to. Pure."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from shared.events.fields import Deadline, UnitRef
from shared.events.task import DueDateSet, TaskAssigned, TaskCancelled, TaskReassigned

Status = Literal["not_started", "in_progress", "submitted", "done", "cancelled"]
"""How far the work is."""

Timeliness = Literal["no_deadline", "in_time", "due_soon", "overdue"]
"""How the work stands to its deadline; computed for a day, never stored."""

DUE_SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Task:
    """One directive in the hands of one unit.

    `baseline_due` is the deadline as the notice set it, `due` the one that holds now. `version` counts the task's own
    events, and `sequence` is the log's sequence of the last of them. It is `in_force` once its meeting is concluded.
    """

    id: str
    assigned_sequence: int
    sequence: int
    version: int
    meeting_id: str
    directive_id: str
    ordinal: int
    unit: UnitRef
    phrase: str
    status: Status
    assigned_at: dt.datetime
    deadline: Deadline | None
    due: dt.date | None
    in_force: bool


def assigned(event: TaskAssigned, sequence: int, at: dt.datetime) -> Task:
    """The task that an assignment begins."""
    return Task(
        id=event.task_id,
        assigned_sequence=sequence,
        sequence=sequence,
        version=1,
        meeting_id=event.meeting_id,
        directive_id=event.directive_id,
        ordinal=event.ordinal,
        unit=event.unit,
        phrase=event.phrase,
        status="not_started",
        assigned_at=at,
        deadline=event.deadline,
        due=event.deadline.date if event.deadline else None,
        in_force=False,
    )


def put_in_force(task: Task) -> Task:
    """The task once the notice that names it is concluded."""
    return replace(task, in_force=True)


def amended(task: Task, event: TaskCancelled | TaskReassigned | DueDateSet, sequence: int) -> Task:
    """The task after its notice was corrected or revoked. The baseline stays what the notice first set."""
    moved = replace(task, sequence=sequence, version=task.version + 1)
    match event:
        case TaskCancelled():
            return replace(moved, status="cancelled")
        case TaskReassigned():
            return replace(moved, unit=event.unit)
        case DueDateSet():
            return replace(moved, due=event.deadline.date if event.deadline else None)


def timeliness(due: dt.date | None, today: dt.date) -> Timeliness:
    """How an open task stands to its deadline on a local day; finishing on the deadline is in time."""
    if due is None:
        return "no_deadline"
    if due < today:
        return "overdue"
    return "due_soon" if due <= today + dt.timedelta(days=DUE_SOON_DAYS) else "in_time"


def due_between(wanted: Timeliness, today: dt.date) -> tuple[dt.date | None, dt.date | None] | None:
    """The first and last deadline that count so on a local day; None stands for open, and no range for no deadline."""
    soon = today + dt.timedelta(days=DUE_SOON_DAYS)
    ranges: dict[Timeliness, tuple[dt.date | None, dt.date | None] | None] = {
        "no_deadline": None,
        "overdue": (None, today - dt.timedelta(days=1)),
        "due_soon": (today, soon),
        "in_time": (soon + dt.timedelta(days=1), None),
    }
    return ranges[wanted]
