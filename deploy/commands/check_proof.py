"""`ketluan check-proof`: whether a proof holds, worked out on this machine from files alone."""

import base64
import binascii
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from deploy.exit_codes import DIFFERENT, REFUSED
from services.tasks.ledger.checkpoint import Checkpoint, checkpoint_of
from services.tasks.ledger.keys import signature_is_right
from services.tasks.ledger.note import NoteUnreadable, NoteUnsigned, Verifier, confirmed, note_of, verifier_of
from services.tasks.ledger.tree import hash_of_leaf, is_consistent, is_included

_DIGEST_BYTES = 32
_MARKS = {True: "[green]✓[/]", False: "[red]✗[/]"}

Finding = tuple[bool, str, str]
"""Whether something holds, and what, in Vietnamese and English."""


class ProofUnreadable(Exception):
    """The file holds no proof."""


def run_check(file: Path, keys: Sequence[str], checkpoints: Sequence[Path], event: Path | None) -> int:
    """Says what the proof in a file proves. Gives the exit code: 1 where something does not hold."""
    err = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        proof = json.loads(file.read_bytes())
        known = [verifier_of(key) for key in keys]
        kept = [path.read_bytes() for path in checkpoints]
        found = list(findings(proof, known, kept, event.read_bytes() if event else None))
    except (OSError, ValueError, RecursionError, ProofUnreadable) as error:
        err.print(f"Chưa kiểm tra được. [dim]{escape(str(error))}: nothing was checked.[/]")
        return REFUSED
    out = Console(file=sys.stdout, soft_wrap=True, highlight=False)
    for holds, vi, en in found:
        out.print(f"{_MARKS[holds]} {escape(vi)} [dim]({escape(en)})[/]")
    return 0 if all(holds for holds, _, _ in found) else DIFFERENT


def findings(
    proof: dict[str, Any], known: Sequence[Verifier], kept: Sequence[bytes], event: bytes | None
) -> Iterator[Finding]:
    """What holds and what does not.

    `known` are keys that are trusted, `kept` notes of one's own that go before those in the proof, `event` the bytes of
    the event that the proof is said to be of.

    Raises:
        ProofUnreadable: it is no proof as `ketluan prove` gives it.
    """
    try:
        if "leaf" in proof:
            yield from _of_inclusion(proof, event)
            roots = {int(proof["size"]): (bytes.fromhex(proof["root"]), proof.get("checkpoint"))}
        else:
            yield from _of_consistency(proof)
            roots = {
                int(proof[f"{each}_size"]): (bytes.fromhex(proof[f"{each}_root"]), proof.get(f"{each}_checkpoint"))
                for each in ("old", "new")
            }
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
        raise ProofUnreadable(f"this is no proof of ketluan ({error!r})") from error
    own = {each.size: note for note in kept if (each := _said(note))}
    for size, (root, note) in roots.items():
        content = own.get(size) or (note.encode() if isinstance(note, str) else None)
        yield _signed(size, root, content, known)


def _of_inclusion(proof: dict[str, Any], event: bytes | None) -> Iterator[Finding]:
    sequence, size = int(proof["sequence"]), int(proof["size"])
    leaf = base64.b64decode(proof["leaf"], validate=True)
    path = [bytes.fromhex(each) for each in proof["proof"]]
    length = int.from_bytes(leaf[8:10], "big")
    named = int.from_bytes(leaf[:8], "big") == sequence and leaf[10:-_DIGEST_BYTES] == str(proof["subject"]).encode()
    whole = len(leaf) == 10 + length + _DIGEST_BYTES
    included = is_included(hash_of_leaf(leaf), sequence - 1, size, path, bytes.fromhex(proof["root"]))
    yield (
        named and whole and included,
        f"Sự kiện {sequence} nằm trong cây của {size} sự kiện đầu tiên.",
        f"event {sequence} is in the tree of the first {size} events",
    )
    if event is not None:
        yield (
            leaf[-_DIGEST_BYTES:] == hashlib.sha256(event).digest(),
            "Tệp đã đưa đúng từng byte của sự kiện ấy.",
            "the file is that event, byte for byte",
        )


def _of_consistency(proof: dict[str, Any]) -> Iterator[Finding]:
    old, new = int(proof["old_size"]), int(proof["new_size"])
    path = [bytes.fromhex(each) for each in proof["proof"]]
    yield (
        is_consistent(old, new, bytes.fromhex(proof["old_root"]), bytes.fromhex(proof["new_root"]), path),
        f"Cây của {new} sự kiện chỉ thêm vào cây của {old} sự kiện.",
        f"the tree of {new} events only adds to that of {old} events",
    )


def _signed(size: int, root: bytes, note: bytes | None, known: Sequence[Verifier]) -> Finding:
    if note is None:
        return False, f"Không có điểm kiểm chứng cho {size} sự kiện.", f"there is no checkpoint of {size} events"
    try:
        found = checkpoint_of(confirmed(note, known, signature_is_right))
    except (NoteUnreadable, NoteUnsigned) as error:
        hint = " Đưa khoá công khai bằng --key." if not known else ""
        return False, f"Điểm kiểm chứng của {size} sự kiện không đúng chữ ký.{hint}", str(error)
    return (
        (found.size, found.root) == (size, root),
        f"{found.origin} đã ký rằng cây của {size} sự kiện đầu tiên là cây này.",
        f"{found.origin} signed this very tree of {size} events",
    )


def _said(note: bytes) -> Checkpoint | None:
    try:
        return checkpoint_of(note_of(note).text)
    except NoteUnreadable:
        return None
