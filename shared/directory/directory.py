"""The organisation as its events tell it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from shared.directory.spelling import class_key, matching_key
from shared.events.catalogue import EventData, Unknown
from shared.events.person import PersonLeft, PersonPlaced, PersonRegistered, Role, RoleGranted, RoleRevoked
from shared.events.unit import (
    UnitAliasAdded,
    UnitAliasRemoved,
    UnitClassAdded,
    UnitClassRemoved,
    UnitClosed,
    UnitMoved,
    UnitRegistered,
    UnitRenamed,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit. `names` are all spellings that find it, `classes` the phrases that address it with others."""

    id: str
    name: str
    parent_id: str | None
    names: tuple[str, ...]
    classes: tuple[str, ...]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A person, the unit that they are in, and the roles that they hold. Whoever left is known, and holds none."""

    id: str
    name: str
    unit_id: str | None = None
    position: str | None = None
    roles: frozenset[Role] = frozenset()
    left: bool = False


@dataclass(frozen=True, slots=True)
class _Index:
    """The open units by every key that finds them. It is made anew after a change: units change by the year, and a
    notice looks up dozens of phrases."""

    by_name: Mapping[str, tuple[Unit, ...]]
    by_class: Mapping[str, tuple[Unit, ...]]

    @classmethod
    def of(cls, units: Iterable[Unit]) -> Self:
        by_name: dict[str, tuple[Unit, ...]] = {}
        by_class: dict[str, tuple[Unit, ...]] = {}
        for unit in units:
            if unit.closed:
                continue
            for key in {matching_key(name) for name in unit.names}:
                by_name[key] = (*by_name.get(key, ()), unit)
            for key in {class_key(each) for each in unit.classes} - {""}:
                by_class[key] = (*by_class.get(key, ()), unit)
        return cls(by_name, by_class)


@dataclass
class Directory:
    """Units and people by their ids, as far as the events applied tell."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    changes: int = field(default=0, repr=False, compare=False)
    """How many events were taken in: what was worked out from the directory holds as long as it stands still."""
    _index: "_Index | None" = field(default=None, repr=False, compare=False)

    def apply(self, data: EventData | Unknown) -> None:
        """Takes one event in; events of other aggregates change nothing, and applying one twice does nothing more."""
        self.changes += 1
        match data:
            case UnitRegistered():
                names = (data.name, *data.aliases)
                self.units[data.unit_id] = Unit(data.unit_id, data.name, data.parent_id, names, data.classes)
                self._index = None
            case UnitRenamed():
                self._change_unit(data.unit_id, name=data.name, added_name=data.name)
            case UnitAliasAdded():
                self._change_unit(data.unit_id, added_name=data.alias)
            case UnitClassAdded():
                self._change_unit(data.unit_id, added_class=data.unit_class)
            case UnitAliasRemoved():
                self._take_from_unit(data.unit_id, name=data.alias)
            case UnitClassRemoved():
                self._take_from_unit(data.unit_id, unit_class=data.unit_class)
            case UnitMoved():
                if unit := self.units.get(data.unit_id):
                    self.units[data.unit_id] = replace(unit, parent_id=data.parent_id)
                    self._index = None
            case UnitClosed():
                self._change_unit(data.unit_id, closed=True)
            case PersonRegistered():
                known = self.people.get(data.person_id, Person(data.person_id, data.name))
                self.people[data.person_id] = replace(known, name=data.name, left=False)
            case PersonLeft():
                known = self.people.get(data.person_id, Person(data.person_id, data.person_id))
                self.people[data.person_id] = replace(known, roles=frozenset(), left=True)
            case PersonPlaced():
                known = self.people.get(data.person_id, Person(data.person_id, data.person_id))
                self.people[data.person_id] = replace(known, unit_id=data.unit_id, position=data.position)
            case RoleGranted():
                known = self.people.get(data.person_id, Person(data.person_id, data.person_id))
                self.people[data.person_id] = replace(known, roles=known.roles | {data.role})
            case RoleRevoked():
                known = self.people.get(data.person_id, Person(data.person_id, data.person_id))
                self.people[data.person_id] = replace(known, roles=known.roles - {data.role})
            case _:
                pass

    def _change_unit(
        self,
        unit_id: str,
        *,
        name: str | None = None,
        added_name: str | None = None,
        added_class: str | None = None,
        closed: bool = False,
    ) -> None:
        known = self.units.get(unit_id)
        if known is None:
            return
        names, classes = known.names, known.classes
        if added_name and added_name not in names:
            names = (*names, added_name)
        if added_class and added_class not in classes:
            classes = (*classes, added_class)
        self._index = None
        self.units[unit_id] = replace(
            known, name=name or known.name, names=names, classes=classes, closed=known.closed or closed
        )

    def _take_from_unit(self, unit_id: str, *, name: str | None = None, unit_class: str | None = None) -> None:
        """The name that the unit goes by stays with it."""
        if known := self.units.get(unit_id):
            names = tuple(each for each in known.names if each != name or each == known.name)
            classes = tuple(each for each in known.classes if each != unit_class)
            self._index = None
            self.units[unit_id] = replace(known, names=names, classes=classes)

    def named(self, name: str) -> tuple[Unit, ...]:
        """The open units that bear a name."""
        return self._indexed().by_name.get(matching_key(name), ())

    def classed(self, phrase: str) -> tuple[Unit, ...]:
        """The open units of the class that a phrase names."""
        return self._indexed().by_class.get(class_key(phrase), ())

    def _indexed(self) -> _Index:
        if self._index is None:
            self._index = _Index.of(self.units.values())
        return self._index

    def members(self, unit_id: str) -> tuple[Person, ...]:
        """The people of one unit who have not left."""
        return tuple(person for person in self.people.values() if person.unit_id == unit_id and not person.left)

    def subtree(self, unit_id: str) -> frozenset[str]:
        """The ids of a unit and of all units below it, open or closed."""
        found, below = {unit_id}, [unit_id]
        while below:
            parent = below.pop()
            children = [unit.id for unit in self.units.values() if unit.parent_id == parent and unit.id not in found]
            found.update(children)
            below += children
        return frozenset(found)

    def holders(self, role: Role) -> tuple[Person, ...]:
        """The people who hold a role."""
        return tuple(person for person in self.people.values() if role in person.roles)
