"""The people of the directory, as the rules ask for them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.notify.taskstate import TaskState
from shared.directory.directory import Directory, Person
from shared.directory.spelling import matching_key
from shared.events.person import Role
from shared.identity.permissions import PERMISSIONS


@dataclass
class People:
    """Who speaks for whom, as the directory says it now. Whoever left is nobody's answer.

    It is worked out anew once the directory has changed, and only as far as it is asked for.
    """

    directory: Directory
    _changes: int = -1
    _members: dict[str, list[Person]] = field(default_factory=dict)
    _answering: dict[str, tuple[Person, ...]] = field(default_factory=dict)
    _by_name: dict[str, list[Person]] = field(default_factory=dict)
    _holders: dict[Role, tuple[Person, ...]] = field(default_factory=dict)

    def person(self, person_id: str) -> tuple[Person, ...]:
        """The person of this id."""
        found = self.directory.people.get(person_id)
        return (found,) if found and not found.left else ()

    def actor(self, name: str | None) -> tuple[Person, ...]:
        """The person who is this actor, such as `person.lan`; nobody where it is a program or a service."""
        kind, _, person_id = (name or "").partition(".")
        return self.person(person_id) if kind == "person" else ()

    def answering_for(self, unit_id: str) -> tuple[Person, ...]:
        """Who speaks for a unit: those who lead it, or all its people where nobody does."""
        self._renew()
        if unit_id not in self._answering:
            members = tuple(self._members.get(unit_id, ()))
            self._answering[unit_id] = tuple(each for each in members if "unit_lead" in each.roles) or members
        return self._answering[unit_id]

    def named(self, name: str, unit_id: str) -> tuple[Person, ...]:
        """The person of this name; among several, the one in this unit; nobody where that leaves a doubt."""
        self._renew()
        if not self._by_name:
            for person in self.directory.people.values():
                if not person.left:
                    self._by_name.setdefault(matching_key(person.name), []).append(person)
        found = self._by_name.get(matching_key(name), [])
        if len(found) > 1:
            found = [person for person in found if person.unit_id == unit_id]
        return tuple(found) if len(found) == 1 else ()

    def holders(self, role: Role) -> tuple[Person, ...]:
        """Those who hold a role."""
        self._renew()
        if role not in self._holders:
            self._holders[role] = self.directory.holders(role)
        return self._holders[role]

    def sees(self, person: Person, task: TaskState) -> bool:
        """Whether a person may see a task: by a role that sees all, or since it concerns their unit or one below."""
        reaches = {PERMISSIONS["read-tasks"].reach(role) for role in person.roles}
        if "all" in reaches:
            return True
        own = self.directory.subtree(person.unit_id) if person.unit_id else frozenset()
        return "involved" in reaches and not own.isdisjoint({task.unit_id, *task.cooperators})

    def _renew(self) -> None:
        if self._changes == self.directory.changes:
            return
        self._changes = self.directory.changes
        self._answering, self._by_name, self._holders = {}, {}, {}
        self._members = _by_unit(self.directory.people.values())


def _by_unit(people: Iterable[Person]) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = {}
    for person in people:
        if person.unit_id and not person.left:
            found.setdefault(person.unit_id, []).append(person)
    return found
