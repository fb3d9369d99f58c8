"""The address in a letter by which its reader switches that kind of letter off: whoever has the letter may."""

from urllib.parse import urlencode

from shared.events.fields import Token
from shared.events.preferences import Category
from shared.identity.tokens import Contents, Tokens

PATH = "/unsubscribe"


class Unsubscription(Contents):
    """Whoever holds it may switch mail about these categories off for this person; it opens nothing else."""

    prefix = "klu_"
    seconds = 400 * 24 * 3600

    person_id: Token
    categories: tuple[Category, ...]


def unsubscribe_address(public_url: str, tokens: Tokens, person_id: str, categories: tuple[Category, ...]) -> str:
    """The address. Source: RFC 8058, section 3.1."""
    token = tokens.give(Unsubscription(person_id=person_id, categories=categories))
    return f"{public_url}{PATH}?{urlencode({'token': token})}"
