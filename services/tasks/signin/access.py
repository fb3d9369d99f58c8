"""OAuth 2.0 client credentials: a program shows its key and gets a token for some minutes, which dies with the key.

Source: RFC 6749, sections 2.3.1, 4.4 and 5.
"""

import base64
import binascii
import datetime as dt
import json
from http import HTTPStatus
from urllib.parse import unquote_plus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from shared.events.client import Scope
from shared.identity.attempts import Attempts
from shared.identity.gate import Gate
from shared.identity.guard import open_to_all
from shared.identity.known import ApiClient
from shared.identity.refusals import IDENTITY_AWAY
from shared.identity.tokens import Access
from shared.log.faults import LogFault
from shared.problems import Unavailable

_MOST_FAILURES, _IN_SECONDS = 10, 60.0
_NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}

LARGEST_FORM = 16 * 1024
"""Most bytes that anybody sends to say who they are."""

router = APIRouter(max_body_size=LARGEST_FORM)
failures = Attempts(_MOST_FAILURES, _IN_SECONDS)


@router.post(
    "/oauth/token",
    summary="A short-lived token for a program's key (OAuth 2.0 client credentials)",
    include_in_schema=False,
    dependencies=[open_to_all("here a program shows its key")],
)
async def post_token(request: Request) -> JSONResponse:
    """`grant_type=client_credentials`, the client's id, its key as the secret, and the scopes that are wanted."""
    form = await request.form(max_files=0, max_fields=10)
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    if given.get("grant_type") != "client_credentials":
        return _refused("unsupported_grant_type" if given.get("grant_type") else "invalid_request")
    try:
        client_id, secret = _credentials(request.headers.get("authorization"), given)
    except ValueError:
        return _refused("invalid_request")
    gate: Gate = request.app.state.gate
    found = await _client_of(gate, secret)
    # The key comes first: whoever guesses in a program's name must not keep the program itself out.
    if found is None or found[0].id != client_id:
        return _unproven(request, client_id)
    client, key_id = found
    wanted = frozenset(given.get("scope", "").split()) or client.scopes
    if not wanted <= client.scopes:
        return _refused("invalid_scope")
    scopes: tuple[Scope, ...] = tuple(sorted(scope for scope in client.scopes if scope in wanted))
    said = {
        "access_token": gate.tokens.give(Access(key_id=key_id, scopes=scopes)),
        "token_type": "Bearer",
        "expires_in": Access.seconds,
        "scope": " ".join(scopes),
    }
    return JSONResponse(said, headers=_NOT_KEPT)


async def _client_of(gate: Gate, key: str) -> tuple[ApiClient, str] | None:
    """The program whose key this is, and the key's id; also of a key that was issued just now."""
    now = dt.datetime.now(dt.UTC)
    try:
        known = await gate.identity.current()
        return known.client_of_key(key, now) or (await gate.identity.fresh()).client_of_key(key, now)
    except LogFault as fault:
        raise Unavailable(IDENTITY_AWAY) from fault


def _credentials(header: str | None, form: dict[str, str]) -> tuple[str, str]:
    """The client's id and secret, from the header or the form, not from both.

    Raises:
        ValueError: they are given twice, incompletely, or in no usable form.
    """
    if header is None:
        if not form.get("client_id") or not form.get("client_secret"):
            raise ValueError("client_id and client_secret are missing")
        return form["client_id"], form["client_secret"]
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "basic" or "client_secret" in form:
        raise ValueError("one way of authentication is taken")
    try:
        client_id, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("no Basic credentials") from error
    return unquote_plus(client_id), unquote_plus(secret)


def _unproven(request: Request, client_id: str) -> JSONResponse:
    """The answer to a wrong key, and to a sender who showed too many of them in this client's name."""
    who = json.dumps([client_id, request.client.host if request.client else ""])
    if seconds := failures.wait(who):
        headers = _NOT_KEPT | {"Retry-After": str(seconds)}
        return JSONResponse({"error": "temporarily_unavailable"}, HTTPStatus.TOO_MANY_REQUESTS, headers)
    failures.note(who)
    headers = _NOT_KEPT | {"WWW-Authenticate": 'Basic realm="ketluan"'}
    return JSONResponse({"error": "invalid_client"}, HTTPStatus.UNAUTHORIZED, headers)


def _refused(error: str) -> JSONResponse:
    return JSONResponse({"error": error}, HTTPStatus.BAD_REQUEST, _NOT_KEPT)
