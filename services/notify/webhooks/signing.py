"""Signatures of Standard Webhooks: `v1` with a shared secret, `v1a` with a key that only the sender has. Pure.

Source: Standard Webhooks, "Signature scheme" and "Webhook headers".
"""

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_BYTES = 32


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """What an endpoint's messages are signed with: 32 bytes that its owner knows too, and the seed of an Ed25519 key,
    which nobody else knows, so that its signatures prove who sent."""

    shared: bytes
    seed: bytes

    @staticmethod
    def new() -> "Secret":
        """A secret that nobody had before."""
        return Secret(secrets.token_bytes(_BYTES), secrets.token_bytes(_BYTES))

    @staticmethod
    def of(content: bytes) -> "Secret":
        """The secret with this content."""
        return Secret(content[:_BYTES], content[_BYTES:])

    @property
    def content(self) -> bytes:
        """Both parts, to be sealed."""
        return self.shared + self.seed

    @property
    def shown(self) -> str:
        """The shared part as its owner is shown it: `whsec_…`."""
        return f"whsec_{_written(self.shared)}"

    @property
    def public_key(self) -> str:
        """The public part of the key: `whpk_…`."""
        return f"whpk_{_written(self._key.public_key().public_bytes_raw())}"

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def signatures(self, signed: bytes) -> tuple[str, str]:
        """The `v1` and the `v1a` signature of these bytes."""
        v1 = hmac.new(self.shared, signed, hashlib.sha256).digest()
        return f"v1,{_written(v1)}", f"v1a,{_written(self._key.sign(signed))}"


def headers(message_id: str, at: dt.datetime, content: bytes, by: Sequence[Secret]) -> dict[str, str]:
    """The headers of a message that is sent at this moment, signed with each of these secrets. `message_id` holds no
    full stop."""
    stamp = str(int(at.timestamp()))
    signed = f"{message_id}.{stamp}.".encode() + content
    found = [signature for secret in by for signature in secret.signatures(signed)]
    return {"webhook-id": message_id, "webhook-timestamp": stamp, "webhook-signature": " ".join(found)}


def _written(content: bytes) -> str:
    return base64.b64encode(content).decode()
