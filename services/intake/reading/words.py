"""Phrases as sequences of words whose spellings make no difference."""

from collections.abc import Sequence, Set
from functools import lru_cache

from shared.directory.spelling import matching_key

_LONGEST_WORD = 40

Phrase = tuple[str, ...]
"""The keys of a phrase's words."""


@lru_cache(maxsize=4096)
def key(word: str) -> str:
    """What all spellings of a word share."""
    return matching_key(word) if len(word) <= _LONGEST_WORD else word


def phrases(lines: str) -> frozenset[Phrase]:
    """The phrases of a list that is separated by commas."""
    listed = " ".join(lines.split()).split(",")
    return frozenset(tuple(key(word) for word in phrase.split()) for phrase in listed if phrase.strip())


def longest(among: Set[Phrase], keys: Sequence[str], at: int = 0, *, most: int = 5) -> int:
    """How many words the longest of the phrases has that stands at a place; 0 where none does."""
    for length in range(min(most, len(keys) - at), 0, -1):
        if tuple(keys[at : at + length]) in among:
            return length
    return 0
