"""The turns of a task that recurs: which days each covers, and when it is due. Pure."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from dateutil.rrule import rrulestr

_MONTHS = 12
_WEEK = 7
_LARGEST_INTERVAL = 60
_DAY = dt.timedelta(days=1)
_UNITS = {"DAILY": 1, "WEEKLY": _WEEK, "MONTHLY": 1, "YEARLY": _MONTHS}
_DAY_NAMES = "(?:MO|TU|WE|TH|FR|SA|SU)"
_DAYS_OF_MONTH = re.compile(r"-?(?:[1-9]|[12]\d|3[01])(?:,-?(?:[1-9]|[12]\d|3[01]))*")
_WEEKDAYS: Mapping[str, re.Pattern[str]] = {
    "WEEKLY": re.compile(rf"{_DAY_NAMES}(?:,{_DAY_NAMES})*"),
    "MONTHLY": re.compile(rf"(?:-?[1-5])?{_DAY_NAMES}(?:,(?:-?[1-5])?{_DAY_NAMES})*"),
    "YEARLY": re.compile(rf"{_DAY_NAMES}(?:,{_DAY_NAMES})*"),
}
"""Which days of the week each frequency may name. Whatever is named comes again within some turns: dateutil would
look for a day that never comes until the year 9999."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: its first and last local day, and the last day on which finishing is in time."""

    starts_on: dt.date
    ends_on: dt.date
    due: dt.date


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence whose turns are whole days, weeks, months or years.

    `length` counts days, or months where `in_months`. `text` is the rule as it was written, `named_days` whether it
    names days within a turn, of which the last is then the deadline.
    """

    text: str
    length: int
    in_months: bool
    named_days: bool

    def turns(self, first: dt.date, until: dt.date) -> Iterator[Turn]:
        """The turns from the one that holds `first` to the one that holds `until`, in order.

        Months, quarters, half-years and years are those of the calendar, weeks begin on Monday.
        """
        return map(self.turn, self.starts(first, until))

    def starts(self, first: dt.date, until: dt.date) -> Iterator[dt.date]:
        """The first days of the turns from the one that holds `first` to the one that holds `until`, in order."""
        start = self._start(first)
        while start <= until:
            yield start
            start = self._following(start)

    def turn(self, start: dt.date) -> Turn:
        """The turn that begins on a day of `starts`."""
        end = self._following(start) - _DAY
        return Turn(start, end, self._due(start, end))

    def _start(self, day: dt.date) -> dt.date:
        if self.in_months:
            months = day.year * _MONTHS + day.month - 1
            return _month(months - months % self.length)
        return day - dt.timedelta(days=day.weekday()) if self.length % _WEEK == 0 else day

    def _following(self, start: dt.date) -> dt.date:
        if self.in_months:
            return _month(start.year * _MONTHS + start.month - 1 + self.length)
        return start + dt.timedelta(days=self.length)

    def _due(self, start: dt.date, end: dt.date) -> dt.date:
        if not self.named_days:
            return end
        begun, ended = (dt.datetime.combine(day, dt.time()) for day in (start, end))
        found = rrulestr(self.text, dtstart=begun).before(ended, inc=True)
        return found.date() if found else end


@lru_cache(maxsize=256)
def rule(recurrence: str | None) -> Rule | None:
    """The rule that a recurrence states; None where it states none that can be kept.

    Source: RFC 5545, section 3.3.10, of which FREQ, INTERVAL, BYDAY and BYMONTHDAY have a meaning here.
    """
    if not recurrence:
        return None
    text = recurrence.strip().upper().removeprefix("RRULE:")
    parts = dict(part.partition("=")[::2] for part in text.split(";"))
    unit, interval = _UNITS.get(parts.get("FREQ", "")), parts.get("INTERVAL", "1")
    if unit is None or not interval.isdecimal() or not 1 <= int(interval) <= _LARGEST_INTERVAL:
        return None
    named = {"BYDAY", "BYMONTHDAY"} & parts.keys()
    if parts.keys() - {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "WKST"} or not _names_days(parts, named):
        return None
    found = Rule(text, unit * int(interval), parts["FREQ"] in {"MONTHLY", "YEARLY"}, bool(named))
    try:
        rrulestr(text, dtstart=dt.datetime.combine(dt.date(2026, 1, 1), dt.time()))
    except ValueError:
        return None
    return found


def _names_days(parts: Mapping[str, str], named: set[str]) -> bool:
    """Whether the days that a rule names, if it names any, come in its turns at all."""
    match sorted(named):
        case []:
            return True
        case ["BYDAY"]:
            allowed = _WEEKDAYS.get(parts["FREQ"])
            return allowed is not None and bool(allowed.fullmatch(parts["BYDAY"]))
        case ["BYMONTHDAY"]:
            in_months = parts["FREQ"] in {"MONTHLY", "YEARLY"}
            return in_months and bool(_DAYS_OF_MONTH.fullmatch(parts["BYMONTHDAY"]))
        case _:
            return False


def _month(months: int) -> dt.date:
    return dt.date(months // _MONTHS, months % _MONTHS + 1, 1)
