"""Which units of the directory a phrase may have meant. Pure."""

from rapidfuzz import fuzz, process

from shared.directory.directory import Directory
from shared.directory.spelling import matching_key

_MOST = 4
_ALIKE_FROM = 55.0


def alternatives(directory: Directory, phrase: str) -> tuple[str, ...]:
    """The names of the open units that are most like a phrase, the likeliest first."""
    units = [unit for unit in directory.units.values() if not unit.closed]
    named = [unit.name for unit in directory.named(phrase)]
    keys = [matching_key(unit.name) for unit in units]
    near = process.extract(
        matching_key(phrase), keys, scorer=fuzz.token_set_ratio, limit=_MOST, score_cutoff=_ALIKE_FROM
    )
    return tuple(dict.fromkeys([*named, *(units[place].name for _, _, place in near)]))[:_MOST]
