"""The two halves of a letterhead, which often stand too close for their gap to tell them apart."""

import re
from collections.abc import Sequence
from dataclasses import replace

from services.intake.reading.documents.layout.words import TextLine

_RIGHT_HALF = re.compile(r"(?:CỘNG H(?:ÒA|OÀ)|ĐẢNG CỘNG SẢN|Độc lập)\b", re.IGNORECASE)
_LINES_BELOW = 5
_GAP = 0.8


def with_halves(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines of a page, those of its letterhead parted where the right half begins: at the words that every
    letterhead has there, and on the lines below them at the widest gap near that place."""
    parted: list[TextLine] = []
    begins: float | None = None
    left_to_part = 0
    for line in lines:
        at = _begins_right_half(line)
        if at is not None:
            begins = line.words[at].left if begins is None else min(begins, line.words[at].left)
            left_to_part = _LINES_BELOW
        elif begins is not None and left_to_part:
            at, left_to_part = _widest_gap(line, begins), left_to_part - 1
        parted.append(line if not at else replace(line, halves_at=at))
    return parted


def _begins_right_half(line: TextLine) -> int | None:
    for index, (word, follower) in enumerate(zip(line.words, line.words[1:], strict=False)):
        if _RIGHT_HALF.match(f"{word.text} {follower.text}"):
            return index
    return None


def _widest_gap(line: TextLine, begins: float) -> int | None:
    """The word that the right half begins with, where a gap near its place says so."""
    gaps = {
        index: line.words[index].left - line.words[index - 1].right
        for index in range(1, len(line.words))
        if line.words[index].left > begins - 4 * line.size
    }
    widest = max(gaps, key=lambda index: gaps[index], default=None)
    return widest if widest is not None and gaps[widest] > _GAP * line.size else None
