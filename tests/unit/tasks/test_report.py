"""The progress report: what it says, and that its two files say the same in the form of the decree."""

import datetime as dt
import io
from itertools import pairwise
from typing import Any

import docx
import openpyxl
import pytest
from docx.shared import Length, Mm, Pt

from services.tasks.register.as_of import AsOf
from services.tasks.register.figures import Figure
from services.tasks.register.tasks import TaskFilter
from services.tasks.reporting.content import COLUMNS, Line, Report, Row, TaskList
from services.tasks.reporting.letterhead import KIND, MOTTO, STATE, Letterhead, mark_of
from services.tasks.reporting.period import Period, period_of
from services.tasks.reporting.text import printable
from services.tasks.reporting.word import word_file
from services.tasks.reporting.workbook import SHEETS, workbook
from services.tasks.timeliness import Day

TODAY = dt.date(2026, 11, 24)
AS_OF = AsOf("known", 1234, dt.datetime(2026, 11, 24, 3, 0, 1, tzinfo=dt.UTC), 1234)
HEAD = Letterhead(
    "Ủy ban nhân dân tỉnh Hải Vân",
    "Sở Khoa học và Công nghệ",
    "BC-SKHCN",
    "Hải Vân",
    "Chánh Văn phòng",
    "Lê Minh Châu",
    ("Lưu: VT.",),
)
HOSTILE = '=HYPERLINK("http://example.org"; "Xem")'


def figure(count: int) -> Figure:
    """So many tasks."""
    return Figure(count, TaskFilter())


def row(number: int, text: str = "Rà soát quy chế làm việc.") -> Row:
    """A task that is overdue."""
    return Row(
        f"task-{number}", text, f"70{number}/TB-SKHCN, chỉ đạo 1", "Văn phòng", TODAY, "Quá hạn 1 ngày", number, 1000
    )


def listed(*rows: Row, count: int | None = None) -> tuple[TaskList, ...]:
    """The five lists, of which the first holds these rows."""
    first, *others = SHEETS
    overdue = TaskList(first, "Nhiệm vụ quá hạn", "Không có.", figure(len(rows) if count is None else count), rows)
    return (overdue, *(TaskList(key, SHEETS[key], "Không có.", figure(0), ()) for key in others))


def report(*rows: Row, **changes: Any) -> Report:
    """A report of two units."""
    total, office = (tuple(map(figure, counts)) for counts in ((9, 3, 2, 1, 1, 1, 2, 2), (4, 1, 1, 1, 1, 0, 0, 1)))
    said: dict[str, Any] = {
        "period": Period(dt.date(2026, 11, 1), TODAY),
        "meeting": None,
        "letterhead": HEAD,
        "as_of": AS_OF,
        "day": Day(TODAY),
        "made_on": TODAY,
        "total": Line("Tổng số", total),
        "units": [Line("Văn phòng", office)],
        "lists": listed(*rows),
    }
    return Report(**said | changes)


def address(task_id: str) -> str:
    """Where a task is looked at."""
    return f"https://so.example/tasks/{task_id}"


def words(document: Any) -> str:
    """All text of a Word file: its paragraphs, then its tables."""
    cells = (cell.text for table in document.tables for each in table.rows for cell in each.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def opened(content: bytes) -> Any:
    """A Word file, as any reader of such files has it."""
    return docx.Document(io.BytesIO(content))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, (dt.date(2026, 10, 26), TODAY)),
        (dt.date(2026, 11, 2), None, (dt.date(2026, 11, 2), TODAY)),
        (None, dt.date(2026, 6, 30), (dt.date(2026, 6, 1), dt.date(2026, 6, 30))),
        (dt.date(2027, 1, 1), None, (dt.date(2027, 1, 1), dt.date(2027, 1, 1))),
    ],
)
def test_a_period_of_which_little_is_said_has_thirty_days_or_ends_today(
    first: dt.date | None, last: dt.date | None, expected: tuple[dt.date, dt.date]
) -> None:
    found = period_of(first, last, TODAY)
    assert (found.first, found.last) == expected


def test_the_next_period_is_as_long_and_ends_with_the_calendar() -> None:
    assert Period(dt.date(2026, 11, 1), dt.date(2026, 11, 30)).next_last == dt.date(2026, 12, 30)
    assert Period(dt.date(1900, 1, 1), dt.date(9000, 12, 31)).next_last == dt.date.max


def test_the_mark_of_a_report_follows_the_numbers_of_the_body() -> None:
    assert mark_of("118/TB-SKHCN") == "BC-SKHCN"
    assert mark_of("118/TB-VPCP-KGVX") == "BC-VPCP-KGVX"
    assert mark_of("118") == mark_of(None) == "BC"


def test_days_and_months_are_written_as_the_decree_says() -> None:
    assert HEAD.dated(dt.date(2026, 2, 5)) == "Hải Vân, ngày 05 tháng 02 năm 2026"
    assert HEAD.dated(dt.date(2026, 3, 15)) == "Hải Vân, ngày 15 tháng 3 năm 2026"


def test_its_sentences_say_its_figures_and_what_they_rest_on() -> None:
    found = report(row(1))
    assert found.results.startswith("Trong kỳ có 9 nhiệm vụ được giao; 6 nhiệm vụ hoàn thành, trong đó 3 đúng hạn")
    assert "còn 6 nhiệm vụ đang thực hiện: 1 quá hạn" in found.remaining
    assert "đến hết sự kiện số 1.234, lúc 10:00:00 24/11/2026" in found.basis


def test_the_word_file_is_laid_out_as_the_decree_says() -> None:
    document = opened(word_file(report(row(1)), address))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    for length, (least, most) in (
        (section.top_margin, (20, 25)),
        (section.bottom_margin, (20, 25)),
        (section.left_margin, (30, 35)),
        (section.right_margin, (15, 20)),
    ):
        assert least <= round(length.mm) <= most
    normal = document.styles["Normal"].font
    assert (normal.name, normal.size) == ("Times New Roman", Pt(14))
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header.paragraphs[0]._p.xml
    assert section.first_page_header.paragraphs[0].text == ""
    head = document.tables[0].rows[0].cells
    assert [each.text for each in head[0].paragraphs if each.text] == [
        "ỦY BAN NHÂN DÂN TỈNH HẢI VÂN",
        "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
        HEAD.number,
    ]
    assert [each.text for each in head[1].paragraphs if each.text] == [
        STATE,
        MOTTO,
        "Hải Vân, ngày 24 tháng 11 năm 2026",
    ]
    titles = [each.text for each in document.paragraphs if each.text][:2]
    assert titles == [KIND, report().subject]
    foot = document.tables[-1].rows[0].cells
    assert foot[0].text == "Nơi nhận:\n- Lưu: VT."
    assert foot[1].text == "CHÁNH VĂN PHÒNG\nLê Minh Châu"


def test_nothing_in_the_word_file_is_wider_than_the_page() -> None:
    document = opened(word_file(report(row(1)), address))
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for table in document.tables:
        assert sum(Length(column.width) for column in table.columns) <= room + Mm(1)


def test_both_files_say_the_same_figures_and_rows() -> None:
    found = report(row(1), row(2))
    document = opened(word_file(found, address))
    book = openpyxl.load_workbook(io.BytesIO(workbook(found, address)))
    table = document.tables[1]
    in_word = [[cell.text for cell in each.cells] for each in table.rows]
    sheet = book["Tổng hợp"]
    in_book = [[str(cell.value) for cell in each if cell.value is not None] for each in sheet.iter_rows(min_row=8)]
    assert in_word == in_book
    assert in_word[0] == ["Đơn vị", *(called for _, called in COLUMNS)]
    assert in_word[1] == ["Tổng số", *(str(each.count) for each in found.total.figures)]
    for each in found.lists[0].rows:
        assert each.text in words(document)
        assert each.trace in words(document)
    rows = list(book["Quá hạn"].iter_rows(min_row=2, values_only=True))
    assert [(each[1], each[2], each[6], each[7]) for each in rows] == [
        (each.text, each.notice, each.version, each.sequence) for each in found.lists[0].rows
    ]
    assert sheet.cell(6, 1).value == found.basis
    assert found.basis in words(document)


def test_each_row_leads_to_its_task() -> None:
    found = report(row(1), row(2))
    document = opened(word_file(found, address))
    targets = [relation.target_ref for relation in document.part.rels.values() if relation.is_external]
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(found, address)))["Quá hạn"]
    assert sorted(targets) == [address("task-1"), address("task-2")]
    links = [sheet.cell(number, 9).hyperlink for number in (2, 3)]
    assert [link.target for link in links if link] == sorted(targets)


@pytest.mark.parametrize("text", [HOSTILE, "+1", "-1", "@SUM(A1)", "=1+1"])
def test_a_notice_puts_no_formula_into_the_workbook(text: str) -> None:
    cell = openpyxl.load_workbook(io.BytesIO(workbook(report(row(1, text)), address)))["Quá hạn"].cell(2, 2)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_no_character_makes_a_file_that_cannot_be_opened() -> None:
    odd = "Việc\x00 một\ufffe hai\uffff ba <b>&amp;</b>"
    found = report(row(1, odd), letterhead=Letterhead("", "Sở\x0b", "BC", "", "", "", ("Lưu\x01",)))
    assert "<b>&amp;</b>" in words(opened(word_file(found, address)))
    value = openpyxl.load_workbook(io.BytesIO(workbook(found, address)))["Quá hạn"].cell(2, 2).value
    assert value == " ".join(printable(odd).split())


def test_a_list_that_is_too_long_says_how_many_there_are() -> None:
    found = report(lists=listed(row(1), count=400))
    assert "1 nhiệm vụ đầu trong tổng số 400" in words(opened(word_file(found, address)))
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(found, address)))["Quá hạn"]
    assert sheet.cell(3, 2).value == "Nêu 1 trong tổng số 400 nhiệm vụ."


def test_empty_lists_are_said_in_words() -> None:
    found = report()
    assert words(opened(word_file(found, address))).count("Không có.") == len(SHEETS)
    assert openpyxl.load_workbook(io.BytesIO(workbook(found, address)))["Quá hạn"].cell(2, 2).value == "Không có."


def test_its_parts_are_numbered_without_a_gap() -> None:
    text = words(opened(word_file(report(), address)))
    numbers = ["I.", "II.", "III.", "IV.", "V.", "VI.", "VII."]
    places = [text.index(f"\n{number} ") for number in numbers]
    assert all(before < after for before, after in pairwise(places))
