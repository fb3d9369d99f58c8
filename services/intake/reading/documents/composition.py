"""Puts a document's text together line by line, and keeps the place of every cell of its tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from services.intake.reading.source import Source, SourceDoubt, Span, Table

_UNRECORDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n?|\n|\x0b|\x0c|\x85|\u2028|\u2029")
_IN_CELL = "<br>"


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell of a table by its lines. One that goes on over several rows or columns stands in each, as this object."""

    lines: tuple[str, ...]


class Composition:
    """A source in the making."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._tables: list[Table] = []

    def line(self, words: str) -> None:
        """Adds a line, or several where the words hold line ends."""
        for each in _LINE_END.split(words):
            self._add(_recordable(each).rstrip() + "\n")

    def beside(self, cells: Sequence[Cell]) -> None:
        """Adds what stands side by side without being a table, such as a letterhead: line by line, tabs between."""
        for together in zip_longest(*(cell.lines for cell in cells), fillvalue=""):
            if any(words.strip() for words in together):
                self.line("\t".join(words.strip() for words in together))

    def table(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Adds a table: each row a line, its cells between bars."""
        places: dict[int, Span] = {}
        spans = []
        for row in rows:
            here = []
            for cell in row:
                self._add("| ")
                if id(cell) not in places:
                    start = self._length
                    self._add(_IN_CELL.join(_recordable(line).strip() for line in cell.lines if line.strip()))
                    places[id(cell)] = (start, self._length)
                here.append(places[id(cell)])
                self._add(" ")
            self._add("|\n")
            spans.append(tuple(here))
        if any(row for row in spans):
            self._tables.append(Table(tuple(row for row in spans if row)))

    def source(self, *doubts: SourceDoubt, whole_lines: bool) -> Source:
        """What was put together."""
        return Source("".join(self._parts), tuple(self._tables), doubts, whole_lines)

    def _add(self, words: str) -> None:
        self._parts.append(words)
        self._length += len(words)


def _recordable(words: str) -> str:
    return _UNRECORDABLE.sub(" ", words)
