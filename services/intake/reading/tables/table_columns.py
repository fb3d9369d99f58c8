"""Which column of a table holds what."""

import re
from dataclasses import dataclass

from services.intake.reading.tables.columns import COLUMNS_OF_HEADS, Column, column_of
from services.intake.reading.tables.tables import Cells, Grid

_MOST_HEAD_ROWS = 3

_TOLD_TO_LEAD = re.compile(
    r"chủ trì|phụ trách|chịu trách nhiệm|chỉ đạo|đầu mối|lead|responsib|in charge", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what, the rows of heads, and whether the owners' head tells to lead."""

    places: dict[Column, int]
    head_rows: int
    tells_to_lead: bool


def columns_of(grid: Grid) -> Columns | None:
    for at, row in enumerate(grid.rows[:_MOST_HEAD_ROWS]):
        heads = [cell.words if cell else "" for cell in row]
        kinds = [column_of(head) for head in heads]
        if len(set(kinds) & COLUMNS_OF_HEADS) < 1 or len(set(kinds) - {Column.OTHER}) < 2:
            continue
        length = at + 1
        if length < len(grid.rows) and _is_second_head(grid.rows[length], kinds):
            below = [column_of(cell.words) if cell else Column.OTHER for cell in grid.rows[length]]
            kinds = [under if under is not Column.OTHER else kind for under, kind in zip(below, kinds, strict=False)]
            heads = [
                f"{head} {cell.words if cell else ''}" for head, cell in zip(heads, grid.rows[length], strict=False)
            ]
            length += 1
        places: dict[Column, int] = {}
        for place, kind in enumerate(kinds):
            places.setdefault(kind, place)
        if Column.TASK not in places:
            widest = _widest(grid, length, [place for place, kind in enumerate(kinds) if kind is Column.OTHER])
            if widest is None:
                return None
            places[Column.TASK] = widest
        if not {Column.OWNER, Column.LEAD, Column.DEADLINE} & set(places):
            return None
        owner = places.get(Column.OWNER)
        return Columns(places, length, owner is not None and _TOLD_TO_LEAD.search(heads[owner]) is not None)
    return None


def _is_second_head(row: Cells, kinds: list[Column]) -> bool:
    cells = [cell.words for cell in row if cell is not None]
    named = [column_of(words) for words in cells if not words.isdigit()]
    new = {kind for kind in named if kind is not Column.OTHER}
    return (
        bool(cells) and all(len(words) < 40 for words in cells) and bool(new - set(kinds)) and Column.OTHER not in named
    )


def _widest(grid: Grid, head_rows: int, places: list[int]) -> int | None:
    def width(place: int) -> int:
        return sum(len(words) for words in words_of(grid, head_rows, place))

    return max(places, key=width, default=None)


def words_of(grid: Grid, head_rows: int, place: int) -> list[str]:
    """The words of a column's cells."""
    cells = (row[place] for row in grid.rows[head_rows:] if place < len(row))
    return [cell.words for cell in cells if cell is not None]
