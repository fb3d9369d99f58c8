"""The numbers, letters and bullets that begin items."""

import re
from dataclasses import dataclass

from services.intake.reading.text import Line

_MARKERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "roman",
        re.compile(
            r"(?!V/v\b)(?:(?:Phần|PHẦN|Mục|MỤC)\s)?([IVXLC]{1,6})(?:\s?[.)/]\s*(?=[\w“\"(])|[-–]\s(?=[A-ZĐÀ-Ỹ]))"
        ),
    ),
    ("upper", re.compile(r"([A-ZĐ])[.)]\s+(?=\w)")),
    ("number.3", re.compile(r"(\d{1,2}\.\d{1,2}\.\d{1,2})[.)\-–]?\s+(?=\w)")),
    ("number.2", re.compile(r"(\d{1,2}\.\d{1,2})[.)\-–]?\s+(?=[^\W\d]|\d+ [^\W\d])")),
    (
        "number",
        re.compile(
            r"(\d{1,3})(?:\s?[.)/]\s*(?=[^\W\d])|[-–]\s(?=[A-ZĐÀ-Ỹ]))|(?:Điều|Item|Article)\s(\d{1,2})[.:]\s+(?=\w)"
        ),
    ),
    (
        "ordinal",
        re.compile(r"((?:Thứ|Một|Hai|Ba|Bốn|Năm|Sáu|Bảy|Tám|Chín|Mười)\s(?:là|nhất|hai|ba|tư|năm|sáu|bảy))[,:]\s+"),
    ),
    ("bracket", re.compile(r"\((\d{1,2}|i{1,3}|iv|vi{0,3}|ix|x)\)\s+(?=\w)")),
    ("letter", re.compile(r"\(?([a-zđ])[.)]\s*(?=\w)")),
    ("dash", re.compile(r"([-–—−•·*▪●➢✓‣])\s*(?=[\w“\"(])")),
    ("plus", re.compile(r"([+○◦o])\s+(?=[\w“\"(])|([+○◦])(?=[\w“\"(])")),
)
_OUTER_FIRST = ("roman", "upper", "number", "number.2", "number.3", "ordinal", "bracket", "letter", "dash", "plus")
RANK = {kind: rank for rank, kind in enumerate(_OUTER_FIRST)}
"""How far out a kind of item stands: the smaller, the nearer to the margin."""


@dataclass(frozen=True, slots=True)
class Marker:
    """What begins an item: its kind, its ordinal as written, and its length in characters."""

    kind: str
    ordinal: str
    length: int


def marker_of(text: str, line: Line) -> Marker | None:
    """The marker that a line begins with."""
    for kind, pattern in _MARKERS:
        if match := pattern.match(text, line.start, line.end):
            return Marker(kind, next(filter(None, match.groups())), match.end() - line.start)
    return None
