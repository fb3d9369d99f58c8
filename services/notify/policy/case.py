"""What has happened, as the rules look at it."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from services.notify.taskstate import Place, TaskState
from shared.events.catalogue import EventData
from shared.events.fields import derived_id
from shared.events.inbox import Reason
from shared.events.preferences import Category, Urgency


@dataclass(frozen=True, slots=True)
class Change:
    """A task that an event is about: before and after it. `before` is None where it gave the task; `watchers` are the
    ids of the people who watch it."""

    before: TaskState | None
    after: TaskState
    watchers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """An event, where it stands, and the tasks that it is about, in the notice's order.

    `author` is the actor who published the notice.
    """

    place: Place
    data: EventData
    meeting_id: str | None = None
    changes: tuple[Change, ...] = ()
    author: str | None = None


class Mention(NamedTuple):
    """A task, and the strongest reason why it concerns the person."""

    task_id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Notification:
    """What one person is told of one event: each task that concerns them, in the notice's order.

    `due` and `offset` are set for reminders: the deadline, and the working days from it to the notification.
    """

    person_id: str
    rule: str
    category: Category
    urgency: Urgency
    reasons: tuple[Reason, ...]
    mentions: tuple[Mention, ...] = ()
    due: dt.date | None = None
    offset: int | None = None

    def id(self, event_id: str) -> str:
        """Its id where this event led to it: the same decision always has the same."""
        return derived_id(event_id, self.person_id, self.rule)
