"""What happens to an API client: a program that acts by itself, such as a document system."""

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.events.fields import Digest, Fields, Name, Token

Scope = Literal[
    "conclusions:write",
    "tasks:read",
    "tasks:write",
    "events:read",
    "notifications:read",
    "directory:write",
    "webhooks:write",
]
"""What a client may be allowed."""


class ClientRegistered(Fields):
    """A client exists, and may do what its scopes allow, with the keys that are issued to it."""

    type: ClassVar[str] = "ketluan.ClientRegistered.v1"

    client_id: Token
    name: Name
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1)]


class ClientKeyIssued(Fields):
    """The client has a key. Only its digest is recorded: the key itself was shown once."""

    type: ClassVar[str] = "ketluan.ClientKeyIssued.v1"

    client_id: Token
    key_id: Annotated[Token, Field(description="the part of the key that may be shown")]
    digest: Annotated[Digest, Field(description="SHA-256 of the whole key")]
    expires_at: AwareDatetime
    ending: Annotated[
        str | None, Field(pattern=r"^[A-Za-z0-9_-]{4}$", description="the key's last four characters")
    ] = None


class ClientKeyRevoked(Fields):
    """The key is worth nothing from now on, in every service."""

    type: ClassVar[str] = "ketluan.ClientKeyRevoked.v1"

    client_id: Token
    key_id: Token
    reason: Name


class ClientClosed(Fields):
    """The client and all its keys are worth nothing from now on."""

    type: ClassVar[str] = "ketluan.ClientClosed.v1"

    client_id: Token
    reason: Name
