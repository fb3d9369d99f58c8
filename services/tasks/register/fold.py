"""From a batch of events to the rows that they add and change. Pure: it is given what the register holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.tasks.task import Task, amended, assigned, put_in_force
from shared.events.catalogue import CATALOGUE, Event, EventData, UnreadableEvent
from shared.events.inbox import NotificationDelivered, NotificationFailed, NotificationRequested
from shared.events.meeting import ConclusionCorrected, CorrectedFields, Directive, MeetingConcluded
from shared.events.person import PersonPlaced, PersonRegistered
from shared.events.task import DueDateSet, TaskAssigned, TaskCancelled, TaskReassigned
from shared.events.unit import UnitClosed, UnitRegistered, UnitRenamed
from shared.log.record import Record

Row = tuple[Any, ...]

BEHIND_PARKED = "an earlier event of this aggregate is parked"
"""Why an event is parked that could be read by itself."""


@dataclass(frozen=True, slots=True)
class Read:
    """A record with what could be read of it: an event, or the reason why it is parked."""

    record: Record
    event: Event | None
    reason: str = ""


def read(records: Iterable[Record], parked: set[str]) -> list[Read]:
    """Each record with its event. What cannot be read is parked, and so is all that follows on the same aggregate,
    whose state would otherwise be wrong; `parked` holds the subjects with which that is so, and grows."""
    found = []
    for record in records:
        if record.subject in parked:
            found.append(Read(record, None, BEHIND_PARKED))
            continue
        try:
            found.append(Read(record, CATALOGUE.read(record.content)))
        except UnreadableEvent as error:
            parked.add(record.subject)
            found.append(Read(record, None, str(error)[:1000]))
    return found


def touched_tasks(batch: Sequence[Read]) -> set[str]:
    """Ids of the tasks whose present state the fold must know."""
    wanted: set[str] = set()
    for each in batch:
        match each.event and each.event.data:
            case TaskAssigned() | TaskCancelled() | TaskReassigned() | DueDateSet() as event:
                wanted.add(event.task_id)
            case MeetingConcluded() | ConclusionCorrected() as event:
                wanted.update(_task_ids(event))
            case _:
                pass
    return wanted


@dataclass
class Changes:
    """What a batch does to the register: rows to add by table, tasks by id, changes of the directory in order, and
    corrections of notices that it holds, in order."""

    tasks: dict[str, Task] = field(default_factory=dict)
    added: dict[str, list[Row]] = field(default_factory=dict)
    directory: list[EventData] = field(default_factory=list)
    corrections: list[ConclusionCorrected] = field(default_factory=list)

    def add(self, table: str, row: Row) -> None:
        """Adds a row to a table."""
        self.added.setdefault(table, []).append(row)


def fold(batch: Sequence[Read], tasks: Mapping[str, Task]) -> Changes:
    """The changes that a batch makes, given the tasks that it touches."""
    changes = Changes()
    for each in batch:
        if each.event is None:
            changes.add("parked", (each.record.sequence, each.record.subject, each.reason))
        else:
            _take(changes, each.record, each.event, tasks)
    return changes


def _take(changes: Changes, record: Record, event: Event, tasks: Mapping[str, Task]) -> None:
    sequence = record.sequence
    match event.data:
        case TaskAssigned() as data:
            if data.task_id not in tasks and data.task_id not in changes.tasks:
                changes.tasks[data.task_id] = assigned(data, sequence, event.envelope.at())
        case MeetingConcluded() as data:
            named = _task_ids(data)
            _put_in_force(changes, named, tasks)
            changes.add("meeting", _meeting_row(data, record, event, len(named)))
            for directive in data.directives:
                changes.add("directive", directive_row(directive, data.meeting_id))
        case TaskCancelled() | TaskReassigned() | DueDateSet() as data:
            if task := changes.tasks.get(data.task_id) or tasks.get(data.task_id):
                changes.tasks[data.task_id] = amended(task, data, sequence)
        case ConclusionCorrected() as data:
            _put_in_force(changes, _task_ids(data), tasks)
            changes.corrections.append(data)
        case NotificationRequested() as data:
            changes.add("notification", (data.notification_id, sequence, data.person_id, data.meeting_id))
            changes.add("notification_event", (data.notification_id, sequence))
            for task_id in dict.fromkeys(mention.task_id for mention in data.tasks):
                changes.add("notified_task", (task_id, data.notification_id))
        case NotificationDelivered() | NotificationFailed() as data:
            changes.add("notification_event", (data.notification_id, sequence))
        case UnitRegistered() | UnitRenamed() | UnitClosed() | PersonRegistered() | PersonPlaced() as data:
            changes.directory.append(data)
        case _:
            pass


def _put_in_force(changes: Changes, task_ids: Iterable[str], tasks: Mapping[str, Task]) -> None:
    for task_id in task_ids:
        if task := changes.tasks.get(task_id) or tasks.get(task_id):
            changes.tasks[task_id] = put_in_force(task)


def corrected_columns(fields: CorrectedFields) -> dict[str, Any]:
    """The columns of a meeting's row that a correction changes, by name."""
    return {name: value for name in CorrectedFields.model_fields if (value := getattr(fields, name)) is not None}


def _task_ids(meeting: MeetingConcluded | ConclusionCorrected) -> list[str]:
    tasks = (t.id for directive in meeting.directives for assignee in directive.assignees for t in assignee.tasks)
    return list(dict.fromkeys(tasks))


def _meeting_row(data: MeetingConcluded, record: Record, event: Event, task_count: int) -> Row:
    return (
        data.meeting_id,
        record.sequence,
        event.envelope.at(),
        data.issuer,
        data.number,
        data.issued_on,
        data.held_on,
        data.title,
        data.concluded_by,
        data.signed_by,
        data.attendees,
        data.recipients,
        data.document.media_type,
        data.document.sha256,
        len(data.directives),
        task_count,
    )


def directive_row(data: Directive, meeting_id: str) -> Row:
    """A directive's row."""
    start, end = data.span or (None, None)
    return (
        data.id,
        meeting_id,
        data.ordinal,
        data.heading,
        data.text,
        start,
        end,
        data.assignees,
        data.lead,
        data.cooperators,
        data.report_to,
        data.deadline,
        data.recurrence,
        data.citations,
    )
