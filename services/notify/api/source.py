"""What the routes read from, and the parameters that several of them share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.floors import FloorDoor
from services.notify.handlers import Decider, Door
from services.notify.live import LiveInboxes
from services.notify.preferences.hours import OfficeHours
from shared.directory.directory import Directory
from shared.events.fields import TOKEN
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.identity.permissions import Permission, Reach, allowed
from shared.identity.refusals import NotAllowed

LARGEST_SEQUENCE = 2**63 - 1

PersonId = Annotated[str, Path(pattern=TOKEN)]
Cursor = Annotated[
    str | None, Query(alias="cursor", max_length=64, description="from the Link header of the page before")
]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the routes read from, and the doors by which what people decide reaches the log."""

    engine: AsyncEngine
    live: LiveInboxes
    door: Door
    floors: FloorDoor
    directory: Callable[[], Directory]
    office: OfficeHours
    public_url: str
    chat_services: frozenset[str] = frozenset()
    allow_private: bool = False


async def reading(request: Request) -> Reading:
    """What this application reads from."""
    found: Reading = request.app.state.reading
    return found


Source = Annotated[Reading, Depends(reading)]


def owner(permission: Permission) -> Any:
    """The dependency of a route below a person's id: the caller, who has a permission as far as that person is
    concerned."""

    async def own(person_id: PersonId, caller: Annotated[Caller, requires(permission)]) -> Caller:
        needed: Reach = "own" if person_id == caller.person_id else "all"
        if not allowed(caller, permission, needed):
            raise NotAllowed(caller.name, permission, needed)
        return caller

    return Depends(own)


def decider(request: Request, caller: Caller) -> Decider:
    """Who decides what a request asks for."""
    return Decider(caller.actor, request.state.request_id)
