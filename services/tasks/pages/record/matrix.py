"""Figures of the board beside those of an earlier moment. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.tasks.register.as_of import AsOf
from services.tasks.register.summary import Counted, Kind, Matrix
from services.tasks.register.tasks import TaskFilter
from services.tasks.timeliness import Timeliness
from shared.language import Words
from shared.vocabulary import STATUS, TIMELINESS

Column = Literal["overdue", "due_soon", "in_time", "no_deadline", "done_on_time", "done_late", "cancelled"]
"""A column of the board: each task stands in exactly one."""

_TIMELINESS: tuple[Timeliness, ...] = ("overdue", "due_soon", "in_time", "no_deadline", "done_on_time", "done_late")
_BESIDES: Mapping[Column, tuple[Kind, ...]] = {"no_deadline": ("no_deadline", "done_without_deadline")}

COLUMNS: Mapping[Column, Words] = {
    **{name: TIMELINESS[name] for name in _TIMELINESS},
    "cancelled": Words(STATUS["cancelled"].vi.lower(), STATUS["cancelled"].en.lower()),
}
"""What the columns are called, those at risk first."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, and the one that it was at an earlier moment; None where none is compared."""

    column: Column
    count: int
    before: int | None

    @property
    def differs(self) -> bool:
        """Whether it is another one."""
        return self.before is not None and self.before != self.count


@dataclass(frozen=True, slots=True)
class Row:
    """A unit with its figures."""

    unit: str
    name: str
    cells: tuple[Cell, ...]


def cells(now: Counted | None, then: Counted | None, *, is_compared: bool) -> tuple[Cell, ...]:
    """The figures of one row."""
    return tuple(Cell(name, _count(now, name), _count(then, name) if is_compared else None) for name in COLUMNS)


def rows(now: Matrix, then: Matrix | None) -> list[Row]:
    """The units of a board as it orders them, then those that only an earlier one has."""
    former = {str(row.key): row for row in then.rows} if then else {}
    known = then is not None and not then.left_out
    found = []
    for row in now.rows:
        before = former.pop(str(row.key), None)
        found.append(_row(row, before, is_compared=known or before is not None))
    # A unit whose row is left out is not known to have none.
    gone = former.values() if not now.left_out else ()
    return [*found, *(Row(str(row.key), row.name or str(row.key), cells(None, row, is_compared=True)) for row in gone)]


def tasks_behind(column: Column | None, unit: str | None, as_of: AsOf | None) -> TaskFilter:
    """The filter that finds the tasks which a figure counts."""
    if column == "cancelled":
        return TaskFilter(unit=unit, status="cancelled", as_of=as_of)
    return TaskFilter(unit=unit, timeliness=(column,) if column else (), as_of=as_of)


def _row(now: Counted, then: Counted | None, *, is_compared: bool) -> Row:
    return Row(str(now.key), now.name or str(now.key), cells(now, then, is_compared=is_compared))


def _count(counted: Counted | None, column: Column) -> int:
    kinds: tuple[Kind, ...] = _BESIDES.get(column) or (column,)
    return sum(counted.tasks[kind] for kind in kinds) if counted else 0
