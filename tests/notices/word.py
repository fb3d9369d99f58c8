"""Some notices as Word files, whose numbers exist only as list formatting, as offices write them.

What Word numbers by itself isn't in the file's text; a group row is one cell across the table; and the signature of one
notice lies in a text box, which Word writes twice: as a drawing, and as its fallback for old readers.
"""

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from tests.notices.corpus import FOLDER, labels_file

WORD_NOTICES = ("van-phong-ubnd-tinh", "dai-hoc", "tong-cong-ty")

_IN_TEXT_BOX = "dai-hoc"
_STAMPED = "van-phong-ubnd-tinh"
_ARRIVAL_STAMP = ("CÔNG VĂN ĐẾN", "Số: 2291", "Ngày: 21/9/2026")

_OUTLINE, _ROWS, _DECIMAL_ROWS = 90, 91, 92
"""Kinds of lists: of a notice's items, of a table's rows, of a table's rows numbered 1.1, 1.2."""

_LEVELS: dict[int, tuple[tuple[str, str], ...]] = {
    _OUTLINE: (("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "-")),
    _ROWS: (("upperLetter", "%1"), ("decimal", "%2")),
    _DECIMAL_ROWS: (("decimal", "%1"), ("decimal", "%1.%2")),
}
_MARKS = (re.compile(r"[IVX]+\. "), re.compile(r"\d+\. "), re.compile(r"[a-zđ]\) "), re.compile(r"- "))
_RIGHT_OF_HEADER = re.compile(r"CỘNG H|Độc lập|ngày .*tháng")
_LEFT_OF_SIGNATURE = re.compile(r"- |nơi nhận", re.IGNORECASE)
_DRAWING = """
<w:r {namespaces} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
     xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
     xmlns:v="urn:schemas-microsoft-com:vml">
  <mc:AlternateContent>
    <mc:Choice Requires="wps"><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">
      <wp:extent cx="2700000" cy="1300000"/><wp:docPr id="{number}" name="Text Box {number}"/>
      <a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
        <wps:cNvSpPr txBox="1"/><wps:spPr/>
        <wps:txbx><w:txbxContent>{paragraphs}</w:txbxContent></wps:txbx><wps:bodyPr/>
      </wps:wsp></a:graphicData></a:graphic>
    </wp:inline></w:drawing></mc:Choice>
    <mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{paragraphs}</w:txbxContent></v:textbox></v:shape></w:pict>
    </mc:Fallback>
  </mc:AlternateContent>
</w:r>"""


def write_word_notices(folder: Path) -> tuple[Path, ...]:
    """The Word files, each with its labels beside it, in a folder that exists."""
    for name in WORD_NOTICES:
        shutil.copy(labels_file(name), folder)
    return tuple(write_word_notice(name, folder) for name in WORD_NOTICES)


def write_word_notice(name: str, folder: Path) -> Path:
    """One notice of `WORD_NOTICES` as a Word file."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").replace("*", "")
    lines = [line.strip() for line in text.splitlines()]
    title = lines.index("THÔNG BÁO")
    end = max(number for number, line in enumerate(lines) if "Nơi nhận" in line)
    page = _Page(docx.Document())
    page.write_two_columns(lines[:title], _RIGHT_OF_HEADER)
    if name == _STAMPED:
        page.write_text_box(_ARRIVAL_STAMP)
    for is_table, block in groupby(lines[title:end], _is_table_row):
        if is_table:
            page.write_table([_cells(line) for line in block if not line.startswith("| ---")])
        else:
            page.write_paragraphs(filter(None, block))
    if name == _IN_TEXT_BOX:
        page.write_text_box([line for line in lines[end:] if line and not _LEFT_OF_SIGNATURE.match(line)])
        page.write_paragraphs(line for line in lines[end:] if _LEFT_OF_SIGNATURE.match(line))
    else:
        page.write_two_columns(lines[end:], _LEFT_OF_SIGNATURE, matching=0)
    file = folder / f"{name}.docx"
    page.document.save(str(file))
    return file


def _is_table_row(line: str) -> bool:
    return "\t" in line or line.startswith("|")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in (line.strip("|").split("|") if line.startswith("|") else line.split("\t"))]


def _pieces(lines: Iterable[str]) -> Iterator[str]:
    """What stands side by side or one above the other in a header, without the rules drawn below it."""
    for line in lines:
        for piece in re.split(r"\s{10,}|\||<br>", line):
            if piece.strip(" -─"):
                yield piece.strip()


@dataclass(slots=True)
class _Page:
    """A Word document in the making."""

    document: Document
    _lists: int = field(default=0, init=False)
    _boxes: int = field(default=0, init=False)
    _outline: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        numbering = self.document.part.numbering_part.element
        first = numbering.find(f"{{{numbering.nsmap['w']}}}num")
        for kind, levels in _LEVELS.items():
            first.addprevious(parse_xml(_abstract_list(kind, levels)))
        self._outline = self._new_list(_OUTLINE)

    def _new_list(self, kind: int) -> int:
        """A list of its own, which begins at 1."""
        self._lists += 1
        number = 100 + self._lists
        restart = "".join(
            f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="1"/></w:lvlOverride>'
            for level in range(len(_LEVELS[kind]))
        )
        self.document.part.numbering_part.element.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{kind}"/>{restart}</w:num>')
        )
        return number

    def write_paragraphs(self, lines: Iterable[str]) -> None:
        """Items become numbered paragraphs, everything else plain ones."""
        for line in lines:
            level = next((level for level, mark in enumerate(_MARKS) if mark.match(line)), None)
            if level is None:
                self.document.add_paragraph(line)
            else:
                _number(self.document.add_paragraph(_MARKS[level].sub("", line, count=1)), self._outline, level)

    def write_two_columns(self, lines: Iterable[str], pattern: re.Pattern[str], matching: int = 1) -> None:
        """A table without borders whose column `matching` holds the pieces that match the pattern."""
        table = self.document.add_table(rows=1, cols=2)
        for piece in _pieces(lines):
            column = matching if pattern.search(piece) else 1 - matching
            paragraph = _next_paragraph(table.cell(0, column), piece)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def write_table(self, rows: list[list[str]]) -> None:
        """A table with borders: the first column is numbered by Word, a row with two cells is a group."""
        header, *body = rows
        table = self.document.add_table(rows=len(rows), cols=len(header), style="Table Grid")
        for cell, text in zip(table.rows[0].cells, header, strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        kind = _DECIMAL_ROWS if any(re.match(r"\d+\.\d", row[0]) for row in body) else _ROWS
        numbers = self._new_list(kind)
        for row, texts in zip(table.rows[1:], body, strict=True):
            _write_row(row, texts, numbers)

    def write_text_box(self, lines: Iterable[str]) -> None:
        """A box that floats above the text."""
        self._boxes += 1
        paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
        drawing = _DRAWING.format(namespaces=nsdecls("w", "wp", "a"), number=self._boxes, paragraphs=paragraphs)
        self.document.add_paragraph()._p.append(parse_xml(drawing))


def _write_row(row: _Row, texts: list[str], numbers: int) -> None:
    cells = row.cells
    if not any(texts[2:]):
        whole = cells[0].merge(cells[-1])
        whole.paragraphs[0].add_run(texts[1]).bold = True
        _number(whole.paragraphs[0], numbers, 0)
        return
    _number(cells[0].paragraphs[0], numbers, 1)
    for cell, text in zip(cells[1:], texts[1:], strict=False):
        cell.text = text


def _next_paragraph(cell: _Cell, text: str) -> Paragraph:
    paragraph: Paragraph = cell.add_paragraph() if cell.text else cell.paragraphs[0]
    paragraph.add_run(text)
    return paragraph


def _number(paragraph: Paragraph, numbers: int, level: int) -> None:
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{numbers}"/></w:numPr>')
    )


def _abstract_list(kind: int, levels: tuple[tuple[str, str], ...]) -> str:
    # The rows of a table count on through its groups, as long as they are not numbered below them.
    goes_on = '<w:lvlRestart w:val="0"/>' if kind == _ROWS else ""
    described = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{goes_on}'
        f'<w:lvlText w:val="{shown}"/><w:lvlJc w:val="left"/></w:lvl>'
        for level, (style, shown) in enumerate(levels)
    )
    return (
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{kind}"><w:multiLevelType w:val="multilevel"/>'
        f"{described}</w:abstractNum>"
    )
