"""The units that words may have meant which the directory does not know. A proposal for people: nothing is decided."""

from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from shared.directory.directory import Unit
from shared.directory.resolution import How, Resolver
from shared.directory.spelling import matching_key, without_marks

_LIKE_FROM = 65.0
_LONGEST_PHRASE = 300


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may have been meant. `how` is how the directory finds it by now, or "spelling" where only its name
    is like the words; `name` is the name that is so, and `likeness` says how much in percent."""

    unit: Unit
    how: How | Literal["spelling"]
    name: str
    likeness: int


def nearest(resolver: Resolver, phrase: str, limit: int) -> list[Candidate]:
    """At most so many open units that a phrase may mean, the likest first."""
    found: dict[str, Candidate] = {}
    resolution = resolver.resolve(phrase)
    if len(resolution.units) == 1:
        unit = resolution.units[0]
        found[unit.id] = Candidate(unit, resolution.how, unit.name, 100)
    names = [(unit, name) for unit in resolver.directory.units.values() if not unit.closed for name in unit.names]
    keys = [without_marks(matching_key(name)) for _, name in names]
    asked = without_marks(matching_key(phrase[:_LONGEST_PHRASE]))
    for _, score, place in process.extract(asked, keys, scorer=fuzz.token_sort_ratio, limit=4 * limit):
        unit, name = names[place]
        if score >= _LIKE_FROM and unit.id not in found:
            found[unit.id] = Candidate(unit, "spelling", name, round(score))
    return list(found.values())[:limit]
