"""Page numbers and running headers: what stands on pages without being part of the text."""

import re
from collections import Counter
from collections.abc import Sequence

from services.intake.reading.documents.layout.words import TextLine

_PAGE_NUMBER = re.compile(r"[-–\s]*(?:(?:trang|page)\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?[-–\s]*", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_DEEPEST = 3
_MARGIN = 0.1


def without_margins(pages: Sequence[Sequence[TextLine]], heights: Sequence[float]) -> list[list[TextLine]]:
    """The lines of each page without its number, and without what is repeated at the top or the foot of pages.

    Headers differ at most by their digits; whatever stands outside the outer tenth of the page is text.
    """
    seen = Counter(key for page in pages for key in {_key(line) for line in _outer(page)})
    kept: list[list[TextLine]] = []
    for page, height in zip(pages, heights, strict=True):
        furniture = set()
        for line in _outer(page):
            in_margin = line.y > height * (1 - _MARGIN) or line.y < height * _MARGIN
            if _PAGE_NUMBER.fullmatch(line.text()) or (in_margin and seen[_key(line)] > 1):
                furniture.add(id(line))
        kept.append([line for line in page if id(line) not in furniture])
    return kept


def _outer(page: Sequence[TextLine]) -> list[TextLine]:
    return [*page[:_DEEPEST], *page[-_DEEPEST:]]


def _key(line: TextLine) -> str:
    return _DIGITS.sub("0", line.text())
