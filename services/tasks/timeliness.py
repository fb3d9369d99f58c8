"""How work stands to its deadline: computed for the day asked about, never stored. Pure."""

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from services.tasks.task.state import OPEN, Status
from shared.working_days import WorkingDays
from shared.zone import DEFAULT_ZONE

Timeliness = Literal["done_on_time", "done_late", "in_time", "due_soon", "overdue", "no_deadline"]
"""How a task stands to its deadline. Work that is "due_soon" is in time still."""

DUE_SOON_WORKING_DAYS = 5
"""A deadline within so many working days is soon: a week, and longer where public holidays lie between."""

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """A local day on which it is asked how work stands. `zone` (IANA name) says when it begins and ends."""

    date: dt.date
    zone: str = DEFAULT_ZONE
    calendar: WorkingDays = field(default_factory=WorkingDays)

    @property
    def due_soon_until(self) -> dt.date:
        """The last deadline that is soon."""
        return _due_soon_until(self.date, self.calendar)

    @property
    def ended_at(self) -> dt.datetime:
        """The moment (UTC) at which the day is over."""
        return self.begun(self.date + _DAY)

    def begun(self, date: dt.date) -> dt.datetime:
        """The moment (UTC) at which a day of the same zone begins."""
        return dt.datetime.combine(date, dt.time(), ZoneInfo(self.zone)).astimezone(dt.UTC)

    def of(self, at: dt.datetime) -> "Day":
        """The day of the same zone in which a moment is."""
        return replace(self, date=self.local_date(at))

    def local_date(self, at: dt.datetime) -> dt.date:
        """On which day of the same zone a moment is."""
        return at.astimezone(ZoneInfo(self.zone)).date()


def timeliness(
    status: Status, due: dt.date | None, submitted_at: dt.datetime | None, day: Day, *, is_series: bool = False
) -> Timeliness | None:
    """How a task stands to its deadline on a day; finishing on the deadline is in time.

    What counts is the day on which the result was handed in, so time that its acceptance takes makes nothing late.
    A cancelled task stands to nothing, and neither does a series, whose turns have deadlines of their own.
    """
    if is_series or (status not in OPEN and status != "done"):
        return None
    if due is None:
        return "no_deadline"
    finished = day.local_date(submitted_at) if submitted_at else None
    late = due < (finished or day.date)
    if status == "done":
        return "done_late" if late else "done_on_time"
    if late:
        return "overdue"
    return "due_soon" if finished is None and due <= day.due_soon_until else "in_time"


@lru_cache(maxsize=1024)
def _due_soon_until(date: dt.date, calendar: WorkingDays) -> dt.date:
    return calendar.after(date, DUE_SOON_WORKING_DAYS)
