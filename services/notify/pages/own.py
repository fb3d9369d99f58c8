"""What is a person's own, such as their inbox: the pages have no other person in their addresses."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends

from services.notify.api.inbox import PERSON_MISSING
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.identity.permissions import Permission, allowed
from shared.identity.refusals import NotAllowed
from shared.problems import FieldProblem, Invalid


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, and their id."""

    caller: Caller
    id: str


def own(permission: Permission) -> Any:
    """The dependency of a route that shows or changes what is one's own: the person who asks."""

    async def person(caller: Annotated[Caller, requires(permission)]) -> Person:
        if caller.person_id is not None:
            return Person(caller, caller.person_id)
        if not allowed(caller, permission, "all"):
            raise NotAllowed(caller.name, permission, "all")
        raise Invalid(errors=[FieldProblem("person", "missing", PERSON_MISSING, {})])

    return Depends(person)
