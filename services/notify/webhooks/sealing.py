"""Secrets of endpoints at rest: sealed with a key that the database does not hold."""

import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.notify.webhooks.signing import Secret

_NONCE_BYTES = 12


class Unsealable(Exception):
    """The secret was sealed with another session key. It is of no use any more: rotate it."""


@dataclass(frozen=True, repr=False)
class Sealing:
    """Seals and opens secrets. Sources: RFC 8439 (ChaCha20-Poly1305), RFC 5869 (HKDF)."""

    session_key: str

    def seal(self, webhook_id: str, secret: Secret) -> bytes:
        """The secret so that only this installation can open it, for this endpoint alone."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, secret.content, webhook_id.encode())

    def open(self, webhook_id: str, sealed: bytes) -> Secret:
        """What was sealed.

        Raises:
            Unsealable: it was not sealed with this session key, or not for this endpoint.
        """
        try:
            opened = self._cipher().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], webhook_id.encode())
        except InvalidTag as error:
            raise Unsealable("the secret was sealed with another session key") from error
        return Secret.of(opened)

    def _cipher(self) -> ChaCha20Poly1305:
        derived = HKDF(SHA256(), 32, salt=None, info=b"ketluan webhook secrets v1").derive(self.session_key.encode())
        return ChaCha20Poly1305(derived)
