"""What a command does to a task, or which rule refuses it. Pure: look-ups and the day are given."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from services.tasks.task import refusals
from services.tasks.task.authority import authorise
from services.tasks.task.commands import (
    AcceptCompletion,
    Acknowledge,
    Cancel,
    ChangeCooperators,
    Command,
    Comment,
    File,
    GrantExtension,
    Reassign,
    RefuseExtension,
    Remind,
    Reopen,
    ReportProgress,
    RequestExtension,
    ReturnCompletion,
    SetDeadline,
    SubmitCompletion,
)
from services.tasks.task.state import OPEN, Status, Task
from shared.events.fields import Attachment, Deadline, NamedPerson, NamedUnit, UnitRef
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
    ProgressReported,
    ReminderIssued,
    TaskAcknowledged,
    TaskCancelled,
    TaskEvent,
    TaskReassigned,
    TaskReopened,
)
from shared.identity.caller import Caller

_AT_WORK: tuple[Status, ...] = ("not_started", "in_progress")
_ENDED: tuple[Status, ...] = ("done", "cancelled")

_WHILE: Mapping[type[Command], tuple[Status, ...]] = {
    Acknowledge: _AT_WORK,
    ReportProgress: _AT_WORK,
    SubmitCompletion: _AT_WORK,
    AcceptCompletion: ("submitted",),
    ReturnCompletion: ("submitted",),
    RequestExtension: _AT_WORK,
    GrantExtension: OPEN,
    RefuseExtension: OPEN,
    SetDeadline: OPEN,
    Reassign: _AT_WORK,
    ChangeCooperators: OPEN,
    Remind: _AT_WORK,
    Cancel: OPEN,
    Reopen: _ENDED,
    Comment: (*OPEN, *_ENDED),
}
"""In which states of a task each command can do something."""

_OF_SERIES: tuple[type[Command], ...] = (Acknowledge, Reassign, ChangeCooperators, Cancel, Reopen, Comment)
"""What can be done with a task that recurs; all else belongs to the task of one period."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What the object store knows of a file; `size` is in bytes."""

    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What was looked up for a decision: units with whether they are closed, people, and files by their SHA-256.

    `ordered` says that the notice, as it is now, orders the task.
    """

    units: Mapping[str, tuple[UnitRef, bool]] = field(default_factory=dict)
    people: Mapping[str, NamedPerson] = field(default_factory=dict)
    files: Mapping[str, StoredFile] = field(default_factory=dict)
    ordered: bool = True


def decide(task: Task, command: Command, caller: Caller, today: dt.date, facts: Facts) -> TaskEvent:
    """The event that the command leads to. `today` is the local day.

    Raises:
        Refusal: a rule forbids it; nothing happens.
    """
    authorise(task, command.permission, caller)
    return outcome(task, command, caller.actor, today, facts)


def outcome(task: Task, command: Command, actor: str, today: dt.date, facts: Facts) -> TaskEvent:
    """The event that a command of somebody who may leads to.

    Raises:
        Refusal: a rule forbids it; nothing happens.
    """
    _fits_state(task, command)
    match command:
        case Acknowledge():
            if task.acknowledged_at:
                raise refusals.AlreadyAcknowledged
            return TaskAcknowledged(task_id=task.id)
        case ReportProgress():
            if command.percent is None and command.note is None and not command.attachments:
                raise refusals.NothingReported
            files = _files(command.attachments, facts)
            return ProgressReported(task_id=task.id, percent=command.percent, note=command.note, attachments=files)
        case SubmitCompletion():
            return CompletionSubmitted(task_id=task.id, note=command.note, evidence=_files(command.evidence, facts))
        case AcceptCompletion():
            if actor == task.submitted_by:
                raise refusals.OwnResult
            return CompletionAccepted(task_id=task.id, note=command.note)
        case ReturnCompletion():
            return CompletionReturned(task_id=task.id, reason=command.reason)
        case RequestExtension() | GrantExtension() | RefuseExtension():
            return _extension(task, command, today)
        case SetDeadline():
            deadline = Deadline(date=command.due, time=command.time) if command.due else None
            if _moment(deadline) == _moment(task.deadline):
                raise refusals.NothingChanged
            return DueDateSet(task_id=task.id, deadline=deadline, reason=command.reason)
        case Reassign():
            return _reassignment(task, command, facts)
        case ChangeCooperators():
            return _cooperation(task, command, facts)
        case Remind():
            return ReminderIssued(task_id=task.id, message=command.message)
        case Cancel():
            return TaskCancelled(task_id=task.id, reason=command.reason)
        case Reopen():
            if not facts.ordered:
                raise refusals.NoLongerOrdered
            return TaskReopened(task_id=task.id, reason=command.reason)
        case Comment():
            return CommentAdded(task_id=task.id, text=command.text)
        case _:
            assert_never(command)


def _fits_state(task: Task, command: Command) -> None:
    fits = _WHILE[type(command)]
    if task.status not in fits:
        if isinstance(command, Reopen):
            raise refusals.StillOpen
        match task.status:
            case "done":
                raise refusals.AlreadyDone
            case "cancelled":
                raise refusals.AlreadyCancelled
            case "submitted":
                raise refusals.AwaitsAcceptance
            case _:
                raise refusals.NothingSubmitted
    if task.is_series and not isinstance(command, _OF_SERIES):
        raise refusals.OnEachTurn


def _extension(
    task: Task, command: RequestExtension | GrantExtension | RefuseExtension, today: dt.date
) -> ExtensionRequested | ExtensionGranted | ExtensionRefused:
    if isinstance(command, RequestExtension):
        if task.due is None:
            raise refusals.NoDeadline
        if task.pending_until:
            raise refusals.AlreadyRequested(until=_written(task.pending_until))
        _later(command.until, max(task.due, today - dt.timedelta(days=1)))
        return ExtensionRequested(task_id=task.id, until=command.until, reason=command.reason)
    if task.pending_until is None:
        raise refusals.NothingRequested
    if isinstance(command, RefuseExtension):
        return ExtensionRefused(task_id=task.id, reason=command.reason)
    until = command.until or task.pending_until
    if task.due:
        _later(until, task.due)
    return ExtensionGranted(task_id=task.id, until=until, note=command.note)


def _later(day: dt.date, than: dt.date) -> None:
    if day <= than:
        raise refusals.NotLater(day=_written(than))


def _reassignment(task: Task, command: Reassign, facts: Facts) -> TaskReassigned:
    unit = _unit(command.unit, facts) if command.unit else task.unit
    lead = None
    if command.person:
        lead = facts.people.get(command.person)
        if lead is None:
            raise refusals.UnknownPerson(person=command.person)
    if unit.id == task.unit.id and lead == task.lead:
        raise refusals.NothingChanged
    if unit.id in task.cooperator_unit_ids:
        raise refusals.CooperatesWithItself(unit=unit.name)
    return TaskReassigned(task_id=task.id, unit=unit, lead=lead, reason=command.reason)


def _cooperation(task: Task, command: ChangeCooperators, facts: Facts) -> CooperatorsChanged:
    units = [_unit(unit_id, facts) for unit_id in command.units]
    if task.unit.id in command.units:
        raise refusals.CooperatesWithItself(unit=task.unit.name)
    # Who is named in the notice's words already keeps them.
    named = {each.unit: each for each in task.cooperators if each.unit}
    cooperators = tuple(named.get(unit.id) or NamedUnit(phrase=unit.name, unit=unit.id) for unit in units)
    if set(cooperators) == set(task.cooperators):
        raise refusals.NothingChanged
    return CooperatorsChanged(task_id=task.id, cooperators=cooperators, reason=command.reason)


def _unit(unit_id: str, facts: Facts) -> UnitRef:
    if unit_id not in facts.units:
        raise refusals.UnknownUnit(unit=unit_id)
    unit, closed = facts.units[unit_id]
    if closed:
        raise refusals.UnitClosed(unit=unit.name)
    return unit


def _files(files: tuple[File, ...], facts: Facts) -> tuple[Attachment, ...]:
    found = []
    for each in files:
        stored = facts.files.get(each.sha256)
        if stored is None:
            raise refusals.UnknownFile(sha256=each.sha256)
        found.append(Attachment(sha256=each.sha256, name=each.name, media_type=stored.media_type, size=stored.size))
    return tuple(found)


def _moment(deadline: Deadline | None) -> tuple[dt.date, str | None] | None:
    return (deadline.date, deadline.time) if deadline else None


def _written(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"
