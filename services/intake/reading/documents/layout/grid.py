"""Tables by the lines drawn around their cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.intake.reading.documents.layout.words import PlacedWord

_NEAR = 3.0
_MOST_RULES = 600
_FEWEST_COLUMN_LINES = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line on a page: at `at` across, from `start` to `end` along, in points."""

    at: float
    start: float
    end: float

    def covers(self, place: float) -> bool:
        """Whether the line passes a place along it."""
        return self.start - _NEAR <= place <= self.end + _NEAR


@dataclass(frozen=True, slots=True)
class Rules:
    """The horizontal and the vertical lines of a page."""

    across: tuple[Rule, ...]
    down: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's frame. `columns` are its vertical lines from the left, `rows` its horizontal ones from the top; each
    field belongs to the cell that `cells` names, by row and column: fields without a line between are one cell."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    cells: tuple[tuple[int, ...], ...]

    def cell_of(self, word: PlacedWord) -> int | None:
        """The cell that a word stands in; None outside of the table."""
        x, y = (word.left + word.right) / 2, word.y + word.size / 4
        if not (self.columns[0] < x < self.columns[-1] and self.rows[-1] < y < self.rows[0]):
            return None
        column = sum(x > line for line in self.columns) - 1
        row = sum(y < line for line in self.rows) - 1
        return self.cells[row][column]


def grids_of(rules: Rules) -> list[Grid]:
    """The tables that the lines of a page draw, from the top."""
    across, down = _joined(rules.across), _joined(rules.down)
    if max(len(across), len(down)) > _MOST_RULES:
        return []
    grids = []
    for h, v in _connected(across, down):
        # A row that goes on over the page has no line below it, and some tables have none at their sides.
        columns = _places([*(line.at for line in v), *(end for line in h for end in (line.start, line.end))])
        rows = _places([*(line.at for line in h), *(end for line in v for end in (line.start, line.end))])[::-1]
        if len(columns) >= _FEWEST_COLUMN_LINES and len(rows) > 1 and v:
            grids.append(Grid(columns, rows, _cells(columns, rows, h, v)))
    return sorted(grids, key=lambda grid: -grid.rows[0])


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """The lines with those that go on with one another as one."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.at / _NEAR), rule.start)):
        last = joined[-1] if joined else None
        if last is not None and abs(last.at - rule.at) <= _NEAR and rule.start <= last.end + _NEAR:
            joined[-1] = Rule(last.at, min(last.start, rule.start), max(last.end, rule.end))
        else:
            joined.append(rule)
    return [rule for rule in joined if rule.end - rule.start > 2 * _NEAR]


def _connected(across: Sequence[Rule], down: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """The lines in groups that touch."""
    group = list(range(len(across) + len(down)))

    def top(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    for i, h in enumerate(across):
        for j, v in enumerate(down, start=len(across)):
            if h.covers(v.at) and v.covers(h.at):
                group[top(i)] = top(j)
    found: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, h in enumerate(across):
        found.setdefault(top(i), ([], []))[0].append(h)
    for j, v in enumerate(down, start=len(across)):
        found.setdefault(top(j), ([], []))[1].append(v)
    return list(found.values())


def _places(values: Iterable[float]) -> tuple[float, ...]:
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return tuple(places)


def _cells(
    columns: Sequence[float], rows: Sequence[float], across: Sequence[Rule], down: Sequence[Rule]
) -> tuple[tuple[int, ...], ...]:
    """Which cell each field belongs to: fields that no line parts are one."""
    width = len(columns) - 1
    cells = [[row * width + column for column in range(width)] for row in range(len(rows) - 1)]
    for row in range(len(rows) - 1):
        middle = (rows[row] + rows[row + 1]) / 2
        for column in range(1, width):
            if not _parts(down, columns[column], middle):
                _join(cells, cells[row][column], cells[row][column - 1])
    for row in range(1, len(rows) - 1):
        for column in range(width):
            if not _parts(across, rows[row], (columns[column] + columns[column + 1]) / 2):
                _join(cells, cells[row][column], cells[row - 1][column])
    return tuple(map(tuple, cells))


def _parts(rules: Sequence[Rule], at: float, place: float) -> bool:
    return any(abs(rule.at - at) <= _NEAR and rule.covers(place) for rule in rules)


def _join(cells: list[list[int]], one: int, other: int) -> None:
    for row in cells:
        for column, cell in enumerate(row):
            if cell == one:
                row[column] = other
