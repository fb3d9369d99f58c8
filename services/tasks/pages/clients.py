"""Pages: programs that act by themselves, what they may do, and their keys."""

import datetime as dt
from http import HTTPStatus
from typing import Annotated, get_args

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from services.tasks.api.parameters import Id
from services.tasks.directory.history import Step, version_of
from services.tasks.directory.programs import (
    SOON,
    Administering,
    CloseClient,
    IssueKey,
    Programs,
    RegisterClient,
    RevokeKey,
)
from services.tasks.pages.directory import forms
from services.tasks.pages.directory.forms import Sent
from services.tasks.pages.directory.telling import contents
from services.tasks.pages.words import ACTORS
from shared.directory.directory import Directory
from shared.events.client import Scope
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.identity.keys import ApiKey
from shared.identity.known import ApiClient
from shared.problems import NotFound, Problem
from shared.vocabulary import EVENTS, SCOPES
from shared.web.forms import see
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_LARGEST_FORM = 64 * 1024
_NOT_KEPT = {"Cache-Control": "no-store"}

router = page_router()

Manager = Annotated[Caller, requires("manage-clients")]


@router.get("/clients")
async def show_clients(request: Request, programs: Administering, _: Manager) -> HTMLResponse:
    """Every program with its keys."""
    return await _clients(request, programs, Sent())


async def _clients(request: Request, programs: Programs, sent: Sent) -> HTMLResponse:
    now = dt.datetime.now(dt.UTC)
    return shown(
        request,
        "clients.html",
        sent.problem.status if sent.problem else HTTPStatus.OK,
        clients=await programs.all(),
        now=now,
        soon=now + SOON,
        scopes={scope: SCOPES[scope] for scope in get_args(Scope)},
        sent=sent,
        told=sent.told(language_of(request)),
    )


@router.post("/clients", max_body_size=_LARGEST_FORM)
async def post_client(request: Request, programs: Administering, caller: Manager) -> Response:
    """Makes a program known."""
    fields = await forms.fields_of(request)
    try:
        command = forms.as_command(RegisterClient, fields)
        await programs.register(command, caller)
    except Problem as problem:
        return await _clients(request, programs, Sent("register", fields, problem))
    return see(request, f"/clients/{command.id}", "client-registered")


@router.get("/clients/{client_id}")
async def show_client(request: Request, client_id: Id, programs: Administering, _: Manager) -> HTMLResponse:
    """A program, its keys, and who issued and revoked which."""
    return await _client(request, client_id, programs, Sent())


async def _client(
    request: Request, client_id: str, programs: Programs, sent: Sent, key: ApiKey | None = None
) -> HTMLResponse:
    client, steps = await programs.one(client_id)
    now = dt.datetime.now(dt.UTC)
    return shown(
        request,
        "client.html",
        sent.problem.status if sent.problem else HTTPStatus.OK,
        client=client,
        keys=_newest_first(client),
        now=now,
        soon=now + SOON,
        issued_by=_issuers(steps),
        scopes=SCOPES,
        steps=[(step, contents(step.data, Directory())) for step in steps],
        events=EVENTS,
        actors=ACTORS,
        version=version_of(steps),
        key=key,
        sent=sent,
        told=sent.told(language_of(request)),
    )


@router.post("/clients/{client_id}/issue-key", max_body_size=_LARGEST_FORM)
async def post_key(request: Request, client_id: Id, programs: Administering, caller: Manager) -> Response:
    """Issues a key. It is shown in this answer and nowhere else; the same form sent again is made for a version that
    is over, and issues nothing."""
    fields = await forms.fields_of(request)
    try:
        version = await forms.version_of(request)
        key = await programs.issue(client_id, forms.as_command(IssueKey, fields), caller, version)
    except NotFound:
        raise
    except Problem as problem:
        return await _client(request, client_id, programs, Sent("issue-key", fields, problem))
    answer = await _client(request, client_id, programs, Sent(), key)
    answer.headers.update(_NOT_KEPT)
    return answer


@router.post("/clients/{client_id}/keys/{key_id}/revoke", max_body_size=_LARGEST_FORM)
async def post_revocation(
    request: Request, client_id: Id, key_id: Id, programs: Administering, caller: Manager
) -> Response:
    """Revokes a key, at once and in every service."""
    fields = await forms.fields_of(request)
    try:
        await programs.revoke(client_id, key_id, forms.as_command(RevokeKey, fields), caller)
    except NotFound:
        raise
    except Problem as problem:
        return await _client(request, client_id, programs, Sent(f"revoke-{key_id}", fields, problem))
    return see(request, f"/clients/{client_id}", "key-revoked")


@router.post("/clients/{client_id}/close", max_body_size=_LARGEST_FORM)
async def post_closing(request: Request, client_id: Id, programs: Administering, caller: Manager) -> Response:
    """Closes a program with all its keys."""
    fields = await forms.fields_of(request)
    try:
        await programs.close(client_id, forms.as_command(CloseClient, fields), caller)
    except NotFound:
        raise
    except Problem as problem:
        return await _client(request, client_id, programs, Sent("close", fields, problem))
    return see(request, f"/clients/{client_id}", "client-closed")


def _newest_first(client: ApiClient) -> list[tuple[str, object]]:
    return list(reversed(client.keys.items()))


def _issuers(steps: list[Step]) -> dict[str, str]:
    """The names of those people who had a key issued, by how events name them."""
    return {step.actor: step.actor_name for step in steps if step.actor_name}
