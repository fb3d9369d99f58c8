"""From the pages of a document to its source: lines become paragraphs, drawn frames become tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from services.intake.reading.documents.composition import Cell, Composition
from services.intake.reading.documents.layout.flow import Column, Paragraphs, column_of, column_of_page
from services.intake.reading.documents.layout.grid import Grid, Rules, grids_of
from services.intake.reading.documents.layout.halves import with_halves
from services.intake.reading.documents.layout.margins import without_margins
from services.intake.reading.documents.layout.words import PlacedWord, TextLine, lines_of_words
from services.intake.reading.documents.letterhead import stands_side_by_side
from services.intake.reading.source import Source, SourceDoubt

_SAME_COLUMNS = 4.0
_BEGINS_LINE = re.compile(r"[-–+•*▪]\s|\(?\d{1,2}[.)]\s")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its words and the lines drawn on it."""

    words: Sequence[PlacedWord]
    rules: Rules


@dataclass(frozen=True, slots=True)
class _Frame:
    grid: Grid
    words: tuple[list[PlacedWord], ...]

    def rows(self, *, as_set: bool) -> list[list[Cell]]:
        """The table's rows; the lines of its cells as they were set, or those that were only wrapped as one."""
        cells = {
            name: Cell(tuple(_cell_lines(lines_of_words(self.words[name]), as_set=as_set)))
            for name in set(chain.from_iterable(self.grid.cells))
        }
        return [[cells[name] for name in row] for row in self.grid.cells]


def source_of_sheets(sheets: Sequence[Sheet], *doubts: SourceDoubt) -> Source:
    """The source that the pages are, in their order."""
    frames: list[list[_Frame]] = []
    pages: list[list[TextLine]] = []
    for sheet in sheets:
        framed, free = _framed(sheet)
        frames.append(framed)
        pages.append(with_halves(lines_of_words(free)))
    pages = without_margins(pages)
    whole = column_of([line for page in pages for line in page])
    reading = _Reading()
    for page, framed in zip(pages, frames, strict=True):
        reading.page(page, framed, column_of_page(page, whole))
    return reading.finished(*doubts)


class _Reading:
    def __init__(self) -> None:
        self._composition = Composition()
        self._paragraphs = Paragraphs()
        self._rows: list[list[Cell]] = []
        self._columns: tuple[float, ...] = ()

    def page(self, lines: Sequence[TextLine], frames: Sequence[_Frame], column: Column) -> None:
        """Takes a page in, from its top."""
        parts: list[TextLine | _Frame] = [*lines, *frames]
        begins_page = True
        for part in sorted(parts, key=_top, reverse=True):
            if isinstance(part, TextLine):
                self._end_table()
                self._paragraphs.take(part, column, begins_page=begins_page)
            else:
                self._end_paragraphs()
                self._table(part)
            begins_page = False

    def finished(self, *doubts: SourceDoubt) -> Source:
        """The source of what was taken in."""
        self._end_paragraphs()
        self._end_table()
        return self._composition.source(*doubts, whole_lines=False)

    def _table(self, frame: _Frame) -> None:
        rows = frame.rows(as_set=True)
        if stands_side_by_side(rows, lined=True):
            for row in rows:
                self._composition.beside(list(dict.fromkeys(row)))
            return
        rows = frame.rows(as_set=False)
        if self._rows and _alike(self._columns, frame.grid.columns):
            rows = self._going_on(rows)
        else:
            self._end_table()
        self._rows.extend(rows)
        self._columns = frame.grid.columns

    def _going_on(self, rows: list[list[Cell]]) -> list[list[Cell]]:
        """The rows that a table has on its next page: without its head again, and with the rest of a broken row put
        back into it."""
        if [cell.lines for cell in rows[0]] == [cell.lines for cell in self._rows[0]]:
            rows = rows[1:]
        if rows and self._rows and not any(rows[0][0].lines) and any(self._rows[-1][0].lines):
            broken = zip(self._rows[-1], rows[0], strict=False)
            self._rows[-1] = [Cell(tuple(_joined([*above.lines, *below.lines]))) for above, below in broken]
            rows = rows[1:]
        return rows

    def _end_paragraphs(self) -> None:
        for line in self._paragraphs.taken():
            self._composition.line(line)

    def _end_table(self) -> None:
        if self._rows:
            self._end_paragraphs()
            self._composition.table(self._rows)
            self._rows = []


def _top(part: TextLine | _Frame) -> float:
    return part.y if isinstance(part, TextLine) else part.grid.rows[0]


def _framed(sheet: Sheet) -> tuple[list[_Frame], list[PlacedWord]]:
    grids = grids_of(sheet.rules)
    words = [tuple[list[PlacedWord], ...]([] for _ in range(len(grid.cells) * len(grid.cells[0]))) for grid in grids]
    free: list[PlacedWord] = []
    for word in sheet.words:
        for grid, held in zip(grids, words, strict=True):
            if (cell := grid.cell_of(word)) is not None:
                held[cell].append(word)
                break
        else:
            free.append(word)
    return [_Frame(grid, held) for grid, held in zip(grids, words, strict=True)], free


def _cell_lines(lines: Sequence[TextLine], *, as_set: bool) -> list[str]:
    written = [line.text().replace("\t", " ") for line in lines]
    return written if as_set else _joined(written)


def _joined(lines: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for line in lines:
        if joined and not _BEGINS_LINE.match(line):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined


def _alike(one: Sequence[float], other: Sequence[float]) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= _SAME_COLUMNS for a, b in zip(one, other, strict=True))
