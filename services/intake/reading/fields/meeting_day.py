"""On which day the meeting was held that a notice tells of."""

import datetime as dt
import re

from services.intake.reading.terms.dates.first_days import days_without_year_in, first_days_in

_MEETING = re.compile(
    r"\b(?:chủ\strì|chủ\stọa|chủ\stoạ|họp|hội\snghị|làm\sviệc|giao\sban|phiên|meeting|session|held|met|assembly|chaired|conference"
    r"|workshop|thời\sgian|khai\smạc)\b",
    re.IGNORECASE,
)
_DAY_BEGINS = re.compile(
    r"(?:^|[.;:]\s|,\s)(?:(?:vào\s)?(?:hồi|lúc)?[\s\d:hg]{0,12}(?:giờ|phút|[\s\d])*,?\s?)?(?:(?:sáng|chiều|tối|trưa|trong|từ|vào|hôm|"
    r"cuối|buổi|hai|ba|\d{1,2}|on|from)\s)*(?:các\s)?(?:ngày\s)?(?:từ\s(?:ngày\s)?)?$",
    re.IGNORECASE,
)
_OF_DOCUMENT = re.compile(
    r"(?:(?=[^\s]{0,60}[^\W\d_])\d[^\s]{0,40}[/-][^\s]{1,40}|\bsố\s\S{1,40}),?\s(?:ký\s)?(?:ngày|dated)\s$|\b(?:kể|tính)\stừ\s(?:ngày\s)?$"
)
_YEAR = re.compile(r"(?<![\d/-])(?:\d{1,2}/)?(20\d\d)(?![\d/-])")
_SENTENCE = re.compile(r"(?<=[^A-ZĐ][.;!?])\s(?=[A-ZĐ])")


def held_on_in(told: str, title: str, issued_on: dt.date | None) -> dt.date | None:
    """The day of the meeting, of several the first: the day that a sentence about the meeting begins with."""
    days = first_days_in(told)
    best: tuple[int, dt.date] | None = None
    for at, day in days or _without_year(told, title, issued_on):
        rank = _rank(told, at)
        if rank and (best is None or rank > best[0]):
            best = rank, day
    if best is not None and best[0] > 1:
        return best[1]
    in_title = first_days_in(title)
    return in_title[0][1] if in_title else best[1] if best else None


def _without_year(told: str, title: str, issued_on: dt.date | None) -> list[tuple[int, dt.date]]:
    """Days without a year, which is that of the day of issue, or else the one that the title or the words name."""
    if issued_on is None and (year := _YEAR.search(f"{title} {told[:1_000]}")) is not None:
        issued_on = dt.date(int(year[1]), 12, 31)
    return [] if issued_on is None else days_without_year_in(told[:1_000], issued_on)


def _rank(told: str, at: int) -> int:
    before = told[max(0, at - 120) : at]
    if _OF_DOCUMENT.search(before):
        return 0
    sentence = _SENTENCE.split(before)[-1] + _SENTENCE.split(told[at : at + 300])[0]
    begins = _DAY_BEGINS.search(before) is not None
    meets = _MEETING.search(sentence) is not None
    return 3 if begins and meets else 2 if meets else 1 if begins else 0
