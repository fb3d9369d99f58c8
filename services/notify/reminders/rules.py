"""The table of reminders: who is told how far from a deadline, by which reason and how urgently. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from services.notify.policy.people import People
from services.notify.taskstate import TaskState
from shared.directory.directory import Person
from shared.events.inbox import Reason
from shared.events.preferences import Category, Urgency
from shared.language import Words

Audience = Callable[[People, TaskState], Iterable[Person]]

Line = Literal["reminder", "unit", "office", "leader"]
"""To whom a step goes: to those who do the work, or who leads their unit, the office, the leaders of the authority.

Of one line, a later step takes the place of an earlier one that nobody was told of in time.
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One reminder of a deadline: `offset` working days behind it, negative before it. `rule` names it in events."""

    line: Line
    offset: int

    @property
    def rule(self) -> str:
        """Its name, such as `due-in-3`, `due-today`, `overdue-1` or `escalated-office`."""
        if self.line != "reminder":
            return f"escalated-{self.line}"
        if self.offset == 0:
            return "due-today"
        return f"due-in-{-self.offset}" if self.offset < 0 else f"overdue-{self.offset}"

    @property
    def category(self) -> Category:
        """What people choose channels for."""
        return "reminder" if self.line == "reminder" else "escalation"

    @property
    def urgency(self) -> Urgency:
        """How urgent it is, where the directive is not urgent itself. The day itself is urgent, and being late for
        those who can still do something; whoever oversees them need not be woken for it."""
        return "important" if self.offset < 0 or self.line in ("office", "leader") else "urgent"

    @property
    def words(self) -> Words:
        """What it is, for people."""
        days = abs(self.offset)
        match self.line:
            case "unit":
                return Words(f"Báo lãnh đạo đơn vị: chậm {days} ngày làm việc", f"Unit head: {days} working days late")
            case "office":
                return Words(f"Báo văn phòng: chậm {days} ngày làm việc", f"Office: {days} working days late")
            case "leader":
                return Words(f"Báo lãnh đạo: chậm {days} ngày làm việc", f"Leaders: {days} working days late")
        if self.offset == 0:
            return Words("Đến hạn", "Due")
        if self.offset < 0:
            return Words(f"Còn {days} ngày làm việc đến hạn", f"Due in {days} working days")
        return Words(f"Quá hạn {days} ngày làm việc", f"{days} working days overdue")


def unit(people: People, task: TaskState) -> Iterable[Person]:
    """Who answers for the responsible unit; nobody where the directory does not know it."""
    return () if task.provisional else people.answering_for(task.unit_id)


def lead(people: People, task: TaskState) -> Iterable[Person]:
    """The person whom the task names as lead."""
    return people.named(task.lead, task.unit_id) if task.lead else ()


def office_instead(people: People, task: TaskState) -> Iterable[Person]:
    """The office, where nobody is there who could do the work: the unit is not known, or has no people."""
    return () if any(unit(people, task)) or any(lead(people, task)) else people.holders("office")


def head(people: People, task: TaskState) -> Iterable[Person]:
    """Who leads the responsible unit, or the nearest one above it that somebody leads; the office where none is."""
    if not task.provisional:
        for unit_id in _upwards(people, task.unit_id):
            leading = [each for each in people.answering_for(unit_id) if "unit_lead" in each.roles]
            if leading:
                return leading
    return people.holders("office")


def office(people: People, task: TaskState) -> Iterable[Person]:
    """Those who follow up every notice."""
    return people.holders("office")


def leaders(people: People, task: TaskState) -> Iterable[Person]:
    """Those who lead the authority."""
    return people.holders("leader")


TOLD: Mapping[Line, Mapping[Reason, Audience]] = {
    "reminder": {"responsible": unit, "lead": lead, "unresolved": office_instead},
    "unit": {"escalated": head},
    "office": {"escalated": office},
    "leader": {"escalated": leaders},
}
"""Who is told by each line, the strongest reason first."""


def _upwards(people: People, unit_id: str) -> Iterator[str]:
    seen: set[str] = set()
    above: str | None = unit_id
    while above and above not in seen:
        yield above
        seen.add(above)
        known = people.directory.units.get(above)
        above = known.parent_id if known else None
