"""What the directory's forms send: a command, and the version of what they were made for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import Request

from services.tasks.directory.commands import Command
from shared.directory.directory import Unit
from shared.language import Language
from shared.preconditions import PreconditionRequired
from shared.problems import NotFound, Problem
from shared.web.forms import checked, filled

_VERSION = "version"
_LARGEST_VERSION = 10
_SUGGESTED = 300

C = TypeVar("C", bound=Command)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sent that was refused: which form it was, its fields as they were, and why."""

    form: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    problem: Problem | None = None

    def value(self, name: str, otherwise: str = "") -> str:
        """What a field held."""
        found = self.fields.get(name, otherwise)
        return found if isinstance(found, str) else otherwise

    def values(self, name: str) -> list[str]:
        """What a field held that comes more than once."""
        found = self.fields.get(name, [])
        return found if isinstance(found, list) else [found]

    def told(self, language: Language) -> dict[str, Any] | None:
        """Why it was refused; None where nothing was."""
        return self.problem.told(language) if self.problem else None


def command_of(commands: dict[str, type[Command]], name: str, request: Request) -> type[Command]:
    """The command of an address.

    Raises:
        NotFound: there is none of that name.
    """
    if name not in commands:
        raise NotFound(what=request.url.path)
    return commands[name]


async def fields_of(request: Request) -> dict[str, Any]:
    """The fields of a form without its version."""
    found = await filled(request)
    found.pop(_VERSION, None)
    return found


async def version_of(request: Request) -> int:
    """The version of the unit or person for which a form was made.

    Raises:
        PreconditionRequired: the form does not say.
    """
    given = (await filled(request)).get(_VERSION)
    if not isinstance(given, str) or not given.isdecimal() or len(given) > _LARGEST_VERSION:
        raise PreconditionRequired
    return int(given)


def as_command(command: type[C], fields: dict[str, Any]) -> C:
    """The command that the fields of a form make; a parent that they leave out is none.

    Raises:
        Invalid: some cannot be used.
    """
    return checked(command, {"parent": None, **fields} if "parent" in command.model_fields else fields)


def suggested(units: Iterable[Unit]) -> list[str]:
    """Names that a field for a unit suggests; none where they would be more than anybody wants to load."""
    names = [unit.name for unit in units if not unit.closed]
    return sorted(names) if len(names) <= _SUGGESTED else []
