"""Tables of a text: those that its document names, and those that are drawn with pipes, tabs or aligned columns."""

import re
from dataclasses import dataclass

from services.intake.reading.source import Source, Table
from services.intake.reading.tables.columns import COLUMNS_OF_HEADS, Column, column_of
from services.intake.reading.text import Line, Passage

_PIPE_RULE = re.compile(r"[\s|:\-]+")
_BREAK = re.compile(r"<br\s?/?>", re.IGNORECASE)
_GAP = re.compile(r"[ \xa0]{2,}")
_CELL = re.compile(r"\S(?:[ \xa0]?\S)*")
_MOST_COLUMNS = 12
_LONGEST_ROW = 2_000
_MOST_GAP_LINES = 3

Cells = tuple[Passage | None, ...]
"""A row: each cell's words, or none where the cell is empty."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it is read. `first` and `last` are the lines that it takes up, counted in the text's lines."""

    rows: tuple[Cells, ...]
    first: int
    last: int


def grids_of(source: Source, lines: list[Line]) -> list[Grid]:
    """The tables of a text, in order; none overlaps another."""
    grids: list[Grid] = []
    named = _named(source, lines)
    at = 0
    while at < len(lines):
        grid = named.get(at) or _piped(source.text, lines, at) or _tabbed(source.text, lines, at)
        grid = grid or _aligned(source.text, lines, at)
        if grid is None:
            at += 1
        else:
            grids.append(grid)
            at = grid.last + 1
    return grids


def _named(source: Source, lines: list[Line]) -> dict[int, Grid]:
    """The tables that the document itself names, by their first line."""
    found: dict[int, Grid] = {}
    at = 0
    for table in source.tables:
        if not table.rows or not any(table.rows):
            continue
        start, end = table.span
        while at < len(lines) and lines[at].end <= start:
            at += 1
        last = at
        while last < len(lines) and lines[last].start < end:
            last += 1
        if last > at:
            found[at] = Grid(_rows_of(source.text, table), at, last - 1)
            at = last
    return found


def _rows_of(text: str, table: Table) -> tuple[Cells, ...]:
    return tuple(tuple(_cell(text, start, end) for start, end in row) for row in table.rows)


def _cell(text: str, start: int, end: int) -> Passage | None:
    """A cell's words; a break within it parts them."""
    fragments: list[tuple[int, int]] = []
    at = start
    for match in (*_BREAK.finditer(text, start, end), None):
        stop = match.start() if match else end
        piece = text[at:stop]
        left, right = len(piece) - len(piece.lstrip(" \t\n\r\xa0*_")), len(piece.rstrip(" \t\n\r\xa0*_"))
        if left < right:
            fragments.append((at + left, at + right))
        at = match.end() if match else end
    return Passage(text, tuple(fragments)) if fragments else None


def _piped(text: str, lines: list[Line], at: int) -> Grid | None:
    last = at
    while last < len(lines) and lines[last].in_table:
        last += 1
    if last == at:
        return None
    rows = []
    for line in lines[at:last]:
        if _PIPE_RULE.fullmatch(text, line.start, line.end):
            continue
        cells: list[Passage | None] = []
        begin = line.start + 1
        while begin < line.end:
            stop = text.find("|", begin, line.end)
            stop = line.end if stop < 0 else stop
            cells.append(_cell(text, begin, stop))
            begin = stop + 1
        rows.append(tuple(cells))
    return Grid(tuple(rows), at, last - 1)


def _tabbed(text: str, lines: list[Line], at: int) -> Grid | None:
    head = _tab_cells(text, lines[at])
    if len(head) < 3 or not _heads_columns(head):
        return None
    rows = [head]
    last = at + 1
    while last < len(lines) and (len(cells := _tab_cells(text, lines[last])) > 1):
        rows.append(cells)
        last += 1
    return Grid(tuple(rows), at, last - 1)


def _tab_cells(text: str, line: Line) -> Cells:
    cells: list[Passage | None] = []
    begin = line.start
    while begin <= line.end:
        stop = text.find("\t", begin, line.end)
        stop = line.end if stop < 0 else stop
        cells.append(_cell(text, begin, stop))
        begin = stop + 1
    return tuple(cells)


def _heads_columns(cells: Cells) -> bool:
    columns = {column_of(cell.words) for cell in cells if cell is not None} - {Column.OTHER}
    return len(columns) >= 2 and bool(columns & COLUMNS_OF_HEADS)


def _aligned(text: str, lines: list[Line], at: int) -> Grid | None:
    """A table whose columns stand below each other, parted by blanks that run through all its lines."""
    head_lines = _aligned_head(text, lines, at)
    if not head_lines:
        return None
    margin = [_line_start(text, line) for line in lines[at : at + 1]]
    width = min(_LONGEST_ROW, max(line.end - _line_start(text, line) for line in lines[at : at + head_lines]))
    taken: list[Line] = []
    blank: list[bool] = []
    wanted = 0
    for index in range(at, len(lines)):
        line = lines[index]
        begin = _line_start(text, line)
        written = text[begin : min(line.end, begin + _LONGEST_ROW)].replace("\xa0", " ")
        merged = list(blank) + [True] * max(0, len(written) - len(blank))
        for place, letter in enumerate(written):
            if letter != " ":
                merged[place] = False
        if index >= at + head_lines and (len(_runs(merged)) < wanted or _too_far(text, lines[index - 1], line)):
            break
        blank = merged
        taken.append(line)
        if index < at + head_lines:
            wanted = len(_runs(blank))
    if wanted < 3 or len(taken) <= head_lines or not margin or width < 20:
        return None
    rows = _aligned_rows(text, taken, _runs(blank), head_lines)
    return Grid(tuple(rows), at, at + len(taken) - 1)


def _aligned_head(text: str, lines: list[Line], at: int) -> int:
    """How many lines the heads of an aligned table's columns take up here; 0 where none begins."""
    if lines[at].in_table or lines[at].end - lines[at].start > _LONGEST_ROW:
        return 0
    pieces = _GAP.split(text[lines[at].start : lines[at].end].strip())
    if not 3 <= len(pieces) <= _MOST_COLUMNS or (len(pieces) > 1 and any(len(piece) > 60 for piece in pieces)):
        return 0
    columns = {column_of(piece) for piece in pieces} - {Column.OTHER}
    if len(columns) < 2 or not columns & COLUMNS_OF_HEADS:
        return 0
    length = 1
    while at + length < len(lines) and length < 3 and _goes_on_heads(text, lines[at + length]):
        length += 1
    return length


def _goes_on_heads(text: str, line: Line) -> bool:
    written = text[line.start : line.end]
    pieces = [piece for piece in _GAP.split(written.strip()) if piece]
    return all(piece[:1].islower() and len(piece) < 30 for piece in pieces) and not written[:1].isdigit()


def _runs(blank: list[bool]) -> list[tuple[int, int]]:
    """The columns: stretches of letters parted by at least two blanks, each to the start of the next."""
    starts: list[int] = []
    gap = 2
    for place, is_blank in enumerate(blank):
        if is_blank:
            gap += 1
        else:
            if gap >= 2:
                starts.append(place)
            gap = 0
    return [(start, end) for start, end in zip(starts, [*starts[1:], len(blank)], strict=True)]


def _line_start(text: str, line: Line) -> int:
    return max(text.rfind(end, 0, line.start) for end in "\n\r\f") + 1


def _too_far(text: str, previous: Line, line: Line) -> bool:
    return text.count("\n", previous.end, line.start) > _MOST_GAP_LINES


def _aligned_rows(text: str, taken: list[Line], columns: list[tuple[int, int]], head_lines: int) -> list[Cells]:
    numbered = sum(1 for line in taken[head_lines:] if _first_cell(text, line, columns)) > 0
    rows: list[list[list[tuple[int, int]]]] = []
    for index, line in enumerate(taken):
        begin = _line_start(text, line)
        cells = [_trimmed(text, begin + start, min(begin + end, line.end)) for start, end in columns]
        if index >= head_lines:
            starts = bool(cells[0]) if numbered else line.after_blank or index == head_lines or _full(cells)
        else:
            starts = index == 0
        if starts or index == head_lines:
            rows.append([[] for _ in columns])
        for column, cell in enumerate(cells):
            if cell:
                rows[-1][column].append(cell)
    return [tuple(Passage(text, tuple(cell)) if cell else None for cell in row) for row in rows]


def _full(cells: list[tuple[int, int] | None]) -> bool:
    return sum(cell is not None for cell in cells) >= max(2, len(cells) - 1)


def _first_cell(text: str, line: Line, columns: list[tuple[int, int]]) -> bool:
    begin = _line_start(text, line)
    cell = _trimmed(text, begin + columns[0][0], min(begin + columns[0][1], line.end))
    return (
        cell is not None
        and re.fullmatch(r"\d{1,3}(?:\.\d{1,2})*\.?|[IVXA-Z]{1,4}\.?", text[cell[0] : cell[1]]) is not None
    )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    if start >= end:
        return None
    piece = text[start:end]
    left, right = len(piece) - len(piece.lstrip(" \xa0\t*_")), len(piece.rstrip(" \xa0\t*_"))
    return (start + left, start + right) if left < right else None
