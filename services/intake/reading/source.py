"""What every form of a document becomes before it is read: its text, and the tables in it by their places."""

from dataclasses import dataclass

Span = tuple[int, int]
"""Start and exclusive end in the source's text, in characters."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows of cells, each the place of its words in the text. An empty cell is an empty span.

    A cell that goes on over several rows or columns stands in each of them.
    """

    rows: tuple[tuple[Span, ...], ...]

    @property
    def span(self) -> Span:
        """From the first cell's start to the last cell's end."""
        cells = [cell for row in self.rows for cell in row]
        return min(start for start, _ in cells), max(end for _, end in cells)


@dataclass(frozen=True, slots=True)
class SourceDoubt:
    """Something of the document that may have been lost on the way to the text, such as the words of a poor scan.

    `code` says what, `about` where or which, `confidence` how far the text can be trusted all the same, from 0 to 1.
    """

    code: str
    about: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Source:
    """A document as it is read. `tables` stand in the order of the text and do not overlap.

    `whole_lines` says that each line is a whole paragraph, as in a Word document, and none is the rest of another.
    """

    text: str
    tables: tuple[Table, ...] = ()
    doubts: tuple[SourceDoubt, ...] = ()
    whole_lines: bool = False
