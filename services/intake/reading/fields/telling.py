"""The part of a notice that tells of its meeting, as one line of words."""

import re

from services.intake.reading.text import Line

_MOST_LINES_TOLD = 60
_FIRST_LINES = 20
_LISTS = re.compile(
    r"\b(?:tham\sdự|dự|thành\sphần|có\smặt|present|participants|attendees|đồng\schí|gồm|có)\b[^.]{0,80}:$",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(r"(?:kết\sluận|chỉ\sđạo|như\ssau|concluded)[^.]{0,80}:?$", re.IGNORECASE)
_LABELLED = re.compile(
    r"^[-+*\s]{0,3}(?:\w{1,4}[.)]\s?)?(?:Thời\sgian|Chủ\s(?:trì|tọa|toạ)|Thành\sphần|Tham\sdự|Date|Time|Chair\w{0,6}|Participants|Present)\b"
    r"[^:]{0,40}:",
    re.IGNORECASE,
)
_HEADS_CONCLUSIONS = re.compile(
    r"^(?:[IVX]{1,4}|[A-H]|\d{1,2})\s?[.)/-]\s?[^:]{0,60}(?:kết\sluận|nội\sdung|nhiệm\svụ|chỉ\sđạo|đánh\sgiá|tình\shình|kết\squả"
    r"|conclusions|decisions|actions)",
    re.IGNORECASE,
)
_LIST_ITEM = re.compile(r"^(?:[-–—+•*▪●]|\d{1,2}[.)]|[a-zđ]\))\s*(?=[^\W\d_])")
_LONGEST = 6_000


def told_in(opening: list[Line], told_from: int, body: list[Line]) -> str:
    """What the opening tells from a line on, and what the body adds; items of a list stand behind semicolons."""
    return _told([*opening[told_from:], *_goes_on(opening, body)])


def _goes_on(opening: list[Line], body: list[Line]) -> list[Line]:
    """The lines of the body that still tell of the meeting: a list of people, or headings for time and people."""
    last = opening[-1].words if opening else ""
    if last.endswith(":") and _LISTS.search(last) and not _CONCLUDES.search(last):
        ends = next((at for at, line in enumerate(body) if _CONCLUDES.search(line.words)), 0)
        return body[: min(ends + 1, _MOST_LINES_TOLD)]
    labelled = [at for at, line in enumerate(body[:_FIRST_LINES]) if _LABELLED.match(line.words)]
    if not labelled:
        return []
    ends = next((at for at, line in enumerate(body) if at > labelled[0] and _HEADS_CONCLUSIONS.match(line.words)), 0)
    return body[: min(ends or labelled[-1] + 1, _MOST_LINES_TOLD)]


def _told(lines: list[Line]) -> str:
    """What is told, as one line; an item of a list begins behind a semicolon."""
    told: list[str] = []
    length = 0
    for line in lines:
        words = _LIST_ITEM.sub("; ", line.words).strip()
        told.append(words)
        length += len(words)
        if length > _LONGEST:
            break
    return " ".join(told)[:_LONGEST].replace(" ;", ";")
