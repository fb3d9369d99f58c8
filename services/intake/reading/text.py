"""Lines and passages that never lose their place in the text as it was given."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

_BLANK = re.compile("[\\s\x00-\x1f\x7f\u200b\ufeff\ud800-\udfff]+")
_ENDLESS_WORD = re.compile(r"\S{1000}")
_LINE = re.compile("[^\n\r\v\f\x85\u2028\u2029]+")
_OPENING_MARKS = re.compile("(?:[*_#]{2,}[ \t]*|[*_](?=\\w))+")
_COLUMN_GAP = re.compile(r"<br/?>|\||[ \t\xa0]{3,}|\t|-{3,}")


def folded(text: str) -> str:
    """The text with every run of white space, or of characters that no record can keep, as one space."""
    return _BLANK.sub(" ", text).strip()


def composed(text: str) -> str:
    """The text in Unicode's form NFC; as it is where a word is so long that composing could take hours.

    Composing takes time with the square of a run of combining marks, and no language has such words.
    """
    return text if _ENDLESS_WORD.search(text) else unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank. `words` is for matching: folded, composed (NFC), without marks of emphasis."""

    start: int
    end: int
    words: str
    after_blank: bool
    in_table: bool


@dataclass(frozen=True)
class Passage:
    """Parts of a source, in order, each a start and an exclusive end in characters."""

    source: str
    fragments: tuple[tuple[int, int], ...]

    @property
    def span(self) -> tuple[int, int]:
        """From the first part's start to the last part's end."""
        return self.fragments[0][0], self.fragments[-1][1]

    @cached_property
    def text(self) -> str:
        """The words as they were written, white space folded."""
        return folded(" ".join(self.source[start:end] for start, end in self.fragments))

    @cached_property
    def words(self) -> str:
        """The text composed (NFC), for matching."""
        return composed(self.text)

    def followed_by(self, other: "Passage") -> "Passage":
        """Both passages as one."""
        return Passage(self.source, self.fragments + other.fragments)

    def joined(self, parts: list["Passage"]) -> "Passage":
        """The parts, in order, as one passage of the same source."""
        return Passage(self.source, tuple(fragment for part in parts for fragment in part.fragments))

    def cut_after(self, separator: re.Pattern[str]) -> list["Passage"]:
        """The passage in pieces, each but the last ending with a match of the separator; none is blank."""
        pieces: list[Passage] = []
        open_piece: list[tuple[int, int]] = []
        for start, end in self.fragments:
            at = start
            for match in separator.finditer(self.source, start, end):
                open_piece.append((at, match.end()))
                pieces.append(Passage(self.source, tuple(open_piece)))
                open_piece, at = [], match.end()
            if at < end:
                open_piece.append((at, end))
        if open_piece:
            pieces.append(Passage(self.source, tuple(open_piece)))
        return [trimmed for piece in pieces if (trimmed := piece._trimmed()) is not None]

    def _trimmed(self) -> "Passage | None":
        fragments = [
            trimmed
            for start, end in self.fragments
            if (trimmed := _without_margins(self.source, start, end, marks=False)) is not None
        ]
        return Passage(self.source, tuple(fragments)) if fragments else None


def lines_of(text: str) -> list[Line]:
    """The lines of a text that are not blank, whatever ends them."""
    lines: list[Line] = []
    previous_end = 0
    for match in _LINE.finditer(text):
        margins = _without_margins(text, match.start(), match.end(), marks=True)
        if margins is None:
            continue
        start, end = margins
        gap = text[previous_end : match.start()]
        words = composed(folded(text[start:end]))
        breaks = gap.count("\n") or gap.count("\r")
        lines.append(Line(start, end, words, not lines or breaks > 1, text[start] == "|"))
        previous_end = match.end()
    return lines


def columns(text: str) -> list[str]:
    """What stands side by side in a line: cells of a table, or words set far apart; for matching (NFC)."""
    cells = _COLUMN_GAP.split(text)
    named = (composed(folded(cell)).strip("*_ -") for cell in cells)
    return [cell for cell in named if cell]


def _without_margins(text: str, start: int, end: int, *, marks: bool) -> tuple[int, int] | None:
    if opening := _BLANK.match(text, start, end):
        start = opening.end()
    if marks and (emphasis := _OPENING_MARKS.match(text, start, end)):
        start = emphasis.end()
    margin = "*_" if marks else ""
    while end > start and (text[end - 1] in margin or _BLANK.match(text[end - 1])):
        end -= 1
    return (start, end) if start < end else None
