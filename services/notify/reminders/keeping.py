"""Keeps a schedule for the next reminder of each task, and hears when one fires.

The schedules follow from the tables and nothing else: what a task's change makes of its own is put right at once, and
now and then all of them are compared with what the stream holds. A stream that was lost is filled again, never with
moments that are past.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

import structlog
from nats.aio.client import Client
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.projection.deciding import state_of
from services.notify.reminders.plan import Plan
from services.notify.reminders.telling import Telling
from services.notify.tables import task
from services.notify.taskstate import TaskState
from shared.database import DatabaseUnavailable, among, translated
from shared.log import schedules
from shared.log.faults import Conflict, LogFault
from shared.log.follow import Follower
from shared.log.record import Record
from shared.log.schedules import Schedule
from shared.log.stream import state_of as stream_state
from shared.log.stream import stream_info

_COMPARE_SECONDS = 300.0
_PAUSE_SECONDS = 1.0
_ABOUT_TO_FIRE = dt.timedelta(seconds=2)
_TASK, _MEETING = "task.", "meeting."

log = structlog.get_logger()


@dataclass
class Keeping:
    """Keeps the schedules of this plan. Begin when the projection has seen the whole log once."""

    engine: AsyncEngine
    client: Client
    plan: Plan
    telling: Telling
    fault: str | None = None
    _known: dict[str, Schedule] = field(default_factory=dict)
    _tasks: set[str] = field(default_factory=set)
    _meetings: set[str] = field(default_factory=set)
    _compared: float | None = None
    _awake: asyncio.Event = field(default_factory=asyncio.Event)
    _keeps: bool = False

    def committed(self, records: Sequence[Record]) -> None:
        """Takes in that the tables hold these events; of no concern to a copy that keeps no schedules."""
        if not self._keeps:
            return
        for record in records:
            if record.aggregate.startswith(_TASK):
                self._tasks.add(record.aggregate.removeprefix(_TASK))
            elif record.aggregate.startswith(_MEETING):
                self._meetings.add(record.aggregate.removeprefix(_MEETING))
        if self._tasks or self._meetings:
            self._awake.set()

    async def note(self) -> str | None:
        """None, or what keeps people from being reminded in time."""
        return (self.telling.fault or self.fault) if self._keeps else None

    async def run(self) -> None:
        """Keeps the schedules, hears what fires, and reminds of it, for ever; one copy of the service at a time."""
        self._keeps, self._compared = True, None
        try:
            async with asyncio.TaskGroup() as all_three:
                for each in (self.telling.run(), self._put_all_right(), self._listen()):
                    all_three.create_task(each)
        finally:
            self._keeps = False

    async def _put_all_right(self) -> None:
        while True:
            try:
                await self._keep()
                self.fault = None
                with suppress(TimeoutError):
                    async with asyncio.timeout(_COMPARE_SECONDS):
                        await self._awake.wait()
                self._awake.clear()
            except Conflict as conflict:
                log.info("schedules_changed_elsewhere", fault=str(conflict))
                self._compared = None
                await asyncio.sleep(_PAUSE_SECONDS)
            except (DatabaseUnavailable, LogFault) as fault:
                log.warning("schedules_wait", fault=str(fault))
                self.fault, self._compared = str(fault), None
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _listen(self) -> None:
        while True:
            try:
                state = stream_state(await stream_info(self.client, schedules.STREAM))
                follower = Follower(self.client, "notify-reminders", (schedules.due(">"),), schedules.STREAM)
                async with aclosing(follower.batches(state.last_sequence, state.created)) as batches:
                    async for batch in batches:
                        self._fired(batch)
            except LogFault as fault:
                log.warning("schedules_unheard", fault=str(fault))
                self._compared = None
                self._awake.set()
                await asyncio.sleep(_PAUSE_SECONDS)

    def _fired(self, batch: Iterable[Record]) -> None:
        for record in batch:
            name = record.subject.removeprefix(schedules.due(""))
            self._known.pop(name, None)
            self._tasks.add(name.partition(".")[0])
            try:
                self.telling.wake(schedules.moment_of(record.content))
            except ValueError as error:
                log.error("unreadable_schedule", subject=record.subject, error=str(error))
        self._awake.set()

    async def _keep(self) -> None:
        due = self._compared is None or time.monotonic() - self._compared >= _COMPARE_SECONDS
        tasks, self._tasks = self._tasks, set()
        meetings, self._meetings = self._meetings, set()
        if due:
            self._known = dict(await schedules.standing(self.client))
            wanted = self._wanted(await self._states(task.c.due.is_not(None)))
            await self._put_right(wanted, list(self._known))
            self._compared = time.monotonic()
        elif tasks or meetings:
            states = await self._states(among(task.c.task_id, tasks) | among(task.c.meeting_id, meetings))
            rules = [step.rule for step in self.plan.steps]
            names = [f"{each.task_id}.{rule}" for each in states for rule in rules]
            await self._put_right(self._wanted(states), [name for name in names if name in self._known])

    async def _states(self, which: ColumnElement[bool]) -> list[TaskState]:
        with translated():
            async with self.engine.connect() as connection:
                return [state_of(row) for row in await connection.execute(select(task).where(which))]

    def _wanted(self, states: Iterable[TaskState]) -> dict[str, dt.datetime]:
        now = dt.datetime.now(dt.UTC)
        following = ((each.task_id, self.plan.next(each, now)) for each in states)
        return {f"{task_id}.{each.step.rule}": each.at for task_id, each in following if each}

    async def _put_right(self, wanted: Mapping[str, dt.datetime], known: Iterable[str]) -> None:
        soon = dt.datetime.now(dt.UTC) + _ABOUT_TO_FIRE
        for name in known:
            # What is about to fire may: whoever it wakes looks at the task as it stands.
            if name not in wanted and self._known[name].moment > soon:
                await schedules.withdraw(self.client, self._known[name])
                del self._known[name]
        for name, moment in wanted.items():
            there = self._known.get(name)
            if there is None or there.moment != moment:
                self._known[name] = await schedules.put(self.client, name, moment, there.sequence if there else 0)
