"""What happens to a meeting's conclusions."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.events.fields import (
    Citation,
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


class Document(Fields):
    """The notice as it was received. Spans of directives count in `text`."""

    media_type: Name
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=0, description="bytes")]
    text: str | None = None


class TaskRef(Fields):
    """A task that a directive became, and the unit it lies with."""

    id: Token
    unit: UnitRef


class Assignee(Fields):
    """Whom a directive names, in the notice's words, and the tasks that it became: one for each unit of a class."""

    phrase: Name
    tasks: tuple[TaskRef, ...]


class Directive(Fields):
    """One order of the notice: who shall do what, by when."""

    id: Token
    ordinal: Annotated[int, Field(ge=1, le=2**31 - 1)]
    heading: Name | None = None
    text: Text
    span: Span | None = None
    assignees: tuple[Assignee, ...]
    lead: NamedPerson | None = None
    cooperators: tuple[NamedUnit, ...] = ()
    report_to: tuple[Name, ...] = ()
    deadline: Deadline | None = None
    recurrence: Name | None = None
    citations: tuple[Citation, ...] = ()


class Meeting(Fields):
    """What a notice says of its meeting and of itself. Number and dates may be missing: clerks add them later."""

    meeting_id: Token
    issuer: Name | None = None
    number: Name | None = None
    issued_on: Day | None = None
    held_on: Day | None = None
    title: Text
    concluded_by: NamedPerson | None = None
    signed_by: NamedPerson | None = None
    attendees: tuple[NamedPerson, ...] = ()
    recipients: tuple[Name, ...] = ()


class MeetingConcluded(Meeting):
    """A notice of conclusions is in force.

    It is the last event of its notice: every TaskAssigned that it names stands before it in the log, so whoever
    reads this event can read the whole notice, and tasks that no MeetingConcluded names are not in force.
    """

    type: ClassVar[str] = "ketluan.MeetingConcluded.v1"

    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of what was posted")]
    document: Document
    directives: tuple[Directive, ...]
