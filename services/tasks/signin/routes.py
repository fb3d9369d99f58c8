"""Pages of signing in and out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hmac import compare_digest
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import RedirectResponse
from nats.aio.client import Client

from services.tasks.signin import access
from services.tasks.signin.provider import Provider, ProviderAway, ProviderRefused
from services.tasks.signin.records import AlreadyUsed, is_used, sign_in, sign_out
from services.tasks.signin.settings import SignInSettings
from services.tasks.signin.words import SAID
from shared.identity import sessions
from shared.identity.attempts import Attempts
from shared.identity.gate import Gate
from shared.identity.guard import open_to_all
from shared.identity.places import own_page
from shared.identity.refusals import IDENTITY_AWAY, TooManyAttempts, Unidentified
from shared.identity.tokens import Attempt, ExpiredToken, Link, UnusableToken
from shared.log.faults import LogFault
from shared.problems import Problem, Unavailable
from shared.web.pages import Pages

_ATTEMPT_COOKIE = "ketluan-attempt"
_ATTEMPT_PATH = "/signin/provider"
_MOST_FAILURES, _IN_SECONDS = 20, 300.0
_PROVIDER_AWAY = "provider-away"
_NOT_KEPT = {"Cache-Control": "no-store"}

log = structlog.get_logger()

router = APIRouter(
    include_in_schema=False,
    dependencies=[open_to_all("here people say who they are")],
    max_body_size=access.LARGEST_FORM,
)

Page = Annotated[str | None, Query(alias="next", max_length=2000)]


@dataclass(frozen=True)
class SignIn:
    """What signing in works with. `provider` is None where there is none; `failures` counts those of each sender."""

    client: Client
    gate: Gate
    pages: Pages
    links: bool
    provider: Provider | None
    failures: Attempts

    def limit(self, request: Request) -> None:
        """Lets whoever sends a request try.

        Raises:
            TooManyAttempts: they failed too often lately.
        """
        if seconds := self.failures.wait(_sender(request)):
            raise TooManyAttempts(seconds)


def install(app: FastAPI, settings: SignInSettings, client: Client, gate: Gate, zone: str) -> None:
    """Adds the routes."""
    app.state.signin = SignIn(
        client,
        gate,
        Pages(zone, [Path(__file__).parent / "templates"]),
        settings.signin_links,
        Provider(settings) if settings.oidc_issuer else None,
        Attempts(_MOST_FAILURES, _IN_SECONDS),
    )
    app.include_router(router)
    app.include_router(access.router)


@router.get("/signin")
async def show_signin(request: Request, page: Page = None, sent: bool = False, said: str = "") -> Response:
    """By which ways one may sign in; whoever is signed in goes where they wanted to go."""
    signin: SignIn = request.app.state.signin
    if not sent and not said and await _is_signed_in(request, signin):
        return _to(own_page(page))
    values = {
        "page": own_page(page),
        "sent": sent,
        "said": SAID.get(said),
        "links": signin.links,
        "provider": signin.provider,
    }
    return _page(request, "signin.html", values)


@router.get("/signin/open")
async def show_link(request: Request, token: Annotated[str, Query(max_length=4096)] = "") -> Response:
    """A link, as yet unused: mail scanners open links too, so that opening one signs nobody in."""
    signin: SignIn = request.app.state.signin
    async with _log_answering():
        try:
            link = signin.gate.tokens.take(Link, token)
            person = (await signin.gate.identity.newest()).person(link.person_id)
            used = await is_used(signin.client, "link", link.nonce)
        except UnusableToken as error:
            return _said(request, "expired" if isinstance(error, ExpiredToken) else "unusable")
    if person is None or used:
        return _said(request, "used" if used else "unusable")
    return _page(request, "open.html", {"token": token, "person": person, "minutes": Link.seconds // 60})


@router.post("/signin/open")
async def post_link(request: Request) -> Response:
    """Signs in with a link, which is used up by it."""
    signin: SignIn = request.app.state.signin
    signin.limit(request)
    given = (await request.form(max_files=0, max_fields=5)).get("token")
    try:
        link = signin.gate.tokens.take(Link, given if isinstance(given, str) else "")
    except UnusableToken as error:
        return _said(request, "expired" if isinstance(error, ExpiredToken) else "unusable")
    return await _signed_in(request, signin, link.person_id, "link", link.nonce, link.page)


@router.get("/signin/provider")
async def go_to_provider(request: Request, page: Page = None) -> Response:
    """Sends the browser to the provider, with an attempt that it brings back."""
    signin: SignIn = request.app.state.signin
    if signin.provider is None:
        return _to("/signin")
    signin.limit(request)
    try:
        attempt, address = await signin.provider.begin(own_page(page))
    except ProviderAway as fault:
        log.warning("provider_away", fault=str(fault))
        return _said(request, _PROVIDER_AWAY)
    answer = RedirectResponse(address, HTTPStatus.SEE_OTHER, _NOT_KEPT)
    answer.set_cookie(
        _ATTEMPT_COOKIE,
        signin.gate.tokens.give(attempt),
        max_age=Attempt.seconds,
        path=_ATTEMPT_PATH,
        secure=signin.gate.secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("/signin/provider/back")
async def come_back(request: Request, state: str = "", code: str = "", error: str = "") -> Response:
    """Where the provider sends the browser back to: only the browser that went may come back."""
    signin: SignIn = request.app.state.signin
    signin.limit(request)
    try:
        attempt = signin.gate.tokens.take(Attempt, request.cookies.get(_ATTEMPT_COOKIE, ""))
        if signin.provider is None or not compare_digest(attempt.state.encode(), state.encode()):
            raise UnusableToken("state")
        if error or not code:
            raise ProviderRefused(f"the provider refused: {error[:50]}")
        person_id = await signin.provider.person_id(attempt, code)
    except UnusableToken:
        return _said(request, "unusable")
    except ProviderAway as fault:
        log.warning("provider_away", fault=str(fault))
        return _said(request, _PROVIDER_AWAY)
    except ProviderRefused as refused:
        log.warning("provider_refused", refused=str(refused))
        return _said(request, "provider-refused")
    return await _signed_in(request, signin, person_id, "oidc", attempt.nonce, attempt.page)


@router.post("/signout")
async def post_signout(request: Request) -> Response:
    """Ends the session with which it is sent, in every service."""
    signin: SignIn = request.app.state.signin
    try:
        await signin.gate.caller(request)
    except Unidentified:
        return _to("/signin")
    async with _log_answering():
        if session := getattr(request.state, "session", None):
            await sign_out(signin.client, session, request.state.request_id)
    answer = _to("/signin")
    # Else the browser shows the pages of this session again to whoever goes back in it.
    answer.headers["Clear-Site-Data"] = '"cache"'
    sessions.end(answer, secure=signin.gate.secure)
    return answer


async def _signed_in(
    request: Request, signin: SignIn, person_id: str, by: Literal["link", "oidc"], nonce: str, page: str
) -> Response:
    async with _log_answering():
        if (await signin.gate.identity.newest()).person(person_id) is None:
            log.warning("unknown_person", by=by)
            return _said(request, "unknown-person")
        try:
            session = await sign_in(signin.client, person_id, by, nonce, request.state.request_id)
        except AlreadyUsed:
            return _said(request, "used")
    answer = _to(own_page(page))
    sessions.begin(answer, session, signin.gate.tokens, secure=signin.gate.secure)
    answer.delete_cookie(_ATTEMPT_COOKIE, path=_ATTEMPT_PATH)
    return answer


async def _is_signed_in(request: Request, signin: SignIn) -> bool:
    try:
        await signin.gate.caller(request)
    except Problem:
        return False
    return True


@asynccontextmanager
async def _log_answering() -> AsyncIterator[None]:
    try:
        yield
    except LogFault as fault:
        raise Unavailable(IDENTITY_AWAY) from fault


def _page(request: Request, template: str, values: dict[str, object]) -> Response:
    signin: SignIn = request.app.state.signin
    answer = signin.pages.page(request, template, values)
    answer.headers.update(_NOT_KEPT)
    return answer


def _sender(request: Request) -> str:
    return request.client.host if request.client else ""


def _said(request: Request, said: str) -> Response:
    """Back to the ways of signing in, with a word on what went wrong, which counts as a failure of whoever tries."""
    signin: SignIn = request.app.state.signin
    if said != _PROVIDER_AWAY:
        signin.failures.note(_sender(request))
    language = "&lang=en" if request.query_params.get("lang") == "en" else ""
    return _to(f"/signin?said={said}{language}")


def _to(address: str) -> Response:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER, _NOT_KEPT)
