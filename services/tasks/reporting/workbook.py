"""A report as a workbook: the same figures and lists, for whoever sorts, filters and counts on."""

import datetime as dt
import io
from collections.abc import Callable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from services.tasks.reporting.content import COLUMNS, ListKey, Report, TaskList
from services.tasks.reporting.letterhead import KIND
from services.tasks.reporting.text import printable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_000
"""Most rows of a list."""

SHEETS: dict[ListKey, str] = {
    "overdue": "Quá hạn",
    "due": "Đến hạn kỳ tới",
    "done": "Hoàn thành trong kỳ",
    "undated": "Không có hạn",
    "repeated": "Chỉ đạo lại",
}
"""The sheet of each list."""

_LIST_COLUMNS: tuple[tuple[str, int], ...] = (
    ("TT", 6),
    ("Nội dung nhiệm vụ", 70),
    ("Thông báo", 26),
    ("Đơn vị", 30),
    ("Thời hạn", 12),
    ("Tình hình", 34),
    ("Phiên bản", 10),
    ("Sự kiện gần nhất", 16),
    ("Địa chỉ", 44),
)
_FONT = Font(name="Times New Roman", size=12)
_BOLD = Font(name="Times New Roman", size=12, bold=True)
_LINK = Font(name="Times New Roman", size=12, color="174A8B", underline="single")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")

Value = str | int | dt.date | None


def workbook(report: Report, address: Callable[[str], str]) -> bytes:
    """The report as a .xlsx file. `address` gives the address of a task, by its id."""
    book = Workbook()
    first = book.active
    if not isinstance(first, Worksheet):
        raise TypeError("a new workbook has one sheet")
    _summary(first, report)
    for each in report.lists:
        _list(book.create_sheet(SHEETS[each.key]), each, address)
    book.properties.title = printable(f"{KIND}: {report.subject}")
    book.properties.creator = printable(report.letterhead.issuer)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _summary(sheet: Worksheet, report: Report) -> None:
    sheet.title = "Tổng hợp"
    said = (report.letterhead.issuer, KIND, report.subject, report.results, report.remaining, report.basis)
    for number, text in enumerate(said, start=1):
        cell = sheet.cell(number, 1)
        write(cell, text)
        cell.font = _BOLD if number <= 3 else _FONT
        sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=len(COLUMNS) + 1)
        cell.alignment = _WRAPPED
        sheet.row_dimensions[number].height = 17 if number <= 3 else 50
    top = len(said) + 2
    _headings(sheet, top, [("Đơn vị", 40), *((called, 14) for _, called in COLUMNS)])
    for number, line in enumerate((report.total, *report.units), start=top + 1):
        values: list[Value] = [line.name, *(figure.count for figure in line.figures)]
        _row(sheet, number, values, _BOLD if line is report.total else _FONT)
    sheet.freeze_panes = f"B{top + 1}"


def _list(sheet: Worksheet, listed: TaskList, address: Callable[[str], str]) -> None:
    _headings(sheet, 1, _LIST_COLUMNS)
    for number, row in enumerate(listed.rows, start=1):
        to = address(row.task_id)
        values: list[Value] = [
            number,
            " ".join(printable(row.text).split()),
            row.notice,
            row.unit,
            row.due,
            row.standing,
            row.version,
            row.sequence,
            to,
        ]
        _row(sheet, number + 1, values, _FONT)
        link = sheet.cell(number + 1, len(values))
        link.hyperlink, link.font = to, _LINK
    if not listed.rows:
        write(sheet.cell(2, 2), listed.nothing)
    elif listed.left_out > 0:
        write(sheet.cell(len(listed.rows) + 2, 2), f"Nêu {len(listed.rows)} trong tổng số {listed.all.count} nhiệm vụ.")
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_LIST_COLUMNS))}{max(len(listed.rows), 1) + 1}"


def _headings(sheet: Worksheet, number: int, columns: Sequence[tuple[str, int]]) -> None:
    for place, (called, width) in enumerate(columns, start=1):
        cell = sheet.cell(number, place)
        write(cell, called)
        cell.font, cell.alignment = _BOLD, Alignment(wrap_text=True, horizontal="center", vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = width


def _row(sheet: Worksheet, number: int, values: Sequence[Value], font: Font) -> None:
    for place, value in enumerate(values, start=1):
        cell = sheet.cell(number, place)
        write(cell, value)
        cell.font = font
        cell.alignment = _WRAPPED if isinstance(value, str) else Alignment(vertical="top")


def write(cell: Cell | MergedCell, value: Value) -> None:
    """Puts a value into a cell. Text stays text, whatever it begins with: no notice puts a formula into a workbook."""
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, dt.date):
            cell.number_format = "DD/MM/YYYY"
        return
    cell.value = printable(value)
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(_FORMULAS)
