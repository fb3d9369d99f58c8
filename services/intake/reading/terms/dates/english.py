"""How English names days and periods."""

import datetime as dt
import re

from services.intake.reading.terms.dates.moments import Moment, moment_of
from services.intake.reading.terms.dates.periods import Part, Said
from services.intake.reading.terms.dates.vietnamese import time_of

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_MONTH = rf"(?P<month>(?:{_MONTHS})\b)\.?"
_HOUR = (
    r"(?:(?:12\s)?noon\s(?:on\s)?|(?<![\d/.,])(?P<hour>[01]?\d|2[0-4])(?:[:.h](?P<minute>[0-5]\d)|(?=\s?[ap]\.?m))"
    r"(?:\s?(?P<half_day>[ap]\.?m\b\.?)|\shours)?(?:\s\([^()]{1,20}\))?,?\s(?:on\s)?)?"
)
_CLOSE = r"(?:(?:the\s)?(?:close|end)\sof\s(?:the\s)?(?:business|working\sday|day)(?:\son)?\s|(?:cob|eob)\s)?"
_WEEKDAY = r"(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_BEFORE_DAY = rf"{_HOUR}{_CLOSE}(?:{_WEEKDAY},?\s)?(?:the\s)?"
_YEAR = r"(?:,?\s(?:of\s)?(?P<year>20\d\d)(?!\d))"
_PART = (
    r"(?P<part>early|mid|late|end|(?:the\s)?(?:very\s)?(?:end|beginning|start|middle)\sof)"
    r"[\s-](?:the\smonth\sof\s|the\s)?"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("day", rf"{_BEFORE_DAY}(?<![\d/.-])(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}{_YEAR}?"),
        ("day", rf"{_BEFORE_DAY}\b{_MONTH}\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?!\d){_YEAR}?"),
        ("day", r"(?<![\d/-])(?P<year>20\d\d)-(?P<number>0[1-9]|1[0-2])-(?P<day>[0-3]\d)(?!\d)"),
        ("day", rf"\b{_WEEKDAY}(?:\s(?P<which>this|next)\sweek)?\b"),
        ("day", rf"(?P<which>this|next)\s{_WEEKDAY}\b"),
        ("day", r"\b(?P<which>today|tomorrow)\b"),
        ("month", rf"(?:{_PART})?\b{_MONTH}(?!\s\d{{1,2}}(?!\d)){_YEAR}?"),
        ("month", r"(?P<part>(?:the\s)?end\sof)\s(?P<which>the|this|next)\smonth\b"),
        ("month", r"\b(?P<which>this|next)\smonth\b"),
        ("quarter", rf"(?:{_PART})?\bQ(?P<quarter>[1-4])(?:[\s/-]?(?:of\s)?(?P<year>20\d\d))?(?!\d)"),
        (
            "quarter",
            rf"(?:{_PART})?\b(?P<nth>first|second|third|fourth|last|1st|2nd|3rd|4th)\squarter\b{_YEAR}?",
        ),
        ("quarter", rf"{_PART}?(?P<which>this|next)\squarter\b"),
        ("half", r"\b(?P<side>first|second)\shalf\sof\s(?:the\syear\b|(?P<year>20\d\d)(?!\d))"),
        ("half", r"\bH(?P<side>[12])[\s/-](?P<year>20\d\d)(?!\d)"),
        ("year", rf"(?:{_PART})?(?<![\d/-])(?P<year>20\d\d)(?!\d)(?!\s?[-–/]\s?\d)"),
        ("year", rf"{_PART}(?P<which>this\s|next\s)?year\b"),
        ("year", r"\b(?P<which>this|next)\syear\b"),
        ("year", r"\b(?P<part>year[\s-]end|end[\s-]year)\b"),
        ("week", rf"(?:{_PART})?\b(?P<which>this|next)\s(?:working\s)?week\b"),
        ("week", r"(?P<part>(?:the\s)?end\sof)\s(?P<which>the|this|next)\s(?:working\s)?week\b"),
    )
)
_NAMES_TIME = re.compile(
    rf"\b(?:{_MONTHS}|week|month|quarter|half|year|today|tomorrow|[a-z]{{3,6}}day|q[1-4]|h[12]|year-end|end-year)\b"
    r"|\b(?:by|before|until|in|of|during)\s(?:the\s)?(?:end\sof\s)?20\d\d\b|\b20\d\d-\d\d-\d\d\b",
    re.IGNORECASE,
)
_NUMBERS = {name[:3]: number for number, name in enumerate(_MONTHS.split("|")[:12], start=1)}
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_SHIFTS = {"the": 0, "this": 0, "next": 1, "today": 0, "tomorrow": 1}
_NTHS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": 4}
_HALVES = {"first": (1, 6), "1": (1, 6), "second": (7, 12), "2": (7, 12)}


def moments_in(words: str, today: dt.date | None) -> list[Moment]:
    """Every day and period that English words name, of any meaning; they may overlap."""
    found: list[Moment] = []
    if _NAMES_TIME.search(words) is None:
        return found
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(words):
            named = {group: value.casefold() for group, value in match.groupdict().items() if value}
            moment = moment_of(_said(name, named), match.start(), match.end(), today, _time(named))
            if moment is not None:
                found.append(moment)
    return found


def month_number(name: str) -> int | None:
    """The number of an English month, whole or shortened; none where there is no such month."""
    return _NUMBERS.get(name.casefold()[:3])


def _time(named: dict[str, str]) -> str | None:
    half_day = named.get("half_day", "").replace(".", "")
    return time_of({**named, "half_day": half_day})


def _said(name: str, named: dict[str, str]) -> Said:
    year = int(named["year"]) if "year" in named else None
    shift = _SHIFTS.get(named.get("which", "").strip())
    part = _part(named.get("part"))
    if name == "day":
        day = int(named["day"]) if "day" in named else None
        weekday = _WEEKDAYS.index(named["weekday"]) if day is None and "weekday" in named else None
        return Said("day", day=day, months=_months(named), year=year, shift=shift, weekday=weekday)
    if name == "month":
        return Said("month", months=_months(named), year=year, shift=shift, part=part)
    if name == "quarter":
        number = int(named["quarter"]) if "quarter" in named else _NTHS.get(named.get("nth", ""))
        months = (3 * number - 2, 3 * number) if number else None
        return Said("quarter", months=months, year=year, shift=shift, part=part)
    if name == "half":
        return Said("half-year", months=_HALVES[named["side"]], year=year)
    if name == "week":
        return Said("week", shift=shift, part=part)
    return Said("year", year=year, year_shift=None if year else shift or 0, part=part)


def _months(named: dict[str, str]) -> tuple[int, int] | None:
    number = int(named["number"]) if "number" in named else _NUMBERS.get(named.get("month", "")[:3])
    return None if number is None else (number, number)


def _part(said: str | None) -> Part | None:
    if said is None:
        return None
    if said.startswith("mid") or "middle" in said:
        return "middle"
    return "start" if said.startswith("early") or "beginning" in said or "start" in said else "end"
