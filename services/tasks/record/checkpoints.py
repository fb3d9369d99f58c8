"""The checkpoints that were signed: those that the ledger keeps, and those that its events tell of."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger import tables
from services.tasks.ledger.checkpoint import Checkpoint, checkpoint_of
from services.tasks.ledger.keys import signature_is_right
from services.tasks.ledger.note import NoteUnreadable, NoteUnsigned, Verifier, confirmed, verifier_of
from services.tasks.record.examination import SignedRoot
from services.tasks.record.findings import Finding
from services.tasks.record.kinds import Kind
from shared.database import translated
from shared.events.catalogue import CATALOGUE, Event, UnreadableEvent
from shared.events.ledger import CheckpointIssued, CheckpointKeyCreated
from shared.log.stream import PREFIX

_SUBJECTS = (f"{PREFIX}ledger.keys", f"{PREFIX}ledger.checkpoints")


@dataclass(frozen=True, slots=True)
class Signed:
    """The roots that were signed, smallest tree first, and what is wrong with those that say so."""

    roots: tuple[SignedRoot, ...]
    findings: tuple[Finding, ...]


async def signed_roots(connection: AsyncConnection) -> Signed:
    """Every checkpoint that a key signed which the events make known.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    kept = tables.checkpoint.c
    told = [event.data for event in await _told(connection)]
    with translated():
        rows = (await connection.execute(select(kept.size, kept.root, kept.note).order_by(kept.size))).all()
    known = [each for data in told if isinstance(data, CheckpointKeyCreated) for each in _verifier(data)]
    return _signed(
        known,
        [(size, bytes(root), note) for size, root, note in rows],
        [(data.size, bytes.fromhex(data.root), data.note) for data in told if isinstance(data, CheckpointIssued)],
    )


async def known_keys(connection: AsyncConnection) -> list[Verifier]:
    """Every key that the events make known.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    told = [event.data for event in await _told(connection)]
    return [each for data in told if isinstance(data, CheckpointKeyCreated) for each in _verifier(data)]


async def told_checkpoints(connection: AsyncConnection) -> list[dict[str, object]]:
    """The rows of the ledger's table of checkpoints, as its events tell of those that were signed.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    told = await _told(connection)
    known = [each for event in told if isinstance(event.data, CheckpointKeyCreated) for each in _verifier(event.data)]
    rows: dict[int, dict[str, object]] = {}
    for each in told:
        if isinstance(each.data, CheckpointIssued) and (found := _checkpoint(each.data.note, known)) is not None:
            row = {"root": found.root, "key_id": each.data.key_id, "note": each.data.note}
            rows.setdefault(found.size, {"size": found.size, **row, "issued_at": each.envelope.at()})
    return list(rows.values())


def _signed(
    known: list[Verifier], kept: Iterable[tuple[int, bytes, str]], told: Iterable[tuple[int, bytes, str]]
) -> Signed:
    roots, findings, sizes = set[SignedRoot](), list[Finding](), set[int]()
    for size, root, note in kept:
        sizes.add(size)
        found = _checkpoint(note, known)
        if found is not None:
            roots.add(SignedRoot(found.size, found.root))
        if found is None or (found.size, found.root) != (size, root):
            findings.append(Finding(kind=Kind.UNSIGNED, side="ledger", first=size, last=size, count=1))
    for size, _, note in told:
        found = _checkpoint(note, known)
        if found is not None:
            roots.add(SignedRoot(found.size, found.root))
            if size not in sizes:
                findings.append(Finding(kind=Kind.LOST_CHECKPOINT, side="ledger", first=size, last=size, count=1))
    return Signed(tuple(sorted(roots, key=lambda each: each.size)), tuple(findings))


def _checkpoint(note: str, known: Iterable[Verifier]) -> Checkpoint | None:
    try:
        return checkpoint_of(confirmed(note.encode(), known, signature_is_right))
    except (NoteUnreadable, NoteUnsigned):
        return None


def _verifier(data: CheckpointKeyCreated) -> list[Verifier]:
    try:
        return [verifier_of(data.verifier_key)]
    except NoteUnreadable:
        return []


async def _told(connection: AsyncConnection) -> list[Event]:
    event = tables.event.c
    chosen = select(event.content).where(event.subject.in_(_SUBJECTS)).order_by(event.sequence)
    with translated():
        contents = await connection.scalars(chosen)
        return [each for content in contents if (each := _event(content)) is not None]


def _event(content: bytes) -> Event | None:
    try:
        return CATALOGUE.read(bytes(content))
    except UnreadableEvent:
        return None
