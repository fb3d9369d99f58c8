"""What is said to whoever asks who will be reminded of what, or why somebody was not."""

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel

from services.notify.explanation import BothWords, Said, both, said
from services.notify.policy.case import Notification
from services.notify.reminders.rules import Step
from shared.directory.directory import Directory
from shared.events.fields import Channel
from shared.events.preferences import Category, Urgency
from shared.language import Words
from shared.vocabulary import REASONS

Ground = Literal["told", "ahead", "finished", "waits", "series", "no-deadline", "came-later", "not-concerned", "passed"]

GROUNDS: Mapping[Ground, Words] = {
    "told": Words("đã nhắc người này", "the person was told"),
    "ahead": Words("sẽ nhắc người này khi đến lúc", "the person will be told when the time comes"),
    "finished": Words("việc đã xong hoặc đã huỷ", "the work is done, or was cancelled"),
    "waits": Words("kết quả đã trình, đang chờ duyệt", "a result was handed in and waits for acceptance"),
    "series": Words("nhiệm vụ định kỳ: nhắc theo từng kỳ", "it recurs: each of its turns is reminded of"),
    "no-deadline": Words("nhiệm vụ không có hạn", "the task has no deadline"),
    "came-later": Words("lúc đó đơn vị chưa có hạn này", "the deadline was not the unit's own yet at that moment"),
    "not-concerned": Words("không thuộc diện được nhắc ở bước này", "this step does not concern the person"),
    "passed": Words(
        "đã qua: khi đó không phải nhắc, hoặc một lần nhắc sau đã thay thế",
        "it has passed: there was nothing to remind of then, or a later reminder took its place",
    ),
}
"""What decided it, in words."""


class PlannedChannel(BaseModel):
    """A channel that brings a reminder, and when at the earliest."""

    channel: Channel
    not_before: dt.datetime
    digest: bool


class PlannedPerson(BaseModel):
    """Somebody who is to be told, with the name that the directory knows them by."""

    id: str
    name: str


class PlannedReminder(BaseModel):
    """One message to one person that is to come if everything stays as it is."""

    at: dt.datetime
    rule: str
    words: BothWords
    category: Category
    urgency: Urgency
    due: dt.date
    offset: int
    person: PlannedPerson
    reasons: list[Said]
    task_ids: list[str]
    channels: list[PlannedChannel]


class Preview(BaseModel):
    """The reminders to come, the next first. `complete` is false where there are more than are shown."""

    reminders: list[PlannedReminder]
    complete: bool


class StepView(BaseModel):
    """One step of a task's deadline: whether the person was told by it, or will be, and what decides so."""

    rule: str
    words: BothWords
    category: Category
    offset: int
    at: dt.datetime
    ground: Said
    notification_id: str | None = None


class ReminderExplanation(BaseModel):
    """Why a person was reminded of a task's deadline, will be, or not: as the task stands now."""

    task_id: str
    person_id: str
    due: dt.date | None
    obliged_since: dt.datetime | None
    steps: list[StepView]
    ground: Said | None


def planned_reminder(
    told: Notification, step: Step, at: dt.datetime, directory: Directory, channels: list[PlannedChannel]
) -> PlannedReminder | None:
    """A message to come, in words; None where its person is not in the directory."""
    person = directory.people.get(told.person_id)
    if person is None or told.due is None:
        return None
    return PlannedReminder(
        at=at,
        rule=step.rule,
        words=both(step.words),
        category=told.category,
        urgency=told.urgency,
        due=told.due,
        offset=step.offset,
        person=PlannedPerson(id=person.id, name=person.name),
        reasons=[said(each, REASONS[each]) for each in told.reasons],
        task_ids=[each.task_id for each in told.mentions],
        channels=channels,
    )
