"""What every route says of itself: which permission it needs, or why it needs none."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from fastapi import Depends, Request

from shared.identity.caller import Caller
from shared.identity.gate import Gate
from shared.identity.permissions import Permission, Reach, allowed
from shared.identity.refusals import NotAllowed
from shared.problems import Problem


class Guard:
    """Lets a caller pass who has the permission at all; how far it reaches is for the route to ask."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, request: Request) -> Caller:
        """Who asks.

        Raises:
            NotAllowed: none of the caller's roles has the permission.
            Unidentified, ForeignForm, Unavailable: see `Gate.caller`.
        """
        gate: Gate = request.app.state.gate
        caller = await gate.caller(request)
        if not allowed(caller, self.permission):
            raise NotAllowed(caller.name, self.permission)
        return caller

    async def still(self, request: Request, needed: Reach) -> bool:
        """Whether whoever sent a request would pass now, some time later, as far as it was needed."""
        try:
            return allowed(await self(request), self.permission, needed)
        except Problem:
            return False


class Open:
    """Lets everybody pass, for the reason that it gives."""

    def __init__(self, why: str) -> None:
        self.why = why

    async def __call__(self) -> None:
        """Nothing is asked."""


def requires(permission: Permission) -> Any:
    """The dependency of a route that needs a permission: `caller: Annotated[Caller, requires("read-tasks")]`, or
    `dependencies=[requires("read-parked")]` where the caller is of no further interest."""
    return Depends(Guard(permission))


def while_allowed(request: Request, permission: Permission, needed: Reach = "all") -> Callable[[], Awaitable[bool]]:
    """What a live stream asks before it tells more: whether its reader may still hear it."""
    return partial(Guard(permission).still, request, needed)


def open_to_all(why: str) -> Any:
    """The dependency of a route that answers everybody, and why it may."""
    return Depends(Open(why))
