"""How Vietnamese names days and periods."""

import datetime as dt
import re

from services.intake.reading.dates.moments import Moment, moment_of
from services.intake.reading.dates.periods import Part, Said

_HOUR = (
    r"(?:(?<![\d/.,])(?P<hour>[01]?\d|2[0-4])\s?(?:giờ|h|g|:)\s?(?P<minute>[0-5]\d)?(?:\s?(?:phút|'))?"
    r"(?:\s(?P<half_day>sáng|trưa|chiều|tối))?,?\s)?"
)
_PART_OF_DAY = (
    r"(?:(?:hết|cuối|đầu)\s(?:(?:giờ|buổi)\s(?:hành chính\s|làm việc\s)?)?)?"
    r"(?:(?:giờ\shành chính|buổi\s)?\s?(?:sáng|trưa|chiều|tối)\s)?(?:của\s)?"
)
_WEEKDAY = r"(?P<weekday>thứ\s(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\snhật)"
_YEAR = r"(?:(?:\s?[/.-]\s?|,?\snăm\s|\s)(?P<year>20\d\d)(?![\d/])|\snăm\s(?P<which_year>nay|này|sau|tới))"
_NO_RANGE = r"(?!\s?[-–]\s?\d)"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])(?!\d)"
_QUARTER = r"(?P<quarter>IV|I{1,3}|0?[1-4])"
_PART = (
    r"(?P<part>(?:nửa\s)?đầu|giữa|(?:nửa\s)?cuối|ngày\scuối(?:\scùng)?|ngày\sđầu(?:\stiên)?|thượng\stuần|trung\stuần"
    r"|hạ\stuần)\s(?:của\s)?"
)
_WEEK_OF_MONTH = (
    r"tuần\s(?:lễ\s)?(?:thứ\s)?(?P<week>đầu(?:\stiên)?|cuối(?:\scùng)?|nhất|hai|ba|tư|[1-5]|I{1,3}|IV)\s(?:của\s)?"
)

_BEFORE_DAY = re.compile(
    rf"{_HOUR}{_PART_OF_DAY}(?:(?:ngày\s)?{_WEEKDAY}(?:\stuần\snày)?,?\s\(?)?(?:ngày\s)?(?:(?:mồng|mùng)\s)?$",
    re.IGNORECASE,
)
_LONGEST_BEFORE_DAY = 70
_FORMS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "day",
        ("/",),
        rf"(?<![\d/.-])(?P<day>[0-3]?\d)\s?/\s?{_MONTH}(?!\s?/\s?\d{{3}}(?!\d))"
        r"(?:(?:\s?/\s?|\snăm\s)(?P<year>20\d\d|[2-4]\d)(?!\d))?(?![/\d]\d)",
    ),
    (
        "day",
        (".", "-"),
        rf"(?<![\d/.-])(?P<day>[0-3]?\d)\s?(?P<mark>[.-])\s?{_MONTH}\s?(?P=mark)\s?"
        r"(?P<year>20\d\d)(?!\d)",
    ),
    (
        "day",
        ("tháng",),
        rf"(?<![\d/.-])(?P<day>[0-3]?\d)\stháng\s{_MONTH}(?:{_YEAR})?",
    ),
    (
        "day",
        ("ngày",),
        r"ngày\s(?:(?:mồng|mùng)\s)?(?P<day>[0-3]?\d)(?!\d)"
        r"(?:\s(?:của\s)?tháng\s(?P<which>này|sau|tới)|(?!\s?[/.-]\s?\d|\stháng|\s(?:hằng|hàng|mỗi|của|và|đến)\b))",
    ),
    (
        "day",
        ("thứ", "chủ"),
        rf"{_WEEKDAY}(?:\s(?:của\s)?tuần\s(?P<which>này|sau|tới))?(?!\w)",
    ),
    ("today", ("nay", "mai"), r"\b(?P<today>hôm\snay|(?-i:mai))\b"),
    ("month", ("tháng",), rf"(?:{_PART}|{_WEEK_OF_MONTH})?tháng\s{_MONTH}(?!\s?/\s?\d{{1,2}}(?!\d))(?:{_YEAR})?"),
    (
        "month",
        ("tháng",),
        rf"tháng\s(?:1[0-2]|0?[1-9])\s?(?:-|–|,|và|đến)\s?(?:tháng\s)?{_MONTH}{_YEAR}",
    ),
    ("month", ("tháng",), rf"(?:{_PART}|{_WEEK_OF_MONTH})tháng(?:\s(?P<which>này|sau|tới))?(?!\s(?:\d|hằng|hàng|thứ))"),
    ("month", ("tháng",), r"tháng\s(?P<which>này|sau|tới)\b"),
    ("month", ("t",), rf"\bT{_MONTH}(?:\s?[/.-]\s?|\s)(?P<year>20\d\d)(?!\d)"),
    (
        "quarter",
        ("quý", "quí", "q"),
        rf"(?:{_PART})?(?:qu[ýí]\s|\bQ\.?)(?:(?:IV|I{{1,3}}|0?[1-4])\s?(?:-|–|,|và)\s?(?:qu[ýí]\s)?)?"
        rf"{_QUARTER}(?!\w)(?:{_YEAR})?",
    ),
    ("quarter", ("quý", "quí"), rf"(?:{_PART})?qu[ýí](?:\s(?P<which>này|sau|tới))(?!\w)"),
    ("quarter", ("quý", "quí"), r"(?P<part>cuối|hết)\squ[ýí](?!\s?(?:\w))"),
    (
        "half",
        ("năm",),
        r"(?<![\d/])(?P<count>0?[1-9]|1[01]|ba|sáu|chín)\stháng\s(?P<side>đầu|cuối)\s(?:của\s)?năm"
        r"(?:\s(?:(?P<year>20\d\d)(?!\d)|(?P<which_year>nay|này|sau|tới)))?",
    ),
    (
        "half",
        ("năm",),
        r"nửa\s(?P<side>đầu|cuối)\s(?:của\s)?năm(?:\s(?:(?P<year>20\d\d)|(?P<which_year>nay|này|sau|tới)))?",
    ),
    ("year", ("năm",), rf"(?:{_PART})?(?<!các\s)năm\s(?P<year>20\d\d)(?!\d){_NO_RANGE}"),
    ("year", ("năm",), rf"(?:{_PART})?năm\s(?P<which_year>nay|này|sau|tới)\b"),
    ("year", ("năm",), rf"{_PART}năm(?!\s(?:\d|học))\b"),
    ("week", ("tuần",), r"(?P<part>đầu|giữa|cuối)?\s?tuần\s(?:lễ\s)?(?P<which>này|sau|tới)\b"),
    (
        "week",
        ("tuần",),
        r"tuần\s(?:thứ\s)?(?P<week_of_year>[1-9]|[1-4]\d|5[0-3])(?!\s?[/.]?\d|\s(?:của\s)?tháng|\w)(?:\snăm\s(?P<year>20\d\d))?",
    ),
    ("bare", ("trong",), r"(?<=trong\s)(?P<bare>tuần|tháng|quý|năm)(?=\s*(?:[.,;:)]|$))"),
)
_PATTERNS = tuple((name, needs, re.compile(pattern, re.IGNORECASE)) for name, needs, pattern in _FORMS)
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
    for name, needs, pattern in _PATTERNS:
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
    return _BEFORE_DAY.search(words[max(0, at - _LONGEST_BEFORE_DAY) : at])


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
