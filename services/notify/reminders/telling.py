"""Tells whom a reminder is due for: what fell due since the last time is decided at once, each exactly once.

It does not matter why this looks: because a schedule fired, or as it does every minute in case none did. What fell due
between the moment up to which everything is settled and now is decided on the tasks as they stand, in one transaction
that moves that moment on and puts what people are to be told into the outbox. Nothing is projected meanwhile, so
whatever the log says of earlier reminders is known, and ids are derived: nobody is reminded of the same twice.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from nats.aio.client import Client
from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notify.policy.people import People
from services.notify.projection.addressing import addressed
from services.notify.projection.choices import Choices
from services.notify.projection.deciding import Decision, state_of
from services.notify.projection.projection import Office
from services.notify.projection.rows import add
from services.notify.reminders.decide import groups, reminder_id, told
from services.notify.reminders.plan import Plan
from services.notify.reminders.settled import settle, settled
from services.notify.tables import cause, checkpoint, notification, outbox, reminding, task
from services.notify.taskstate import Place
from shared.database import DatabaseUnavailable, among, translated
from shared.directory.directory import Directory
from shared.events.catalogue import UnreadableEvent
from shared.log.faults import LogFault
from shared.log.stream import state_of as stream_state
from shared.log.stream import stream_info

_READER = "reminders"
_RECHECK_SECONDS = 30.0
_PAUSE_SECONDS = 1.0
_OWN_ROW = select(reminding.c.settled_until).where(reminding.c.reader == _READER)

log = structlog.get_logger()


@dataclass
class Telling:
    """Decides what fell due. `reached` returns when the tables hold a sequence of the log, `directory` is the
    organisation as they have it, `office` how decisions are made now; `decided` is called when the outbox was filled.
    """

    engine: AsyncEngine
    client: Client
    plan: Plan
    reached: Callable[[int], Awaitable[None]]
    directory: Callable[[], Directory]
    office: Callable[[], Office]
    decided: Callable[[], None]
    fault: str | None = "not started"
    _fired: dt.datetime | None = None
    _awake: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self, moment: dt.datetime) -> None:
        """Says that a moment has come. It counts even where this machine's clock is behind the server's."""
        self._fired = max(self._fired or moment, moment)
        self._awake.set()

    async def run(self) -> None:
        """Tells people for ever. Begin when the projection has seen the whole log once."""
        while True:
            try:
                await self._take_over()
                self._awake.clear()
                now = dt.datetime.now(dt.UTC)
                await self.tell(max(now, self._fired or now))
                self.fault = None
                with suppress(TimeoutError):
                    async with asyncio.timeout(_RECHECK_SECONDS):
                        await self._awake.wait()
            except (DatabaseUnavailable, LogFault, UnreadableEvent) as fault:
                log.warning("reminders_wait", fault=str(fault))
                self.fault = str(fault)
                await asyncio.sleep(_PAUSE_SECONDS)

    async def tell(self, until: dt.datetime) -> int:
        """Decides everything that fell due up to a moment; gives how many people are to be told something.

        Raises:
            DatabaseUnavailable, LogUnavailable, LogRefused: nothing was decided, or it is decided again to no effect.
        """
        await self.reached(stream_state(await stream_info(self.client)).last_sequence)
        with translated():
            async with self.engine.begin() as connection:
                count = await self._tell(connection, until)
        if count:
            log.info("reminded", people=count, until=until.isoformat())
            self.decided()
            await settle(self.client, until)
        return count

    async def _take_over(self) -> None:
        """Takes over from the log up to when people were reminded. The first start of all reminds of nothing that was
        due before it."""
        until = await settled(self.client)
        added = insert(reminding).values(reader=_READER, settled_until=until or dt.datetime.now(dt.UTC))
        if until:
            later = func.greatest(reminding.c.settled_until, added.excluded.settled_until)
            added = added.on_conflict_do_update(index_elements=[reminding.c.reader], set_={"settled_until": later})
        with translated():
            async with self.engine.begin() as connection:
                await connection.execute(added if until else added.on_conflict_do_nothing())

    async def _tell(self, connection: AsyncConnection, until: dt.datetime) -> int:
        # The projection locks this row first, too: neither sees half of what the other does.
        await connection.execute(select(checkpoint.c.sequence).with_for_update())
        after = await connection.scalar(_OWN_ROW.with_for_update())
        if after is None or after >= until:
            return 0
        rows = await _due(connection, self.plan, after, until)
        decisions = list(self._decisions(rows, after, until))
        known = among(notification.c.notification_id, [each.notification_id for each in decisions])
        told_before = set(await connection.scalars(select(notification.c.notification_id).where(known)))
        fresh = [each for each in decisions if each.notification_id not in told_before]
        people = {each.notification.person_id for each in fresh}
        office = self.office()
        held = await Choices().held(connection, people, self.directory())
        await add(connection, outbox, await addressed(connection, fresh, held, office.channels, office.hours))
        await connection.execute(update(reminding).where(reminding.c.reader == _READER).values(settled_until=until))
        return len(people)

    def _decisions(self, rows: Sequence[Row[Any]], after: dt.datetime, until: dt.datetime) -> Iterator[Decision]:
        people = People(self.directory())
        causes = {row.task_id: row for row in rows}
        for group in groups(map(state_of, rows), self.plan, after, until):
            meetings = {each.task_id: each.meeting_id for each in group.tasks}
            for each in told(group, people):
                theirs = [mention.task_id for mention in each.mentions]
                of_meetings = {meetings[task_id] for task_id in theirs}
                origin = causes[theirs[0]]
                yield Decision(
                    reminder_id(each),
                    Place(origin.due_event, origin.cause_sequence, origin.happened_at, origin.actor),
                    origin.correlation_id,
                    of_meetings.pop() if len(of_meetings) == 1 else None,
                    each,
                )


async def _due(connection: AsyncConnection, plan: Plan, after: dt.datetime, until: dt.datetime) -> Sequence[Row[Any]]:
    """Tasks that are under way and have reminders in this time, each with the event that set its deadline."""
    deadlines = plan.deadlines(after, until)
    if not deadlines:
        return []
    query = (
        select(task, cause.c.sequence.label("cause_sequence"), cause.c.happened_at, cause.c.actor)
        .add_columns(cause.c.correlation_id)
        .join(cause, cause.c.event_id == task.c.due_event)
        .where(task.c.due.in_(deadlines), task.c.status.in_(("not_started", "in_progress")))
    )
    return (await connection.execute(query)).all()
