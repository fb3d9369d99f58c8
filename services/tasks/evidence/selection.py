"""Which events of the ledger make the evidence of a task, a meeting or a period."""

import datetime as dt
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger import keyring
from services.tasks.ledger.tables import event as ledger_event
from services.tasks.register import tables
from shared.database import among
from shared.events.catalogue import CATALOGUE, UnreadableEvent
from shared.log.record import Record
from shared.log.stream import PREFIX

MOST_EVENTS = 50_000
"""Most events of one bundle; a longer period is for `ketluan export`."""

_AT_ONCE = 500
_PERSON = "person."


class TooMuch(Exception):
    """A bundle would hold more than `MOST_EVENTS` events."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a bundle is about: a task or a meeting by its id, or the events of a period of local days, `first` to
    `last` by their sequences."""

    kind: Literal["task", "meeting", "period"]
    id: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    first: int = 0
    last: int = 0

    @property
    def name(self) -> str:
        """By which a file is named."""
        return f"{self.kind}-{self.id}" if self.id else f"{self.since}-{self.until}"

    def within(self, size: int) -> "Matter":
        """The same, as far as a checkpoint of that size covers it."""
        return Matter(self.kind, self.id, self.since, self.until, self.first, min(self.last, size))

    def stated(self) -> dict[str, Any]:
        """What the manifest says of it."""
        if self.kind != "period":
            return {"kind": self.kind, "id": self.id}
        return {
            "kind": self.kind,
            "from": str(self.since),
            "to": str(self.until),
            "first": self.first,
            "last": self.last,
        }


async def last_of(connection: AsyncConnection, matter: Matter) -> int:
    """Sequence of the newest event that belongs to a matter, or that tells of a key."""
    chosen = await sequences_of(connection, matter)
    return chosen[-1] if chosen else 0


async def sequences_of(connection: AsyncConnection, matter: Matter) -> list[int]:
    """The events that belong to a matter, with those that tell of keys, and of the people and units that they name.

    Raises:
        TooMuch: there are too many of them.
    """
    if matter.kind == "period":
        if matter.last - matter.first >= MOST_EVENTS:
            raise TooMuch
        own = set(range(matter.first, matter.last + 1))
    else:
        own = await _own(connection, matter)
    own |= await _on(connection, {PREFIX + keyring.AGGREGATE})
    if len(own) > MOST_EVENTS:
        raise TooMuch
    chosen = sorted(own)
    if matter.kind != "period":
        chosen = sorted(own | await _on(connection, await _named(connection, chosen)))
    return chosen


async def records_at(connection: AsyncConnection, sequences: Iterable[int]) -> AsyncGenerator[Record]:
    """The events of these sequences, which ascend."""
    event, left = ledger_event.c, iter(sequences)
    chosen = select(event.sequence, event.subject, event.stored_at, event.content).order_by(event.sequence)
    while some := list(islice(left, _AT_ONCE)):
        for row in await connection.execute(chosen.where(event.sequence.in_(some))):
            yield Record(*row)


async def keys_of(connection: AsyncConnection) -> keyring.Keyring:
    """The keys of the log's history, as the ledger tells of them."""
    places = sorted(await _on(connection, {PREFIX + keyring.AGGREGATE}))
    return keyring.keyring_of([record async for record in records_at(connection, places)])


async def _own(connection: AsyncConnection, matter: Matter) -> set[int]:
    task, told, notified = tables.task.c, tables.notification_event.c, tables.notified_task.c
    condition = task.id == matter.id if matter.kind == "task" else task.meeting_id == matter.id
    rows = (await connection.execute(select(task.id, task.meeting_id, task.series_id).where(condition))).all()
    subjects = {f"task.{row.id}" for row in rows} | {f"task.{row.series_id}" for row in rows if row.series_id}
    subjects |= {f"meeting.{row.meeting_id}" for row in rows}
    if matter.kind == "meeting":
        subjects.add(f"meeting.{matter.id}")
    about = (
        select(told.sequence)
        .join(tables.notified_task, notified.notification_id == told.notification_id)
        .where(among(notified.task_id, [row.id for row in rows]))
        .distinct()
        .limit(MOST_EVENTS + 1)
    )
    found = set(await connection.scalars(about))
    if matter.kind == "meeting":
        notification = tables.notification.c
        of_meeting = (
            select(told.sequence)
            .join(tables.notification, notification.id == told.notification_id)
            .where(notification.meeting_id == matter.id)
            .limit(MOST_EVENTS + 1)
        )
        found |= set(await connection.scalars(of_meeting))
    return found | await _on(connection, {PREFIX + subject for subject in subjects})


async def _on(connection: AsyncConnection, subjects: set[str]) -> set[int]:
    event = ledger_event.c
    chosen = select(event.sequence).where(among(event.subject, sorted(subjects))).limit(MOST_EVENTS + 1)
    return set(await connection.scalars(chosen))


async def _named(connection: AsyncConnection, sequences: Sequence[int]) -> set[str]:
    """The subjects of the people and units that some events name: who acted, who was told, who is responsible."""
    found = set[str]()
    async for record in records_at(connection, sequences):
        try:
            read = CATALOGUE.read(record.content)
        except UnreadableEvent:
            continue
        if read.envelope.actor.startswith(_PERSON):
            found.add(PREFIX + read.envelope.actor)
        if person_id := getattr(read.data, "person_id", None):
            found.add(f"{PREFIX}{_PERSON}{person_id}")
        if unit := getattr(read.data, "unit", None):
            found.add(f"{PREFIX}unit.{unit.id}")
    return found


async def exists(connection: AsyncConnection, matter: Matter) -> bool:
    """Whether there is such a task or meeting in force."""
    if matter.kind == "task":
        task = tables.task.c
        return bool(await connection.scalar(select(func.count()).where(task.id == matter.id, task.in_force)))
    return bool(await connection.scalar(select(func.count()).where(tables.meeting.c.id == matter.id)))
