"""When one name is the other with some of its words cut down to their initials: "P. KHTC", "TTUB tỉnh"."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from shared.directory.spelling import matching_key, visible, without_marks

_WORD = re.compile(r"[^\W_]+")
_JOINING = frozenset({matching_key(word) for word in ("và", "of", "and", "the")})
_LONGEST_INITIALS = 8
_MOST_WORDS = 24
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name by its key. `initials` are the letters that it may stand for, without their diacritics; "" of
    a word that can only be itself. `first` is its own initial."""

    key: str
    first: str
    initials: str


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[Word, ...]:
    """The words of a name that count: those that only join others ("và") do not, nor do signs."""
    found = []
    for written in _WORD.findall(visible(name)):
        key = matching_key(written)
        if key and key not in _JOINING:
            found.append(Word(key, without_marks(written)[:1], _initials(written)))
    return tuple(found)


def abbreviates(one: Sequence[Word], other: Sequence[Word]) -> bool:
    """Whether both name the same, word by word, where either may cut words of the other down to their initials."""
    if not one or not other or len(one) > _MOST_WORDS or len(other) > _MOST_WORDS:
        return False
    if one[-1].key != other[-1].key and not one[-1].initials and not other[-1].initials:
        return False
    if sum(len(word.initials) == 0 for word in (*one, *other)) == 0:
        return False
    return _aligned(tuple(one), tuple(other))


def _aligned(one: tuple[Word, ...], other: tuple[Word, ...]) -> bool:
    """By dynamic programming over how many words of each are used up."""
    reached = {(0, 0)}
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if (i, j) not in reached:
                continue
            if i < len(one) and j < len(other) and one[i].key == other[j].key:
                reached.add((i + 1, j + 1))
            if i < len(one) and (taken := _spelt_out(one[i].initials, other[j:])):
                reached.add((i + 1, j + taken))
            if j < len(other) and (taken := _spelt_out(other[j].initials, one[i:])):
                reached.add((i + taken, j + 1))
    return (len(one), len(other)) in reached


def _spelt_out(initials: str, words: Sequence[Word]) -> int:
    """How many of the words the initials stand for; 0 where they do not."""
    count = len(initials)
    if not count or len(words) < count:
        return 0
    return count if initials == "".join(word.first for word in words[:count]) else 0


def _initials(written: str) -> str:
    letters = unicodedata.normalize("NFD", written)
    if not written.isalpha() or not written.isupper() or len(written) > _LONGEST_INITIALS:
        return ""
    return "" if any(mark in _TONES for mark in letters) else without_marks(written)
