"""An OpenID provider that knows our people: authorization code with PKCE.

Sources: OpenID Connect Core 1.0, sections 3.1, 3.1.3.7 and 5.3; OpenID Connect Discovery 1.0, section 4; RFC 7636.
"""

import base64
import hashlib
import secrets
import time
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.tasks.signin.settings import SignInSettings
from shared.identity.tokens import Attempt

_TIMEOUT_SECONDS = 10.0
_KEPT_SECONDS = 3600.0
_LEEWAY_SECONDS = 60
_ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "ES384", "RS512", "ES512", "EdDSA")


class ProviderAway(Exception):
    """The provider does not answer, or not as OpenID wants it. Nobody was signed in."""


class ProviderRefused(Exception):
    """What the provider says does not prove who came. Nobody was signed in."""


class Provider:
    """The provider that the settings name. `public_url` is where it sends people back to."""

    def __init__(self, settings: SignInSettings) -> None:
        self._settings = settings
        self._redirect = f"{settings.public_url}/signin/provider/back"
        self._described: tuple[float, dict[str, Any], KeySet] | None = None

    async def begin(self, page: str) -> tuple[Attempt, str]:
        """A new attempt, which the browser has to keep, and the address to which it is sent.

        Raises:
            ProviderAway: see there.
        """
        attempt = Attempt(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            page=page,
        )
        challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self._redirect,
            "scope": self._settings.oidc_scope,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        described, _ = await self._description()
        address = str(described["authorization_endpoint"])
        return attempt, f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    async def person_id(self, attempt: Attempt, code: str) -> str:
        """Who came back with this code: the value of the claim that names people of the directory.

        Raises:
            ProviderAway, ProviderRefused: see there.
        """
        described, keys = await self._description()
        secret = self._settings.oidc_client_secret.get_secret_value()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "client_id": self._settings.oidc_client_id,
            "code_verifier": attempt.verifier,
        }
        how = described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        login = httpx.BasicAuth(self._settings.oidc_client_id, secret) if "client_secret_basic" in how else None
        if secret and login is None:
            form["client_secret"] = secret
        answer = await self._asked("POST", str(described["token_endpoint"]), data=form, auth=login if secret else None)
        if not answer.is_success:
            raise ProviderRefused(f"the provider does not take the code: {answer.status_code}")
        given = _fields(answer)
        claims = self._claims(str(given.get("id_token", "")), str(described["issuer"]), keys, attempt)
        name = self._settings.oidc_person_claim
        if name not in claims and described.get("userinfo_endpoint") and given.get("access_token"):
            claims = await self._more(str(described["userinfo_endpoint"]), str(given["access_token"]), claims)
        found = claims.get(name)
        if not isinstance(found, str) or not found:
            raise ProviderRefused(f"the provider does not say {name}")
        return found

    async def _more(self, address: str, token: str, claims: dict[str, Any]) -> dict[str, Any]:
        """What the provider says of the same person when it is asked; some leave it out of the token."""
        more = _fields(await self._asked("GET", address, headers={"Authorization": f"Bearer {token}"}))
        if more.get("sub") != claims.get("sub"):
            raise ProviderRefused("the provider speaks of somebody else")
        return more

    def _claims(self, token: str, issuer: str, keys: KeySet, attempt: Attempt) -> dict[str, Any]:
        registry = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": self._settings.oidc_client_id},
            nonce={"essential": True, "value": attempt.nonce},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            claims = jwt.decode(token, keys, algorithms=list(_ALGORITHMS)).claims
            registry.validate(claims)
        except (JoseError, ValueError) as error:
            self._described = None
            raise ProviderRefused(f"the provider's token proves nothing: {type(error).__name__}") from error
        return dict(claims)

    async def _description(self) -> tuple[dict[str, Any], KeySet]:
        """What the provider says of itself, and its keys; asked anew every hour, and after a token that failed."""
        if self._described is None or time.monotonic() - self._described[0] > _KEPT_SECONDS:
            address = f"{self._settings.oidc_issuer}/.well-known/openid-configuration"
            described = _fields(await self._asked("GET", address))
            if str(described.get("issuer", "")).rstrip("/") != self._settings.oidc_issuer:
                raise ProviderAway("the provider goes by another name than KETLUAN_OIDC_ISSUER")
            keys = _fields(await self._asked("GET", str(described.get("jwks_uri", ""))))
            try:
                self._described = (time.monotonic(), described, KeySet.import_key_set(keys))  # type: ignore[arg-type]
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise ProviderAway("the provider's keys cannot be read") from error
        return self._described[1], self._described[2]

    async def _asked(self, method: str, address: str, **request: Any) -> httpx.Response:
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
                return await client.request(method, address, **request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProviderAway(f"the provider does not answer: {type(error).__name__}") from error


def _fields(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderAway("the provider does not answer as OpenID wants it") from error
    if not isinstance(found, dict):
        raise ProviderAway("the provider does not answer as OpenID wants it")
    return found
