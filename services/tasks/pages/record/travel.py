"""How one moves through time: along the events of something, or along the clock. Pure."""

import calendar
import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from services.tasks.pages.record.saying import Said, said
from services.tasks.register.as_of import AsOf
from shared.language import Words
from shared.web import wording

STEPS = 1_000
"""Into how many steps the clock is divided."""

_MOST_MARKS = 100
_BY_EVENT = Words("Sau sự kiện", "After the event")
_BY_TIME = Words("Thời điểm", "Moment")
_NOW = Words("Hiện tại", "Now")
_BEFORE = Words("Trước sự kiện đầu tiên", "Before the first event")
_AT_EVENT = Words("{place}/{of}: {what}, {time}", "{place}/{of}: {what}, {time}")
_AT_TIME = Words("{time}, sau sự kiện {sequence}", "{time}, after event {sequence}")
_FIRST, _LAST = Words("Đầu tiên", "First"), Words("Cuối cùng", "Last")
_PREVIOUS, _NEXT = Words("Trước", "Previous"), Words("Sau", "Next")
_BACK = (Words("− 1 tháng", "− 1 month"), Words("− 1 tuần", "− 1 week"), Words("− 1 ngày", "− 1 day"))
_FORTH = (Words("+ 1 ngày", "+ 1 day"), Words("+ 1 tuần", "+ 1 week"), Words("+ 1 tháng", "+ 1 month"))


@dataclass(frozen=True, slots=True)
class Jump:
    """A button. `as_of` is the moment to which it leads; None where it leads nowhere, or to `now`."""

    words: Words
    as_of: str | None
    now: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Travel:
    """A slider with buttons: it stands at step `at` of `most`, which `told` says in words.

    `marks` name the steps where they are few events; `since` and `until` bound the clock where steps divide it, and
    `zone` (IANA name) is that in which it is read.
    """

    label: Words
    most: int
    at: int
    told: Said
    jumps: tuple[Jump, ...]
    marks: tuple[Said, ...] = ()
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """An event at which the slider stops."""

    what: Said
    time: str


def place_of(stops: Sequence[int], as_of: AsOf | None) -> int:
    """Which of these sequences is the last that had happened by then, counted from 0; -1 where none had."""
    return len(stops) - 1 if as_of is None else bisect_right(stops, as_of.sequence) - 1


def along_events(stops: Sequence[int], as_of: AsOf | None, here: Stop | None, marks: Sequence[Said] = ()) -> Travel:
    """A slider whose steps are events, of which there is at least one. `here` is the one at which it stands."""
    at, last = place_of(stops, as_of), len(stops) - 1
    told = said(_AT_EVENT, place=at + 1, of=len(stops), what=here.what, time=here.time) if here else Said(_BEFORE)
    jumps = (
        Jump(_FIRST, str(stops[0]) if at != 0 else None, key="first"),
        Jump(_PREVIOUS, str(stops[at - 1]) if at > 0 else None, key="previous"),
        Jump(_NEXT, str(stops[at + 1]) if at < last else None, key="next"),
        Jump(_LAST, str(stops[last]) if at != last else None, key="last"),
        Jump(_NOW, None, now=True),
    )
    return Travel(_BY_EVENT, last, max(at, 0), told, jumps, tuple(marks) if len(marks) <= _MOST_MARKS else ())


def along_time(since: dt.datetime, until: dt.datetime, as_of: AsOf | None, zone: str) -> Travel:
    """A slider over the clock from the log's first event to now, with buttons for days, weeks and months."""
    here = as_of.time if as_of else until
    told = said(_AT_TIME, time=wording.time(as_of.time, zone), sequence=as_of.sequence) if as_of else said(_NOW)
    back = [moved(here, zone, months=-1), here - dt.timedelta(weeks=1), here - dt.timedelta(days=1)]
    forth = [here + dt.timedelta(days=1), here + dt.timedelta(weeks=1), moved(here, zone, months=1)]
    jumps = [
        Jump(words, asked(at) if since <= at <= until else None)
        for words, at in zip((*_BACK, *_FORTH), (*back, *forth), strict=True)
    ]
    at = STEPS if as_of is None else step_of(here, since, until)
    return Travel(_BY_TIME, STEPS, at, told, (*jumps, Jump(_NOW, None, now=True)), (), since, until, zone)


def step_of(at: dt.datetime, since: dt.datetime, until: dt.datetime) -> int:
    """Which step of the clock a moment is, from 0 to `STEPS`."""
    whole = (until - since).total_seconds()
    return min(STEPS, max(0, round(STEPS * (at - since).total_seconds() / whole))) if whole > 0 else STEPS


def time_of(step: int, since: dt.datetime, until: dt.datetime) -> dt.datetime:
    """The moment of a step of the clock."""
    return since + (until - since) * step / STEPS


def asked(at: dt.datetime) -> str:
    """A moment as it is asked about: RFC 3339, in UTC, to the second."""
    return at.astimezone(dt.UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def moved(at: dt.datetime, zone: str, months: int) -> dt.datetime:
    """The same hour of the same day some months on, or of the month's last day where it has no such day; local days
    are those of a zone (IANA name)."""
    local = at.astimezone(ZoneInfo(zone))
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(dt.UTC)
