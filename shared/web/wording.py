"""Dates, times, counts and deadlines as people say them."""

import datetime as dt
from zoneinfo import ZoneInfo

from shared.language import Language, Words

_NO_DEADLINE = Words("Không có hạn", "No deadline")
_TODAY = Words("Hạn là hôm nay", "Due today")
_LATE = Words("Quá hạn {days} ngày", "{days} days overdue")
_LATE_ONE = Words("Quá hạn 1 ngày", "1 day overdue")
_LEFT = Words("Còn {days} ngày", "{days} days left")
_LEFT_ONE = Words("Còn 1 ngày", "1 day left")


def date(day: dt.date) -> str:
    """A day as 05/12/2026, in both languages: an official record must not read as the fifth month."""
    return f"{day:%d/%m/%Y}"


def time(moment: dt.datetime, zone: str) -> str:
    """A moment as 08:05:09 05/12/2026 in a time zone (IANA name)."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M:%S %d/%m/%Y}"


def number(value: int, language: Language) -> str:
    """A whole number with its thousands apart: 5.000 in Vietnamese, 5,000 in English."""
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if language == "vi" else grouped


def deadline(due: dt.date | None, today: dt.date, language: Language) -> str:
    """How far a deadline is from a local day; finishing on the deadline is in time."""
    if due is None:
        return _NO_DEADLINE.to(language)
    days = (due - today).days
    if days == 0:
        return _TODAY.to(language)
    many, one = (_LATE, _LATE_ONE) if days < 0 else (_LEFT, _LEFT_ONE)
    return (one if abs(days) == 1 else many).to(language, days=number(abs(days), language))
