"""A link with which a person signs in once, as an administrator or a first run gives it out."""

from uuid import uuid4

from shared.identity.tokens import Link, Tokens, signin_address


def signin_link(tokens: Tokens, public_url: str, person_id: str) -> str:
    """The address to open within a quarter of an hour."""
    return signin_address(public_url, tokens.give(Link(person_id=person_id, nonce=str(uuid4()))))
