"""How forms name the units of the directory, and which of them a phrase may have meant. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from rapidfuzz import fuzz, process

from shared.directory.directory import Directory
from shared.directory.spelling import matching_key

_MOST = 4
_ALIKE_FROM = 55.0


@dataclass(frozen=True, slots=True)
class Alternatives:
    """The open units of a directory, by what all spellings of their names share."""

    directory: Directory
    names: Mapping[str, str]

    @classmethod
    def of(cls, directory: Directory) -> Self:
        """Those of a directory as it is now."""
        units = (unit for unit in directory.units.values() if not unit.closed)
        return cls(directory, {matching_key(unit.name): unit.name for unit in units})

    def to(self, phrase: str) -> tuple[str, ...]:
        """The names of the units that are most like a phrase, the likeliest first."""
        named = [unit.name for unit in self.directory.named(phrase)]
        near = process.extract(
            matching_key(phrase), self.names.keys(), scorer=fuzz.token_set_ratio, limit=_MOST, score_cutoff=_ALIKE_FROM
        )
        return tuple(dict.fromkeys([*named, *(self.names[key] for key, _, _ in near)]))[:_MOST]


def unit_ids(directory: Directory) -> dict[str, str]:
    """The ids of the open units by what forms call them: the name, with the id behind it where several bear it."""
    units = [unit for unit in directory.units.values() if not unit.closed]
    bearers = Counter(unit.name for unit in units)
    return {unit.name if bearers[unit.name] == 1 else f"{unit.name} ({unit.id})": unit.id for unit in units}
