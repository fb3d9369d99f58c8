"""What must happen for the directory to say what a file says. Pure, and nothing twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.directory.directory import Directory, Person, Unit
from shared.directory.file import DirectoryFile, PersonEntry, UnitEntry
from shared.events.person import (
    PersonalDataErased,
    PersonLeft,
    PersonPlaced,
    PersonRegistered,
    RoleGranted,
    RoleRevoked,
    SessionsEnded,
    SigninLinkIssued,
)
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

DirectoryEvent = (
    UnitRegistered
    | UnitRenamed
    | UnitAliasAdded
    | UnitClassAdded
    | UnitAliasRemoved
    | UnitClassRemoved
    | UnitMoved
    | UnitClosed
    | PersonRegistered
    | PersonPlaced
    | PersonLeft
    | PersonalDataErased
    | RoleGranted
    | RoleRevoked
    | SessionsEnded
    | SigninLinkIssued
)


class UnknownUnit(Exception):
    """An entry names a unit that neither the file nor the directory knows. Nothing was written."""

    def __init__(self, entry_id: str, unit_id: str) -> None:
        super().__init__(f"{entry_id} names the unit {unit_id}, which neither the file nor the directory knows")
        self.entry_id = entry_id
        self.unit_id = unit_id


class NameTaken(Exception):
    """An entry brings a name that finds another unit of the directory; both would be found by it no more. Nothing was
    written."""

    def __init__(self, entry_id: str, name: str, owner_id: str) -> None:
        super().__init__(f"{entry_id} brings the name {name}, by which the directory knows the unit {owner_id}")
        self.entry_id = entry_id
        self.name = name
        self.owner_id = owner_id


class BelowItself(Exception):
    """A unit would stand below itself, by way of the units between. Nothing was written."""

    def __init__(self, unit_id: str) -> None:
        super().__init__(f"the unit {unit_id} would stand below itself")
        self.unit_id = unit_id


@dataclass(frozen=True, slots=True)
class Change:
    """The events that one unit or person lacks, in order. `subject` is the aggregate, such as `unit.van-phong`."""

    subject: str
    name: str
    events: tuple[DirectoryEvent, ...]


def changes(file: DirectoryFile, directory: Directory) -> tuple[Change, ...]:
    """What the directory lacks of the file. Units and people that the file does not name stay as they are.

    Raises:
        UnknownUnit: a parent or a person's unit is known to nobody.
        NameTaken: a unit's name already finds another unit.
        BelowItself: parents go round in a circle.
    """
    for unit in file.units:
        for name in (unit.name, *unit.aliases):
            if owner := next((each for each in directory.named(name) if each.id != unit.id), None):
                raise NameTaken(unit.id, name, owner.id)
    known = {unit.id for unit in file.units} | set(directory.units)
    for entry_id, unit_id in [(unit.id, unit.parent) for unit in file.units] + [(p.id, p.unit) for p in file.people]:
        if unit_id is not None and unit_id not in known:
            raise UnknownUnit(entry_id, unit_id)
    above = {unit.id: unit.parent_id for unit in directory.units.values()}
    above |= {unit.id: unit.parent for unit in file.units if unit.parent is not None or unit.id not in above}
    for unit in file.units:
        if goes_round(unit.id, above):
            raise BelowItself(unit.id)
    found = [
        Change(f"unit.{unit.id}", unit.name, tuple(_unit_events(unit, directory.units.get(unit.id))))
        for unit in file.units
    ]
    found += [
        Change(f"person.{person.id}", person.name, tuple(_person_events(person, directory.people.get(person.id))))
        for person in file.people
    ]
    return tuple(change for change in found if change.events)


def goes_round(unit_id: str, above: Mapping[str, str | None]) -> bool:
    """Whether a unit stands below itself; `above` names each unit's parent."""
    seen: set[str] = set()
    at: str | None = above.get(unit_id)
    while at is not None and at not in seen:
        if at == unit_id:
            return True
        seen.add(at)
        at = above.get(at)
    return False


def _unit_events(entry: UnitEntry, known: Unit | None) -> Iterator[DirectoryEvent]:
    if known is None:
        yield UnitRegistered(
            unit_id=entry.id, name=entry.name, parent_id=entry.parent, aliases=entry.aliases, classes=entry.classes
        )
        return
    if entry.name != known.name:
        yield UnitRenamed(unit_id=entry.id, name=entry.name)
    if entry.parent is not None and entry.parent != known.parent_id:
        yield UnitMoved(unit_id=entry.id, parent_id=entry.parent)
    for alias in dict.fromkeys(entry.aliases):
        if alias not in known.names and alias != entry.name:
            yield UnitAliasAdded(unit_id=entry.id, alias=alias)
    for unit_class in dict.fromkeys(entry.classes):
        if unit_class not in known.classes:
            yield UnitClassAdded(unit_id=entry.id, unit_class=unit_class)


def _person_events(entry: PersonEntry, known: Person | None) -> Iterator[DirectoryEvent]:
    if entry.left:
        if known and not known.left:
            yield PersonLeft(person_id=entry.id)
        return
    if known is None or known.left or entry.name != known.name:
        yield PersonRegistered(person_id=entry.id, name=entry.name)
    known = known or Person(entry.id, entry.name)
    if entry.unit is not None and (entry.unit, entry.position) != (known.unit_id, known.position):
        yield PersonPlaced(person_id=entry.id, unit_id=entry.unit, position=entry.position)
    if entry.roles is not None:
        wanted = set(entry.roles)
        for role in sorted(wanted - known.roles):
            yield RoleGranted(person_id=entry.id, role=role)
        for role in sorted(known.roles - wanted):
            yield RoleRevoked(person_id=entry.id, role=role)
