"""The organisation as its events tell it."""

from dataclasses import dataclass, field, replace

from shared.directory.spelling import class_key, matching_key
from shared.events.catalogue import EventData, Unknown
from shared.events.person import PersonPlaced, PersonRegistered, Role, RoleGranted, RoleRevoked
from shared.events.unit import UnitAliasAdded, UnitClassAdded, UnitClosed, UnitRegistered, UnitRenamed


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
    """A person, the unit that they are in, and the roles that they hold."""

    id: str
    name: str
    unit_id: str | None = None
    position: str | None = None
    roles: frozenset[Role] = frozenset()


@dataclass
class Directory:
    """Units and people by their ids, as far as the events applied tell."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def apply(self, data: EventData | Unknown) -> None:
        """Takes one event in; events of other aggregates change nothing, and applying one twice does nothing more."""
        match data:
            case UnitRegistered():
                names = (data.name, *data.aliases)
                self.units[data.unit_id] = Unit(data.unit_id, data.name, data.parent_id, names, data.classes)
            case UnitRenamed():
                self._change_unit(data.unit_id, name=data.name, added_name=data.name)
            case UnitAliasAdded():
                self._change_unit(data.unit_id, added_name=data.alias)
            case UnitClassAdded():
                self._change_unit(data.unit_id, added_class=data.unit_class)
            case UnitClosed():
                self._change_unit(data.unit_id, closed=True)
            case PersonRegistered():
                known = self.people.get(data.person_id, Person(data.person_id, data.name))
                self.people[data.person_id] = replace(known, name=data.name)
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
        self.units[unit_id] = replace(
            known, name=name or known.name, names=names, classes=classes, closed=known.closed or closed
        )

    def resolve(self, phrase: str) -> tuple[Unit, ...]:
        """The open units that a phrase means: one, several where it names a class, none where it is not known.

        A phrase that fits two units by name means neither: guessing would put work on the wrong desk.
        """
        open_units = [unit for unit in self.units.values() if not unit.closed]
        key = matching_key(phrase)
        named = [unit for unit in open_units if any(matching_key(name) == key for name in unit.names)]
        if named:
            return tuple(named) if len(named) == 1 else ()
        wanted = class_key(phrase)
        return tuple(unit for unit in open_units if any(class_key(each) == wanted for each in unit.classes))

    def members(self, unit_id: str) -> tuple[Person, ...]:
        """The people of one unit."""
        return tuple(person for person in self.people.values() if person.unit_id == unit_id)

    def holders(self, role: Role) -> tuple[Person, ...]:
        """The people who hold a role."""
        return tuple(person for person in self.people.values() if role in person.roles)
