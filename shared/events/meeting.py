"""What happens to a meeting's conclusions."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.events.fields import (
    Citation,
    Confidence,
    Day,
    Deadline,
    Digest,
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
    sha256: Digest
    size: Annotated[int, Field(ge=0, description="bytes")]
    name: Annotated[Name | None, Field(description="the file's name, where it came as a file")] = None
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
    urgent: bool = False
    confidence: Annotated[Confidence, Field(description="how far the reading of the directive can be trusted")] = 1.0


class Doubt(Fields):
    """Something in the reading that a person should look at. `code` says what is doubtful, `about` names it."""

    code: Name
    directive_id: Token | None = None
    about: Name | None = None
    confidence: Confidence


Kind = Literal["decision", "assessment", "exhortation", "formality"]
"""What a passage of a notice is that lays no duty on anybody."""


class OtherPassage(Fields):
    """A passage that is no directive, and its place in the notice's text."""

    kind: Kind
    span: Span


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


class Reading(Meeting):
    """A notice of conclusions as it was read, with the document that it was read from."""

    fingerprint: Annotated[Digest, Field(description="SHA-256 of what was posted")]
    document: Document
    directives: tuple[Directive, ...]
    other: tuple[OtherPassage, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    for_review: Annotated[bool, Field(description="whether a person is asked to go through the doubts")] = False


class ConclusionHeld(Reading):
    """A notice was read with doubts and waits for a person to confirm it. None of its tasks exists yet."""

    type: ClassVar[str] = "ketluan.ConclusionHeld.v1"


class MeetingConcluded(Reading):
    """A notice of conclusions is in force.

    It is the last event of its notice: every TaskAssigned that it names stands before it in the log, so whoever
    reads this event can read the whole notice, and tasks that no MeetingConcluded names are not in force.
    """

    type: ClassVar[str] = "ketluan.MeetingConcluded.v1"


class ConclusionReviewed(Fields):
    """A person went through the doubts of the reading; what was wrong is corrected by events of its own."""

    type: ClassVar[str] = "ketluan.ConclusionReviewed.v1"

    meeting_id: Token


class CorrectedFields(Fields):
    """Fields of the notice with what they should say; None leaves a field as it was."""

    issuer: Name | None = None
    number: Name | None = None
    issued_on: Day | None = None
    held_on: Day | None = None
    title: Text | None = None
    concluded_by: NamedPerson | None = None
    signed_by: NamedPerson | None = None


class ConclusionCorrected(Fields):
    """What the notice says was corrected: a number entered by the clerk, a unit or a deadline that was misread.

    It is the last event of its correction, behind what it does to tasks. `directives` holds each directive that
    changed or was missed, whole, as it stands now; `withdrawn` names those that are no directives.
    """

    type: ClassVar[str] = "ketluan.ConclusionCorrected.v1"

    meeting_id: Token
    reason: Text
    fields: CorrectedFields = CorrectedFields()
    directives: tuple[Directive, ...] = ()
    withdrawn: tuple[Token, ...] = ()


class ConclusionRevoked(Fields):
    """The notice is no longer in force. It is the last event of its revocation, behind the cancelled tasks."""

    type: ClassVar[str] = "ketluan.ConclusionRevoked.v1"

    meeting_id: Token
    reason: Text


class ConclusionIdentified(Fields):
    """A notice that came without its number is, since the number was entered, the one that this id is derived from."""

    type: ClassVar[str] = "ketluan.ConclusionIdentified.v1"

    meeting_id: Annotated[Token, Field(description="derived from issuer, number and year")]
    concluded_as: Annotated[Token, Field(description="the id under which the notice stands in the log")]


MeetingEvent = (
    ConclusionHeld
    | MeetingConcluded
    | ConclusionReviewed
    | ConclusionCorrected
    | ConclusionRevoked
    | ConclusionIdentified
)
"""Every event of the aggregate `meeting.<id>`."""
