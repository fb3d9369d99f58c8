"""Which local days a named period has, where the year is said and where it is left to the reader."""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Literal

Part = Literal["start", "middle", "end"]
"""Which part of a period is meant."""

Kind = Literal["day", "week", "month", "quarter", "half-year", "year"]

_SOON = dt.timedelta(days=150)
_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last local day."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Said:
    """What words say of a day or a period. What they do not say is None.

    `months` are the first and last month (1-12) of a month, quarter or half-year; `shift` counts periods from the
    present one, so 0 is this month and 1 the next, and `year_shift` years; `week` counts weeks of a month from 1, and
    -1 is its last; a week that stands alone is one of the year (ISO 8601).
    """

    kind: Kind
    day: int | None = None
    months: tuple[int, int] | None = None
    year: int | None = None
    year_shift: int | None = None
    shift: int | None = None
    weekday: int | None = None
    week: int | None = None
    part: Part | None = None


def period_of(said: Said, today: dt.date | None) -> Period | None:
    """The days that are meant; none where there are no such days, or no `today` to count them from."""
    try:
        period = _whole(said, today)
    except (ValueError, OverflowError):
        return None
    if period is None or said.part is None:
        return period
    day = _day_of_part(said, period)
    return Period(day, day)


def _whole(said: Said, today: dt.date | None) -> Period | None:
    if said.year is not None:
        return _in_year(said, said.year)
    if today is None:
        return None
    if said.year_shift is not None:
        return _in_year(said, today.year + said.year_shift)
    if said.shift is not None or said.weekday is not None or said.months is None:
        return _from_today(said, today)
    this_year = _in_year(said, today.year) if _exists(said, today.year) else None
    if this_year is not None and this_year.last >= today:
        return this_year
    next_year = _in_year(said, today.year + 1)
    if said.kind == "day" or (said.kind != "half-year" and next_year.first <= today + _SOON):
        return next_year
    return None


def _exists(said: Said, year: int) -> bool:
    return said.day is None or said.months is None or said.day <= calendar.monthrange(year, said.months[0])[1]


def _in_year(said: Said, year: int) -> Period:
    if said.kind == "week" and said.week is not None:
        return Period(dt.date.fromisocalendar(year, said.week, 1), dt.date.fromisocalendar(year, said.week, 7))
    first_month, last_month = said.months or (1, 12)
    if said.day is not None:
        day = dt.date(year, first_month, said.day)
        return Period(day, day)
    last = dt.date(year, last_month, calendar.monthrange(year, last_month)[1])
    if said.week is not None:
        ends = last if said.week == -1 else min(last, dt.date(year, first_month, min(7 * said.week, 28)))
        return Period(ends - dt.timedelta(days=6), ends)
    return Period(dt.date(year, first_month, 1), last)


def _from_today(said: Said, today: dt.date) -> Period | None:
    shift = said.shift or 0
    if said.weekday is not None:
        monday = today - dt.timedelta(days=today.weekday())
        day = monday + dt.timedelta(days=said.weekday) + shift * _WEEK
        if said.shift is None and day < today:
            day += _WEEK
        return Period(day, day)
    if said.kind == "day" and said.day is None:
        day = today + dt.timedelta(days=shift)
        return Period(day, day)
    if said.kind == "day":
        if said.shift is None and said.day is not None and said.day < today.day:
            shift = 1
        return _in_year(*_month_from(today, shift, said.day))
    if said.kind == "week":
        monday = today - dt.timedelta(days=today.weekday()) + shift * _WEEK
        return Period(monday, monday + dt.timedelta(days=6))
    if said.kind == "month":
        return _in_year(*_month_from(today, shift, None))
    if said.kind == "quarter":
        year, quarter = divmod(today.year * 4 + (today.month - 1) // 3 + shift, 4)
        return _in_year(Said("quarter", months=(3 * quarter + 1, 3 * quarter + 3)), year)
    if said.kind == "half-year":
        return None
    return _in_year(said, today.year + shift)


def _month_from(today: dt.date, shift: int, day: int | None) -> tuple[Said, int]:
    year, month = divmod(today.year * 12 + today.month - 1 + shift, 12)
    return Said("month", day=day, months=(month + 1, month + 1)), year


def _day_of_part(said: Said, period: Period) -> dt.date:
    """The day of a part of a period. Source: Bộ luật Dân sự 2015, điều 146."""
    if said.part == "start":
        return period.first
    if said.part == "end":
        return period.last
    if said.kind == "year":
        return dt.date(period.first.year, 6, 30)
    if said.kind == "week":
        return period.first + dt.timedelta(days=2)
    middle = period.first.month + (period.last.month - period.first.month) // 2
    return dt.date(period.first.year, middle, 15)
