"""Signed notes: a text, and lines that say which key signed it. Source: C2SP, signed-note.

Nothing here signs or verifies; see `keys`. Every note and key has exactly one form: what reads differently is refused,
so that no bit of it can be changed unnoticed.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

ED25519 = 0x01
"""The type of the signatures."""

PUBLIC_KEY_BYTES = 32
LARGEST_NOTE_BYTES = 100_000

_MOST_SIGNATURES = 64
_ID_BYTES = 4
_LINE = re.compile(r"— (\S+) (\S+)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NAME = re.compile(r"[^\s+]+")
_VERIFIER = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)")


class NoteUnreadable(ValueError):
    """These bytes are no signed note, or no key, in the one form that it can have."""


class NoteUnsigned(ValueError):
    """None of the known keys signed the note, or one that is said to have done so did not."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One line: who signed, by name and 4-byte key hash, and the signature."""

    name: str
    key_hash: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends in a newline, with its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        lines = (f"— {each.name} {_base64(each.key_hash + each.signature)}\n" for each in self.signatures)
        return f"{self.text}\n{''.join(lines)}"


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half of a key: its name, and 32 bytes of Ed25519."""

    name: str
    public_key: bytes

    @property
    def key_hash(self) -> bytes:
        """The four bytes by which a signature names the key."""
        return sha256(self.name.encode() + b"\n" + self._typed).digest()[:_ID_BYTES]

    @property
    def key_id(self) -> str:
        """The same in hexadecimal digits."""
        return self.key_hash.hex()

    def __str__(self) -> str:
        """The line by which a verifier knows the key: `name+hash+base64`."""
        return f"{self.name}+{self.key_id}+{_base64(self._typed)}"

    @property
    def _typed(self) -> bytes:
        return bytes([ED25519]) + self.public_key


Verify = Callable[[bytes, bytes, bytes], bool]
"""Says whether a public key made a signature of a text: `verify(public_key, signature, text)`."""


def is_key_name(name: str) -> bool:
    """Whether a key can have this name: not empty, without spaces and plus signs."""
    return _NAME.fullmatch(name) is not None and _CONTROL.search(name) is None


def verifier_of(line: str) -> Verifier:
    """The key that a verifier's line names.

    Raises:
        NoteUnreadable: it is none, or one of another type than Ed25519.
    """
    found = _VERIFIER.fullmatch(line)
    if found is None:
        raise NoteUnreadable("a verifier's line is name+hash+base64")
    name, _, encoded = found.groups()
    key = _bytes(encoded)
    if len(key) != 1 + PUBLIC_KEY_BYTES or key[0] != ED25519:
        raise NoteUnreadable("the key is not of type Ed25519")
    verifier = Verifier(name, key[1:])
    if str(verifier) != line:
        raise NoteUnreadable("the key's hash is not that of its name and bytes")
    return verifier


def note_of(content: bytes) -> Note:
    """The note that these bytes are.

    Raises:
        NoteUnreadable: they are none.
    """
    if len(content) > LARGEST_NOTE_BYTES:
        raise NoteUnreadable(f"a note has at most {LARGEST_NOTE_BYTES} bytes")
    try:
        whole = content.decode()
    except UnicodeDecodeError as error:
        raise NoteUnreadable("a note is UTF-8") from error
    if _CONTROL.search(whole):
        raise NoteUnreadable("a note holds no control characters but newlines")
    text, blank, block = whole.rpartition("\n\n")
    if not blank or not block.endswith("\n"):
        raise NoteUnreadable("a note is a text, a blank line and signatures, each ended by a newline")
    lines = block[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise NoteUnreadable(f"a note has at most {_MOST_SIGNATURES} signatures")
    return Note(f"{text}\n", tuple(_signature(line) for line in lines))


def confirmed(content: bytes, known: Iterable[Verifier], verify: Verify) -> str:
    """The text of a note that a known key signed. Signatures of other keys say nothing, and are passed over.

    Raises:
        NoteUnreadable: it is no note.
        NoteUnsigned: no known key signed it, or one of their signatures is wrong.
    """
    note = note_of(content)
    keys = {(each.name, each.key_hash): each for each in known}
    signed = [(each, keys[each.name, each.key_hash]) for each in note.signatures if (each.name, each.key_hash) in keys]
    if not signed:
        raise NoteUnsigned("no known key signed the note")
    for each, key in signed:
        if not verify(key.public_key, each.signature, note.text.encode()):
            raise NoteUnsigned(f"the key {key.key_id} did not sign this text")
    return note.text


def _signature(line: str) -> Signature:
    found = _LINE.fullmatch(line)
    if found is None or not is_key_name(found[1]):
        raise NoteUnreadable("a signature's line is — name base64")
    signature = _bytes(found[2])
    if len(signature) <= _ID_BYTES:
        raise NoteUnreadable("the signature is too short")
    return Signature(found[1], signature[:_ID_BYTES], signature[_ID_BYTES:])


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(encoded: str) -> bytes:
    """The bytes of base64 in its only form: unused bits are zero."""
    try:
        content = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteUnreadable("this is not base64") from error
    if _base64(content) != encoded:
        raise NoteUnreadable("this base64 has bits that mean nothing")
    return content
