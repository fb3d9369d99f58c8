"""Signed requests for tests: as a part of ketluan with some roles, or as a person of the directory."""

from collections.abc import Generator
from typing import get_args

import httpx

from shared.events.client import Scope
from shared.identity.caller import CallerRole
from shared.identity.sessions import cookie_name
from shared.identity.tokens import Access, Contents, Service, Session, Tokens

SESSION_KEY = "a key that all services of a test share"

TOKENS = Tokens(SESSION_KEY)

_AFTER_EVERYTHING = 2**53


def bearer(contents: Contents) -> dict[str, str]:
    """The header that shows a token which says this."""
    return {"Authorization": f"Bearer {TOKENS.give(contents)}"}


def signed(*roles: CallerRole, scopes: tuple[Scope, ...] = get_args(Scope)) -> dict[str, str]:
    """Headers of a request of `service.tests`, which holds these roles for some minutes. It needs no directory.

    Without roles it is a program and the office: it may post notices and read everything.
    """
    return bearer(Service(name="tests", roles=roles or ("integration", "office"), scopes=scopes))


class Signing(httpx.Auth):
    """Signs each request anew as `signed` does, with the key of an installation that made its own."""

    def __init__(self, session_key: str) -> None:
        self._tokens = Tokens(session_key)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Adds the header."""
        service = Service(name="tests", roles=("integration", "office"), scopes=get_args(Scope))
        request.headers["Authorization"] = f"Bearer {self._tokens.give(service)}"
        yield request


def as_person(person_id: str) -> dict[str, str]:
    """Headers of a request of a person, with the roles that the directory gives them."""
    return bearer(_session(person_id))


def session_cookie(person_id: str) -> str:
    """The cookie of a browser in which a person is signed in, as `name=value`."""
    return f"{cookie_name(secure=False)}={TOKENS.give(_session(person_id))}"


def _session(person_id: str) -> Session:
    return Session(person_id=person_id, signin_id="tests", sequence=_AFTER_EVERYTHING)


def as_client(key_id: str, *scopes: Scope) -> dict[str, str]:
    """Headers of a request of the program to which a key of this id was issued."""
    return bearer(Access(key_id=key_id, scopes=scopes))
