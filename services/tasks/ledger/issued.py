"""The checkpoints that were issued, as the ledger keeps them and as the log tells of them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger import tables
from services.tasks.ledger.checkpoint import checkpoint_of
from services.tasks.ledger.keys import signature_is_right
from services.tasks.ledger.note import NoteUnreadable, NoteUnsigned, Verifier, confirmed
from shared.events.catalogue import CATALOGUE, UnreadableEvent
from shared.events.ledger import CheckpointIssued
from shared.log.stream import PREFIX

AGGREGATE = "ledger.checkpoints"


@dataclass(frozen=True, slots=True)
class Issued:
    """A checkpoint: the tree of the first `size` events has this root of 32 bytes, says the note."""

    size: int
    root: bytes
    key_id: str
    note: str
    issued_at: dt.datetime


async def kept(connection: AsyncConnection) -> list[Issued]:
    """Every checkpoint that the ledger keeps, smallest first."""
    rows = await connection.execute(select(tables.checkpoint).order_by(tables.checkpoint.c.size))
    return [_issued(row) for row in rows]


async def newest(connection: AsyncConnection, at_least: int = 0) -> Issued | None:
    """The newest checkpoint that covers so many events; None where there is none."""
    size = tables.checkpoint.c.size
    found = await connection.execute(select(tables.checkpoint).where(size >= at_least).order_by(size.desc()).limit(1))
    row = found.one_or_none()
    return _issued(row) if row else None


async def of_size(connection: AsyncConnection, size: int) -> Issued | None:
    """The checkpoint of exactly this size; None where there is none."""
    row = (await connection.execute(select(tables.checkpoint).where(tables.checkpoint.c.size == size))).one_or_none()
    return _issued(row) if row else None


async def before(connection: AsyncConnection, size: int | None, limit: int) -> list[Issued]:
    """Checkpoints smaller than a size, largest first; without a size the newest."""
    column = tables.checkpoint.c.size
    statement = select(tables.checkpoint).order_by(column.desc()).limit(limit)
    rows = await connection.execute(statement if size is None else statement.where(column < size))
    return [_issued(row) for row in rows]


async def told(connection: AsyncConnection) -> list[Issued]:
    """Every checkpoint that the log tells of, as the ledger holds these events, in their order."""
    event = tables.event.c
    chosen = select(event.content).where(event.subject == PREFIX + AGGREGATE).order_by(event.sequence)
    return [issued for content in await connection.scalars(chosen) if (issued := issued_of(content))]


def issued_of(content: bytes) -> Issued | None:
    """The checkpoint that an event tells of; None where it tells of none."""
    try:
        event = CATALOGUE.read(content)
    except UnreadableEvent:
        return None
    if not isinstance(event.data, CheckpointIssued):
        return None
    data = event.data
    return Issued(data.size, bytes.fromhex(data.root), data.key_id, data.note, event.envelope.at())


async def keep(connection: AsyncConnection, checkpoints: Sequence[Issued]) -> None:
    """Keeps checkpoints; those of sizes that are kept already stay as they are."""
    if checkpoints:
        rows = [
            {
                "size": each.size,
                "root": each.root,
                "key_id": each.key_id,
                "note": each.note,
                "issued_at": each.issued_at,
            }
            for each in checkpoints
        ]
        await connection.execute(insert(tables.checkpoint).on_conflict_do_nothing(), rows)


async def grew(connection: AsyncConnection, size: int) -> bool:
    """Whether anything but checkpoints happened behind the first `size` events."""
    event = tables.event.c
    other = select(event.sequence).where(event.sequence > size, event.subject != PREFIX + AGGREGATE)
    return bool(await connection.scalar(select(exists(other))))


def fault_of(issued: Issued, verifiers: Iterable[Verifier]) -> str | None:
    """What is wrong with a checkpoint, whatever the tree is: None where a known key signed just this."""
    try:
        found = checkpoint_of(confirmed(issued.note.encode(), verifiers, signature_is_right))
    except (NoteUnreadable, NoteUnsigned) as error:
        return str(error)
    if (found.size, found.root) != (issued.size, issued.root):
        return f"its note speaks of {found.size} events and the root {found.root.hex()}"
    return None


def _issued(row: Any) -> Issued:
    return Issued(row.size, bytes(row.root), row.key_id, row.note, row.issued_at)
