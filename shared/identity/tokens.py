"""Signed tokens: what ketluan itself gave out, and takes back only as it gave it, in time, for the same purpose."""

import datetime as dt
import hashlib
from typing import ClassVar, TypeVar
from urllib.parse import urlencode

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.events.client import Scope
from shared.events.fields import Token
from shared.identity.caller import CallerRole

SESSION_LIFETIME = dt.timedelta(hours=12)
_LONGEST = 4096


class Contents(BaseModel):
    """What a token says. Each kind is signed for its own purpose, named by its `prefix`, and lasts `seconds`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prefix: ClassVar[str]
    seconds: ClassVar[int]


class Link(Contents):
    """Whoever holds it may sign in once as this person. `page` is where they wanted to go."""

    prefix = "kll_"
    seconds = 15 * 60

    person_id: Token
    nonce: str
    page: str = "/"


class Session(Contents):
    """A person who signed in; `sequence` is the place of their signing in in the log."""

    prefix = "kls_"
    seconds = int(SESSION_LIFETIME.total_seconds())

    person_id: Token
    signin_id: Token
    sequence: int


class Form(Contents):
    """A form that was shown within a session: what a page of another site cannot know."""

    prefix = "klf_"
    seconds = int(SESSION_LIFETIME.total_seconds())

    signin_id: Token


class Access(Contents):
    """A program that showed its key; it dies with the key."""

    prefix = "kla_"
    seconds = 10 * 60

    key_id: Token
    scopes: tuple[Scope, ...]


class Service(Contents):
    """A part of ketluan itself, or its operator, with the roles that it needs for a moment."""

    prefix = "klv_"
    seconds = 5 * 60

    name: Token
    roles: tuple[CallerRole, ...]
    scopes: tuple[Scope, ...] = ()


class Attempt(Contents):
    """A signing in that is on its way to another provider and back."""

    prefix = "klo_"
    seconds = 10 * 60

    state: str
    nonce: str
    verifier: str
    page: str


class UnusableToken(Exception):
    """The token was not given out by this installation for this purpose, or was changed."""


class ExpiredToken(UnusableToken):
    """The token was given out for this purpose, and its time is over."""


def signin_address(public_url: str, token: str) -> str:
    """Where a link leads that holds this token."""
    return f"{public_url}/signin/open?{urlencode({'token': token})}"


C = TypeVar("C", bound=Contents)


class Tokens:
    """Gives tokens out and takes them back. All services of an installation share its key."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._serializers: dict[str, URLSafeTimedSerializer] = {}

    def give(self, contents: Contents) -> str:
        """The token that says this, from now on for its `seconds`."""
        return contents.prefix + str(self._serializer(type(contents)).dumps(contents.model_dump(mode="json")))

    def take(self, kind: type[C], text: str) -> C:
        """What a token of this kind says.

        Raises:
            ExpiredToken: its time is over.
            UnusableToken: it is none of this kind.
        """
        if not text.startswith(kind.prefix) or len(text) > _LONGEST:
            raise UnusableToken(kind.__name__)
        try:
            said = self._serializer(kind).loads(text.removeprefix(kind.prefix), max_age=kind.seconds)
            return kind.model_validate(said)
        except SignatureExpired as error:
            raise ExpiredToken(kind.__name__) from error
        except (BadData, ValidationError) as error:
            raise UnusableToken(kind.__name__) from error

    def _serializer(self, kind: type[Contents]) -> URLSafeTimedSerializer:
        made = self._serializers.get(kind.prefix)
        if made is None:
            how = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
            made = URLSafeTimedSerializer(self._key, salt=f"ketluan.{kind.prefix}", signer_kwargs=how)
            self._serializers[kind.prefix] = made
        return made
