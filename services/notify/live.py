"""Inboxes as they change, for everybody who is on line: one look at the tables for all of them, however many they are.

The projection says whose inboxes a commit changed; what is new is read once and handed to each of their streams. The
ids of a stream are places in the log: what stands up to the place at which it began comes from the tables, and all that
is behind it is handed over. Hence a reconnect misses nothing and sees nothing twice.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import structlog
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.inbox import InboxItem, list_arrived
from services.notify.unread import Marked, count_unread, list_marked
from shared.database import DatabaseUnavailable, Signal
from shared.events.inbox import NotificationAcknowledged, NotificationRead, NotificationRequested
from shared.log.record import Record
from shared.streams import While

MARKED, UNREAD = "marked", "unread"
"""Names of the events that are no notification: what was read or acknowledged, and how much was not read yet."""

_SHOWN = tuple(
    f'"{kind.type}"'.encode() for kind in (NotificationRequested, NotificationRead, NotificationAcknowledged)
)
_SUBJECT = "inbox."
_PAGE = 50
_PEOPLE_AT_ONCE = 200
_MOST_AT_ONCE = 2_000
_READERS_AT_ONCE = 4
_MOST_WAITING = 64
_QUIET_SECONDS = 15.0
_PAUSE_SECONDS = 0.5

log = structlog.get_logger()

_News = tuple[int, bytes]
"""A part of a stream, and its place in the log."""


class Unread(BaseModel):
    """How many notifications a person has not read."""

    unread: int


@dataclass(eq=False, slots=True)
class _Listener:
    """One stream of a person. It is `behind` where it has to read the tables, and is handed what comes meanwhile."""

    behind: bool = True
    waiting: "deque[_News]" = field(default_factory=deque)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    def hand(self, news: Collection[_News]) -> None:
        """Hands it what is new. A reader who is too slow for that reads the tables again later."""
        if len(self.waiting) + len(news) > _MOST_WAITING:
            self.fall_behind()
        else:
            self.waiting.extend(news)
            self.told.set()

    def fall_behind(self) -> None:
        """Has it read the tables from where it is."""
        self.behind = True
        self.waiting.clear()
        self.told.set()

    def take(self) -> list[_News]:
        """What it was handed so far."""
        taken = list(self.waiting)
        self.waiting.clear()
        self.told.clear()
        return taken

    async def wait(self) -> bool:
        """Whether there is something to do within some seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_QUIET_SECONDS):
                await self.told.wait()
        return self.told.is_set()


@dataclass
class LiveInboxes:
    """Everybody's streams. `position` gives the last place of the log that the tables hold.

    `moved` is raised whenever that goes on.
    """

    engine: AsyncEngine
    position: Callable[[], int]
    moved: Signal = field(default_factory=Signal)
    _listeners: dict[str, set[_Listener]] = field(default_factory=dict)
    _seen: int = 0
    _changed: set[str] = field(default_factory=set)
    _from: int = 0
    _awake: asyncio.Event = field(default_factory=asyncio.Event)
    _reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_READERS_AT_ONCE))

    def committed(self, records: Sequence[Record]) -> None:
        """Takes in that the tables hold these events, which follow one another, and all before them.

        Call it when `position` has gone on. Where another copy of this service projected something in between,
        everybody reads the tables.
        """
        first = records[0].sequence if records else self.position() + 1
        if first > self._seen + 1:
            for listener in self._everybody():
                listener.fall_behind()
        self._seen = max(self._seen, self.position())
        concerned = {
            person_id
            for record in records
            if record.aggregate.startswith(_SUBJECT)
            and (person_id := record.aggregate.removeprefix(_SUBJECT)) in self._listeners
            and any(kind in record.content for kind in _SHOWN)
        }
        if concerned:
            self._from = min(self._from, first) if self._changed else first
            self._changed |= concerned
            self._awake.set()
        self.moved.raise_()

    def on_line(self) -> Collection[str]:
        """Who is looking at an inbox now, before this copy of the service."""
        return self._listeners.keys()

    async def run(self) -> None:
        """Hands out for ever what is new."""
        while True:
            await self._awake.wait()
            self._awake.clear()
            people, self._changed = sorted(self._changed), set()
            first, last = self._from, self._seen
            for begin in range(0, len(people), _PEOPLE_AT_ONCE):
                await self._hand_out(people[begin : begin + _PEOPLE_AT_ONCE], first, last)

    async def events(self, person_id: str, after: int, allowed: While) -> AsyncIterator[bytes]:
        """A person's stream behind a place of the log: it ends when its reader may hear no more."""
        with self._listening(person_id) as listener:
            yield KEEPALIVE_COMMENT
            while True:
                if listener.behind:
                    listener.take()
                    listener.behind, since = False, self.position()
                    try:
                        complete = False
                        while not complete:
                            after, news, complete = await self._missed(person_id, after, since)
                            if not await allowed():
                                return
                            yield news
                    except DatabaseUnavailable as fault:
                        log.warning("stream_waits", fault=str(fault))
                        listener.fall_behind()
                        await asyncio.sleep(_PAUSE_SECONDS)
                    continue
                heard = await listener.wait()
                if not await allowed():
                    return
                if not heard:
                    yield KEEPALIVE_COMMENT
                elif fresh := [(place, part) for place, part in listener.take() if place > after]:
                    after = fresh[-1][0]
                    yield b"".join(part for _, part in fresh)

    @contextmanager
    def _listening(self, person_id: str) -> Iterator[_Listener]:
        listener = _Listener()
        self._listeners.setdefault(person_id, set()).add(listener)
        try:
            yield listener
        finally:
            own = self._listeners[person_id]
            own.discard(listener)
            if not own:
                del self._listeners[person_id]

    def _everybody(self) -> Iterator[_Listener]:
        for listeners in self._listeners.values():
            yield from listeners

    async def _hand_out(self, people: Collection[str], first: int, last: int) -> None:
        """Reads once what is new to these people, and hands it to all their streams."""
        try:
            news = await self._news(people, first - 1, last, _MOST_AT_ONCE)
            if sum(map(len, news.values())) >= _MOST_AT_ONCE:
                news = {}
            unread = await count_unread(self.engine, [person_id for person_id, found in news.items() if found])
        except DatabaseUnavailable as fault:
            log.warning("streams_wait", fault=str(fault))
            news, unread = {}, {}
        for person_id in people:
            for listener in self._listeners.get(person_id, ()):
                if not news:
                    listener.fall_behind()
                elif own := news[person_id]:
                    place = own[-1][0]
                    listener.hand([*own, (place, _unread_event(unread[person_id], None))])

    async def _missed(self, person_id: str, after: int, since: int) -> tuple[int, bytes, bool]:
        """A page of what stands behind one place and up to another: the place to which it leads, and whether it is the
        last, which ends with how much was not read."""
        async with self._reading:
            found = await self._news([person_id], after, since, _PAGE) if after < since else {}
            news = found.get(person_id, [])
            if len(news) >= _PAGE:
                return news[-1][0], b"".join(part for _, part in news), False
            unread = (await count_unread(self.engine, [person_id]))[person_id]
        place = max(after, since)
        return place, b"".join(part for _, part in news) + _unread_event(unread, place), True

    async def _news(self, people: Collection[str], after: int, up_to: int, limit: int) -> dict[str, list[_News]]:
        """What is new to each of these people, in order; where there is more than the limit, the first of it."""
        arrived = await list_arrived(self.engine, people, after=after, up_to=up_to, limit=limit)
        marked = await list_marked(self.engine, people, after=after, up_to=up_to, limit=limit)
        news = [(item.sequence, person_id, _event(item, None)) for person_id, item in arrived]
        news += [(mark.sequence, person_id, _event(mark, MARKED)) for person_id, mark in marked]
        found: dict[str, list[_News]] = {person_id: [] for person_id in people}
        for place, person_id, part in sorted(news)[:limit]:
            found[person_id].append((place, part))
        return found


def _event(told: InboxItem | Marked, name: str | None) -> bytes:
    return format_sse_event(id=str(told.sequence), event=name, data_str=told.model_dump_json())


def _unread_event(unread: int, place: int | None) -> bytes:
    content = Unread(unread=unread).model_dump_json()
    return format_sse_event(id=None if place is None else str(place), event=UNREAD, data_str=content)
