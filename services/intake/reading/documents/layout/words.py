"""Words at their places on a page, and the lines that they stand in."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

_SAME_LINE = 0.4
_WIDE_GAP = 2.0


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word on a page, in points from its lower left corner. `y` is the baseline, `size` the height of its letters'
    line."""

    text: str
    left: float
    right: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """Words side by side, from left to right. `halves_at` is the word that the right one of two columns begins with."""

    words: tuple[PlacedWord, ...]
    halves_at: int | None = None

    @property
    def left(self) -> float:
        """Where the line begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where the line ends."""
        return self.words[-1].right

    @property
    def y(self) -> float:
        """Its baseline."""
        return max(word.y for word in self.words)

    @property
    def size(self) -> float:
        """The height of its largest letters."""
        return max(word.size for word in self.words)

    @property
    def first_width(self) -> float:
        """How wide its first word is."""
        return self.words[0].right - self.words[0].left

    def text(self) -> str:
        """Its words; a tab where they stand far apart, as in two columns."""
        parts = [self.words[0].text]
        for index, (before, word) in enumerate(pairwise(self.words), start=1):
            apart = index == self.halves_at or word.left - before.right > _WIDE_GAP * min(before.size, word.size)
            parts.append("\t" if apart else " ")
            parts.append(word.text)
        return "".join(parts)


def lines_of_words(words: Iterable[PlacedWord]) -> list[TextLine]:
    """The lines that words stand in, from the top of the page."""
    lines: list[list[PlacedWord]] = []
    for word in sorted(words, key=lambda word: -word.y):
        if lines and lines[-1][0].y - word.y < _SAME_LINE * min(lines[-1][0].size, word.size):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [TextLine(tuple(sorted(line, key=lambda word: word.left))) for line in lines]
