"""Which units and people a list shows, and in which order. Pure."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from heapq import nsmallest
from typing import NamedTuple, TypeVar

from shared.directory.directory import Directory, Person, Unit
from shared.directory.spelling import matching_key, without_marks
from shared.events.person import Role

Key = tuple[str, ...]
T = TypeVar("T")


class UnitRow(NamedTuple):
    """A unit in its place: `above` are those over it, the topmost first, and `people` counts its own."""

    unit: Unit
    above: tuple[Unit, ...]
    people: int
    key: Key


class PersonRow(NamedTuple):
    """A person and their unit, where it is known."""

    person: Person
    unit: Unit | None
    key: Key


def unit_rows(directory: Directory, wanted: str = "", *, closed: bool = False) -> list[UnitRow]:
    """The open units, or the closed ones, each behind the one above it; of those only whose names or classes hold all
    words that are `wanted`, with or without diacritics."""
    people = Counter(person.unit_id for person in directory.people.values() if not person.left)
    units = [unit for unit in directory.units.values() if unit.closed == closed]
    return [
        UnitRow(unit, above, people[unit.id], (*(part for each in (*above, unit) for part in _named(each)),))
        for unit in _holding(units, wanted, lambda unit: (unit.id, *unit.names, *unit.classes))
        for above in [above_of(directory, unit)]
    ]


def above_of(directory: Directory, unit: Unit) -> tuple[Unit, ...]:
    """The units over a unit, the topmost first."""
    found: list[Unit] = []
    seen = {unit.id}
    while (parent := directory.units.get(unit.parent_id or "")) and parent.id not in seen:
        seen.add(parent.id)
        found.append(parent)
        unit = parent
    return tuple(reversed(found))


def person_rows(
    directory: Directory,
    wanted: str = "",
    *,
    role: Role | None = None,
    unit_id: str | None = None,
    left: bool = False,
) -> list[PersonRow]:
    """The people of the organisation, or those who left, by their given names; of those only the ones who hold a role,
    are in a unit or in one below it, and whose names, ids and positions hold all words that are `wanted`."""
    units = directory.subtree(unit_id) if unit_id else None
    people = [
        person
        for person in directory.people.values()
        if person.left == left and (role is None or role in person.roles) and (units is None or person.unit_id in units)
    ]
    return [
        PersonRow(person, directory.units.get(person.unit_id or ""), _called(person))
        for person in _holding(people, wanted, lambda person: (person.id, person.name, person.position or ""))
    ]


Row = TypeVar("Row", UnitRow, PersonRow)


def page_of(rows: list[Row], after: Key | None, size: int) -> tuple[list[Row], bool]:
    """Some rows in order, those behind a key, and whether there are more."""
    behind = [row for row in rows if row.key > after] if after else rows
    # The first few of tens of thousands are found without putting all of them in order.
    found = nsmallest(size + 1, behind, key=lambda row: row.key)
    return found[:size], len(found) > size


def key_of_unit(directory: Directory, unit_id: str) -> Key | None:
    """Where a unit stands in a list; None where nobody knows it."""
    unit = directory.units.get(unit_id)
    return tuple(part for each in (*above_of(directory, unit), unit) for part in _named(each)) if unit else None


def key_of_person(directory: Directory, person_id: str) -> Key | None:
    """Where a person stands in a list; None where nobody knows them."""
    person = directory.people.get(person_id)
    return _called(person) if person else None


def _holding(each: Sequence[T], wanted: str, texts: Callable[[T], tuple[str, ...]]) -> list[T]:
    exact, bare = matching_key(wanted).split(), without_marks(matching_key(wanted)).split()
    if not bare:
        return list(each)
    found = [one for one in each if all(word in _keys(texts(one))[0] for word in exact)] if exact != bare else []
    # Who types diacritics means them, as far as anything bears them.
    return found or [one for one in each if all(word in _keys(texts(one))[1] for word in bare)]


@lru_cache(maxsize=65_536)
def _keys(texts: tuple[str, ...]) -> tuple[str, str]:
    key = matching_key(" ".join(texts))
    return key, without_marks(key)


def _named(unit: Unit) -> Key:
    return (_keys((unit.name,))[1], unit.id)


def _called(person: Person) -> Key:
    return (*_given_name_first(person.name), person.id)


@lru_cache(maxsize=65_536)
def _given_name_first(name: str) -> Key:
    """Vietnamese lists of people go by the given name, which stands last."""
    bare = _keys((name,))[1]
    return (bare.rpartition(" ")[2], bare)
