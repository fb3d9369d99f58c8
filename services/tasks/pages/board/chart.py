"""Where the parts of the picture of the last months stand. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.tasks.register.trend import Month

WIDTH, HEIGHT = 720, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 716, 14, 218
_STEPS = 4

Part = Literal["assigned", "done_on_time", "done_without_deadline", "done_late"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle."""

    part: Part
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the picture, at the height of a number."""

    number: int
    y: float


@dataclass(frozen=True, slots=True)
class Point:
    """A month: the middle of its place, and how high its overdue tasks stand."""

    month: Month
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture: what was assigned and done as bars, what was overdue at each month's end as a line."""

    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    points: Sequence[Point]

    @property
    def line(self) -> str:
        """The points of the line."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


def chart(months: Sequence[Month]) -> Chart:
    """The picture of some months, the first on the left."""
    stacks = [_done(month) for month in months]
    done = (sum(count for _, count in parts) for parts in stacks)
    top = _round_above(max([1, *done, *(max(month.assigned.count, month.overdue.count) for month in months)]))
    place = (RIGHT - LEFT) / max(len(months), 1)
    width = round(place * 0.3, 1)
    bars, points = [], []
    for number, (month, parts) in enumerate(zip(months, stacks, strict=True)):
        begin = LEFT + number * place
        bars += _stack([("assigned", month.assigned.count)], round(begin + place * 0.16, 1), width, top)
        bars += _stack(parts, round(begin + place * 0.52, 1), width, top)
        points.append(Point(month, round(begin + place / 2, 1), _y(month.overdue.count, top)))
    ticks = [Tick(top * step // _STEPS, _y(top * step // _STEPS, top)) for step in range(_STEPS + 1)]
    return Chart(bars, ticks, points)


def _done(month: Month) -> list[tuple[Part, int]]:
    return [
        ("done_on_time", month.done_on_time.count),
        ("done_without_deadline", month.done_without_deadline.count),
        ("done_late", month.done_late.count),
    ]


def _stack(parts: Sequence[tuple[Part, int]], x: float, width: float, top: int) -> list[Bar]:
    found, below = [], 0
    for part, count in parts:
        if count:
            y = _y(below + count, top)
            found.append(Bar(part, x, y, width, round(_y(below, top) - y, 1)))
        below += count
    return found


def _y(count: int, top: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * count / top, 1)


def _round_above(number: int) -> int:
    """The next number whose quarters are whole and read well: 4, 8, 20, 40, 80, 200 and so on."""
    scale = 1
    while True:
        for first in (4, 8, 20):
            if number <= first * scale:
                return first * scale
        scale *= 10
