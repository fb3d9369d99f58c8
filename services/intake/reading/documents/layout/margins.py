"""Page numbers and running headers: what stands on pages without being part of the text."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from services.intake.reading.documents.layout.words import TextLine

_PAGE_NUMBER = re.compile(r"[-–\s]*(?:(?:trang|page)\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?[-–\s]*", re.IGNORECASE)
_STRAY = re.compile(r"[^\W\d_a-zA-Z](?:\s[^\W\d_a-zA-Z])*")
"""Browsers leave single accented letters of the next page's first line behind the lower edge of this one."""

_DIGITS = re.compile(r"\d+")
_DEEPEST = 3
_APART = 1.4


def without_margins(pages: Sequence[Sequence[TextLine]]) -> list[list[TextLine]]:
    """The lines of each page without its number, and without what is repeated at the top or the foot of pages.

    Headers differ at most by their digits, and stand apart from the text.
    """
    seen = Counter(key for page in pages for key in {_key(line) for line in _outer(page)})
    kept: list[list[TextLine]] = []
    for page in pages:
        repeated = [line for line in _outer(page) if seen[_key(line)] > 1]
        numbers = [line for line in (*page[:1], *page[-1:], *_outer(page)) if _PAGE_NUMBER.fullmatch(line.text())]
        stray = [line for line in page[-1:] if _STRAY.fullmatch(line.text())]
        furniture = {id(line) for line in (*repeated, *numbers, *stray)}
        kept.append([line for line in page if id(line) not in furniture])
    return kept


def _outer(page: Sequence[TextLine]) -> list[TextLine]:
    """The lines at the top and at the foot of a page that a gap parts from the others."""
    gaps = [above.y - below.y for above, below in pairwise(page)]
    if not gaps:
        return []
    wide = _APART * sorted(gaps)[len(gaps) // 2]
    top = next((count for count, gap in enumerate(gaps[:_DEEPEST], start=1) if gap > wide), 0)
    foot = next((count for count, gap in enumerate(gaps[: -_DEEPEST - 1 : -1], start=1) if gap > wide), 0)
    return [*page[:top], *page[len(page) - foot :]]


def _key(line: TextLine) -> str:
    return _DIGITS.sub("0", line.text())
