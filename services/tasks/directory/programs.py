"""What routes ask about programs and their keys, and what they say where it is not done."""

import datetime as dt
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Self, TypeVar

import structlog
from fastapi import Depends, Request
from pydantic import BeforeValidator, Field

from services.tasks.directory import refusals
from services.tasks.directory.asking import LOG_AWAY
from services.tasks.directory.commands import Called, Command, as_list
from services.tasks.directory.history import Step, history, version_of
from services.tasks.directory.problems import Changed, Refused
from services.tasks.reading import Reading, register, shows
from shared.database import DatabaseUnavailable
from shared.events.client import Scope
from shared.events.fields import Token
from shared.identity import administration
from shared.identity.administration import Act, Outdated, Taken, Unknown
from shared.identity.caller import Caller
from shared.identity.gate import Gate
from shared.identity.keys import ApiKey
from shared.identity.known import ApiClient
from shared.identity.live import LiveIdentity
from shared.log.faults import Conflict, LogFault
from shared.log.stream import stream_info
from shared.problems import DATABASE_AWAY, NotFound, Unavailable

SOON = dt.timedelta(days=30)
"""How long before its end somebody should think of a key."""

T = TypeVar("T")

log = structlog.get_logger()


class RegisterClient(Command):
    """A program shall be known, which may do what its scopes say once it has a key."""

    id: Token
    name: Called
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1), BeforeValidator(as_list)]


class IssueKey(Command):
    """The program shall get a key for some days."""

    days: Annotated[int, Field(ge=1, le=3650)] = 365


class RevokeKey(Command):
    """A key shall be worth nothing, at once and in every service."""

    reason: Called


class CloseClient(Command):
    """The program and all its keys shall be worth nothing."""

    reason: Called


@dataclass(frozen=True, slots=True)
class Programs:
    """What changing programs works with, for one request."""

    source: Reading
    identity: LiveIdentity
    request_id: str

    @classmethod
    async def of(cls, request: Request) -> Self:
        """That of a request."""
        gate: Gate = request.app.state.gate
        return cls(request.app.state.reading, gate.identity, request.state.request_id)

    async def all(self) -> list[ApiClient]:
        """Every program, the open ones first, by name.

        Raises:
            Unavailable: the log does not answer.
        """
        try:
            known = await self.identity.newest()
        except LogFault as fault:
            raise Unavailable(LOG_AWAY) from fault
        return sorted(known.clients.values(), key=lambda each: (each.closed, each.name, each.id))

    async def one(self, client_id: str) -> tuple[ApiClient, list[Step]]:
        """A program, and what happened to it, the newest first.

        Raises:
            NotFound: there is none.
            Unavailable: the log or the register does not answer.
        """
        try:
            async with register(self.source) as found:
                steps = await history(found, f"client.{client_id}")
        except DatabaseUnavailable as fault:
            raise Unavailable(DATABASE_AWAY) from fault
        client = next((each for each in await self.all() if each.id == client_id), None)
        if client is None:
            raise NotFound(what=f"/clients/{client_id}")
        return client, steps

    async def register(self, command: RegisterClient, caller: Caller) -> None:
        """Makes a program known.

        Raises:
            Refused, Unavailable: see there.
        """
        act = self._act(caller)
        await self._done(
            command.id,
            administration.register_client(self.source.client, command.id, command.name, command.scopes, act),
        )

    async def issue(self, client_id: str, command: IssueKey, caller: Caller, version: int | None) -> ApiKey:
        """A new key, which is shown to nobody else.

        Raises:
            NotFound, Changed, Unavailable: see there.
        """
        act = self._act(caller, version)
        return await self._done(
            client_id, administration.issue_key(self.source.client, client_id, command.days, act), version
        )

    async def revoke(self, client_id: str, key_id: str, command: RevokeKey, caller: Caller) -> None:
        """Makes a key worth nothing.

        Raises:
            NotFound, Changed, Unavailable: see there.
        """
        act = self._act(caller)
        await self._done(
            client_id, administration.revoke_key(self.source.client, client_id, key_id, command.reason, act)
        )

    async def close(self, client_id: str, command: CloseClient, caller: Caller) -> None:
        """Makes a program and its keys worth nothing.

        Raises:
            NotFound, Changed, Unavailable: see there.
        """
        act = self._act(caller)
        await self._done(client_id, administration.close_client(self.source.client, client_id, command.reason, act))

    def _act(self, caller: Caller, version: int | None = None) -> Act:
        return Act(caller.actor, self.request_id, version, self.identity.newest)

    async def _done(self, client_id: str, doing: Awaitable[T], version: int | None = None) -> T:
        try:
            done = await doing
        except Taken as taken:
            raise Refused(refusals.IdTaken("id", id=client_id, name=client_id)) from taken
        except Unknown as unknown:
            raise NotFound(what=str(unknown)) from unknown
        except (Outdated, Conflict) as outdated:
            raise await self._changed(client_id, version) from outdated
        except LogFault as fault:
            log.warning("program_not_changed", client=client_id, fault=str(fault))
            raise Unavailable(LOG_AWAY) from fault
        # What is recorded stays so, though this copy of the service may come to know of it a moment later.
        with suppress(LogFault, DatabaseUnavailable):
            await self._known()
        return done

    async def _changed(self, client_id: str, version: int | None) -> Changed:
        try:
            await self._known()
        except (LogFault, DatabaseUnavailable) as fault:
            raise Unavailable(LOG_AWAY) from fault
        _, steps = await self.one(client_id)
        now = version_of(steps)
        seen = now if version is None else version
        return Changed(now, [step for step in steps if step.version > seen], self.source.zone)

    async def _known(self) -> None:
        await self.identity.newest()
        await shows(self.source, (await stream_info(self.source.client)).state.last_seq)


Administering = Annotated[Programs, Depends(Programs.of)]
