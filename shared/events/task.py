"""What happens to a task: one directive in the hands of one responsible unit."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.events.fields import Citation, Deadline, Fields, Name, NamedPerson, NamedUnit, Span, Text, Token, UnitRef


class TaskAssigned(Fields):
    """A unit was made responsible for a directive."""

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
