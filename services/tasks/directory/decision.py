"""Which events a command leads to, in a directory as it is. Pure."""

from collections.abc import Iterable, Iterator

from services.tasks.directory import refusals
from services.tasks.directory.commands import (
    AddAlias,
    AddClass,
    CloseUnit,
    Command,
    EndSessions,
    ErasePersonalData,
    GiveSigninLink,
    GrantRole,
    Leave,
    MoveUnit,
    PlacePerson,
    RegisterPerson,
    RegisterUnit,
    RemoveAlias,
    RemoveClass,
    RenamePerson,
    RenameUnit,
    ReopenUnit,
    Return,
    RevokeRole,
)
from shared.directory.changes import DirectoryEvent, goes_round
from shared.directory.directory import Directory, Person, Unit
from shared.directory.spelling import matching_key, without_marks
from shared.events.person import (
    PersonalDataErased,
    PersonLeft,
    PersonPlaced,
    PersonRegistered,
    Role,
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

_LONGEST_ID = 64
ADMINISTRATOR: Role = "administrator"


class NotThere(Exception):
    """The directory knows no such unit or person. Nothing was recorded."""


def registered_unit(command: RegisterUnit, directory: Directory) -> UnitRegistered:
    """The unit that the directory shall know.

    Raises:
        Refusal: its id or a name is taken, its id cannot be told from its name, or its parent is not known.
    """
    unit_id = command.id or id_from(command.name)
    if known := directory.units.get(unit_id):
        raise refusals.IdTaken("id" if command.id else "name", id=unit_id, name=known.name)
    _free(directory, unit_id, [command.name], "name")
    _free(directory, unit_id, command.aliases, "aliases")
    return UnitRegistered(
        unit_id=unit_id,
        name=command.name,
        parent_id=unit_named(directory, command.parent, "parent").id if command.parent else None,
        aliases=tuple(each for each in dict.fromkeys(command.aliases) if each != command.name),
        classes=tuple(dict.fromkeys(command.classes)),
    )


def of_unit(unit_id: str, command: Command, directory: Directory) -> tuple[DirectoryEvent, ...]:
    """What a command about a unit that is known leads to; nothing where it is so already.

    Raises:
        NotThere: it is not known.
        Refusal: a rule forbids it.
    """
    unit = directory.units.get(unit_id)
    if unit is None:
        raise NotThere(unit_id)
    return tuple(_of_unit(unit, command, directory))


def _of_unit(unit: Unit, command: Command, directory: Directory) -> Iterator[DirectoryEvent]:
    match command:
        case RenameUnit(name=name) if name != unit.name:
            _free(directory, unit.id, [name], "name")
            yield UnitRenamed(unit_id=unit.id, name=name)
        case MoveUnit(parent=named):
            parent = unit_named(directory, named, "parent") if named else None
            above = {each.id: each.parent_id for each in directory.units.values()}
            if parent and goes_round(unit.id, above | {unit.id: parent.id}):
                raise refusals.BelowItself("parent", parent=parent.name)
            if (parent.id if parent else None) != unit.parent_id:
                yield UnitMoved(unit_id=unit.id, parent_id=parent.id if parent else None)
        case AddAlias(alias=alias) if alias not in unit.names:
            _free(directory, unit.id, [alias], "alias")
            yield UnitAliasAdded(unit_id=unit.id, alias=alias)
        case RemoveAlias(alias=alias) if alias in unit.names:
            if alias == unit.name:
                raise refusals.OwnName("alias", name=alias)
            yield UnitAliasRemoved(unit_id=unit.id, alias=alias)
        case AddClass(unit_class=phrase) if phrase not in unit.classes:
            yield UnitClassAdded(unit_id=unit.id, unit_class=phrase)
        case RemoveClass(unit_class=phrase) if phrase in unit.classes:
            yield UnitClassRemoved(unit_id=unit.id, unit_class=phrase)
        case CloseUnit() if not unit.closed:
            below = [each for each in directory.units.values() if each.parent_id == unit.id and not each.closed]
            if (people := directory.members(unit.id)) or below:
                raise refusals.UnitInUse(people=len(people), units=len(below))
            yield UnitClosed(unit_id=unit.id)
        case ReopenUnit() if unit.closed:
            _free(directory, unit.id, unit.names, "")
            yield UnitRegistered(
                unit_id=unit.id,
                name=unit.name,
                parent_id=unit.parent_id,
                aliases=tuple(each for each in unit.names if each != unit.name),
                classes=unit.classes,
            )
        case _:
            pass


def registered_person(command: RegisterPerson, directory: Directory) -> tuple[DirectoryEvent, ...]:
    """What makes the directory know a person.

    Raises:
        Refusal: the id is taken, or the unit is not known.
    """
    if known := directory.people.get(command.id):
        raise refusals.IdTaken("id", id=command.id, name=known.name)
    found: list[DirectoryEvent] = [PersonRegistered(person_id=command.id, name=command.name)]
    if command.unit:
        unit = unit_named(directory, command.unit, "unit")
        found.append(PersonPlaced(person_id=command.id, unit_id=unit.id, position=command.position))
    return (*found, *(RoleGranted(person_id=command.id, role=role) for role in dict.fromkeys(command.roles)))


def of_person(person_id: str, command: Command, directory: Directory) -> tuple[DirectoryEvent, ...]:
    """What a command about a person who is known leads to; nothing where it is so already.

    Raises:
        NotThere: they are not known.
        Refusal: a rule forbids it.
    """
    person = directory.people.get(person_id)
    if person is None:
        raise NotThere(person_id)
    return tuple(_of_person(person, command, directory))


def _of_person(person: Person, command: Command, directory: Directory) -> Iterator[DirectoryEvent]:
    if person.left and not isinstance(command, Return | EndSessions | Leave | ErasePersonalData):
        raise refusals.PersonIsGone(name=person.name)
    match command:
        case RenamePerson(name=name) if name != person.name:
            yield PersonRegistered(person_id=person.id, name=name)
        case PlacePerson(unit=named, position=position):
            unit = unit_named(directory, named, "unit")
            if (unit.id, position) != (person.unit_id, person.position):
                yield PersonPlaced(person_id=person.id, unit_id=unit.id, position=position)
        case GrantRole(role=role) if role not in person.roles:
            yield RoleGranted(person_id=person.id, role=role)
        case RevokeRole(role=role) if role in person.roles:
            if role == ADMINISTRATOR:
                _another_administrator(person, directory)
            yield RoleRevoked(person_id=person.id, role=role)
        case Leave() if not person.left:
            if ADMINISTRATOR in person.roles:
                _another_administrator(person, directory)
            yield PersonLeft(person_id=person.id)
        case Return() if person.left:
            yield PersonRegistered(person_id=person.id, name=person.name)
        case ErasePersonalData(reason=reason):
            if not person.left:
                raise refusals.PersonIsHere(name=person.name)
            yield PersonalDataErased(person_id=person.id, reason=reason)
        case EndSessions():
            yield SessionsEnded(person_id=person.id)
        case GiveSigninLink():
            yield SigninLinkIssued(person_id=person.id)
        case _:
            pass


def _another_administrator(person: Person, directory: Directory) -> None:
    if all(each.id == person.id for each in directory.holders(ADMINISTRATOR)):
        raise refusals.LastAdministrator(name=person.name)


def unit_named(directory: Directory, named: str, field: str) -> Unit:
    """The open unit that an id or a name means.

    Raises:
        UnitUnknown: there is none, or more than one.
        UnitIsClosed: it is closed.
    """
    if unit := directory.units.get(named):
        if unit.closed:
            raise refusals.UnitIsClosed(field, name=unit.name)
        return unit
    found = directory.named(named)
    if len(found) != 1:
        raise refusals.UnitUnknown(field, named=named)
    return found[0]


def id_from(name: str) -> str:
    """An id that says what it stands for: "Phòng Kế hoạch - Tài chính" is phong-ke-hoach-tai-chinh.

    Raises:
        IdNeeded: the name has no letter that an id can hold.
    """
    words = without_marks(matching_key(name)).split()
    kept = ["".join(letter for letter in word if letter.isascii() and letter.isalnum()) for word in words]
    if not (found := "-".join(filter(None, kept))[:_LONGEST_ID].strip("-")):
        raise refusals.IdNeeded("id")
    return found


def _free(directory: Directory, unit_id: str, names: Iterable[str], field: str) -> None:
    for name in names:
        if other := next((each for each in directory.named(name) if each.id != unit_id), None):
            raise refusals.NameTaken(field, name=name, other=other.name)
