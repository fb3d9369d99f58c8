"""Who will be reminded of what, and why somebody was reminded or not: computed when asked, from the tables."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notify.explanation import both, said
from services.notify.policy.case import Notification
from services.notify.policy.people import People
from services.notify.projection.addressing import bringing, reachable
from services.notify.projection.choices import Choices, Held
from services.notify.projection.deciding import state_of
from services.notify.projection.projection import Office
from services.notify.reminders.decide import audience, planned, told
from services.notify.reminders.plan import REMINDED, Plan, Reminder, reminded
from services.notify.reminders.views import (
    GROUNDS,
    Ground,
    PlannedChannel,
    PlannedReminder,
    Preview,
    ReminderExplanation,
    StepView,
    planned_reminder,
)
from services.notify.tables import notification, task
from services.notify.taskstate import TaskState
from shared.database import among, translated
from shared.directory.directory import Directory
from shared.events.fields import Channel

MOST_SHOWN = 500

Sight = Callable[[TaskState], bool]
"""Whether whoever asks may see a task."""


@dataclass(frozen=True, slots=True)
class Reminders:
    """What is answered from: the tables, the plan, the directory and how decisions are made now."""

    engine: AsyncEngine
    plan: Plan
    directory: Callable[[], Directory]
    office: Callable[[], Office]

    async def tasks(self, *, task_id: str | None, meeting_id: str | None, unit_id: str | None) -> Sequence[TaskState]:
        """The tasks in force of this id, notice and responsible unit, as far as they are named.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        named: list[ColumnElement[bool]] = []
        for column, value in ((task.c.task_id, task_id), (task.c.meeting_id, meeting_id), (task.c.unit_id, unit_id)):
            named += [column == value] if value is not None else []
        with translated():
            async with self.engine.connect() as connection:
                rows = await connection.execute(select(task).where(*named).order_by(task.c.task_id))
                return [state_of(row) for row in rows]

    async def coming(
        self,
        after: dt.datetime,
        until: dt.datetime,
        *,
        limit: int,
        units: Collection[str] | None = None,
        task_id: str | None = None,
        meeting_id: str | None = None,
        unit_id: str | None = None,
    ) -> Sequence[TaskState]:
        """The tasks that are reminded of behind one moment and up to another, those due first first; of all units, or
        of these alone.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        which: list[ColumnElement[bool]] = [
            task.c.due.in_(self.plan.deadlines(after, until)),
            task.c.status.in_(REMINDED),
            task.c.recurrence.is_(None),
        ]
        which += [among(task.c.unit_id, units)] if units is not None else []
        for column, value in ((task.c.task_id, task_id), (task.c.meeting_id, meeting_id), (task.c.unit_id, unit_id)):
            which += [column == value] if value is not None else []
        query = select(task).where(*which).order_by(task.c.due, task.c.task_id).limit(limit)
        with translated():
            async with self.engine.connect() as connection:
                return [state_of(row) for row in await connection.execute(query)]

    async def preview(self, tasks: Collection[TaskState], after: dt.datetime, until: dt.datetime) -> Preview:
        """Who would be told of these tasks behind one moment and up to another, if everything stays as it is.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        directory = self.directory()
        people = People(directory)
        found = [(group, each) for group in planned(tasks, self.plan, after, until) for each in told(group, people)]
        shown = found[:MOST_SHOWN]
        persons = {each.person_id for _, each in shown}
        reminders: list[PlannedReminder] = []
        with translated():
            async with self.engine.connect() as connection:
                held = await Choices().held(connection, persons, directory)
                ways = await reachable(connection, persons) if persons else {}
        for group, each in shown:
            channels = self._channels(each, group.at, held, ways.get(each.person_id, set()))
            view = planned_reminder(each, group.step, group.at, directory, channels)
            reminders += [view] if view else []
        return Preview(reminders=reminders, complete=len(shown) == len(found))

    async def explain(self, state: TaskState, person_id: str, now: dt.datetime) -> ReminderExplanation:
        """Each step of a task's deadline, and whether this person was or will be told by it.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        with translated():
            async with self.engine.connect() as connection:
                told_by = await _told(connection, state, person_id)
        steps = []
        for each in self.plan.of_deadline(state.due) if state.due else ():
            known = told_by.get(each.step.rule)
            ground = "told" if known else self._ground(each, state, person_id, now)
            steps.append(
                StepView(
                    rule=each.step.rule,
                    words=both(each.step.words),
                    category=each.step.category,
                    offset=each.step.offset,
                    at=each.at,
                    ground=said(ground, GROUNDS[ground]),
                    notification_id=known,
                )
            )
        whole = _of_the_task(state)
        return ReminderExplanation(
            task_id=state.task_id,
            person_id=person_id,
            due=state.due,
            obliged_since=state.obliged_since,
            steps=steps,
            ground=said(whole, GROUNDS[whole]) if whole else None,
        )

    def _ground(self, reminder: Reminder, state: TaskState, person_id: str, now: dt.datetime) -> Ground:
        if whole := _of_the_task(state):
            return whole
        if state.obliged_since and reminder.at < state.obliged_since:
            return "came-later"
        concerned = audience(reminder.step, People(self.directory()), state)
        if person_id not in {person.id for person in concerned}:
            return "not-concerned"
        return "ahead" if reminder.at > now else "passed"

    def _channels(
        self, each: Notification, at: dt.datetime, held: Held, ways: Collection[Channel]
    ) -> list[PlannedChannel]:
        office = self.office()
        return [
            PlannedChannel(channel=channel, not_before=when.not_before, digest=when.digest)
            for channel, when in bringing(each, held, 0, at, ways, office.channels, office.hours)
        ]


def _of_the_task(state: TaskState) -> Ground | None:
    """Why nobody is reminded of a task at all, if so."""
    if state.recurrence is not None:
        return "series"
    if state.due is None:
        return "no-deadline"
    if reminded(state):
        return None
    return "waits" if state.status == "submitted" else "finished"


async def _told(connection: AsyncConnection, state: TaskState, person_id: str) -> dict[str, str]:
    """The notifications by which a person was reminded of a task's deadline: their ids by the rule."""
    if state.due is None:
        return {}
    theirs = (notification.c.person_id == person_id) & (notification.c.due == state.due)
    rows = await connection.execute(select(notification).where(theirs).order_by(notification.c.sequence))
    return {
        row.rule: row.notification_id
        for row in rows
        if row.offset is not None and any(task_id == state.task_id for task_id, _ in row.mentions)
    }
