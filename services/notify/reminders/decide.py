"""From tasks whose reminders fell due to what each person is told. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.notify.policy.case import Mention, Notification
from services.notify.policy.people import People
from services.notify.policy.rules import AFFECTED, STRENGTH
from services.notify.reminders.plan import Plan
from services.notify.reminders.rules import TOLD, Step
from services.notify.taskstate import TaskState
from shared.directory.directory import Person
from shared.events.fields import derived_id
from shared.events.inbox import Reason
from shared.events.preferences import Urgency


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks with the same deadline that the same step falls due for, in the order of their notices."""

    step: Step
    due: dt.date
    at: dt.datetime
    tasks: tuple[TaskState, ...]


def groups(tasks: Iterable[TaskState], plan: Plan, after: dt.datetime, until: dt.datetime) -> Iterator[Group]:
    """What falls due behind one moment and up to another, in the order in which it does."""
    found: dict[tuple[dt.datetime, int, Step, dt.date], list[TaskState]] = {}
    for task in tasks:
        for each in plan.fallen_due(task, after, until):
            if task.due:
                found.setdefault((each.at, each.step.offset, each.step, task.due), []).append(task)
    return _ordered(found)


def planned(tasks: Iterable[TaskState], plan: Plan, after: dt.datetime, until: dt.datetime) -> Iterator[Group]:
    """What will fall due behind one moment and up to another, if everything stays as it is."""
    found: dict[tuple[dt.datetime, int, Step, dt.date], list[TaskState]] = {}
    for task in tasks:
        for each in plan.of_task(task):
            if task.due and after < each.at <= until:
                found.setdefault((each.at, each.step.offset, each.step, task.due), []).append(task)
    return _ordered(found)


def _ordered(found: dict[tuple[dt.datetime, int, Step, dt.date], list[TaskState]]) -> Iterator[Group]:
    for (at, _, step, due), members in sorted(found.items(), key=lambda each: (*each[0][:2], each[0][2].line)):
        in_order = sorted(members, key=lambda each: (each.meeting_id, each.ordinal, each.task_id))
        yield Group(step, due, at, tuple(in_order))


def audience(step: Step, people: People, task: TaskState) -> dict[Person, Reason]:
    """Who is told of one task by a step, each with the strongest reason."""
    found: dict[Person, Reason] = {}
    for reason, members in TOLD[step.line].items():
        for person in members(people, task):
            found.setdefault(person, reason)
    return found


def told(group: Group, people: People) -> Iterator[Notification]:
    """One notification for each person, of all tasks of the group that concern them, ordered by the person's id."""
    mentions: dict[str, list[tuple[TaskState, Reason]]] = {}
    for task in group.tasks:
        for person, reason in audience(group.step, people, task).items():
            mentions.setdefault(person.id, []).append((task, reason))
    for person_id, theirs in sorted(mentions.items()):
        reasons = {reason for _, reason in theirs}
        raised = any(task.urgent and reason in AFFECTED for task, reason in theirs)
        urgency: Urgency = "urgent" if raised else group.step.urgency
        yield Notification(
            person_id,
            group.step.rule,
            group.step.category,
            urgency,
            tuple(each for each in STRENGTH if each in reasons),
            tuple(Mention(task.task_id, reason) for task, reason in theirs),
            group.due,
            group.step.offset,
        )


def reminder_id(notification: Notification) -> str:
    """Its id: one for each person, step and deadline, however often and from whatever it is decided again."""
    named = (notification.person_id, notification.rule, notification.offset, notification.due)
    return derived_id("reminder", *named)
