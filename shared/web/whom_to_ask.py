"""Whom somebody can ask who was refused: the people who may do it, and those who give roles, by name. Pure."""

from dataclasses import dataclass

from shared.directory.directory import Directory, Person
from shared.identity.caller import Caller, CallerRole
from shared.identity.permissions import who_may
from shared.identity.refusals import NotAllowed
from shared.language import Words
from shared.problems import Problem
from shared.vocabulary import ROLES

_MOST_NAMES = 3
_KEEPER: CallerRole = "administrator"


@dataclass(frozen=True, slots=True)
class Askable:
    """A role, and the first of the people who hold it."""

    role: Words
    people: tuple[Person, ...]


def whom_to_ask(directory: Directory, caller: Caller, problem: Problem) -> list[Askable]:
    """Who may do what was refused, those of the caller's own units first, and who keeps roles; nobody where no person
    can help."""
    if not isinstance(problem, NotAllowed):
        return []
    roles = [role for role in who_may(problem.permission, problem.needed) if role not in ("integration", _KEEPER)]
    return [Askable(ROLES[role], _holders(directory, caller, role)) for role in (*roles, _KEEPER)]


def _holders(directory: Directory, caller: Caller, role: CallerRole) -> tuple[Person, ...]:
    found = [person for person in directory.people.values() if role in person.roles and not person.left]
    return tuple(sorted(found, key=lambda person: _distance(person, caller))[:_MOST_NAMES])


def _distance(person: Person, caller: Caller) -> tuple[bool, str]:
    return person.unit_id not in caller.unit_ids, person.name
