"""Page numbers and running heads, which stand between a sentence's lines and belong to none."""

import re
from collections import Counter

from services.intake.reading.text import Line

_PAGE_NUMBER = re.compile(r"[-–— ]{0,12}(?:(?:Trang|Page)\s?)?\d{1,3}(?:\s?/\s?\d{1,3})?[-–— ]{0,12}", re.IGNORECASE)
_COUNTS_PAGES = re.compile(r".{0,120}\b(?:Trang|Page)\s\d{1,3}(?:\s?(?:/|of|trên)\s?\d{1,3})?", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_ENDS_SENTENCE = (".", ";", ":", "!", "?")
WANTS_NUMBER = re.compile(
    r"\b(?:ngày|tháng|năm|số|khoản|điều|quý|mục|lần|gói|khu vực|đến|từ|of|by|to|No\.|on)$", re.IGNORECASE
)
"""How a line ends whose sentence goes on with a number."""

_LONGEST = 150
_OPENING = 15


def without_running_lines(lines: list[Line]) -> list[Line]:
    """The lines without page numbers and without the heads and feet that stand beside them."""
    seen = Counter(_DIGITS.sub("#", line.words) for line in lines if len(line.words) <= _LONGEST)
    numbers = {at for at, line in enumerate(lines) if _is_page_number(line) and not _wants_number(lines, at, seen)}
    opening = {word.lower() for line in lines[:_OPENING] for word in line.words.split()}
    running = set(numbers)
    for number in numbers:
        for at in (number - 1, number + 1):
            if 0 <= at < len(lines) and at not in numbers and _runs(lines, at, number, seen, opening):
                running.add(at)
    return [line for at, line in enumerate(lines) if at not in running]


def _is_page_number(line: Line) -> bool:
    return not line.in_table and (
        _PAGE_NUMBER.fullmatch(line.words) is not None or _COUNTS_PAGES.fullmatch(line.words) is not None
    )


def _wants_number(lines: list[Line], at: int, seen: Counter[str]) -> bool:
    """Whether the line before ends where a number must follow: "trước ngày", "Quyết định số"."""
    if at == 0 or WANTS_NUMBER.search(lines[at - 1].words[-20:]) is None:
        return False
    following = lines[at + 1].words if at + 1 < len(lines) else ""
    return seen[_DIGITS.sub("#", following)] < 2 and not following[:1].isdigit()


def _runs(lines: list[Line], at: int, number: int, seen: Counter[str], opening: set[str]) -> bool:
    words = lines[at].words
    if len(words) > _LONGEST or lines[at].in_table:
        return False
    if seen[_DIGITS.sub("#", words)] > 1:
        return True
    before, after = lines[min(at, number) - 1] if min(at, number) else None, lines[max(at, number) + 1 :][:1]
    breaks = before is not None and not before.words.endswith(_ENDS_SENTENCE) and bool(after)
    if not breaks or not after[0].words[:1].islower() or words[:1].islower():
        return False
    known = [word.lower() in opening for word in words.split()]
    return 2 * sum(known) > len(known)
