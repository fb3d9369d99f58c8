"""Who is told what, and why. Pure: the same notice and directory give the same notifications, in the same order."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from shared.directory.directory import Directory, Person
from shared.directory.spelling import matching_key
from shared.events.fields import UnitRef
from shared.events.inbox import Reason
from shared.events.meeting import Directive, MeetingConcluded

RULE = "meeting-concluded"
"""Name of this policy in NotificationRequested. Each person has one notification by it for each notice."""


class Mention(NamedTuple):
    """A task, and the strongest reason why it concerns the person."""

    task_id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Notification:
    """What one person is told of one notice: each task that concerns them, in the notice's order."""

    person_id: str
    reasons: tuple[Reason, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True)
class People:
    """The people of the directory, as the policy asks for them."""

    directory: Directory
    _answering: dict[str, tuple[Person, ...]] = field(default_factory=dict)
    _by_name: dict[str, list[Person]] = field(default_factory=dict)

    def answering_for(self, unit_id: str) -> tuple[Person, ...]:
        """Who speaks for a unit: those who lead it, or all its people where nobody does."""
        if unit_id not in self._answering:
            members = self.directory.members(unit_id)
            self._answering[unit_id] = tuple(each for each in members if "unit_lead" in each.roles) or members
        return self._answering[unit_id]

    def named(self, name: str, unit_id: str) -> tuple[Person, ...]:
        """The person of this name; among several, the one in this unit; nobody where that leaves a doubt."""
        if not self._by_name:
            for person in self.directory.people.values():
                self._by_name.setdefault(matching_key(person.name), []).append(person)
        found = self._by_name.get(matching_key(name), [])
        if len(found) > 1:
            found = [person for person in found if person.unit_id == unit_id]
        return tuple(found) if len(found) == 1 else ()

    def office(self) -> tuple[Person, ...]:
        """Those who follow up every notice."""
        return self.directory.holders("office")


def _responsible(people: People, directive: Directive, unit: UnitRef) -> Iterable[Person]:
    return people.answering_for(unit.id)


def _lead(people: People, directive: Directive, unit: UnitRef) -> Iterable[Person]:
    return people.named(directive.lead.name, unit.id) if directive.lead else ()


def _unresolved(people: People, directive: Directive, unit: UnitRef) -> Iterable[Person]:
    return people.office() if unit.provisional else ()


def _cooperator(people: People, directive: Directive, unit: UnitRef) -> Iterable[Person]:
    for named in directive.cooperators:
        if named.unit:
            yield from people.answering_for(named.unit)


def _overseer(people: People, directive: Directive, unit: UnitRef) -> Iterable[Person]:
    return people.office()


POLICY: Mapping[Reason, Callable[[People, Directive, UnitRef], Iterable[Person]]] = {
    "responsible": _responsible,
    "lead": _lead,
    "unresolved": _unresolved,
    "cooperator": _cooperator,
    "overseer": _overseer,
}
"""Whom a task concerns, for each reason; the strongest reason stands first.

responsible: who leads the responsible unit, or all its people where nobody leads it
lead:        the person whom the notice names as lead, where the directory knows exactly one
unresolved:  the office, where the directory does not know the responsible unit
cooperator:  who leads a co-operating unit, or all its people where nobody leads it
overseer:    the office, about every task

A leader (role `leader`) is told nothing by default: they ask when they want to know.
"""


def when_meeting_concluded(meeting: MeetingConcluded, actor: str, directory: Directory) -> tuple[Notification, ...]:
    """One notification for each person whom a task of this meeting concerns, ordered by the person's id.

    `actor` is who published it, such as `person.lan`: nobody is told of their own act.
    """
    people = People(directory)
    concerns: dict[str, list[Mention]] = {}
    for directive in sorted(meeting.directives, key=lambda each: each.ordinal):
        # Two phrases of a directive may mean the same unit, and then name the same task.
        tasks = {task.id: task for assignee in directive.assignees for task in assignee.tasks}
        for task in tasks.values():
            strongest: dict[str, Reason] = {}
            for reason, concerned in POLICY.items():
                for person in concerned(people, directive, task.unit):
                    strongest.setdefault(person.id, reason)
            for person_id, reason in strongest.items():
                concerns.setdefault(person_id, []).append(Mention(task.id, reason))
    return tuple(
        Notification(person_id, _ordered(mentions), tuple(mentions))
        for person_id, mentions in sorted(concerns.items())
        if f"person.{person_id}" != actor
    )


def _ordered(mentions: Iterable[Mention]) -> tuple[Reason, ...]:
    given = {mention.reason for mention in mentions}
    return tuple(reason for reason in POLICY if reason in given)
