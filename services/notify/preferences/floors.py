"""Which channels a person cannot switch off, since their unit, or one above it, decided so."""

from collections.abc import Collection, Mapping

from shared.directory.directory import Directory
from shared.events.fields import Channel
from shared.events.preferences import Category

Pair = tuple[Category, Channel]

Floor = Mapping[Pair, str]
"""What is brought at once whatever its person chose, and the id of the unit that decided so."""

NO_FLOOR: Floor = {}


def floor_of(unit_id: str | None, floors: Mapping[str, Collection[Pair]], directory: Directory) -> Floor:
    """The floor for the members of a unit: its own, and those of all units above it; the nearest unit is named.

    `floors` holds what each unit decided, by the unit's id.
    """
    binding: dict[Pair, str] = {}
    passed: set[str] = set()
    while unit_id and unit_id not in passed:
        passed.add(unit_id)
        for pair in floors.get(unit_id, ()):
            binding.setdefault(pair, unit_id)
        unit = directory.units.get(unit_id)
        unit_id = unit.parent_id if unit else None
    return binding
