"""Working days in Vietnam: Monday to Friday, without the public holidays and the days off that stand in for them."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cache

import holidays

_DAY = dt.timedelta(days=1)
_SATURDAY = 5


@cache
def _public_holidays() -> holidays.HolidayBase:
    # It knows the lunar new year and the Hùng kings' day of any year, and works each year out when it is asked for.
    return holidays.country_holidays("VN")


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The calendar of an office. `extra_holidays` are days off, `extra_workdays` days worked, that the government
    decides for one year."""

    extra_holidays: frozenset[dt.date] = field(default_factory=frozenset)
    extra_workdays: frozenset[dt.date] = field(default_factory=frozenset)

    def is_working(self, day: dt.date) -> bool:
        """Whether an office works on a local day."""
        if day in self.extra_workdays:
            return True
        return day.weekday() < _SATURDAY and day not in self.extra_holidays and day not in _public_holidays()

    def after(self, day: dt.date, count: int) -> dt.date:
        """The working day that is the `count`-th behind a day, which itself does not count; `count` is 1 or more.

        Source: Bộ luật Dân sự 2015, điều 147.
        """
        while count:
            day += _DAY
            count -= self.is_working(day)
        return day

    def before(self, day: dt.date, count: int) -> dt.date:
        """The working day that is the `count`-th ahead of a day, which itself does not count; `count` is 1 or more."""
        while count:
            day -= _DAY
            count -= self.is_working(day)
        return day

    def on_or_after(self, day: dt.date) -> dt.date:
        """The day, or where nobody works on it the next working day. Source: Bộ luật Dân sự 2015, điều 148."""
        return day if self.is_working(day) else self.after(day, 1)
