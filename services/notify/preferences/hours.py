"""Local hours as moments: when a digest is due, and when quiet hours are over."""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from shared.events.preferences import QuietHours
from shared.working_days import WorkingDays
from shared.zone import DEFAULT_ZONE

_DAY = dt.timedelta(days=1)
_MIDNIGHT = dt.time()


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Which days are worked, and the zone of whoever named none."""

    days: WorkingDays = field(default_factory=WorkingDays)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(DEFAULT_ZONE))

    def zone_of(self, name: str | None) -> ZoneInfo:
        """The zone of this name, or the office's own."""
        return ZoneInfo(name) if name else self.zone


def next_digest(at: dt.datetime, hour: str, zone: ZoneInfo, days: WorkingDays) -> dt.datetime:
    """The first working day's `hour` (HH:MM) in a zone that is not before `at`, in UTC.

    On days off nothing is brought that can wait: what has gathered comes on the next working day.
    """
    day = at.astimezone(zone).date()
    while True:
        day = days.on_or_after(day)
        moment = _moment(day, dt.time.fromisoformat(hour), zone)
        if moment >= at:
            return moment
        day += _DAY


def after_quiet(at: dt.datetime, quiet: QuietHours, zone: ZoneInfo, days: WorkingDays) -> dt.datetime:
    """The first moment from `at` on that is not quiet, in UTC; `at` itself where it is not."""
    at = at.astimezone(dt.UTC)
    while end := _quiet_until(at, quiet, zone, days):
        at = end
    return at


def is_quiet(at: dt.datetime, quiet: QuietHours, zone: ZoneInfo, days: WorkingDays) -> bool:
    """Whether a moment lies in somebody's quiet hours. Hours that begin when they end are none."""
    return _quiet_until(at, quiet, zone, days) is not None


def _quiet_until(at: dt.datetime, quiet: QuietHours, zone: ZoneInfo, days: WorkingDays) -> dt.datetime | None:
    local = at.astimezone(zone)
    day, hour = local.date(), local.time()
    begin, end = dt.time.fromisoformat(quiet.begin), dt.time.fromisoformat(quiet.end)
    if quiet.days_off and not days.is_working(day):
        return _moment(day + _DAY, _MIDNIGHT, zone)
    if begin < end:
        return _moment(day, end, zone) if begin <= hour < end else None
    if begin > end:
        if hour >= begin:
            return _moment(day + _DAY, end, zone)
        return _moment(day, end, zone) if hour < end else None
    return None


def _moment(day: dt.date, hour: dt.time, zone: ZoneInfo) -> dt.datetime:
    """A local hour in UTC: the later moment where clocks are set back, and where they are set forward over it, the hour
    behind."""
    local = dt.datetime.combine(day, hour, zone)
    return max(local.replace(fold=fold).astimezone(dt.UTC) for fold in (0, 1))
