"""A report as a Word file, laid out as Decree 30/2020/NĐ-CP, appendix I, says: A4, Times New Roman, its margins."""

import io
from collections.abc import Callable, Sequence

from docx import Document
from docx.document import Document as Opened
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from services.tasks.reporting.content import COLUMNS, HEADINGS, Report, TaskList
from services.tasks.reporting.letterhead import KIND, MOTTO, STATE
from services.tasks.reporting.text import printable
from shared.web import wording

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Times New Roman"
MOST_ROWS = 200
"""Most rows of a list: a longer one is for a workbook."""

_PAGE = (Mm(210), Mm(297))
_TOP, _BOTTOM, _LEFT, _RIGHT = Mm(20), Mm(20), Mm(30), Mm(20)
_BODY, _SMALL = Pt(14), Pt(11)
_UNIT_WIDTHS = (Mm(40), *(Mm(15) for _ in COLUMNS))
_LIST_WIDTHS = (Mm(9), Mm(62), Mm(28), Mm(22), Mm(22), Mm(17))
_LONGEST_TEXT, _LONGEST_PROPERTY = 1_000, 250
_LINK = RGBColor(0x17, 0x4A, 0x8B)
_CENTRE, _JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY

Address = Callable[[str], str]
"""The address of a task, by its id."""


def word_file(report: Report, address: Address) -> bytes:
    """The report as a .docx file."""
    document = Document()
    _set_page(document)
    _set_heading(document, report)
    _paragraph(document, report.opening)
    _section(document, 1, "Kết quả chung")
    _paragraph(document, report.results)
    _paragraph(document, report.remaining)
    _units(document, report)
    for number, each in enumerate(report.lists, start=2):
        _section(document, number, f"{each.title} ({wording.number(each.all.count, 'vi')})")
        _list(document, each, address)
    _section(document, len(report.lists) + 2, "Căn cứ số liệu")
    _paragraph(document, report.basis)
    _sign(document, report)
    document.core_properties.title = printable(f"{KIND}: {report.subject}"[:_LONGEST_PROPERTY])
    document.core_properties.author = printable(report.letterhead.issuer[:_LONGEST_PROPERTY])
    document.core_properties.comments = ""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_page(document: Opened) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = _PAGE
    section.top_margin, section.bottom_margin = _TOP, _BOTTOM
    section.left_margin, section.right_margin = _LEFT, _RIGHT
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = _CENTRE
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = number.add_run()
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, _BODY
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.get_or_add_rPr().append(language)
    style.paragraph_format.space_after = Pt(0)


def _set_heading(document: Opened, report: Report) -> None:
    head = report.letterhead
    table = _bare_table(document, (Mm(62), Mm(98)))
    left, right = table.rows[0].cells
    lines = [*([(head.authority, False)] if head.authority else []), (head.issuer or "………………………", True)]
    for text, bold in lines:
        _put(left, text.upper(), Pt(12), bold=bold)
    _rule(left, Mm(20))
    _put(left, head.number, Pt(13), before=Pt(4))
    _put(right, STATE, Pt(12), bold=True)
    _put(right, MOTTO, Pt(13), bold=True)
    _rule(right, Mm(22))
    _put(right, head.dated(report.made_on), Pt(13), italic=True, before=Pt(4))
    for cell in (left, right):
        cell._tc.remove(cell.paragraphs[0]._p)
    title = document.add_paragraph()
    title.alignment = _CENTRE
    title.paragraph_format.space_before = Pt(18)
    title.add_run(KIND).bold = True
    about = document.add_paragraph()
    about.alignment = _CENTRE
    about.add_run(printable(report.subject)).bold = True
    _rule(document, Mm(55))


def _sign(document: Opened, report: Report) -> None:
    head = report.letterhead
    left, right = _bare_table(document, (Mm(80), Mm(80)), before=Pt(12)).rows[0].cells
    _put(left, "Nơi nhận:", Pt(12), bold=True, italic=True, centred=False)
    for each in head.recipients:
        _put(left, f"- {each}", _SMALL, centred=False)
    _put(right, (head.position or "CHỨC VỤ CỦA NGƯỜI KÝ").upper(), _BODY, bold=True)
    _put(right, head.signer or "………………………", _BODY, bold=True, before=Pt(72))
    for cell in (left, right):
        cell._tc.remove(cell.paragraphs[0]._p)


def _units(document: Opened, report: Report) -> None:
    headings = ("Đơn vị", *(called for _, called in COLUMNS))
    table = _table(document, headings, _UNIT_WIDTHS)
    for line in (report.total, *report.units):
        cells = _next_row(table)
        counts = (wording.number(figure.count, "vi") for figure in line.figures)
        for place, (cell, text) in enumerate(zip(cells, (line.name, *counts), strict=True)):
            _fill(cell, text, bold=line is report.total, centred=place > 0)


def _list(document: Opened, listed: TaskList, address: Address) -> None:
    if not listed.rows:
        _paragraph(document, listed.nothing)
        return
    table = _table(document, HEADINGS, _LIST_WIDTHS)
    for number, row in enumerate(listed.rows, start=1):
        cells = _next_row(table)
        _fill(cells[0], str(number), centred=True)
        _fill(cells[1], _shortened(row.text))
        _link(cells[1].add_paragraph(), row.notice, address(row.task_id))
        _fill(cells[2], row.unit)
        _fill(cells[3], f"{row.due:%d/%m/%Y}" if row.due else "", centred=True)
        _fill(cells[4], row.standing)
        _fill(cells[5], row.trace)
    if listed.left_out > 0:
        _paragraph(
            document,
            f"Bảng nêu {len(listed.rows)} nhiệm vụ đầu trong tổng số {wording.number(listed.all.count, 'vi')}; danh "
            "sách dài hơn có ở tệp bảng tính kèm theo.",
        )


def _section(document: Opened, number: int, title: str) -> None:
    heading = document.add_paragraph()
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(10), Pt(4)
    heading.paragraph_format.keep_with_next = True
    heading.add_run(f"{_roman(number)}. {title}").bold = True


def _paragraph(document: Opened, text: str) -> None:
    paragraph = document.add_paragraph(printable(text))
    paragraph.alignment = _JUSTIFIED
    form = paragraph.paragraph_format
    form.first_line_indent, form.space_before, form.space_after = Mm(10), Pt(3), Pt(3)


def _bare_table(document: Opened, widths: Sequence[Length], before: Length | None = None) -> Table:
    if before:
        document.add_paragraph().paragraph_format.space_before = before
    table: Table = document.add_table(rows=1, cols=len(widths))
    _widen(table, widths)
    return table


def _table(document: Opened, headings: Sequence[str], widths: Sequence[Length]) -> Table:
    table: Table = document.add_table(rows=1, cols=len(headings))
    table.style = "Table Grid"
    _widen(table, widths)
    first = table.rows[0]
    for cell, text in zip(first.cells, headings, strict=True):
        _fill(cell, text, bold=True, centred=True)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    first._tr.get_or_add_trPr().append(repeated)
    return table


def _next_row(table: Table) -> Sequence[_Cell]:
    cells: Sequence[_Cell] = table.add_row().cells  # type: ignore[no-untyped-call]
    return cells


def _widen(table: Table, widths: Sequence[Length]) -> None:
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _put(
    cell: _Cell,
    text: str,
    size: Length,
    *,
    bold: bool = False,
    italic: bool = False,
    centred: bool = True,
    before: Length | None = None,
) -> None:
    paragraph = cell.add_paragraph()
    paragraph.alignment = _CENTRE if centred else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_before = before
    run = paragraph.add_run(printable(text))
    run.font.size, run.bold, run.italic = size, bold, italic


def _fill(cell: _Cell, text: str, *, bold: bool = False, centred: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    if centred:
        paragraph.alignment = _CENTRE
    run = paragraph.add_run(printable(text))
    run.font.size, run.bold = _SMALL, bold


def _rule(within: "_Cell | Opened", inset: Length) -> None:
    """A line across, as far from both sides as said."""
    paragraph = within.add_paragraph()
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = inset
    form.line_spacing = Pt(4)
    border = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    border.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(
        border, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _link(paragraph: Paragraph, text: str, address: str) -> None:
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = paragraph.add_run(printable(text))
    run.font.size, run.font.color.rgb, run.underline = _SMALL, _LINK, True
    link.append(run._r)
    paragraph._p.append(link)


def _shortened(text: str) -> str:
    plain = " ".join(printable(text).split())
    return plain if len(plain) <= _LONGEST_TEXT else plain[:_LONGEST_TEXT].rsplit(" ", 1)[0] + " …"


def _roman(number: int) -> str:
    return ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")[number - 1]
