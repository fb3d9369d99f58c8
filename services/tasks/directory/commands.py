"""What may be asked to happen to a unit or a person of the directory."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from shared.directory.spelling import matching_key
from shared.events.fields import Name, Statement, Token
from shared.events.person import Role


def _stripped(given: object) -> object:
    return given.strip() if isinstance(given, str) else given


def _readable(given: str) -> str:
    if not matching_key(given):
        raise PydanticCustomError("blank", "it must not be blank")
    return given


def _lines(given: object) -> object:
    """Forms send a list as lines."""
    if isinstance(given, str):
        return [line.strip() for line in given.splitlines() if line.strip()]
    return given


def as_list(given: object) -> object:
    """A form with one box ticked sends no list."""
    return [given] if isinstance(given, str) else given


Called = Annotated[Name, BeforeValidator(_stripped), AfterValidator(_readable)]
"""A name in which there is at least a letter or a digit, without blanks around it."""

Names = Annotated[tuple[Called, ...], Field(max_length=200), BeforeValidator(_lines)]
"""Names, each once on a line or in a list."""


class Command(BaseModel):
    """Something that is asked for. A unit is named by its id, or by a name that means no other."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RegisterUnit(Command):
    """The directory shall know a unit. Without an id it gets one from its name."""

    name: Called
    id: Token | None = None
    parent: Called | None = None
    aliases: Names = ()
    classes: Names = ()


class RenameUnit(Command):
    """The unit shall have another name; the former one still finds it."""

    name: Called


class MoveUnit(Command):
    """The unit shall stand below another; below none where the parent is null."""

    parent: Called | None


class AddAlias(Command):
    """Another spelling or abbreviation shall mean the unit."""

    alias: Called


class RemoveAlias(Command):
    """A spelling or abbreviation shall mean the unit no longer."""

    alias: Name


class AddClass(Command):
    """A phrase for a class of units shall include the unit."""

    unit_class: Called


class RemoveClass(Command):
    """A phrase for a class of units shall include the unit no longer."""

    unit_class: Name


class CloseUnit(Command):
    """The unit shall take no more tasks."""


class ReopenUnit(Command):
    """A unit that was closed shall take tasks again."""


class RegisterPerson(Command):
    """The directory shall know a person, whose id is the account with which they sign in."""

    id: Token
    name: Called
    unit: Called | None = None
    position: Called | None = None
    roles: Annotated[tuple[Role, ...], BeforeValidator(as_list)] = ()


class RenamePerson(Command):
    """The person shall go by another name."""

    name: Called


class PlacePerson(Command):
    """The person shall belong to a unit, in a position."""

    unit: Called
    position: Called | None = None


class GrantRole(Command):
    """The person shall hold a role."""

    role: Role


class RevokeRole(Command):
    """The person shall hold a role no longer."""

    role: Role


class Leave(Command):
    """The person shall hold no role and sign in no more."""


class Return(Command):
    """A person who left shall be of the organisation again, as yet without a role."""


class ErasePersonalData(Command):
    """What is kept of a person who left, and is no part of the record, shall be gone."""

    reason: Statement


class EndSessions(Command):
    """Every session of the person shall be over, wherever it is."""


class GiveSigninLink(Command):
    """Whoever asks shall get a link with which the person signs in once."""


OF_UNITS: dict[str, type[Command]] = {
    "rename": RenameUnit,
    "move": MoveUnit,
    "add-alias": AddAlias,
    "remove-alias": RemoveAlias,
    "add-class": AddClass,
    "remove-class": RemoveClass,
    "close": CloseUnit,
    "reopen": ReopenUnit,
}
"""What may be asked to happen to a unit that is known, by its address."""

OF_PEOPLE: dict[str, type[Command]] = {
    "rename": RenamePerson,
    "place": PlacePerson,
    "grant-role": GrantRole,
    "revoke-role": RevokeRole,
    "leave": Leave,
    "return": Return,
    "end-sessions": EndSessions,
    "erase-personal-data": ErasePersonalData,
}
"""What may be asked to happen to a person who is known, by its address."""
