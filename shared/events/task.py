"""What happens to a task: one directive in the hands of one responsible unit. Who did it stands in the envelope."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.events.fields import (
    Attachment,
    Citation,
    Confidence,
    Day,
    Deadline,
    Fields,
    Name,
    NamedPerson,
    NamedUnit,
    Span,
    Text,
    Token,
    UnitRef,
)


class Period(Fields):
    """One turn of a recurring task: the task that recurs, and the first and last local day of the turn."""

    series_id: Token
    starts_on: Day
    ends_on: Day


class TaskAssigned(Fields):
    """A unit was made responsible for a directive.

    Without a period it is in force once its notice is concluded; with one, as soon as it is there.
    """

    type: ClassVar[str] = "ketluan.TaskAssigned.v1"

    task_id: Token
    meeting_id: Token
    directive_id: Token
    ordinal: Annotated[int, Field(ge=1, le=2**31 - 1, description="the directive's place in the notice")]
    heading: Name | None = None
    text: Text
    span: Span | None = None
    phrase: Annotated[Name, Field(description="the assignee in the notice's words")]
    unit: UnitRef
    lead: NamedPerson | None = None
    cooperators: tuple[NamedUnit, ...] = ()
    report_to: tuple[Name, ...] = ()
    deadline: Deadline | None = None
    recurrence: Name | None = None
    citations: tuple[Citation, ...] = ()
    urgent: bool = False
    confidence: Annotated[Confidence, Field(description="how far the reading of the directive can be trusted")] = 1.0
    period: Period | None = None


class TaskAcknowledged(Fields):
    """The responsible unit has taken note of the task."""

    type: ClassVar[str] = "ketluan.TaskAcknowledged.v1"

    task_id: Token


class ProgressReported(Fields):
    """The responsible unit told how far the work is."""

    type: ClassVar[str] = "ketluan.ProgressReported.v1"

    task_id: Token
    percent: Annotated[int | None, Field(ge=0, le=100)] = None
    note: Text | None = None
    attachments: tuple[Attachment, ...] = ()


class CompletionSubmitted(Fields):
    """The responsible unit handed in its result, for acceptance."""

    type: ClassVar[str] = "ketluan.CompletionSubmitted.v1"

    task_id: Token
    note: Text
    evidence: tuple[Attachment, ...] = ()


class CompletionAccepted(Fields):
    """The result that was handed in fulfils the task."""

    type: ClassVar[str] = "ketluan.CompletionAccepted.v1"

    task_id: Token
    note: Text | None = None


class CompletionReturned(Fields):
    """The result that was handed in does not fulfil the task yet."""

    type: ClassVar[str] = "ketluan.CompletionReturned.v1"

    task_id: Token
    reason: Text


class ExtensionRequested(Fields):
    """The responsible unit asked for time until another day."""

    type: ClassVar[str] = "ketluan.ExtensionRequested.v1"

    task_id: Token
    until: Day
    reason: Text


class ExtensionGranted(Fields):
    """The request for more time was granted; this is the deadline that holds now."""

    type: ClassVar[str] = "ketluan.ExtensionGranted.v1"

    task_id: Token
    until: Day
    note: Text | None = None


class ExtensionRefused(Fields):
    """The request for more time was refused; the deadline stays."""

    type: ClassVar[str] = "ketluan.ExtensionRefused.v1"

    task_id: Token
    reason: Text


class DueDateSet(Fields):
    """The task has this deadline from now on, or none. The baseline stays what the notice first set."""

    type: ClassVar[str] = "ketluan.DueDateSet.v1"

    task_id: Token
    deadline: Deadline | None = None
    reason: Text


class TaskReassigned(Fields):
    """Another unit is responsible from now on, or the same one through another person."""

    type: ClassVar[str] = "ketluan.TaskReassigned.v1"

    task_id: Token
    unit: UnitRef
    lead: NamedPerson | None = None
    reason: Text


class CooperatorsChanged(Fields):
    """These units co-operate from now on, and no others."""

    type: ClassVar[str] = "ketluan.CooperatorsChanged.v1"

    task_id: Token
    cooperators: tuple[NamedUnit, ...]
    reason: Text


class ReminderIssued(Fields):
    """Somebody with the authority urged the responsible unit on (đôn đốc)."""

    type: ClassVar[str] = "ketluan.ReminderIssued.v1"

    task_id: Token
    message: Text | None = None


class TaskCancelled(Fields):
    """The task need not be done any more."""

    type: ClassVar[str] = "ketluan.TaskCancelled.v1"

    task_id: Token
    reason: Text


class TaskReopened(Fields):
    """A task that was done or cancelled has to be done again."""

    type: ClassVar[str] = "ketluan.TaskReopened.v1"

    task_id: Token
    reason: Text


class CommentAdded(Fields):
    """Somebody remarked something on the task; nothing else changed."""

    type: ClassVar[str] = "ketluan.CommentAdded.v1"

    task_id: Token
    text: Text


TaskEvent = (
    TaskAssigned
    | TaskAcknowledged
    | ProgressReported
    | CompletionSubmitted
    | CompletionAccepted
    | CompletionReturned
    | ExtensionRequested
    | ExtensionGranted
    | ExtensionRefused
    | DueDateSet
    | TaskReassigned
    | CooperatorsChanged
    | ReminderIssued
    | TaskCancelled
    | TaskReopened
    | CommentAdded
)
"""Every event of the aggregate `task.<id>`."""
