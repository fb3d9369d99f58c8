"""The only door by which what people decide about being told reaches the log."""

import datetime as dt
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notify.tables import inbox_tail, notification, outbox, preference, watch
from shared.database import Signal, among, translated
from shared.events.fields import derived_id
from shared.events.inbox import (
    NotificationAcknowledged,
    NotificationRead,
    PreferencesChanged,
    WatchBegun,
    WatchEnded,
)

_PATIENCE_SECONDS = 5.0
_RECHECK_SECONDS = 0.5
_ROUNDS = 3

Mark = type[NotificationRead] | type[NotificationAcknowledged]
_Choice = PreferencesChanged | WatchBegun | WatchEnded
_OutboxRow = dict[str, Any]


class Stale(Exception):
    """Somebody changed it since: `sequence` is where the last change stands, 0 where there was none."""

    def __init__(self, sequence: int) -> None:
        super().__init__(str(sequence))
        self.sequence = sequence


class Busy(Exception):
    """What was decided before this does not stand in the log yet. Nothing was decided now."""


class NotTheirs(Exception):
    """The person has no notification of this id."""


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides, as events name them, and the id of their request."""

    actor: str
    request_id: str


@dataclass(frozen=True)
class Door:
    """Takes decisions, and says of each whether the tables show it already.

    They wait in the outbox, and so get into the log however often this process dies. `moved` is raised whenever the
    projection went on, and `wake` says that the outbox holds something.
    """

    engine: AsyncEngine
    moved: Signal
    wake: Callable[[], None]

    async def mark(
        self, decider: Decider, person_id: str, mark: Mark, ids: Collection[str] = (), up_to: int | None = None
    ) -> bool:
        """Notes that a person read or acknowledged notifications of their own: these, and all up to a sequence of the
        log. Again, it does nothing more.

        Raises:
            NotTheirs: one is not; nothing was noted.
            DatabaseUnavailable: PostgreSQL does not answer; nothing was noted.
        """
        done = notification.c.acknowledged_at if mark is NotificationAcknowledged else notification.c.read_at
        which = among(notification.c.notification_id, ids)
        if up_to is not None:
            which |= (notification.c.sequence <= up_to) & done.is_(None)
        query = (
            select(notification, done.label("done_at"))
            .where(notification.c.person_id == person_id, which)
            .order_by(notification.c.sequence)
        )
        with translated():
            async with self.engine.begin() as connection:
                waiting = await _waiting(connection, person_id, (mark.type,))
                found = (await connection.execute(query)).all()
                if missing := sorted(set(ids) - {each.notification_id for each in found}):
                    raise NotTheirs(missing[0])
                rows = [_marked(decider, mark, each) for each in found if each.done_at is None]
                if fresh := [row for row in rows if row["event_id"] not in waiting]:
                    await connection.execute(insert(outbox), fresh)
        return await self._shown([row["event_id"] for row in rows])

    async def change_preferences(self, decider: Decider, wanted: PreferencesChanged, expected: Collection[int]) -> bool:
        """Replaces a person's preferences, where the last ones stand at one of the sequences that are expected. Where
        they are like that already, it does nothing.

        Raises:
            Stale: they were changed since.
            Busy: an earlier change of them is on its way.
            DatabaseUnavailable: PostgreSQL does not answer; nothing was decided.
        """

        async def decide(connection: AsyncConnection) -> _OutboxRow | None:
            held = await _one(connection, select(preference).where(preference.c.person_id == wanted.person_id))
            sequence = held.sequence if held else 0
            if held and PreferencesChanged.model_validate(held.data) == wanted:
                return None
            if sequence not in expected:
                raise Stale(sequence)
            return _chosen(decider, wanted, derived_id(wanted.type, wanted.person_id, sequence))

        return await self._decided(wanted.person_id, (PreferencesChanged.type,), decide)

    async def watch(self, decider: Decider, person_id: str, task_id: str, *, begin: bool) -> bool:
        """Begins or ends a person's watching a task. Again, it does nothing more.

        Raises:
            Busy: an earlier change of what they watch is on its way.
            DatabaseUnavailable: PostgreSQL does not answer; nothing was decided.
        """

        async def decide(connection: AsyncConnection) -> _OutboxRow | None:
            own = (watch.c.person_id == person_id) & (watch.c.task_id == task_id)
            watches = await _one(connection, select(watch).where(own)) is not None
            if watches is begin:
                return None
            tail = await _one(connection, select(inbox_tail).where(inbox_tail.c.person_id == person_id))
            kind = WatchBegun if begin else WatchEnded
            event_id = derived_id(kind.type, person_id, task_id, tail.sequence if tail else 0)
            return _chosen(decider, kind(person_id=person_id, task_id=task_id), event_id)

        return await self._decided(person_id, (WatchBegun.type, WatchEnded.type), decide)

    async def keep(self, rows: Collection[_OutboxRow]) -> bool:
        """Puts events that were decided into the outbox, and says whether the tables show them. One that waits there
        already is not added again.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer; nothing was kept.
        """
        with translated():
            async with self.engine.begin() as connection:
                await connection.execute(insert(outbox).on_conflict_do_nothing(), list(rows))
        return await self._shown([row["event_id"] for row in rows])

    async def _decided(
        self,
        person_id: str,
        kinds: Collection[str],
        decide: Callable[[AsyncConnection], Awaitable[_OutboxRow | None]],
    ) -> bool:
        """Decides behind everything of these kinds that this person decided before, one at a time."""
        for _ in range(_ROUNDS):
            with translated():
                async with self.engine.begin() as connection:
                    waiting = await _waiting(connection, person_id, kinds)
                    row = None if waiting else await decide(connection)
                    if row:
                        await connection.execute(insert(outbox), row)
            if not waiting:
                return row is None or await self._shown([row["event_id"]])
            if not await self._shown(waiting):
                break
        raise Busy

    async def _shown(self, event_ids: Collection[str]) -> bool:
        """Whether the tables show these events within some seconds."""
        if not event_ids:
            return True
        self.wake()
        waiting = select(func.count()).select_from(outbox).where(among(outbox.c.event_id, event_ids))
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            moved = self.moved.next()
            with translated():
                async with self.engine.connect() as connection:
                    if not await connection.scalar(waiting):
                        return True
            await moved.wait(_RECHECK_SECONDS)
        return False


async def _waiting(connection: AsyncConnection, person_id: str, kinds: Collection[str]) -> frozenset[str]:
    """The ids of what a person decided that is on its way still. Nobody else decides for them until the transaction is
    over. Ask this first: what was projected meanwhile is seen by whatever is asked behind it, and decided once."""
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"notify {person_id}", 0))
    await connection.execute(select(lock))
    earlier = select(outbox.c.event_id).where(outbox.c.person_id == person_id, outbox.c.type.in_(kinds))
    return frozenset(await connection.scalars(earlier))


async def _one(connection: AsyncConnection, query: Any) -> Row[Any] | None:
    found: Row[Any] | None = (await connection.execute(query)).one_or_none()
    return found


def _marked(decider: Decider, mark: Mark, told: Row[Any]) -> _OutboxRow:
    """The reading of a notification is part of what began with the event that it tells of."""
    data = mark(notification_id=told.notification_id, person_id=told.person_id)
    return {
        "event_id": derived_id(mark.type, told.notification_id),
        "person_id": told.person_id,
        "type": mark.type,
        "correlation_id": told.correlation_id,
        "causation_id": told.event_id,
        "happened_at": dt.datetime.now(dt.UTC),
        "data": data.model_dump(mode="json"),
        "actor": decider.actor,
    }


def _chosen(decider: Decider, data: _Choice, event_id: str) -> _OutboxRow:
    return {
        "event_id": event_id,
        "person_id": data.person_id,
        "type": data.type,
        "correlation_id": decider.request_id,
        "causation_id": decider.request_id,
        "happened_at": dt.datetime.now(dt.UTC),
        "data": data.model_dump(mode="json"),
        "actor": decider.actor,
    }
