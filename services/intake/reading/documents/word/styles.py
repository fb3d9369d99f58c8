"""What paragraphs take from their styles: a place in a list, a font, the lines of a table."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from lxml import etree

from services.intake.reading.documents.word.archive import NAMESPACE
from services.intake.reading.documents.word.numbering import attribute, child

_MOST_ANCESTORS = 32
_INVISIBLE = {None, "none", "nil"}

T = TypeVar("T")


class Styles:
    """The styles of a document, each asked with those that it is based on."""

    def __init__(self, root: "etree._Element | None") -> None:
        self._styles: dict[str, etree._Element] = {}
        self._default: dict[str, str] = {}
        self._defaults: etree._Element | None = None
        self._fonts: dict[str | None, str] = {}
        self._lists: dict[str | None, etree._Element | None] = {}
        if root is not None:
            self._defaults = child(root, "docDefaults", "rPrDefault", "rPr")
            for style in root.iterchildren(f"{{{NAMESPACE}}}style"):
                name = attribute(style, "styleId") or ""
                self._styles[name] = style
                if attribute(style, "default") in {"1", "true"}:
                    self._default[attribute(style, "type") or ""] = name

    def list_of(self, style: str | None) -> "etree._Element | None":
        """The `numPr` of a paragraph style; None where it is in no list."""
        if style not in self._lists:
            self._lists[style] = self._first(style, "paragraph", lambda each: child(each, "pPr", "numPr"))
        return self._lists[style]

    def font_of(self, style: str | None) -> str:
        """The font of a paragraph style."""
        if style not in self._fonts:
            found = self._first(style, "paragraph", lambda each: font(child(each, "rPr")) or None)
            self._fonts[style] = found or font(self._defaults)
        return self._fonts[style]

    def has_lines(self, style: str | None) -> bool:
        """Whether a table style draws lines."""
        return bool(self._first(style, "table", lambda each: draws_lines(child(each, "tblPr", "tblBorders")) or None))

    def _first(self, style: str | None, kind: str, asked: Callable[[etree._Element], T | None]) -> T | None:
        for each in self._ancestry(style or self._default.get(kind)):
            if (found := asked(each)) is not None:
                return found
        return None

    def _ancestry(self, name: str | None) -> Iterator[etree._Element]:
        for _ in range(_MOST_ANCESTORS):
            if name is None or (style := self._styles.get(name)) is None:
                return
            yield style
            name = attribute(child(style, "basedOn"))


def font(properties: "etree._Element | None") -> str:
    """The font that run properties name; "" where they name none."""
    fonts = child(properties, "rFonts")
    return attribute(fonts, "ascii") or attribute(fonts, "hAnsi") or ""


def draws_lines(borders: "etree._Element | None") -> bool:
    """Whether any of the borders can be seen."""
    return borders is not None and any(attribute(each) not in _INVISIBLE for each in borders.iterchildren("*"))
