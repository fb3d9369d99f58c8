"""What stands at the head of a notice: who issues it, under which number, and when."""

import datetime as dt
import re
from dataclasses import dataclass

from services.intake.reading.fields.issuer import PLACE_AND_DATE, STATE_WORDS, issuer_in
from services.intake.reading.terms.dates.first_days import first_days_in
from services.intake.reading.text import Line, composed, folded

_COLUMN = re.compile(r"<br\s?/?>|\||[ \t\xa0]{3,}|\t|[-─—_=]{3,}|\*\*|__")
_NUMBERS: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"\b(?:Số|SỐ|No)\b(?:\s?/\s?(?:No|Ref|N°)\b)?[\s.]{0,3}:?\s?"
        r"(?P<number>\d{1,5}[a-z]?(?:\s?[/-]\s?(?:\d{4}(?=\s?/)|[A-ZĐƯ][^\W_]{0,15}(?:[.&][^\W_]{1,12})?)){1,5})"
    ),
    re.compile(
        r"\b(?:(?:Ref(?:erence)?|Document|Doc)\b(?:[\s.]{0,3}(?:No|number)\b)?[\s.]{0,3}:?|No\b[\s.]{0,3}:)\s?"
        r"(?P<number>(?=[^\s,;|]{0,60}\d)[A-Z\d][\w./-]{2,60})"
    ),
    re.compile(
        r"\b(?:Số|No)\b(?:\s?/\s?(?:No|Ref)\b)?[\s.]{0,3}:\s?(?P<number>\d{1,5}(?:\s?[/-]\s?\w[\w.&-]{0,30}){0,5})(?=\s|$)"
    ),
)
_NUMBER_LINE = re.compile(r"(?:^|\s)Số(?:\s?/\s?No\.?)?\s?:|^Số\b")
_OWN_NUMBER = re.compile(r"S(?:ố|Ố)\b|[A-Z][^:]{0,20}:")
_NUMBER_ALONE = re.compile(r"\d{1,5}(?:[/-][\w.&Đđ-]{1,30}){1,4}")
_STAMP = re.compile(r"^(?:CÔNG\sVĂN\s)?(?:ĐẾN|Đến)\b(?!\s(?:ngày|hết|nay)\b)", re.IGNORECASE)
_IN_STAMP = re.compile(r"^(?:Số|Ngày|Giờ|Chuyển|Lưu\shồ\ssơ|Số\sđến|Kính\schuyển)\b[^,]{0,40}$", re.IGNORECASE)
_IS_PLACE_AND_DATE = re.compile(
    r"[A-ZĐÀ-Ỹ][\w.]{0,20}(?:\s[A-ZĐÀ-Ỹ][\w.]{0,20}){0,4}\s?,\s(?:(?:ngày\s)?\d{1,2}(?:\stháng\s\d{1,2}\snăm\s|/\d{1,2}/)\d{4}"
    r"|\d{1,2}\s[A-Z][a-z]{2,8}\s\d{4})$"
)
_BLANK_DATE = re.compile(
    r"\bngày\b[\s.…_]{0,20}tháng\b|\bngày\b\s?[.…_]{1,20}|\bngày\s\d{1,2}\stháng[\s.…_]{0,20}năm\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The fields of a letterhead. What it does not say, or leaves blank, is None."""

    issuer: str | None
    number: str | None
    issued_on: dt.date | None


def letterhead_of(text: str, lines: list[Line]) -> Letterhead:
    """The fields of the lines above a notice's title."""
    lines = _without_stamp(lines)
    cells = [cell for line in lines for cell in _cells(text, line)]
    written = [folded(composed(text[line.start : line.end]).replace("*", "").replace("|", "  ")) for line in lines]
    return Letterhead(issuer_in(cells), number_in(written), _issued_on(cells, written))


def _without_stamp(lines: list[Line]) -> list[Line]:
    """The lines without the stamp of whoever received the notice, which has a number and a day of its own."""
    kept: list[Line] = []
    in_stamp = False
    for line in lines:
        in_stamp = _STAMP.match(line.words) is not None or (in_stamp and _IN_STAMP.match(line.words) is not None)
        if not in_stamp:
            kept.append(line)
    return kept


def number_in(lines: list[str]) -> str | None:
    """The number on the first line that is there for it; none where it is blank."""
    for at, line in enumerate(lines):
        found = (match for pattern in _NUMBERS for match in pattern.finditer(line))
        if match := next((each for each in found if each.start() < 3 or _OWN_NUMBER.match(each[0])), None):
            return _closed(match["number"])
        if _NUMBER_LINE.search(line):
            behind = lines[at + 1] if at + 1 < len(lines) and line.rstrip(" .:…").endswith(("Số", "No", "Ref")) else ""
            return _closed(behind) if _NUMBER_ALONE.fullmatch(behind) else None
    return None


def _closed(number: str) -> str:
    return re.sub(r"\s?([/-])\s?", r"\1", number).rstrip(".-/")


def _cells(text: str, line: Line) -> list[str]:
    parts = (
        folded(part.replace("*", "")).strip(" -–_.─—:") for part in _COLUMN.split(composed(text[line.start : line.end]))
    )
    cells: list[str] = []
    for part in parts:
        match = STATE_WORDS.search(part)
        before, state = (part[: match.start()], part[match.start() :]) if match else (part, "")
        cells.extend(cell.strip() for cell in (before, state) if cell.strip())
    return cells


def day_of_issue(text: str, lines: list[Line]) -> dt.date | None:
    """The day on a line that is there for place and day of issue, as at the end of minutes."""
    cells = (cell for line in lines for cell in _cells(text, line))
    return next(
        (days[0][1] for cell in cells if _IS_PLACE_AND_DATE.match(cell) and (days := first_days_in(cell))), None
    )


def _issued_on(cells: list[str], lines: list[str]) -> dt.date | None:
    for words in (*cells, *lines):
        if PLACE_AND_DATE.search(words):
            if _BLANK_DATE.search(words):
                return None
            if days := first_days_in(words):
                return days[0][1]
    alone = (first_days_in(words) for words in cells if len(words) < 30)
    return next((days[0][1] for days in alone if days), None)
