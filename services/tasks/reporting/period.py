"""Which days a report is about. Pure."""

import datetime as dt
from dataclasses import dataclass

_USUAL_DAYS = 30
_LAST = dt.date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, from the first to the last, both included."""

    first: dt.date
    last: dt.date

    @property
    def next_last(self) -> dt.date:
        """The last day of the period of the same length that follows."""
        days = (self.last - self.first).days + 1
        return dt.date.fromordinal(min(self.last.toordinal() + days, _LAST))

    @property
    def words(self) -> str:
        """As a report says it."""
        return f"từ ngày {self.first:%d/%m/%Y} đến ngày {self.last:%d/%m/%Y}"


def period_of(first: dt.date | None, last: dt.date | None, today: dt.date) -> Period:
    """The period that is asked for; what is not said makes it end today, or hold thirty days."""
    last = last or max(today, first or today)
    return Period(first or last - dt.timedelta(days=_USUAL_DAYS - 1), last)
