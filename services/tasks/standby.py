"""How the register is written, as seen from the copy that writes it and from those that stand by to."""

import asyncio
from dataclasses import dataclass

from nats.aio.client import Client
from sqlalchemy.ext.asyncio import AsyncEngine

from services.tasks.live import LiveRegister
from services.tasks.projector import Projector
from services.tasks.register import queries
from shared.database import DatabaseUnavailable, translated
from shared.lease import Leases
from shared.log.faults import LogFault
from shared.log.stream import stream_info
from shared.serving import follower_check

PROJECTOR = "projector"
"""The work of which the register comes."""

_BEHIND = 1000
_CHECK_SECONDS = 2.0


@dataclass(frozen=True)
class Standby:
    """Of all copies, one projects, and the others stand by. Whichever this one is, it serves readers and commands."""

    leases: Leases
    projector: Projector
    live: LiveRegister
    engine: AsyncEngine
    client: Client

    async def check(self) -> str | None:
        """None, or what keeps the register from holding the whole log."""
        if self.leases.holds(PROJECTOR):
            return await follower_check(self.projector.follower)()
        if undone := self.leases.undone(PROJECTOR):
            return undone
        place = await self._place()
        if place is None:
            return "how far the register is behind the log is not known"
        held, last = place
        return f"the register is at event {held} of {last}" if last - held > _BEHIND else None

    async def note(self) -> str | None:
        """That this copy stands by, for whom, and how far the register is; None where it projects itself."""
        if not (standing := self.leases.stands_by(PROJECTOR)):
            return None
        place = await self._place()
        return f"{standing}; the register holds {place[0]} of {place[1]} events" if place else standing

    def read(self) -> int:
        """The sequence up to which this copy knows that the register holds the log."""
        return self.projector.follower.position if self.leases.holds(PROJECTOR) else self.live.position

    def is_busy(self) -> bool:
        """Whether this copy projects and is not done with what is new."""
        return self.leases.holds(PROJECTOR) and self.projector.is_busy()

    async def _place(self) -> tuple[int, int] | None:
        """How many events the register holds, and how many the log."""
        try:
            async with asyncio.timeout(_CHECK_SECONDS):
                with translated():
                    async with self.engine.connect() as connection:
                        held = await queries.register_sequence(connection)
                return held, (await stream_info(self.client)).state.last_seq
        except (DatabaseUnavailable, LogFault, TimeoutError):
            return None
