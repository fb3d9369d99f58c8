"""On which day something took place that words tell of; of several days the first."""

import datetime as dt
import re

from services.intake.reading.terms.dates.english import month_number

_MONTHS = (
    r"(?P<named>(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b)\.?"
)
_DAY = r"(?<![\d/.:hg-])(?<!giờ\s)(?P<day>0?[1-9](?!\d)|[12]\d|3[01])"
_TO = r"\s?(?:-|–|—|,|và|đến|and|to)\s?(?:đến\s)?(?:hết\s)?(?:ngày\s)?"
_FORMS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DAY}(?:{_TO}[0-3]?\d){{0,3}}\s?/\s?(?P<month>[01]?\d)\s?/\s?(?P<year>\d{{4}})(?!\d)",
        rf"{_DAY}(?:{_TO}[0-3]?\d){{0,3}}\s?(?P<mark>[.-])\s?(?P<month>[01]?\d)\s?(?P=mark)\s?(?P<year>\d{{4}})(?!\d)",
        rf"{_DAY}(?:{_TO}[0-3]?\d){{0,3}}\s?tháng\s?(?P<month>[01]?\d)(?:\s?/\s?|,?\s?năm\s?)(?P<year>\d{{4}})(?!\d)",
        rf"{_DAY}(?:\s?/\s?|\stháng\s)(?P<month>[01]?\d){_TO}[0-3]?\d(?:\s?/\s?|\stháng\s)[01]?\d(?:\s?/\s?|\snăm\s)"
        r"(?P<year>\d{4})(?!\d)",
        rf"{_DAY}(?:st|nd|rd|th)?(?:{_TO}[0-3]?\d(?:st|nd|rd|th)?)?\s(?:of\s)?{_MONTHS},?\s(?P<year>\d{{4}})(?!\d)",
        rf"{_DAY}\s{_MONTHS}{_TO}[0-3]?\d\s[a-z]{{3,9}},?\s(?P<year>\d{{4}})(?!\d)",
        rf"{_MONTHS}\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:{_TO}[0-3]?\d)?,?\s(?P<year>\d{{4}})(?!\d)",
        r"(?<![\d/-])(?P<year>\d{4})-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?!\d)",
    )
)
_WITHOUT_YEAR = re.compile(
    rf"{_DAY}(?:{_TO}[0-3]?\d)?(?:\s?/\s?|\stháng\s)(?P<month>[01]?\d)(?![\d/]|\s?/\s?\d|\snăm\s\d)", re.IGNORECASE
)


def first_days_in(words: str) -> list[tuple[int, dt.date]]:
    """Each day with its year that words (NFC, white space folded) name, by its place: of several days the first."""
    found: dict[int, dt.date] = {}
    for form in _FORMS:
        for match in form.finditer(words):
            named = match.groupdict()
            month = month_number(named["named"]) if named.get("named") else int(named["month"])
            if (day := _day(int(named["year"]), month, int(named["day"]))) is not None:
                found.setdefault(match.start(), day)
    return sorted(found.items())


def days_without_year_in(words: str, before: dt.date) -> list[tuple[int, dt.date]]:
    """Each day without a year that words name, by its place, as the last such day that is not after another."""
    found = []
    for match in _WITHOUT_YEAR.finditer(words):
        day = _day(before.year, int(match["month"]), int(match["day"]))
        if day is not None and day > before:
            day = _day(before.year - 1, int(match["month"]), int(match["day"]))
        if day is not None:
            found.append((match.start(), day))
    return found


def _day(year: int, month: int | None, day: int) -> dt.date | None:
    try:
        return dt.date(year, month or 0, day)
    except ValueError:
        return None
