"""What a person says of a reading that was wrong: the body of a confirmation, a correction or a revocation."""

from typing import Annotated

from pydantic import FailFast, Field

from services.intake.conclusion import ConcludedDirective
from shared.events.fields import Citation, Deadline, Fields, Name, NamedPerson, Statement, Text, Token
from shared.events.meeting import CorrectedFields

MOST_CHANGES = 500
"""Directives of one correction, of each sort."""


class MeantUnits(Fields):
    """A unit in the notice's words, and which units of the directory it means."""

    phrase: Name
    units: Annotated[
        tuple[Token, ...],
        Field(max_length=1_000, description="ids of units; none leaves it to the directory what the phrase means"),
        FailFast(),
    ] = ()


class DirectiveChange(Fields):
    """A directive as it should have been read. What is left out stays as it was; null takes it away."""

    id: Token
    text: Text | None = None
    assignees: Annotated[tuple[MeantUnits, ...] | None, Field(min_length=1, max_length=100)] = None
    lead: NamedPerson | None = None
    cooperators: Annotated[tuple[MeantUnits, ...] | None, Field(max_length=100)] = None
    report_to: Annotated[tuple[Name, ...] | None, Field(max_length=20)] = None
    deadline: Deadline | None = None
    recurrence: Name | None = None
    citations: Annotated[tuple[Citation, ...] | None, Field(max_length=50)] = None
    urgent: bool | None = None

    def gives(self, name: str) -> bool:
        """Whether the change says something of a field."""
        return name in self.model_fields_set


class MissedDirective(ConcludedDirective):
    """A directive that the reading missed. `units` says of its assignees which units they mean."""

    units: Annotated[tuple[MeantUnits, ...], Field(max_length=100), FailFast()] = ()


class Changes(Fields):
    """What is to be other than it was read."""

    fields: CorrectedFields = CorrectedFields()
    directives: Annotated[tuple[DirectiveChange, ...], Field(max_length=MOST_CHANGES), FailFast()] = ()
    withdrawn: Annotated[
        tuple[Token, ...], Field(max_length=MOST_CHANGES, description="ids of what is no directive"), FailFast()
    ] = ()
    missed: Annotated[tuple[MissedDirective, ...], Field(max_length=MOST_CHANGES), FailFast()] = ()
    learn: Annotated[
        bool, Field(description="whether the directory shall know from now on which unit such a phrase means")
    ] = True

    def changes_nothing(self) -> bool:
        """Whether it says nothing."""
        return not (self.directives or self.withdrawn or self.missed or self.fields != CorrectedFields())


class Confirmation(Changes):
    """A held notice is right, or is with these changes."""


class Correction(Changes):
    """A notice in force was misread, or its clerk enters what it lacked."""

    reason: Statement


class Revocation(Fields):
    """A notice shall no longer be in force, or a held one never be."""

    reason: Statement
