"""Signing in. The aggregate's id is derived from what was used up for it: a one-time link opens one session."""

from typing import ClassVar, Literal

from shared.events.fields import Fields, Token


class SignedIn(Fields):
    """The person signed in."""

    type: ClassVar[str] = "ketluan.SignedIn.v1"

    signin_id: Token
    person_id: Token
    by: Literal["link", "oidc"]


class SignedOut(Fields):
    """The session that this signing in began is worth nothing from now on, in every service."""

    type: ClassVar[str] = "ketluan.SignedOut.v1"

    signin_id: Token
    person_id: Token
