"""From the phrases of a notice to units that tasks can lie with. Nothing is dropped for want of a match."""

from functools import lru_cache

from shared.directory.directory import Unit
from shared.directory.resolution import How, Resolver
from shared.directory.spelling import matching_key
from shared.events.fields import NamedUnit, UnitRef, derived_id

NO_UNIT_NAMED = "(chưa nêu đơn vị)"
"""Name of the provisional unit of a directive that names nobody and stands under no heading."""

_CERTAIN: frozenset[How] = frozenset({"name", "class"})


def found_doubtfully(resolver: Resolver, phrase: str) -> tuple[str, float] | None:
    """The code of the doubt about what a phrase means, and how far it can be trusted; None without a doubt."""
    if phrase == NO_UNIT_NAMED:
        return "no-unit-named", resolver.resolve(phrase).confidence
    found = resolver.resolve(phrase)
    return None if found.how in _CERTAIN else (f"unit-{found.how}", found.confidence)


def is_known(resolver: Resolver, phrase: str) -> bool:
    """Whether the directory knows for certain which units a phrase means."""
    return resolver.resolve(phrase).how in _CERTAIN


def responsible(resolver: Resolver, phrase: str) -> tuple[UnitRef, ...]:
    """The units that a phrase means; a provisional one of that name where the directory knows none."""
    found = tuple(reference(unit) for unit in resolver.resolve(phrase).units)
    return found or (_provisional(phrase),)


def named(resolver: Resolver, phrase: str) -> NamedUnit:
    """A co-operating unit as it is named, with the one unit of the directory that it means."""
    found = resolver.resolve(phrase).units
    return NamedUnit(phrase=phrase, unit=found[0].id if len(found) == 1 else None)


def reference(unit: Unit) -> UnitRef:
    """The directory's unit as events name it."""
    return _reference(unit.id, unit.name)


@lru_cache(maxsize=4096)
def _reference(unit_id: str, name: str) -> UnitRef:
    return UnitRef(id=unit_id, name=name)


@lru_cache(maxsize=4096)
def _provisional(phrase: str) -> UnitRef:
    return UnitRef(id=f"provisional-{derived_id('unit', matching_key(phrase))}", name=phrase, provisional=True)
