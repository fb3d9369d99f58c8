"""Which words belong together, and which item stands under which heading."""

import re
from dataclasses import dataclass

from services.intake.reading.duties.orders import begins_with_duty
from services.intake.reading.layout.markers import RANK, Marker, marker_of
from services.intake.reading.layout.running_lines import WANTS_NUMBER
from services.intake.reading.owners.lexicon import UNIT_HEAD_IN_TEXT
from services.intake.reading.tables.tables import Grid
from services.intake.reading.text import Line, Passage

_LONGEST_WRAPPED_LINE = 140
_LONGEST_BARE_HEADING = 80
_ENDS_SENTENCE = (".", ";", ":", "!", "?", "…", "./")
_BEGINS_ANEW = re.compile(r"(?:Về|Đối với)\s[^:.;]{3,150}:|(?:Giao|Phân công|Đề nghị|Yêu cầu)\s")
_WANTS_ROMAN = re.compile(r"\b(?:quý|khu vực|hạng|loại|nhóm|giai đoạn)$", re.IGNORECASE)
_FIRST = frozenset({"I", "A", "1", "a", "i"})
_COUNTED = frozenset({"number", "bracket"})


@dataclass(frozen=True, slots=True)
class Item:
    """A heading, a numbered or bulleted item, a paragraph or a table. `parent` is an index in the outline."""

    kind: str
    passage: Passage
    parent: int | None
    is_leaf: bool
    grid: Grid | None = None


def outline_of(text: str, lines: list[Line], grids: list[Grid], *, whole_lines: bool = False) -> list[Item]:
    """The items of a notice's body, in order. The tables' places are counted in these lines; `whole_lines` says that
    none of them is the rest of another."""
    tabled = {at for grid in grids for at in range(grid.first, grid.last + 1)}
    first_lines = {grid.first: grid for grid in grids}
    prose = [line for at, line in enumerate(lines) if at not in tabled]
    width = None if whole_lines else _wrap_width(prose)
    outline = _Outline(text, width, _blank_lines_part_paragraphs(prose), whole_lines)
    for at, line in enumerate(lines):
        if at in first_lines:
            outline.take_table(first_lines[at], lines)
        elif at not in tabled:
            outline.take(line)
    return outline.items()


class _Outline:
    def __init__(self, text: str, width: int | None, blank_parts: bool, whole_lines: bool) -> None:
        self._text = text
        self._whole_lines = whole_lines
        self._width = width
        self._blank_parts = blank_parts
        self._kinds: list[str] = []
        self._fragments: list[list[tuple[int, int]]] = []
        self._parents: list[int | None] = []
        self._grids: list[Grid | None] = []
        self._open: list[int] = []
        self._last_ordinal: dict[str, str] = {}
        self._previous: Line | None = None

    def take(self, line: Line) -> None:
        marker = marker_of(self._text, line)
        if marker is not None and (kind := self._accepted(marker, line)) is not None:
            self._begin(kind, line.start + marker.length, line.end, marker.ordinal)
            self._last_ordinal[kind] = marker.ordinal
        elif self._previous is not None and self._goes_on(self._previous, line):
            self._fragments[-1].append((line.start, line.end))
        else:
            self._begin("paragraph", line.start, line.end)
        self._previous = line

    def take_table(self, grid: Grid, lines: list[Line]) -> None:
        while self._open and not self._leads_on(self._open[-1]):
            self._open.pop()
        self._add("table", lines[grid.first].start, lines[grid.last].end, grid)
        self._previous = None

    def items(self) -> list[Item]:
        parents = set(self._parents)
        return [
            Item(kind, Passage(self._text, tuple(fragments)), parent, index not in parents, grid)
            for index, (kind, fragments, parent, grid) in enumerate(
                zip(self._kinds, self._fragments, self._parents, self._grids, strict=True)
            )
        ]

    def _begin(self, kind: str, start: int, end: int, ordinal: str = "") -> None:
        del self._open[self._depth(kind, ordinal) :]
        while self._open and "paragraph" in (kind, self._kinds[self._open[-1]]) and not self._leads_on(self._open[-1]):
            self._open.pop()
        self._add(kind, start, end, None)
        self._open.append(len(self._kinds) - 1)

    def _add(self, kind: str, start: int, end: int, grid: Grid | None) -> None:
        self._kinds.append(kind)
        self._fragments.append([(start, end)])
        self._parents.append(self._open[-1] if self._open else None)
        self._grids.append(grid)

    def _depth(self, kind: str, ordinal: str) -> int:
        """How many of the open items an item stands under."""
        if kind == "paragraph":
            return len(self._open)
        for depth, index in enumerate(self._open):
            if self._kinds[index] == kind:
                return depth
        begins = ordinal in _FIRST and self._open[-1:] == [len(self._kinds) - 1] and self._kinds[-1] != "paragraph"
        if begins and self._leads_on(self._open[-1]):
            return len(self._open)
        rank = RANK.get(kind, len(RANK))
        inner = (depth for depth, index in enumerate(self._open) if rank < RANK.get(self._kinds[index], -1))
        return next(inner, len(self._open))

    def _leads_on(self, index: int) -> bool:
        """Whether an item announces what follows it, as a heading does: by a colon, or by ending no sentence."""
        start, end = self._fragments[index][0][0], self._fragments[index][-1][1]
        if self._kinds[index] == "paragraph" and end - start > _LONGEST_BARE_HEADING:
            return self._text[max(0, end - 3) : end].rstrip("*_ ").endswith(":")
        return not self._text[max(0, end - 3) : end].rstrip("*_ ").endswith((".", ";", "!", "?"))

    def _accepted(self, marker: Marker, line: Line) -> str | None:
        """The kind of item that the marker begins; none where it is only the rest of a wrapped line."""
        before = self._previous.words[-20:] if self._previous is not None else ""
        if marker.kind == "roman" and _WANTS_ROMAN.search(before):
            return None
        if marker.kind == "roman" and len(marker.ordinal) == 1 and self._follows("upper", marker.ordinal):
            return "upper"
        if marker.kind in _COUNTED and marker.ordinal.isdigit():
            last = int(self._last_ordinal.get(marker.kind, "0"))
            if WANTS_NUMBER.search(before) and int(marker.ordinal) != last + 1:
                return None
            in_sequence = int(marker.ordinal) == 1 or last <= int(marker.ordinal) <= last + 3
            return marker.kind if in_sequence or self._ended() else None
        if marker.kind == "number.2":
            within = marker.ordinal.split(".")[0] == self._last_ordinal.get("number", marker.ordinal.split(".")[0])
            return marker.kind if within or self._ended() else None
        if marker.kind == "letter" and marker.ordinal not in "aA" and "letter" not in self._last_ordinal:
            return "letter" if self._ended() else None
        if marker.kind == "dash" and self._previous is not None and self._fills(self._previous, line):
            unit_name_goes_on = UNIT_HEAD_IN_TEXT.search(self._previous.words[-45:]) and not self._ended()
            orders = begins_with_duty(line.words.lstrip("-–—−•·*▪● "))
            return None if unit_name_goes_on and not orders else "dash"
        return marker.kind

    def _follows(self, kind: str, ordinal: str) -> bool:
        last = self._last_ordinal.get(kind)
        return last is not None and len(last) == 1 and ord(last) + 1 == ord(ordinal)

    def _ended(self) -> bool:
        return self._previous is None or self._previous.words.endswith(_ENDS_SENTENCE)

    def _fills(self, previous: Line, line: Line) -> bool:
        """Whether the line's first word would not have fitted into the line before."""
        if self._width is None:
            return False
        needed = len(previous.words) + 1 + len(line.words.split(" ", 1)[0])
        return needed > self._width * (0.9 if previous.words.endswith(_ENDS_SENTENCE) else 0.8)

    def _goes_on(self, previous: Line, line: Line) -> bool:
        """Whether a line without a marker is the rest of the item before it."""
        if self._whole_lines:
            return False
        first = line.words[0]
        if previous.words.endswith(":"):
            return first.islower()
        if first.islower() or (not first.isalpha() and not previous.words.endswith(_ENDS_SENTENCE)):
            return True
        if self._blank_parts and line.after_blank:
            return False
        if previous.words.endswith(_ENDS_SENTENCE) and _BEGINS_ANEW.match(line.words):
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
