"""Checkpoints: what a log says of its tree, as the text of a signed note. Source: C2SP, tlog-checkpoint."""

import base64
import binascii
import re
from dataclasses import dataclass

from services.tasks.ledger.note import NoteUnreadable
from services.tasks.ledger.tree import HASH_BYTES

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log called `origin` has `size` events, and the tree over them this root of 32 bytes."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def checkpoint_of(text: str) -> Checkpoint:
    """The checkpoint that a note's text is. Extension lines, which mean nothing to us, are passed over.

    Raises:
        NoteUnreadable: it is none.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or not all(lines):
        raise NoteUnreadable("a checkpoint has three lines, none of them empty")
    origin, size, encoded = lines[:3]
    if _SIZE.fullmatch(size) is None:
        raise NoteUnreadable("the second line of a checkpoint is the tree's size")
    try:
        root = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteUnreadable("the third line of a checkpoint is the root in base64") from error
    if len(root) != HASH_BYTES or base64.b64encode(root).decode() != encoded:
        raise NoteUnreadable("the third line of a checkpoint is a root of 32 bytes")
    return Checkpoint(origin, int(size), root)
