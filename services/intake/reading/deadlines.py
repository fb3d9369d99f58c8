"""By which day something must be done, where the words name a day, a month, a quarter or a year."""

import calendar
import datetime as dt
import re

from shared.events.fields import Deadline

_DAY = (
    r"(?P<day>\d{1,2})(?:\s*[/.-]\s*|\s+tháng\s+)(?P<month>\d{1,2})(?!\d)"
    r"(?:(?:\s*[/.-]|,?\s+năm)\s*(?P<year>\d{4})(?!\d))?"
)
_HOUR = r"(?:\d{1,2}\s?(?:giờ|h|g|:)\s?(?:\d{1,2})?(?:\s?phút)?,?\s+)?(?:(?:vào\s+)?thứ\s+\w+,?\s+)?(?:ngày\s+)?"
_YEAR = r"(?:\s*/\s*|,?\s+năm\s+)(?P<year>\d{4})(?!\d)"
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_PHRASES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (rule, re.compile(pattern, re.IGNORECASE))
    for rule, pattern in (
        (
            "no-later-than-day",
            rf"\b(?:chậm nhất|hạn cuối|hạn chót|thời hạn|muộn nhất)(?:\s+(?:là|vào|đến|trước))*:?\s+{_HOUR}{_DAY}",
        ),
        ("before-day", rf"\btrước\s+{_HOUR}{_DAY}"),
        ("through-day", rf"\bđến hết\s+{_HOUR}{_DAY}"),
        ("in-month", rf"\btrong\s+tháng\s+(?P<month>\d{{1,2}})(?!\d)(?:{_YEAR})?"),
        ("in-quarter", rf"\btrong\s+quý\s+(?P<quarter>IV|I{{1,3}}|[1-4])\b(?:{_YEAR})?"),
        ("in-year", r"\btrong\s+năm\s+(?P<year>\d{4})(?!\d)"),
    )
)


def deadline_in(words: str, today: dt.date | None) -> Deadline | None:
    """The deadline that the words name, the surest of several; none where they name none.

    `today` is the local day of the notice: a day without a year is the next such day from it on.
    """
    for rule, pattern in _PHRASES:
        for match in pattern.finditer(words):
            if (date := _date(match, today)) is not None:
                return Deadline(date=date, phrase=match[0][:500], rule=rule)
    return None


def _date(match: re.Match[str], today: dt.date | None) -> dt.date | None:
    named = match.groupdict()
    if named.get("year") is not None:
        return _last_day(named, int(named["year"]))
    if today is None:
        return None
    this_year = _last_day(named, today.year)
    return this_year if this_year is None or this_year >= today else _last_day(named, today.year + 1)


def _last_day(named: dict[str, str | None], year: int) -> dt.date | None:
    month, day = named.get("month") or "12", named.get("day")
    if quarter := named.get("quarter"):
        month = str(3 * _QUARTERS[quarter.upper()])
    try:
        return dt.date(year, int(month), int(day) if day else calendar.monthrange(year, int(month))[1])
    except (ValueError, IndexError):
        return None
