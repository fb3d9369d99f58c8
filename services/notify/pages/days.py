"""A line of days with how much falls on each, as a picture is drawn from it. Pure."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from shared.working_days import WorkingDays

_DAY = dt.timedelta(days=1)
_WHOLE, _WIDEST, _NARROWEST = 1128, 80, 18
_NAMED_FROM = 42
_HEIGHT, _HEAD, _FOOT = 72, 18, 40
_LEAST = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: where its bar stands in the picture, in its units, and whether nobody works on it."""

    day: dt.date
    count: int
    x: int
    y: int
    height: int
    is_off: bool
    is_named: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The whole picture. `busiest` is the day on which most falls; None where nothing does."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    ground: int
    bar: int
    busiest: Bar | None


def drawn(moments: Iterable[dt.date], begin: dt.date, end: dt.date, days: WorkingDays) -> Line:
    """How much falls on each day from `begin` to `end`, both of them included."""
    counts = Counter(moments)
    most = max(counts.values(), default=1)
    whole = (end - begin).days + 1
    width = min(max(_WHOLE // whole, _NARROWEST), _WIDEST)
    bar = width * 3 // 5
    bars = []
    for place in range(whole):
        day = begin + place * _DAY
        count = counts.get(day, 0)
        height = max(round(count / most * _HEIGHT), _LEAST) if count else 0
        named = width >= _NAMED_FROM or day.weekday() == 0
        x = place * width + (width - bar) // 2
        bars.append(Bar(day, count, x, _HEAD + _HEIGHT - height, height, not days.is_working(day), named))
    busiest = max(bars, key=lambda each: each.count)
    ground = _HEAD + _HEIGHT
    return Line(tuple(bars), whole * width, ground + _FOOT, ground, bar, busiest if busiest.count else None)
