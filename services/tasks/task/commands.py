"""What may be asked to happen to a task. Each command leads to one event, or is refused."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.events.fields import Day, Digest, Hour, Name, Statement, Text, Token
from shared.identity.permissions import Permission

MOST_FILES = 20
MOST_UNITS = 100


class Asked(BaseModel):
    """A command as it is sent. `permission` is both its name and what its sender needs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    permission: ClassVar[Permission]


def _each_once(given: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(given)) < len(given):
        raise PydanticCustomError("repeated", "each may be named once")
    return given


class File(BaseModel):
    """A file that was uploaded before, by its SHA-256, and the name under which it is handed in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: Digest
    name: Name


Files = Annotated[tuple[File, ...], Field(max_length=MOST_FILES)]
Reason = Annotated[Statement, Field(description="why, for everybody who reads the history")]


class Acknowledge(Asked):
    """The unit takes note of the task."""

    permission: ClassVar[Permission] = "acknowledge"


class ReportProgress(Asked):
    """The unit tells how far the work is: a percentage, a note, files, or several of them."""

    permission: ClassVar[Permission] = "report-progress"

    percent: Annotated[int | None, Field(ge=0, le=100)] = None
    note: Text | None = None
    attachments: Files = ()


class SubmitCompletion(Asked):
    """The unit hands in its result, for acceptance."""

    permission: ClassVar[Permission] = "submit-completion"

    note: Statement
    evidence: Files = ()


class AcceptCompletion(Asked):
    """The result fulfils the task."""

    permission: ClassVar[Permission] = "accept-completion"

    note: Text | None = None


class ReturnCompletion(Asked):
    """The result does not fulfil the task yet."""

    permission: ClassVar[Permission] = "return-completion"

    reason: Reason


class RequestExtension(Asked):
    """The unit asks for time until another day."""

    permission: ClassVar[Permission] = "request-extension"

    until: Day
    reason: Reason


class GrantExtension(Asked):
    """More time is granted: until the day that was asked for, or until another one."""

    permission: ClassVar[Permission] = "grant-extension"

    until: Day | None = None
    note: Text | None = None


class RefuseExtension(Asked):
    """More time is refused."""

    permission: ClassVar[Permission] = "refuse-extension"

    reason: Reason


class SetDeadline(Asked):
    """The task has this deadline from now on; null takes the deadline away."""

    permission: ClassVar[Permission] = "set-deadline"

    due: Annotated[Day | None, Field(description="last local day on which finishing is in time")]
    time: Hour | None = None
    reason: Reason

    @model_validator(mode="after")
    def _time_of_a_day(self) -> Self:
        if self.time is not None and self.due is None:
            raise PydanticCustomError("time_without_day", "a time goes only with a day")
        return self


class Reassign(Asked):
    """Another unit is responsible from now on, or the same one through another person, or nobody in particular."""

    permission: ClassVar[Permission] = "reassign"

    unit: Annotated[Token | None, Field(description="the unit's id; without it the unit stays")] = None
    person: Annotated[Token | None, Field(description="id of the person who leads; without it nobody does")] = None
    reason: Reason


class ChangeCooperators(Asked):
    """These units co-operate from now on, and no others."""

    permission: ClassVar[Permission] = "change-cooperators"

    units: Annotated[tuple[Token, ...], Field(max_length=MOST_UNITS), AfterValidator(_each_once)]
    reason: Reason


class Remind(Asked):
    """The unit is urged on (đôn đốc)."""

    permission: ClassVar[Permission] = "remind"

    message: Text | None = None


class Cancel(Asked):
    """The task need not be done any more."""

    permission: ClassVar[Permission] = "cancel"

    reason: Reason


class Reopen(Asked):
    """The task has to be done again, or after all."""

    permission: ClassVar[Permission] = "reopen"

    reason: Reason


class Comment(Asked):
    """A remark; nothing else changes."""

    permission: ClassVar[Permission] = "comment"

    text: Statement


Command = (
    Acknowledge
    | ReportProgress
    | SubmitCompletion
    | AcceptCompletion
    | ReturnCompletion
    | RequestExtension
    | GrantExtension
    | RefuseExtension
    | SetDeadline
    | Reassign
    | ChangeCooperators
    | Remind
    | Cancel
    | Reopen
    | Comment
)

COMMANDS: Mapping[Permission, type[Command]] = {command.permission: command for command in Command.__args__}
"""Every command by its name, which ends its address: `POST /v1/tasks/{id}/<name>`."""
