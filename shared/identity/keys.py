"""API keys: `klk_<key id>_<secret>`. Only the digest of one is ever kept."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

PREFIX = "klk_"
_ID_BYTES = 6
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A new key. `text` is shown once, to whoever will use it; `id` may be shown at any time."""

    id: str
    text: str
    digest: str

    @property
    def ending(self) -> str:
        """Its last four characters, by which whoever holds several knows which it is."""
        return self.text[-4:]


def new_key() -> ApiKey:
    """A key that nobody can guess."""
    key_id = secrets.token_hex(_ID_BYTES)
    text = f"{PREFIX}{key_id}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    return ApiKey(key_id, text, digest_of(text))


def digest_of(text: str) -> str:
    """What is kept of a key: its SHA-256. A secret of 256 bits needs no slower digest."""
    return hashlib.sha256(text.encode()).hexdigest()


def key_id_of(text: str) -> str | None:
    """The part of a key that may be shown; None where the text has not the form of a key."""
    kind, _, rest = text.partition("_")
    key_id, _, secret = rest.partition("_")
    return key_id if f"{kind}_" == PREFIX and key_id and secret else None


def is_key(text: str, digest: str) -> bool:
    """Whether a text is the key of this digest, in a time that tells nothing of how near it comes."""
    return hmac.compare_digest(digest_of(text), digest)
