"""`ketluan check-proof`: whether a proof holds, worked out on this machine from files alone."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape

from deploy.exit_codes import DIFFERENT, REFUSED
from services.tasks.ledger.checkpoint import Checkpoint, checkpoint_of
from services.tasks.ledger.keys import signature_is_right
from services.tasks.ledger.note import NoteUnreadable, NoteUnsigned, Verifier, confirmed, note_of, verifier_of
from services.tasks.ledger.proofs import ConsistencyProof, InclusionProof

_MARKS = {True: "[green]✓[/]", False: "[red]✗[/]"}

Finding = tuple[bool, str, str]
"""Whether something holds, and what, in Vietnamese and English."""


_PROOF: TypeAdapter[InclusionProof | ConsistencyProof] = TypeAdapter(InclusionProof | ConsistencyProof)


def run_check(file: Path, keys: Sequence[str], checkpoints: Sequence[Path], event: Path | None) -> int:
    """Says what the proof in a file proves. Gives the exit code: 1 where something does not hold."""
    err = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        proof = proof_in(file.read_bytes())
        known = [verifier_of(key) for key in keys]
        kept = [path.read_bytes() for path in checkpoints]
        found = list(findings(proof, known, kept, event.read_bytes() if event else None))
    except (OSError, ValueError) as error:
        err.print(f"Chưa kiểm tra được. [dim]{escape(str(error))}: nothing was checked.[/]")
        return REFUSED
    out = Console(file=sys.stdout, soft_wrap=True, highlight=False)
    for holds, vi, en in found:
        out.print(f"{_MARKS[holds]} {escape(vi)} [dim]({escape(en)})[/]")
    return 0 if all(holds for holds, _, _ in found) else DIFFERENT


def proof_in(content: bytes) -> InclusionProof | ConsistencyProof:
    """The proof that a file holds.

    Raises:
        ValidationError: it holds none.
    """
    return _PROOF.validate_json(content)


def findings(
    proof: InclusionProof | ConsistencyProof, known: Sequence[Verifier], kept: Sequence[bytes], event: bytes | None
) -> Iterator[Finding]:
    """What holds and what does not.

    `known` are keys that are trusted, `kept` notes of one's own that go before those in the proof, `event` the bytes of
    the event that the proof is said to be of.
    """
    if isinstance(proof, InclusionProof):
        yield (
            proof.holds(),
            f"Sự kiện {proof.sequence} nằm trong cây của {proof.size} sự kiện đầu tiên.",
            f"event {proof.sequence} is in the tree of the first {proof.size} events",
        )
        if event is not None:
            yield (
                proof.is_of(event),
                "Tệp đã đưa đúng từng byte của sự kiện ấy.",
                "the file is that event, byte for byte",
            )
        signed = [(proof.size, proof.root, proof.checkpoint)]
    else:
        yield (
            proof.holds(),
            f"Cây của {proof.new_size} sự kiện chỉ thêm vào cây của {proof.old_size} sự kiện.",
            f"the tree of {proof.new_size} events only adds to that of {proof.old_size} events",
        )
        signed = [
            (proof.old_size, proof.old_root, proof.old_checkpoint),
            (proof.new_size, proof.new_root, proof.new_checkpoint),
        ]
    own = {each.size: note for note in kept if (each := _said(note))}
    for size, root, note in signed:
        yield _signed(size, bytes.fromhex(root), own.get(size) or (note.encode() if note else None), known)


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
