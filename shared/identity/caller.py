"""Whoever asks for something: a person, a program, or a part of ketluan itself."""

from dataclasses import dataclass
from typing import Literal

from shared.events.client import Scope
from shared.events.person import Role

CallerRole = Role | Literal["integration"]
"""What a caller may be: one of the roles of people, or a program."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as events name them, and what the directory says of them at this moment.

    `actor` is `person.<id>`, `client.<id>` or `service.<name>`. `person_id` is None for programs. `unit_ids` are the
    person's own unit and all units below it. `scopes` limit a program; a person has none.
    """

    actor: str
    name: str
    person_id: str | None = None
    roles: frozenset[CallerRole] = frozenset()
    unit_ids: frozenset[str] = frozenset()
    scopes: frozenset[Scope] = frozenset()
