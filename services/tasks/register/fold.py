"""From a batch of events to the rows that they add and change. Pure: it is given what the register holds."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from services.tasks.register.finished import Counted, counted
from services.tasks.register.reading import TASK, Read, is_of_task
from services.tasks.register.rows import Row, version_row
from services.tasks.task.state import Place, Task, assigned, evolve, put_in_force
from shared.database import RowsRefused
from shared.events.catalogue import Event
from shared.events.fields import Attachment
from shared.events.inbox import OUTCOMES, NotificationRequested
from shared.events.meeting import ConclusionCorrected, ConclusionRevoked, Directive, MeetingConcluded
from shared.events.person import PersonLeft, PersonPlaced, PersonRegistered, RoleGranted, RoleRevoked
from shared.events.task import CompletionSubmitted, ProgressReported, TaskAssigned
from shared.events.unit import UnitClosed, UnitMoved, UnitRegistered, UnitRenamed
from shared.log.record import Record

DirectoryEvent = (
    UnitRegistered
    | UnitRenamed
    | UnitMoved
    | UnitClosed
    | PersonRegistered
    | PersonPlaced
    | PersonLeft
    | RoleGranted
    | RoleRevoked
)
"""Events that change a unit or a person in the register."""

LATE = dt.timedelta(minutes=1)
"""What is entered within a minute counts as entered when it happened: the clocks of several machines differ by less."""

_SECOND = dt.timedelta(seconds=1)
_BEFORE_ALL = dt.datetime.min.replace(tzinfo=dt.UTC)


class OutOfTurn(RowsRefused):
    """An event does not follow the one before it on its task."""


def parts(batch: Sequence[Read]) -> Iterator[Sequence[Read]]:
    """A batch in parts, each of which ends behind a change of a notice in force: what that does depends on how the
    register stands at that event, whatever else the batch holds."""
    begin = 0
    for end, each in enumerate(batch, start=1):
        if each.event and isinstance(each.event.data, ConclusionCorrected | ConclusionRevoked):
            yield batch[begin:end]
            begin = end
    if begin < len(batch):
        yield batch[begin:]


def touched_tasks(batch: Sequence[Read]) -> set[str]:
    """Ids of the tasks whose present state the fold must know."""
    wanted: set[str] = set()
    for each in batch:
        if each.event and each.record.aggregate.startswith(TASK):
            wanted.add(each.record.aggregate.removeprefix(TASK))
        elif each.event and isinstance(each.event.data, MeetingConcluded | ConclusionCorrected):
            wanted.update(task_ids(each.event.data.directives))
    return wanted


@dataclass
class Changes:
    """What a batch does to the register.

    `last` is the sequence of its last event; `added` are rows to add by table; `tasks` the tasks that changed, by id.
    `clock` is the second (UTC) in which the
    last event was recorded; `late` are tasks of which something was entered late, whose past is other than it was
    known. `ended` counts work that came to its end or was taken up again. `meetings` and `directory` are changes of
    those in the log's order.
    """

    clock: dt.datetime = _BEFORE_ALL
    last: int = 0
    tasks: dict[str, Task] = field(default_factory=dict)
    added: dict[str, list[Row]] = field(default_factory=dict)
    late: set[str] = field(default_factory=set)
    ended: list[Counted] = field(default_factory=list)
    meetings: list["MeetingChange"] = field(default_factory=list)
    directory: list[DirectoryEvent] = field(default_factory=list)

    def add(self, table: str, row: Row) -> None:
        """Adds a row to a table."""
        self.added.setdefault(table, []).append(row)

    def record(self, record: Record, at: dt.datetime) -> None:
        """Steps the log's clock to the time that an event tells; see `tables_of_pasts.moment`."""
        told = min(at, record.stored_at)
        if told - self.clock >= _SECOND:
            self.clock = told.replace(microsecond=0)
            self.add("moment", (self.clock, record.sequence))

    def change(self, before: Task | None, after: Task, place: Place) -> None:
        """Takes a task's next state in, and the version that it ends, where it is in force."""
        self.tasks[after.id] = after
        if not after.in_force:
            return
        if not (before and before.in_force):
            before = None
        else:
            self.add("task_version", version_row(before, place.sequence))
        if abs(place.at - self.clock) > LATE:
            self.late.add(after.id)
        self.ended.extend(counted(before, after, place.sequence))


@dataclass(frozen=True, slots=True)
class MeetingChange:
    """A correction or a revocation of a notice in force, with its sequence and its time (UTC)."""

    data: ConclusionCorrected | ConclusionRevoked
    sequence: int
    at: dt.datetime


def fold(batch: Sequence[Read], tasks: Mapping[str, Task], clock: dt.datetime | None = None) -> Changes:
    """The changes that a batch makes, given the tasks that it touches, and the log's clock before it (UTC).

    Raises:
        OutOfTurn: an event cannot stand where it does.
    """
    changes = Changes(clock or _BEFORE_ALL, batch[-1].record.sequence if batch else 0)
    for each in batch:
        if each.event is None:
            changes.add("parked", (each.record.sequence, each.record.subject, each.reason))
            continue
        at = each.event.envelope.at()
        changes.record(each.record, at)
        if (aggregate := each.record.aggregate).startswith(TASK):
            place = Place(each.record.sequence, at, each.event.envelope.actor)
            _take_task(changes, aggregate.removeprefix(TASK), place, each.event, tasks)
        else:
            _take(changes, each.record, each.event, tasks)
    return changes


def _take_task(changes: Changes, task_id: str, place: Place, event: Event, tasks: Mapping[str, Task]) -> None:
    task = changes.tasks.get(task_id) or tasks.get(task_id)
    version, said = (task.version if task else 0) + 1, event.envelope.aggregateversion
    if said != version:
        raise OutOfTurn(f"it says that it is event {said} of its task, and is event {version}")
    match event.data:
        case TaskAssigned() as data if task is None:
            changes.change(None, assigned(data, place), place)
        case _ if task is None:
            raise OutOfTurn("it tells of a task that was never assigned")
        case ProgressReported(attachments=files) | CompletionSubmitted(evidence=files) as data:
            changes.change(task, evolve(task, data, place), place)
            for file in {each.sha256: each for each in files}.values():
                changes.add("attachment", _attachment_row(file, task_id, place.sequence))
        case data if is_of_task(data):
            changes.change(task, evolve(task, data, place), place)
        case _:
            pass


def _take(changes: Changes, record: Record, event: Event, tasks: Mapping[str, Task]) -> None:
    sequence = record.sequence
    match event.data:
        case MeetingConcluded() as data:
            named = task_ids(data.directives)
            _put_in_force(changes, data.directives, record, event, tasks)
            changes.add("meeting", _meeting_row(data, record, event, len(named)))
            for directive in data.directives:
                changes.add("directive", directive_row(directive, data.meeting_id))
        case ConclusionCorrected() as data:
            _put_in_force(changes, data.directives, record, event, tasks)
            changes.meetings.append(MeetingChange(data, sequence, event.envelope.at()))
        case ConclusionRevoked() as data:
            changes.meetings.append(MeetingChange(data, sequence, event.envelope.at()))
        case NotificationRequested() as data:
            changes.add("notification", (data.notification_id, sequence, data.person_id, data.meeting_id))
            changes.add("notification_event", (data.notification_id, sequence))
            for task_id in dict.fromkeys(mention.task_id for mention in data.tasks):
                changes.add("notified_task", (task_id, data.notification_id))
        case data if isinstance(data, OUTCOMES):
            changes.add("notification_event", (data.notification_id, sequence))
        case data if _is_of_directory(data):
            changes.directory.append(data)
        case _:
            pass


_DIRECTORY_EVENTS = frozenset(DirectoryEvent.__args__)


def _is_of_directory(data: object) -> TypeGuard[DirectoryEvent]:
    return type(data) in _DIRECTORY_EVENTS


def _put_in_force(
    changes: Changes,
    directives: Iterable[Directive],
    record: Record,
    event: Event,
    tasks: Mapping[str, Task],
) -> None:
    place = Place(record.sequence, event.envelope.at(), event.envelope.actor)
    for task_id in task_ids(directives):
        task = changes.tasks.get(task_id) or tasks.get(task_id)
        if task and not task.in_force:
            changes.change(task, put_in_force(task, place), place)


def task_ids(directives: Iterable[Directive]) -> list[str]:
    """Ids of the tasks that these directives lead to, each once."""
    tasks = (task.id for directive in directives for assignee in directive.assignees for task in assignee.tasks)
    return list(dict.fromkeys(tasks))


def _attachment_row(file: Attachment, task_id: str, sequence: int) -> Row:
    return (file.sha256, task_id, sequence, file.name, file.media_type, file.size)


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
        None,
    )


def directive_row(data: Directive, meeting_id: str) -> Row:
    """The row of a directive that is in force."""
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
        data.urgent,
        data.confidence,
        False,
    )
