"""What routes ask of the door, and what they say where it does not open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Self

import structlog
from fastapi import Depends, Request

from services.tasks.directory.commands import Command, RegisterPerson, RegisterUnit
from services.tasks.directory.decision import NotThere, of_person, of_unit, registered_person, registered_unit
from services.tasks.directory.door import Asked, Carried, Stale, carry_out
from services.tasks.directory.problems import Changed, Refused
from services.tasks.directory.refusals import Refusal
from services.tasks.reading import Reading
from shared.database import DatabaseUnavailable
from shared.directory.changes import DirectoryEvent
from shared.directory.directory import Directory
from shared.identity.caller import Caller
from shared.identity.gate import Gate
from shared.identity.live import LiveIdentity
from shared.language import Words
from shared.log.faults import LogFault
from shared.problems import DATABASE_AWAY, NotFound, Unavailable

LOG_AWAY = Words(
    "Sổ ghi sự kiện (NATS) chưa trả lời, nên chưa chắc thay đổi đã được ghi; tải lại trang để xem.",
    "The event log (NATS) does not answer, so it is not certain that the change was recorded; load the page to see.",
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Editing:
    """What changing the directory works with, for one request."""

    source: Reading
    identity: LiveIdentity
    request_id: str

    @classmethod
    async def of(cls, request: Request) -> Self:
        """That of a request."""
        gate: Gate = request.app.state.gate
        return cls(request.app.state.reading, gate.identity, request.state.request_id)

    async def directory(self) -> Directory:
        """The directory with everything in it that the log held when this was called.

        Raises:
            Unavailable: the log does not answer.
        """
        try:
            return (await self.identity.newest()).directory
        except LogFault as fault:
            raise Unavailable(LOG_AWAY) from fault

    async def register_unit(self, command: RegisterUnit, caller: Caller) -> tuple[str, Carried]:
        """Has a unit registered; gives its id.

        Raises:
            Refused, Changed, Unavailable: see there.
        """
        unit_id = registered_unit_id(command, await self.directory())
        named = command.model_copy(update={"id": unit_id})
        return unit_id, await self._carried(
            f"unit.{unit_id}", lambda directory: [registered_unit(named, directory)], caller, None
        )

    async def register_person(self, command: RegisterPerson, caller: Caller) -> Carried:
        """Has a person registered.

        Raises:
            Refused, Changed, Unavailable: see there.
        """
        return await self._carried(
            f"person.{command.id}", lambda directory: registered_person(command, directory), caller, None
        )

    async def change_unit(self, unit_id: str, command: Command, caller: Caller, version: int) -> Carried:
        """Has something happen to a unit in the version that was seen.

        Raises:
            NotFound, Refused, Changed, Unavailable: see there.
        """
        return await self._carried(
            f"unit.{unit_id}", lambda directory: of_unit(unit_id, command, directory), caller, version
        )

    async def change_person(self, person_id: str, command: Command, caller: Caller, version: int) -> Carried:
        """Has something happen to a person in the version that was seen.

        Raises:
            NotFound, Refused, Changed, Unavailable: see there.
        """
        return await self._carried(
            f"person.{person_id}", lambda directory: of_person(person_id, command, directory), caller, version
        )

    async def _carried(
        self,
        aggregate: str,
        decided: Callable[[Directory], Sequence[DirectoryEvent]],
        caller: Caller,
        version: int | None,
    ) -> Carried:
        asked = Asked(aggregate, decided, caller, self.request_id, version)
        try:
            return await carry_out(self.source, self.identity, asked)
        except NotThere as missing:
            raise NotFound(what=str(missing)) from missing
        except Refusal as refusal:
            raise Refused(refusal) from refusal
        except Stale as stale:
            raise Changed(stale.version, stale.since, self.source.zone) from stale
        except DatabaseUnavailable as fault:
            raise Unavailable(DATABASE_AWAY) from fault
        except LogFault as fault:
            log.warning("directory_not_changed", aggregate=aggregate, fault=str(fault))
            raise Unavailable(LOG_AWAY) from fault


def registered_unit_id(command: RegisterUnit, directory: Directory) -> str:
    """The id that a unit is going to have.

    Raises:
        Refused: it cannot be registered.
    """
    try:
        return registered_unit(command, directory).unit_id
    except Refusal as refusal:
        raise Refused(refusal) from refusal


Editor = Annotated[Editing, Depends(Editing.of)]
