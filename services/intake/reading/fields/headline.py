"""Which lines of a notice say what it is, and where its telling begins."""

import re

from services.intake.reading.text import Line

_NAMED = re.compile(
    r"^(?:THÔNG\sBÁO|Thông\sbáo|BIÊN\sBẢN|Biên\sbản|KẾT\sLUẬN)\b(?:\s?/\s?[\w\s]{1,40}$)?[:\s]*(?P<rest>.*)$"
)
_ENGLISH_NAMED = re.compile(
    r"^(?:[A-Z’'\s]{0,40}\b)?(?:CONCLUSIONS|NOTICE|MINUTES|SUMMARY|RECORD|DECISIONS)\b", re.IGNORECASE
)
_SUBJECT = re.compile(r"^(?:V/v|Về\sviệc|KẾT\sLUẬN|Kết\sluận)\b")
_TELLS = re.compile(
    r"^(?:(?:Sáng|Chiều|Tối|Hôm|Vừa\squa|Ngày|Tại|Thực\shiện|Căn\scứ|Sau\skhi|Trong|Từ|Vào|Theo|Hồi|Lúc|Trên\scơ\ssở|Dưới)\b"
    r"|Kính\sgửi|Thời\sgian|Địa\sđiểm|Chủ\strì|Thành\sphần|(?:The|On|At|Under|Date|Venue|Time|Place|Present|Participants|Chair|Having)\b"
    r"|(?:[IVX]{1,4}|[A-H]|\d)[./)-]\s|\W*$)"
)
_LONGEST_LINE = 300
_MOST_LINES = 6


def headline_of(lines: list[Line]) -> tuple[int | None, int, str | None]:
    """The index of the line that says what the notice is, that of the line that the telling begins with, the title."""
    named = next((at for at, line in enumerate(lines[:60]) if not line.in_table and _NAMED.match(line.words)), None)
    if named is None:
        named = next((at for at, line in enumerate(lines[:40]) if at and _ENGLISH_NAMED.match(line.words)), None)
        if named is None:
            subject = next((at for at, line in enumerate(lines[:60]) if _SUBJECT.match(line.words)), None)
            return None, 0 if subject is None else subject + 1, None if subject is None else lines[subject].words
        parts = [lines[named].words]
    else:
        match = _NAMED.match(lines[named].words)
        parts = [match["rest"]] if match and match["rest"] else []
        if lines[named].words.upper().startswith("KẾT LUẬN"):
            parts = [lines[named].words]
    at = named + 1
    while at < len(lines) and len(parts) < _MOST_LINES:
        words = lines[at].words.strip("*_ ")
        if _TELLS.match(words) or len(words) >= _LONGEST_LINE or lines[at].in_table:
            break
        parts.append(words)
        at += 1
    return named, at, " ".join(parts) or None


def begins_telling(line: Line) -> bool:
    """Whether a line is the first of those that tell of the meeting."""
    return _TELLS.match(line.words) is not None
