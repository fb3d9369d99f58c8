"""Which words belong together, and which item stands under which heading."""

import re
from dataclasses import dataclass

from services.intake.reading.lexicon import UNIT_HEAD_IN_TEXT
from services.intake.reading.text import Line, Passage

_MARKERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("roman", re.compile(r"([IVXLC]{1,6})\s?[.)]\s*(?=\w)")),
    ("upper", re.compile(r"([A-ZĐ])[.)]\s+(?=\w)")),
    ("number.3", re.compile(r"(\d{1,2}\.\d{1,2}\.\d{1,2})[.)]?\s+(?=\w)")),
    ("number.2", re.compile(r"(\d{1,2}\.\d{1,2})[.)]?\s+(?=\w)")),
    ("number", re.compile(r"(\d{1,3})\s?[.)]\s*(?=[^\W\d])")),
    ("letter", re.compile(r"\(?([a-zđ])[.)]\s*(?=\w)")),
    ("dash", re.compile(r"([-–—−•·*▪●])\s*(?=[\w“\"(])")),
    ("plus", re.compile(r"([+○◦])\s*(?=[\w“\"(])")),
)
_RANK = {kind: rank for rank, (kind, _) in enumerate(_MARKERS)}
_LONGEST_WRAPPED_LINE = 140
_PAGE_NUMBER = re.compile(r"[-– ]*(?:Trang |Page )?\d{1,3}(?:/\d{1,3})?[-– ]*", re.IGNORECASE)
_ENDS_SENTENCE = (".", ";", ":", "!", "?", "…", "./")


@dataclass(frozen=True, slots=True)
class Item:
    """A heading, a numbered or bulleted item, or a paragraph. `parent` is an index in the outline."""

    kind: str
    passage: Passage
    parent: int | None
    is_leaf: bool


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
            return Marker(kind, match[1], match.end() - line.start)
    return None


def outline_of(text: str, lines: list[Line]) -> list[Item]:
    """The items of a notice's body, in order."""
    outline = _Outline(text, _wrap_width(lines), _blank_lines_part_paragraphs(lines))
    for line in lines:
        if not line.in_table and not _PAGE_NUMBER.fullmatch(line.words):
            outline.take(line)
    return outline.items()


class _Outline:
    def __init__(self, text: str, width: int | None, blank_parts: bool) -> None:
        self._text = text
        self._width = width
        self._blank_parts = blank_parts
        self._kinds: list[str] = []
        self._fragments: list[list[tuple[int, int]]] = []
        self._parents: list[int | None] = []
        self._open: list[int] = []
        self._last_ordinal: dict[str, str] = {}
        self._previous: Line | None = None

    def take(self, line: Line) -> None:
        marker = marker_of(self._text, line)
        if marker is not None and (kind := self._accepted(marker, line)) is not None:
            self._begin(kind, line.start + marker.length, line.end)
            self._last_ordinal[kind] = marker.ordinal
        elif self._previous is not None and self._goes_on(self._previous, line):
            self._fragments[-1].append((line.start, line.end))
        else:
            self._begin("paragraph", line.start, line.end)
        self._previous = line

    def items(self) -> list[Item]:
        parents = set(self._parents)
        return [
            Item(kind, Passage(self._text, tuple(fragments)), parent, index not in parents)
            for index, (kind, fragments, parent) in enumerate(
                zip(self._kinds, self._fragments, self._parents, strict=True)
            )
        ]

    def _begin(self, kind: str, start: int, end: int) -> None:
        outer = len(self._open)
        for depth, index in enumerate(self._open):
            if self._kinds[index] == kind or _RANK.get(kind, 99) <= _RANK.get(self._kinds[index], -1):
                outer = depth
                break
        del self._open[outer:]
        while self._open and "paragraph" in (kind, self._kinds[self._open[-1]]) and not self._leads_on(self._open[-1]):
            self._open.pop()
        self._kinds.append(kind)
        self._fragments.append([(start, end)])
        self._parents.append(self._open[-1] if self._open else None)
        self._open.append(len(self._kinds) - 1)

    def _leads_on(self, index: int) -> bool:
        """Whether an item announces what follows it, as a heading does: by a colon, or by ending no sentence."""
        end = self._fragments[index][-1][1]
        return not self._text[max(0, end - 3) : end].rstrip("*_ ").endswith((".", ";", "!", "?"))

    def _accepted(self, marker: Marker, line: Line) -> str | None:
        """The kind of item that the marker begins; none where it is only the rest of a wrapped line."""
        if marker.kind == "roman" and len(marker.ordinal) == 1 and self._follows("upper", marker.ordinal):
            return "upper"
        if marker.kind == "number":
            last = int(self._last_ordinal.get("number", "0"))
            in_sequence = int(marker.ordinal) == 1 or last <= int(marker.ordinal) <= last + 3
            return "number" if in_sequence or self._ended(line) else None
        if marker.kind == "letter" and marker.ordinal not in "aA" and "letter" not in self._last_ordinal:
            return "letter" if self._ended(line) else None
        if marker.kind == "dash" and self._previous is not None and self._fills(self._previous, line):
            unit_name_goes_on = UNIT_HEAD_IN_TEXT.search(self._previous.words[-45:]) and not self._ended(line)
            return None if unit_name_goes_on else "dash"
        return marker.kind

    def _follows(self, kind: str, ordinal: str) -> bool:
        last = self._last_ordinal.get(kind)
        return last is not None and len(last) == 1 and ord(last) + 1 == ord(ordinal)

    def _ended(self, line: Line) -> bool:
        return self._previous is None or self._previous.words.endswith(_ENDS_SENTENCE)

    def _fills(self, previous: Line, line: Line) -> bool:
        """Whether the line's first word would not have fitted into the line before."""
        if self._width is None:
            return False
        needed = len(previous.words) + 1 + len(line.words.split(" ", 1)[0])
        return needed > self._width * (0.9 if previous.words.endswith(_ENDS_SENTENCE) else 0.8)

    def _goes_on(self, previous: Line, line: Line) -> bool:
        """Whether a line without a marker is the rest of the item before it."""
        first = line.words[0]
        if previous.words.endswith(":"):
            return first.islower()
        if first.islower() or (not first.isalpha() and not previous.words.endswith(_ENDS_SENTENCE)):
            return True
        if self._blank_parts and line.after_blank:
            return False
        return self._fills(previous, line)


def _wrap_width(lines: list[Line]) -> int | None:
    """The width at which the text was wrapped, in characters; none where each line is a whole paragraph."""
    lengths = sorted(len(line.words) for line in lines if not line.in_table)
    if len(lengths) < 3 or lengths[-1 - len(lengths) // 100] > _LONGEST_WRAPPED_LINE:
        return None
    return lengths[len(lengths) * 9 // 10]


def _blank_lines_part_paragraphs(lines: list[Line]) -> bool:
    return sum(line.after_blank for line in lines) < 0.6 * len(lines)
