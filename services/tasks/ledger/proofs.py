"""Proofs as they are handed out: all that a verifier needs, and nothing that could be another thing and still pass."""

import base64
import hashlib
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.tasks.ledger.tree import hash_of_leaf, is_consistent, is_included
from shared.events.fields import Digest

_DIGEST_BYTES = 32

Count = Annotated[int, Field(ge=1, le=2**63 - 1)]
Path = Annotated[list[Digest], Field(max_length=64)]


class Proof(BaseModel):
    """A proof, which has every field of its kind and no other."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class InclusionProof(Proof):
    """The proof that an event is in the tree of `size` events, as its leaf number `leaf_index`, counted from 0.

    `leaf` is what is hashed into the leaf, in base64: sequence, subject and the SHA-256 of the event's bytes. Hashes
    are in hexadecimal digits. `checkpoint` is the signed note of this very size, where there is one.
    """

    sequence: Count
    subject: Annotated[str, Field(max_length=1000)]
    leaf_index: Annotated[int, Field(ge=0)]
    leaf: Annotated[str, Field(max_length=2000)]
    leaf_hash: Digest
    size: Count
    root: Digest
    proof: Path
    checkpoint: str | None

    def holds(self) -> bool:
        """Whether it proves what it says, provided that the root is that of the log."""
        leaf = self._leaf()
        subject = self.subject.encode()
        made_of = self.sequence.to_bytes(8, "big") + len(subject).to_bytes(2, "big") + subject
        return (
            leaf[:-_DIGEST_BYTES] == made_of
            and len(leaf) == len(made_of) + _DIGEST_BYTES
            and hash_of_leaf(leaf).hex() == self.leaf_hash
            and self.leaf_index == self.sequence - 1
            and is_included(hash_of_leaf(leaf), self.leaf_index, self.size, _path(self.proof), _bytes(self.root))
        )

    def is_of(self, event: bytes) -> bool:
        """Whether these are the bytes of the event that it is about."""
        return self._leaf()[-_DIGEST_BYTES:] == hashlib.sha256(event).digest()

    def _leaf(self) -> bytes:
        """What is hashed into the leaf; nothing where the base64 is not in its only form."""
        try:
            leaf = base64.b64decode(self.leaf, validate=True)
        except ValueError:
            return b""
        return leaf if base64.b64encode(leaf).decode() == self.leaf else b""


class ConsistencyProof(Proof):
    """The proof that the tree of `new_size` events begins with that of `old_size`. Hashes are in hexadecimal digits;
    the signed notes of these very sizes come with it, where there are such."""

    old_size: Count
    new_size: Count
    old_root: Digest
    new_root: Digest
    proof: Path
    old_checkpoint: str | None
    new_checkpoint: str | None

    def holds(self) -> bool:
        """Whether it proves what it says, provided that the roots are those of the log."""
        roots = _bytes(self.old_root), _bytes(self.new_root)
        return is_consistent(self.old_size, self.new_size, *roots, _path(self.proof))


def _bytes(digest: str) -> bytes:
    return bytes.fromhex(digest)


def _path(proof: list[str]) -> list[bytes]:
    return [bytes.fromhex(each) for each in proof]
