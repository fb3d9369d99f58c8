"""How Vietnamese names days and periods."""

import datetime as dt
import re

from services.intake.reading.terms.dates.moments import Moment, moment_of
from services.intake.reading.terms.dates.periods import Part, Said
from services.intake.reading.terms.dates.vietnamese_forms import BEFORE_DAY, PATTERNS

_LONGEST_BEFORE_DAY = 70

_PARTS: dict[str, Part] = {
    "đầu": "start",
    "thượng tuần": "start",
    "giữa": "middle",
    "nửa đầu": "middle",
    "nửa cuối": "end",
    "trung tuần": "middle",
    "cuối": "end",
    "hạ tuần": "end",
    "hết": "end",
}
_SHIFTS = {"này": 0, "nay": 0, "sau": 1, "tới": 1, "hôm nay": 0, "mai": 1}
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4}
_COUNTS = {"ba": 3, "sáu": 6, "chín": 9}
_WEEKDAYS = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "bẩy": 5, "nhật": 6}
_WEEKS = {"đầu": 1, "đầu tiên": 1, "nhất": 1, "hai": 2, "ba": 3, "tư": 4, "cuối": -1, "cuối cùng": -1} | _QUARTERS


def moments_in(words: str, today: dt.date | None) -> list[Moment]:
    """Every day and period that Vietnamese words (NFC) name, of any meaning; they may overlap."""
    found: list[Moment] = []
    lower = words.casefold()
    for name, needs, pattern in PATTERNS:
        if not any(need in lower for need in needs):
            continue
        for match in pattern.finditer(words):
            named = {group: value for group, value in match.groupdict().items() if value}
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            if name in ("day", "today") and (before := _before_day(words, start)) is not None:
                named = {group: value for group, value in before.groupdict().items() if value} | named
                start -= len(before[0])
            moment = moment_of(_said(name, named), start, match.end(), today, time_of(named))
            if moment is not None:
                found.append(moment)
    return found


def _before_day(words: str, at: int) -> re.Match[str] | None:
    """The hour, the part of the day and the weekday that lead up to a day."""
    return BEFORE_DAY.search(words[max(0, at - _LONGEST_BEFORE_DAY) : at])


def time_of(named: dict[str, str]) -> str | None:
    """The local hour that is said, HH:MM."""
    if "hour" not in named:
        return None
    hour = int(named["hour"])
    if named.get("half_day", "").casefold() in {"chiều", "tối", "pm", "p.m."} and hour < 12:
        hour += 12
    return f"{hour:02}:{named.get('minute', '00')}" if hour < 24 else None


def _said(name: str, named: dict[str, str]) -> Said:
    lower = {group: value.casefold() for group, value in named.items()}
    year = int(lower["year"]) if "year" in lower else None
    if year is not None and year < 100:
        year += 2000
    part = _part(lower.get("part", ""))
    which = lower.get("which") or lower.get("today")
    shift = _SHIFTS.get(which) if which else None
    in_year = _SHIFTS.get(lower.get("which_year", ""))
    if name in ("day", "today"):
        return Said(
            "day",
            day=int(lower["day"]) if "day" in lower else None,
            months=_same(lower.get("month")),
            year=year,
            year_shift=in_year,
            shift=shift,
            weekday=_weekday(lower) if "day" not in lower and "weekday" in lower else None,
        )
    if name == "bare":
        kinds = {"tuần": Said("week"), "tháng": Said("month"), "quý": Said("quarter"), "năm": Said("year")}
        return kinds[lower["bare"]]
    if name == "month":
        week = lower.get("week")
        number = None if week is None else _WEEKS.get(week, _WEEKS.get(week.upper())) or int(week)
        months = _same(lower.get("month"))
        return Said(
            "month",
            months=months,
            year=year,
            year_shift=in_year,
            shift=shift,
            week=number if months else None,
            part=part,
        )
    if name == "quarter":
        quarter = lower.get("quarter", "").upper()
        number = _QUARTERS.get(quarter) or (int(quarter) if quarter else None)
        months = (3 * number - 2, 3 * number) if number else None
        return Said("quarter", months=months, year=year, year_shift=in_year, shift=shift, part=part)
    if name == "half":
        count = lower.get("count", "6")
        length = _COUNTS.get(count) or int(count)
        months = (1, length) if lower["side"] == "đầu" else (13 - length, 12)
        return Said("half-year", months=months, year=year, year_shift=in_year)
    if name == "week" and "week_of_year" in lower:
        return Said("week", year=year, year_shift=None if year else 0, week=int(lower["week_of_year"]))
    if name == "week":
        return Said("week", shift=shift, part=part)
    return Said("year", year=year, year_shift=in_year, part=part)


def _part(said: str) -> Part | None:
    if said.startswith("ngày"):
        return "end" if "cuối" in said else "start"
    return _PARTS.get(said)


def _same(month: str | None) -> tuple[int, int] | None:
    return None if month is None else (int(month), int(month))


def _weekday(lower: dict[str, str]) -> int:
    said = lower["weekday"].split()[-1]
    return _WEEKDAYS[said] if said in _WEEKDAYS else int(said) - 2
