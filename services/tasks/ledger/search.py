"""Events of the ledger by kind, aggregate and actor, a stretch of the log at a time: no question reads all of it."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from sqlalchemy import ColumnElement, LargeBinary, Row, Select, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger.tables import event as ledger_event
from shared.database import among
from shared.events.catalogue import CATALOGUE, Event, Unknown, UnreadableEvent
from shared.events.envelope import Envelope
from shared.events.inbox import InboxEvent
from shared.events.ledger import LedgerEvent
from shared.events.meeting import MeetingEvent
from shared.events.task import TaskEvent
from shared.events.webhook import WebhookEvent
from shared.log.stream import PREFIX

STRETCH = 10_000
"""How many events one question looks through, where no index leads to those that are wanted."""

_EFFECTS_WITHIN = 3_000

_LARGE_BYTES = 65_536
_HEAD_BYTES = 4_096
_DATA = b'"data":'
_AGGREGATES = {
    **{each.type: "task." for each in get_args(TaskEvent)},
    **{each.type: "meeting." for each in get_args(MeetingEvent)},
    **{each.type: "inbox." for each in get_args(InboxEvent)},
    **{each.type: "ledger." for each in get_args(LedgerEvent)},
    **{each.type: "webhook." for each in get_args(WebhookEvent)},
}
"""How the subjects of these types' events begin, without the first word."""
_WILD, _ESCAPED = re.compile(r"[%_\\]"), r"\\\g<0>"


@dataclass(frozen=True, slots=True)
class Found:
    """An event of the ledger. `event` is None where the bytes are none; of a very large one it holds the envelope
    alone, and its contents are `Unknown`."""

    sequence: int
    aggregate: str
    stored_at: dt.datetime
    event: Event | None


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are wanted; what is None or empty does not matter.

    `kind` is a type of the catalogue, `aggregate` a subject without its first word, or its beginning up to a point
    (`task.`), and `actors` are names as events have them. `first` and `last` are sequences, and both belong to it.
    """

    kind: str | None = None
    aggregate: str | None = None
    actors: tuple[str, ...] = ()
    first: int = 1
    last: int | None = None

    @property
    def is_indexed(self) -> bool:
        """Whether the events that fit lie together: all of them, or those of one aggregate."""
        return self._names_one or not (self.kind or self.aggregate or self.actors)

    @property
    def _names_one(self) -> bool:
        return self.aggregate is not None and not self.aggregate.endswith(".")

    def conditions(self) -> list[ColumnElement[bool]]:
        """What an event of the ledger has to be."""
        event = ledger_event.c
        found = [event.sequence >= self.first]
        if self.last is not None:
            found.append(event.sequence <= self.last)
        if self.aggregate is not None:
            subject = PREFIX + self.aggregate
            found.append(event.subject == subject if self._names_one else event.subject.startswith(subject))
        if self.kind:
            # Which aggregates have such events costs less to see than what the bytes say.
            found.append(event.subject.startswith(PREFIX + _AGGREGATES.get(self.kind, "")))
            found.append(_says("type", self.kind))
        if self.actors:
            found.append(or_(*(_says("actor", actor) for actor in self.actors)))
        return found


@dataclass(frozen=True, slots=True)
class Page:
    """Events, newest first, found between the sequences `lowest` and `highest`, both looked at. `older` and `newer`
    say whether there may be more behind either end."""

    found: tuple[Found, ...]
    lowest: int
    highest: int
    older: bool
    newer: bool


async def page_before(connection: AsyncConnection, wanted: EventFilter, before: int, limit: int) -> Page:
    """The newest events that fit and stand before a sequence."""
    event = ledger_event.c
    highest = before - 1 if wanted.last is None else min(before - 1, wanted.last)
    lowest = wanted.first if wanted.is_indexed else max(wanted.first, highest - STRETCH + 1)
    statement = (
        _briefly()
        .where(*wanted.conditions(), event.sequence.between(lowest, highest))
        .order_by(event.sequence.desc())
        .limit(limit + 1)
    )
    found = [_found(row) for row in await connection.execute(statement)]
    if len(found) > limit:
        found, lowest = found[:limit], found[limit - 1].sequence
    return Page(tuple(found), lowest, highest, lowest > wanted.first, wanted.last is None or highest < wanted.last)


async def page_after(connection: AsyncConnection, wanted: EventFilter, after: int, limit: int, end: int) -> Page:
    """The oldest events that fit and stand behind a sequence, given where the log ends; newest first all the same."""
    event = ledger_event.c
    end = end if wanted.last is None else min(end, wanted.last)
    lowest = max(min(after, end) + 1, wanted.first)
    highest = end if wanted.is_indexed else min(end, lowest + STRETCH - 1)
    statement = (
        _briefly()
        .where(*wanted.conditions(), event.sequence.between(lowest, highest))
        .order_by(event.sequence)
        .limit(limit + 1)
    )
    found = [_found(row) for row in await connection.execute(statement)]
    if len(found) > limit:
        found, highest = found[:limit], found[limit - 1].sequence
    return Page(tuple(reversed(found)), lowest, highest, lowest > wanted.first, highest < end)


async def caused_by(connection: AsyncConnection, event_id: str, sequence: int, limit: int) -> list[Found]:
    """Events that name this one as their cause, the first of them, within some thousands behind it."""
    event = ledger_event.c
    statement = (
        _briefly()
        .where(event.sequence.between(sequence + 1, sequence + _EFFECTS_WITHIN), _says("causationid", event_id))
        .order_by(event.sequence)
        .limit(limit)
    )
    return [_found(row) for row in await connection.execute(statement)]


async def events_at(connection: AsyncConnection, sequences: Sequence[int]) -> list[Found]:
    """The events of these sequences, in order."""
    event = ledger_event.c
    statement = _briefly().where(event.sequence.in_(sequences)).order_by(event.sequence)
    return [_found(row) for row in await connection.execute(statement)]


async def sequences_on(connection: AsyncConnection, aggregates: Iterable[str], first: int, limit: int) -> list[int]:
    """The sequences of the events of these aggregates from one on, in order."""
    event = ledger_event.c
    statement = select(event.sequence).where(among(event.subject, [PREFIX + each for each in aggregates]))
    return list(
        await connection.scalars(statement.where(event.sequence >= first).order_by(event.sequence).limit(limit))
    )


def _briefly() -> "Select[Any]":
    event, size = ledger_event.c, func.octet_length(ledger_event.c.content)
    head = func.substring(event.content, 1, _HEAD_BYTES, type_=LargeBinary)
    content = case((size > _LARGE_BYTES, head), else_=event.content)
    return select(event.sequence, event.subject, event.stored_at, content.label("content"), size.label("size"))


def _found(row: "Row[Any]") -> Found:
    aggregate = str(row.subject).removeprefix(PREFIX)
    return Found(row.sequence, aggregate, row.stored_at, _read(bytes(row.content), row.size))


def _read(content: bytes, size: int) -> Event | None:
    try:
        if size <= _LARGE_BYTES:
            return CATALOGUE.read(content)
        envelope, data, _ = content.partition(_DATA)
        read = Envelope.model_validate_json(envelope + data + b"{}}")
    except (UnreadableEvent, ValueError):
        return None
    return Event(read, Unknown(read.type, {}))


def _says(name: str, value: str) -> ColumnElement[bool]:
    """Whether an event's bytes say this of it, as every event of ketluan is written."""
    written = f'%"{name}":"{_WILD.sub(_ESCAPED, value)}"%'
    return ledger_event.c.content.bool_op("LIKE")(written.encode())
