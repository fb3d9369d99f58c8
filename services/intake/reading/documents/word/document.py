"""From a Word document to its source: paragraphs with their numbers, tables, text boxes and the letterhead."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from lxml import etree

from services.intake.reading.documents.composition import Cell, Composition
from services.intake.reading.documents.letterhead import MOTTO, stands_side_by_side
from services.intake.reading.documents.word.archive import NAMESPACE, Archive
from services.intake.reading.documents.word.numbering import Numbering, attribute, child, number
from services.intake.reading.documents.word.styles import Styles, draws_lines
from services.intake.reading.documents.word.words import words_of
from services.intake.reading.source import Source

_W = f"{{{NAMESPACE}}}"
_PARAGRAPH, _TABLE, _ROW, _CELL = (_W + name for name in ("p", "tbl", "tr", "tc"))
_TRANSPARENT = {_W + name for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml")}
_LETTER_MARK = re.compile(r"[a-zđ][.)]")
_PASTED_SHARE = 0.04
_LINES_OF_TITLES = 2
_BEGINNING = 3_000
_MOST_COLUMNS = 100


def word_source(content: bytes) -> Source:
    """The source of a .docx. Page headers are part of it where the letterhead stands in them alone.

    Raises:
        UnreadableNotice: it is damaged, locked, or hostile.
    """
    archive = Archive(content)
    headers = _Reading(archive)
    for root in archive.headers():
        headers.blocks(root)
    body = _Reading(archive)
    body.main_part()
    source = body.source()
    if MOTTO.search(headers.source().text) and not MOTTO.search(source.text[:_BEGINNING]):
        headers.main_part()
        source = headers.source()
    return source


class _Reading:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._styles = Styles(archive.root("word/styles.xml"))
        self._numbering = Numbering(archive.root("word/numbering.xml"))
        self._deleted_mark = ""
        self._composition = Composition()

    def source(self) -> Source:
        """What was taken in so far."""
        source = self._composition.source(whole_lines=True)
        return replace(source, whole_lines=not _is_pasted(source.text.splitlines()))

    def main_part(self) -> None:
        """Takes the document's own text in."""
        for block in self._archive.blocks(self._archive.main_part()):
            self._block(block)
        self._add([self._deleted_mark])

    def blocks(self, root: etree._Element) -> None:
        """Takes in what a part holds."""
        for block in _blocks(root):
            self._block(block)

    def _block(self, block: etree._Element) -> None:
        if block.tag == _PARAGRAPH:
            self._add(self._paragraph(block))
            return
        rows = [row for row in self._rows(block) if row]
        if all(len(row) == 1 for row in rows):
            for (cell,) in rows:
                self._add(cell.lines)
        elif stands_side_by_side(rows, lined=self._is_lined(block)):
            for row in rows:
                self._composition.beside(list(dict.fromkeys(row)))
        else:
            self._composition.table(rows)

    def _add(self, lines: Iterable[str]) -> None:
        for line in lines:
            if line.strip():
                self._composition.line(line)

    def _paragraph(self, paragraph: etree._Element, *, in_cell: bool = False) -> Iterator[str]:
        """The paragraph's line with its number, and the lines of its text boxes."""
        properties = child(paragraph, "pPr")
        style = attribute(child(properties, "pStyle"))
        words = words_of(paragraph, self._styles, style)
        text = self._deleted_mark + _with_whole_sentences(words.text)
        self._deleted_mark = ""
        if child(properties, "rPr", "del") is not None:
            self._deleted_mark = text
        else:
            mark = self._mark(properties, style)
            if text.strip():
                yield f"{mark} {text.strip()}" if mark else text.strip()
            elif mark and in_cell:
                yield mark.rstrip(".")
        for box in words.boxes:
            for block in _blocks(box):
                yield from self._lines(block)

    def _mark(self, properties: "etree._Element | None", style: str | None) -> str:
        own, inherited = child(properties, "numPr"), self._styles.list_of(style)
        list_id = attribute(child(own, "numId")) or attribute(child(inherited, "numId"))
        if list_id is None:
            return ""
        depths = (
            number(child(own, "ilvl")),
            self._numbering.depth_of_style(style or ""),
            number(child(inherited, "ilvl")),
        )
        return self._numbering.next(list_id, next((depth for depth in depths if depth is not None), 0))

    def _lines(self, block: etree._Element) -> Iterator[str]:
        """A block within a cell or a text box, as lines."""
        if block.tag == _PARAGRAPH:
            for line in self._paragraph(block, in_cell=True):
                yield from line.splitlines()
            return
        for row in self._rows(block):
            for cell in dict.fromkeys(row):
                yield from cell.lines

    def _rows(self, table: etree._Element) -> list[list[Cell]]:
        """The rows of a table; merged cells stand in each row and column that they go on over."""
        rows: list[list[Cell]] = []
        above: dict[int, Cell] = {}
        for row in _below(table, _ROW):
            if child(row, "trPr", "del") is not None:
                continue
            cells: list[Cell] = []
            skipped = number(child(row, "trPr", "gridBefore")) or 0
            cells.extend(Cell(()) for _ in range(min(skipped, _MOST_COLUMNS)))
            for element in _below(row, _CELL):
                merged, place = child(element, "tcPr", "vMerge"), len(cells)
                goes_on = merged is not None and attribute(merged) != "restart"
                cell = above.get(place) if goes_on else None
                if cell is None:
                    cell = Cell(tuple(line for block in _blocks(element) for line in self._lines(block)))
                wide = number(child(element, "tcPr", "gridSpan")) or 1
                cells.extend([cell] * min(wide, max(_MOST_COLUMNS - place, 0)))
            above = dict(enumerate(cells))
            rows.append(cells)
        return rows

    def _is_lined(self, table: etree._Element) -> bool:
        properties = child(table, "tblPr")
        style = attribute(child(properties, "tblStyle"))
        return draws_lines(child(properties, "tblBorders")) or self._styles.has_lines(style)


def _is_pasted(lines: list[str]) -> bool:
    """Whether many lines begin within a sentence, as where wrapped text was pasted with an end on every line."""
    within = sum(
        line[:1].islower() and not _LETTER_MARK.match(line) and not above.endswith((".", ";", ":", "|"))
        for above, line in pairwise(lines)
    )
    return within > max(_LINES_OF_TITLES, _PASTED_SHARE * len(lines))


def _with_whole_sentences(text: str) -> str:
    """The text without line breaks that somebody set by hand within a sentence."""
    whole: list[str] = []
    for line in text.split("\n"):
        begins = line.lstrip()[:1]
        if whole and begins.islower() and not _LETTER_MARK.match(line.lstrip()) and whole[-1][-1:] not in ":;.":
            whole[-1] = f"{whole[-1].rstrip()} {line.lstrip()}"
        else:
            whole.append(line)
    return "\n".join(whole)


def _blocks(element: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables of a cell, a text box or a header, in order, with those in content controls."""
    for each in element.iterchildren("*"):
        if each.tag in (_PARAGRAPH, _TABLE):
            yield each
        elif each.tag in _TRANSPARENT:
            yield from _blocks(each)


def _below(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, with those in content controls."""
    for each in element.iterchildren("*"):
        if each.tag == tag:
            yield each
        elif each.tag in _TRANSPARENT:
            yield from _below(each, tag)
