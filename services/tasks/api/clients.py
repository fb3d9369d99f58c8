"""HTTP: programs that act by themselves, and their keys."""

import datetime as dt
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body, FastAPI, Response
from pydantic import BaseModel

from services.tasks.api.parameters import Id
from services.tasks.directory.programs import Administering, CloseClient, IssueKey, RegisterClient, RevokeKey
from shared.events.client import Scope
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.identity.known import ApiClient

_LARGEST_COMMAND = 16 * 1024
_NOT_KEPT = "no-store"

router = APIRouter(prefix="/v1/clients", max_body_size=_LARGEST_COMMAND)

Manager = Annotated[Caller, requires("manage-clients")]

_RESPONSES: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no such program or key, or no more"},
    409: {"description": "A program of this id is there already"},
    422: {"description": "Fields that cannot be used"},
    503: {"description": "The log does not answer"},
}


class KeyEntry(BaseModel):
    """A key as it may be shown: it begins with `klk_` and its id, and ends with `ending`."""

    id: str
    ending: str | None
    expires_at: dt.datetime
    issued_at: dt.datetime | None
    issued_by: str


class ClientEntry(BaseModel):
    """A program, what it may do, and its keys. A closed one may do nothing."""

    id: str
    name: str
    scopes: list[Scope]
    closed: bool
    keys: list[KeyEntry]

    @classmethod
    def of(cls, client: ApiClient) -> "ClientEntry":
        """A program as the API shows it."""
        keys = [
            KeyEntry(
                id=key_id,
                ending=key.ending,
                expires_at=key.expires_at,
                issued_at=key.issued_at,
                issued_by=key.issued_by,
            )
            for key_id, key in client.keys.items()
        ]
        return cls(id=client.id, name=client.name, scopes=sorted(client.scopes), closed=client.closed, keys=keys)


class NewKey(BaseModel):
    """A key, which stands nowhere but in this answer."""

    id: str
    key: str


def install(app: FastAPI) -> None:
    """Adds the routes."""
    app.include_router(router)


@router.get("", summary="Programs and their keys")
async def get_clients(programs: Administering, _: Manager) -> list[ClientEntry]:
    """Every program, the open ones first."""
    return [ClientEntry.of(client) for client in await programs.all()]


@router.get("/{client_id}", summary="A program and its keys")
async def get_client(client_id: Id, programs: Administering, _: Manager) -> ClientEntry:
    """One program."""
    return ClientEntry.of((await programs.one(client_id))[0])


@router.post("", summary="Registers a program", status_code=HTTPStatus.CREATED, responses=_RESPONSES)
async def post_client(
    command: RegisterClient, response: Response, programs: Administering, caller: Manager
) -> ClientEntry:
    """The program, which may do nothing until it has a key."""
    await programs.register(command, caller)
    response.headers["Location"] = f"/v1/clients/{command.id}"
    return ClientEntry.of((await programs.one(command.id))[0])


@router.post("/{client_id}/keys", summary="Issues a key", status_code=HTTPStatus.CREATED, responses=_RESPONSES)
async def post_key(
    client_id: Id,
    response: Response,
    programs: Administering,
    caller: Manager,
    command: Annotated[IssueKey, Body(default_factory=IssueKey)],
) -> NewKey:
    """The key, shown this once."""
    key = await programs.issue(client_id, command, caller, None)
    response.headers["Cache-Control"] = _NOT_KEPT
    return NewKey(id=key.id, key=key.text)


@router.post(
    "/{client_id}/keys/{key_id}/revoke",
    summary="Revokes a key",
    status_code=HTTPStatus.NO_CONTENT,
    responses=_RESPONSES,
)
async def post_revocation(
    client_id: Id, key_id: Id, command: RevokeKey, programs: Administering, caller: Manager
) -> None:
    """It is worth nothing any more, in any service."""
    await programs.revoke(client_id, key_id, command, caller)


@router.post("/{client_id}/close", summary="Closes a program", status_code=HTTPStatus.NO_CONTENT, responses=_RESPONSES)
async def post_closing(client_id: Id, command: CloseClient, programs: Administering, caller: Manager) -> None:
    """It and all its keys are worth nothing any more."""
    await programs.close(client_id, command, caller)
