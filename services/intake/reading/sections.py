"""Where a notice's opening ends, and where its closing begins."""

import re
from dataclasses import dataclass

from services.intake.reading.outline import marker_of
from services.intake.reading.text import Line

_CONCLUDES = re.compile(r"(?:kết luận|chỉ đạo|như sau|ý kiến)[^:.]{0,80}:$", re.IGNORECASE)
_CLOSES = re.compile(
    r"[\s|*_]*(?:Trên đây là (?:toàn bộ |nội dung |các )*(?:kết luận|ý kiến|chỉ đạo|thông báo)"
    r"|Nơi (?:nhận|gửi)\b[^:]{0,30}:|(?:Recipients|Distribution):)"
)
_TELLS_EVERYBODY = re.compile(
    r"(?:Thừa lệnh|Theo chỉ đạo|Thực hiện|Văn phòng|VĂN PHÒNG)\b[^.;:]{0,200}\bthông báo\b[^.;:]{0,80}"
    r"\b(?:để|đến|tới)\b"
)
_FIRST_NUMBERED = {"roman", "upper", "number"}


@dataclass(frozen=True, slots=True)
class Sections:
    """A notice's lines in three: before the conclusions, the conclusions, and after them."""

    opening: list[Line]
    body: list[Line]
    closing: list[Line]


def sections_of(text: str, lines: list[Line]) -> Sections:
    """The three parts of a notice; the opening and the closing may be empty."""
    first = _body_begins(text, lines)
    last = next((at for at in range(first, len(lines)) if _closes(lines, at)), len(lines))
    return Sections(lines[:first], lines[first:last], lines[last:])


def _closes(lines: list[Line], at: int) -> bool:
    if _CLOSES.match(lines[at].words):
        return True
    after_sentence = at > 0 and lines[at - 1].words.endswith((".", "./.", "!"))
    return after_sentence and _TELLS_EVERYBODY.match(lines[at].words) is not None


def _body_begins(text: str, lines: list[Line]) -> int:
    marked: int | None = None
    before = ""
    for at, line in enumerate(lines):
        marker = None if line.in_table else marker_of(text, line)
        if marker is not None:
            marked = at if marked is None else marked
            if marker.kind in _FIRST_NUMBERED:
                return at if marked == at or before else marked
        elif _CONCLUDES.search(f"{before} {line.words[-200:]}"):
            return at + 1
        if _CLOSES.match(line.words):
            break
        before = line.words[-200:]
    return marked if marked is not None else 0
