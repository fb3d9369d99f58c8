"""Keys that sign checkpoints, and the file in which one is kept. Source: C2SP, signed-note; RFC 8032 (Ed25519)."""

import os
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.tasks.ledger.note import ED25519, Note, Signature, Verifier, is_key_name

_HEAD = "PRIVATE+KEY+"


class KeyUnusable(Exception):
    """There is no key to sign with, or the file is none. Nothing was signed."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its name, which is the origin of the log."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """Its public half."""
        return Verifier(self.name, self.private.public_key().public_bytes_raw())

    def signed(self, text: str) -> str:
        """The note of a text, which must end in a newline, with this key's signature."""
        signature = self.private.sign(text.encode())
        return str(Note(text, (Signature(self.name, self.verifier.key_hash, signature),)))

    @property
    def secret_text(self) -> str:
        """The line that a key's file holds: `PRIVATE+KEY+name+hash+base64`, the form that Go's signed notes know."""
        typed = bytes([ED25519]) + self.private.private_bytes_raw()
        return f"{_HEAD}{self.name}+{self.verifier.key_id}+{b64encode(typed).decode()}"


def new_signing_key(name: str) -> SigningKey:
    """A new key of this name.

    Raises:
        ValueError: no key can have it.
    """
    if not is_key_name(name):
        raise ValueError(f"{name!r} is no key's name: it must not be empty or hold spaces or plus signs")
    return SigningKey(name, Ed25519PrivateKey.generate())


def signing_key_of(text: str) -> SigningKey:
    """The key in the line that a key's file holds.

    Raises:
        KeyUnusable: it holds none.
    """
    if not text.startswith(_HEAD):
        raise KeyUnusable("this is no checkpoint key: its file begins with PRIVATE+KEY+")
    try:
        name, _, encoded = text.removeprefix(_HEAD).split("+", 2)
        typed = b64decode(encoded, validate=True)
        key = SigningKey(name, Ed25519PrivateKey.from_private_bytes(typed[1:]))
    except ValueError as error:
        raise KeyUnusable(
            "the checkpoint key's file is damaged: its line is not PRIVATE+KEY+name+hash+base64"
        ) from error
    if not is_key_name(name) or key.secret_text != text:
        raise KeyUnusable("the checkpoint key's file is damaged: its hash is not that of its name and bytes")
    return key


def kept_key(path: Path) -> SigningKey:
    """The key in a file.

    Raises:
        KeyUnusable: there is no such file, it cannot be read, or it holds no key.
    """
    try:
        return signing_key_of(path.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnusable(f"the checkpoint key cannot be read from its file: {error}") from error


def keep_key(key: SigningKey, path: Path) -> None:
    """Writes a key into a file that is not there yet, readable by its owner alone.

    Raises:
        FileExistsError: there is one; it was left as it is.
        OSError: it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{key.secret_text}\n")
        file.flush()
        os.fsync(file.fileno())


def signature_is_right(public_key: bytes, signature: bytes, text: bytes) -> bool:
    """Whether the holder of an Ed25519 key signed this text."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True
