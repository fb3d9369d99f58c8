"""Lines on pages become paragraphs again: a line that is full goes on in the next."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.intake.reading.documents.layout.words import TextLine

_MARKER = re.compile(
    r"(?:[-–+•*▪○]|\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-zđ]|[IVX]{1,5})[.)]|\d{1,2}(?:\.\d{1,2}){0,3}\s?[-–]\s)\s*\S"
)
_ENDS_SENTENCE = (".", ";", ":", "!", "?", "/.", "./")
_INDENT = 8.0
_FEWEST_LINES = 8
_STEP = 4.0
_SHARE = 0.2
_SPACE = 0.3
_LOOSE = 1.35
_FEWEST_GAPS_OF_TITLE = 2
_BETWEEN_DIGITS = re.compile(r"\d-$")


@dataclass(frozen=True, slots=True)
class Column:
    """How lines were set: where they begin and end and how far each stands below the one before, in points; whether
    the first lines of paragraphs are set in."""

    left: float
    right: float
    pitch: float
    sets_in: bool


def column_of(lines: Sequence[TextLine]) -> Column:
    """The column that lines were set in, from the top."""
    if not lines:
        return Column(0.0, 0.0, 0.0, sets_in=False)
    right = sorted(line.right for line in lines)[int(len(lines) * 0.9)]
    full = [line for line in lines if line.right > right - line.size] or list(lines)
    starts = Counter(round(line.left / _STEP) for line in full)
    left = min(start for start, count in starts.items() if count >= _SHARE * max(starts.values())) * _STEP
    pitches = sorted(above.y - line.y for above, line in pairwise(lines) if above.y > line.y)
    set_in = sum(left + _INDENT < line.left < left + 8 * _INDENT for line in lines)
    return Column(left, right, pitches[len(pitches) // 4] if pitches else 0.0, sets_in=set_in >= _SHARE * len(lines))


def column_of_page(lines: Sequence[TextLine], whole: Column) -> Column:
    """The column that the lines of one page were set in: the whole document's, which says better how far full lines
    reach, but where many lines of the page stand outside of it, as on a page across."""
    column = column_of(lines)
    outside = column.left < whole.left - 2 * _INDENT or column.right > whole.right + 2 * _INDENT
    return column if outside and len(lines) >= _FEWEST_LINES else whole


class Paragraphs:
    """Puts lines together, one after the other."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._first: TextLine | None = None
        self._previous: TextLine | None = None

    def take(self, line: TextLine, column: Column, *, begins_page: bool) -> None:
        """Adds a line to the paragraph before it, or begins another."""
        if self._goes_on(line, column, begins_page=begins_page):
            glue = "" if _BETWEEN_DIGITS.search(self._lines[-1]) and line.text()[0].isdigit() else " "
            self._lines[-1] += glue + line.text()
        else:
            self._lines.append(line.text())
            self._first = line
        self._previous = line

    def taken(self) -> list[str]:
        """The paragraphs so far, and a fresh start."""
        lines, self._lines, self._previous = self._lines, [], None
        return lines

    def _goes_on(self, line: TextLine, column: Column, *, begins_page: bool) -> bool:
        first, previous = self._first, self._previous
        if previous is None or first is None:
            return False
        before, words = previous.text(), line.text()
        if "\t" in before or "\t" in words or _is_title(before) != _is_title(words):
            return False
        if not begins_page and previous.y - line.y > _LOOSE * column.pitch:
            return False
        hangs = _MARKER.match(first.text()) is not None and line.left > first.left + _STEP
        if previous.right + line.first_width + _SPACE * line.size < column.right:
            return words[0].islower() and not _MARKER.match(words) and (hangs or line.left <= first.left)
        if line.left > column.left + _INDENT:
            return hangs if column.sets_in else line.left <= previous.left + _INDENT or hangs
        return column.sets_in or not (_MARKER.match(words) and before.endswith(_ENDS_SENTENCE))


def _is_title(words: str) -> bool:
    return words.isupper() and words.count(" ") >= _FEWEST_GAPS_OF_TITLE
