"""The rows of a table of duties, each with its group and with what rows below it add."""

import re
from dataclasses import dataclass, field

from services.intake.reading.owners.units import units_at
from services.intake.reading.tables.columns import Column
from services.intake.reading.tables.table_columns import Columns
from services.intake.reading.tables.tables import Cells, Grid
from services.intake.reading.text import Passage

_GROUP_ORDINAL = re.compile(r"[IVXLC]+\.?|[A-ZĐ]\.?")

_ORDINAL = re.compile(r"\(?\d{1,3}(?:\.\d{1,2}){0,3}[.)]?|[a-zđ][.)]")


@dataclass(slots=True)
class Row:
    """A row with what rows below it add."""

    task: Passage
    owner: Passage | None = None
    lead: Passage | None = None
    cooperator: Passage | None = None
    term: Passage | None = None
    others: list[Passage] = field(default_factory=list)
    group: str | None = None
    group_units: tuple[str, ...] = ()


def rows_of(grid: Grid, columns: Columns) -> list[Row]:
    """The rows that lay duties, each with its group's name, and with what stands in rows that only go on with it."""
    rows: list[Row] = []
    group: Passage | None = None
    heads = [_keys(row) for row in grid.rows[: columns.head_rows]]
    for at, row in enumerate(grid.rows[columns.head_rows :], columns.head_rows):
        cells = [cell for cell in row if cell is not None]
        if not cells or _keys(row) in heads or all(cell.words.strip("()").isdigit() for cell in cells):
            continue
        ordinal = cell_at(row, columns, Column.ORDINAL)
        task = cell_at(row, columns, Column.TASK)
        said = [cell_at(row, columns, kind) for kind in (Column.OWNER, Column.COOPERATOR, Column.DEADLINE, Column.LEAD)]
        alone = len({cell.span for cell in cells if cell is not ordinal}) == 1
        if task is None or (alone and not any(cell is not None and cell.span != task.span for cell in said)):
            words = task or cells[-1]
            if task is None and rows and ordinal is None and any(said):
                _go_on(rows[-1], row, columns)
            elif rows and ordinal is None and words.words[:1].islower():
                rows[-1].task = rows[-1].task.followed_by(words)
            elif task is not None and ordinal is not None and ordinal.span == task.span:
                group = task
            elif task is not None and ordinal is not None and not _begins_group(grid, at, columns, ordinal):
                rows.append(_row(row, columns, task, group))
            else:
                group = words
            continue
        if ordinal is None and rows and task.words[:1].islower() and Column.ORDINAL in columns.places:
            _go_on(rows[-1], row, columns)
        else:
            rows.append(_row(row, columns, task, group))
    return rows


def _row(row: Cells, columns: Columns, task: Passage, group: Passage | None) -> Row:
    named = group.words if group is not None else ""
    units = units_at(named) if named else None
    return Row(
        task,
        cell_at(row, columns, Column.OWNER),
        cell_at(row, columns, Column.LEAD),
        cell_at(row, columns, Column.COOPERATOR),
        cell_at(row, columns, Column.DEADLINE),
        group=group.text[:500] if group is not None else None,
        group_units=units.phrases if units is not None and units.end >= len(named.rstrip(" .:")) else (),
    )


def _go_on(before: Row, row: Cells, columns: Columns) -> None:
    """Adds the cells of a row that only goes on with the row before, as over a page's end."""
    if (more := cell_at(row, columns, Column.TASK)) is not None:
        before.task = before.task.followed_by(more)
    if (more := cell_at(row, columns, Column.OWNER)) is not None:
        before.owner = before.owner.followed_by(more) if before.owner else more
    if (more := cell_at(row, columns, Column.COOPERATOR)) is not None:
        before.cooperator = before.cooperator.followed_by(more) if before.cooperator else more
    if (more := cell_at(row, columns, Column.DEADLINE)) is not None:
        before.term = before.term.followed_by(more) if before.term else more


def _begins_group(grid: Grid, at: int, columns: Columns, ordinal: Passage) -> bool:
    """Whether a row whose task stands alone is the head of the rows below it."""
    if _GROUP_ORDINAL.fullmatch(ordinal.words):
        return True
    below = cell_at(grid.rows[at + 1], columns, Column.ORDINAL) if at + 1 < len(grid.rows) else None
    number = ordinal.words.strip("*.) ")
    if below is not None and below.words.startswith(f"{number}."):
        return True
    return below is not None and below.words.strip(".)") == "1" and _ORDINAL.fullmatch(ordinal.words) is not None


def cell_at(row: Cells, columns: Columns, kind: Column) -> Passage | None:
    place = columns.places.get(kind)
    return row[place] if place is not None and place < len(row) else None


def _keys(row: Cells) -> tuple[str, ...]:
    return tuple(cell.words.lower() if cell else "" for cell in row)
