"""Whether two notices say nearly the same, so that one that comes again in another rendering is noticed.

What is compared is the words of the title and the directives: letterheads, numbers, page breaks and list marks differ
between a draft, its PDF and its scan.
"""

import re
from collections.abc import Iterable
from zlib import crc32

from rapidfuzz.distance import Indel

from shared.directory.spelling import matching_key

NEARLY_THE_SAME = 0.9
"""From this share of words in the same order on, two notices are renderings of one."""

_BANDS = 8
_ROWS = 4
_SHINGLE = 3
_MOST_WORDS = 5_000
_NOTHING = 0xFFFFFFFF
_COUNTS = re.compile(r"[a-zđ]|\d{1,2}")


def words_compared(title: str, directives: Iterable[str]) -> list[str]:
    """The words by which a notice is compared, of a long one its first: not the marks of lists, nor numbers of one or
    two digits."""
    words: list[str] = []
    for text in (title, *directives):
        words.extend(word for word in matching_key(text).split() if not _COUNTS.fullmatch(word))
        if len(words) > _MOST_WORDS:
            break
    return words[:_MOST_WORDS]


def sketch(words: list[str]) -> tuple[int, ...]:
    """Eight numbers of which two lists that share nine in ten of their runs of three words hardly ever share none,
    and others hardly ever one. A list too short for a run has no sketch.

    Source: one-permutation min-hashing with rotation (Shrivastava and Li 2014), banded (Leskovec et al., Mining of
    Massive Datasets, section 3.4).
    """
    if len(words) < _SHINGLE:
        return ()
    slots = [_NOTHING] * (_BANDS * _ROWS)
    for place in range(len(words) - _SHINGLE + 1):
        found = crc32(" ".join(words[place : place + _SHINGLE]).encode())
        slot, value = found % len(slots), found // len(slots)
        if value < slots[slot]:
            slots[slot] = value
    filled = _rotated(slots)
    return tuple(crc32(repr((band, filled[band * _ROWS : (band + 1) * _ROWS])).encode()) for band in range(_BANDS))


def likeness(words: list[str], others: list[str]) -> float:
    """The share of words that stand in both in the same order: 1 is the same."""
    return Indel.normalized_similarity(words, others)


def _rotated(slots: list[int]) -> list[int]:
    """Each empty slot with what the next filled one holds, and how far that is, so that short texts compare too."""
    filled, distance, following = list(slots), 0, _NOTHING
    for place in range(2 * len(slots) - 1, -1, -1):
        held = slots[place % len(slots)]
        if held != _NOTHING:
            following, distance = held, 0
        elif following != _NOTHING:
            distance += 1
            filled[place % len(slots)] = following + distance * _NOTHING
    return filled
