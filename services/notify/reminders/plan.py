"""When a task is reminded of. Pure: the same task, steps and calendar give the same moments."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from services.notify.preferences.hours import OfficeHours
from services.notify.reminders.rules import Line, Step
from services.notify.taskstate import Status, TaskState

_DAY = dt.timedelta(days=1)

REMINDED: tuple[Status, ...] = ("not_started", "in_progress")
"""How far work is of which people are reminded: what was handed in waits for somebody else."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A step of a deadline, and the moment (UTC) at which it is due."""

    step: Step
    at: dt.datetime


@dataclass(frozen=True)
class Plan:
    """The steps of this installation, the local hour at which they are due, and its working days."""

    steps: tuple[Step, ...]
    hour: dt.time
    office: OfficeHours
    _known: dict[dt.date, tuple[Reminder, ...]] = field(default_factory=dict, compare=False, repr=False)

    def of_deadline(self, due: dt.date) -> tuple[Reminder, ...]:
        """Every reminder of a deadline, in order. Of one line there is one for each moment: a deadline on a day off is
        due on the working day before it, and so may be the reminder of the day before."""
        if due not in self._known:
            found: dict[tuple[Line, dt.datetime], Reminder] = {}
            for step in sorted(self.steps, key=lambda each: each.offset):
                at = self._moment(due, step.offset)
                found[step.line, at] = Reminder(step, at)
            self._known[due] = tuple(sorted(found.values(), key=lambda each: (each.at, each.step.offset)))
        return self._known[due]

    def of_task(self, task: TaskState) -> tuple[Reminder, ...]:
        """Every reminder that a task gets if it stays as it is, in order: none where it needs none, and none for a
        moment at which its deadline was not its unit's own yet."""
        if task.due is None or task.obliged_since is None or not reminded(task):
            return ()
        since = task.obliged_since
        return tuple(each for each in self.of_deadline(task.due) if each.at >= since)

    def next(self, task: TaskState, after: dt.datetime) -> Reminder | None:
        """The next reminder of a task behind a moment."""
        return next((each for each in self.of_task(task) if each.at > after), None)

    def deadlines(self, after: dt.datetime, until: dt.datetime) -> Collection[dt.date]:
        """The deadlines of which there are reminders behind one moment, up to another."""
        # A working day comes within three calendar days on average, and even the lunar new year is over in two weeks.
        reach = _DAY * (3 * max((abs(each.offset) for each in self.steps), default=0) + 15)
        day, last = after.date() - reach, until.date() + reach
        found = []
        while day <= last:
            if any(after < each.at <= until for each in self.of_deadline(day)):
                found.append(day)
            day += _DAY
        return found

    def fallen_due(self, task: TaskState, after: dt.datetime, until: dt.datetime) -> Iterator[Reminder]:
        """Of each line the last reminder of a task behind one moment, up to another: what it overtook is not told."""
        newest = {each.step.line: each for each in self.of_task(task) if after < each.at <= until}
        yield from sorted(newest.values(), key=lambda each: (each.at, each.step.offset))

    def _moment(self, due: dt.date, offset: int) -> dt.datetime:
        days = self.office.days
        if offset > 0:
            day = days.after(due, offset)
        elif offset < 0:
            day = days.before(due, -offset)
        else:
            day = due if days.is_working(due) else days.before(due, 1)
        return dt.datetime.combine(day, self.hour, self.office.zone).astimezone(dt.UTC)


def reminded(task: TaskState) -> bool:
    """Whether anybody is reminded of a task: it is under way, and no series, whose turns have their own deadlines."""
    return task.status in REMINDED and task.recurrence is None


def steps_of(offsets: Iterable[int], escalations: Mapping[Line, int]) -> tuple[Step, ...]:
    """The steps that these settings ask for: offsets of reminders, and of each escalation, 0 where there is none."""
    reminders = (Step("reminder", each) for each in sorted(set(offsets)))
    chain = (Step(line, offset) for line, offset in escalations.items() if offset)
    return (*reminders, *chain)
