"""Words at their places become the paragraphs and tables that a person sees on the page."""

from dataclasses import replace
from itertools import pairwise

import pytest

from services.intake.reading.documents.layout.grid import Rule, Rules
from services.intake.reading.documents.layout.sheets import Sheet, source_of_sheets
from services.intake.reading.documents.layout.words import PlacedWord
from services.intake.reading.source import Source

LEFT, RIGHT, SIZE, PITCH = 85.0, 540.0, 14.0, 18.0
NO_RULES = Rules((), ())


def line(text: str, y: float, left: float = LEFT, right: float | None = None) -> list[PlacedWord]:
    """A line of words of even letters; set to a right margin where one is given, as justified text is."""
    words = text.split(" ")
    letters = sum(map(len, words))
    wide = 7.0 if right is None else (right - left - 3.5 * (len(words) - 1)) / letters
    placed = []
    for word in words:
        placed.append(PlacedWord(word, left, left + wide * len(word), y, SIZE))
        left += wide * len(word) + 3.5
    return placed


def sheet(*lines: list[PlacedWord], rules: Rules = NO_RULES) -> Sheet:
    return Sheet([word for each in lines for word in each], rules)


def text(*sheets: Sheet) -> list[str]:
    return source_of_sheets(sheets).text.splitlines()


def body(count: int, top: float = 700) -> list[list[PlacedWord]]:
    """Paragraphs of two lines, their first lines set in."""
    return [
        each
        for number in range(count)
        for each in (
            line("Giao Văn phòng Sở rà soát toàn bộ hồ sơ còn tồn", top - 2 * PITCH * number, LEFT + 28, RIGHT),
            line("đọng trong năm.", top - 2 * PITCH * number - PITCH),
        )
    ]


WHOLE = "Giao Văn phòng Sở rà soát toàn bộ hồ sơ còn tồn đọng trong năm."


def test_wrapped_lines_are_one_paragraph_and_those_set_in_begin_another() -> None:
    assert text(sheet(*body(4))) == [WHOLE] * 4


def test_a_paragraph_goes_on_over_the_page() -> None:
    first, rest = body(1, top=500)
    rest = [replace(word, y=700) for word in rest]
    assert text(sheet(*body(4), first), sheet(rest, *body(4, top=600))) == [WHOLE] * 9


def test_page_numbers_and_running_headers_are_no_text() -> None:
    def page(number: int) -> Sheet:
        return sheet(line(str(number), 810, 300), line(f"Thông báo 12, trang {number}", 820), *body(4))

    assert text(page(1), page(2)) == [WHOLE] * 8


def test_text_that_pages_begin_with_alike_is_kept() -> None:
    assert text(sheet(*body(4)), sheet(*body(4))) == [WHOLE] * 8


def test_a_line_that_is_not_full_ends_its_paragraph() -> None:
    assert text(sheet(line("THÔNG BÁO", 780, 280), line("Kết luận của Giám đốc Sở", 760, 220), *body(3)))[:2] == [
        "THÔNG BÁO",
        "Kết luận của Giám đốc Sở",
    ]


def test_years_broken_behind_their_hyphen_are_joined_without_a_space() -> None:
    lines = [line("kế hoạch phát triển kinh tế xã hội giai đoạn 2026-", 700, LEFT, RIGHT), line("2030 của tỉnh.", 682)]
    assert text(sheet(*lines, *body(4, top=600)))[0].endswith("2026-2030 của tỉnh.")


def test_the_halves_of_a_letterhead_are_told_apart_however_close() -> None:
    parts = [
        line("SỞ NỘI VỤ", 780) + line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 780, 170),
        line("VĂN PHÒNG", 762) + line("Độc lập - Tự do - Hạnh phúc", 762, 200),
        line("Số: 5/TB", 744) + line("Hải Vân, ngày 5 tháng 6 năm 2026", 744, 190),
    ]
    assert text(sheet(*parts, *body(3)))[:3] == [
        "SỞ NỘI VỤ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "VĂN PHÒNG\tĐộc lập - Tự do - Hạnh phúc",
        "Số: 5/TB\tHải Vân, ngày 5 tháng 6 năm 2026",
    ]


def frame(columns: list[float], rows: list[float], *, without: tuple[int, int] | None = None) -> Rules:
    """The lines of a table; `without` is a field that has no line above it."""
    down = tuple(Rule(x, rows[-1], rows[0]) for x in columns)
    across = []
    for index, y in enumerate(rows):
        for column, (start, end) in enumerate(pairwise(columns)):
            if (index, column) != without:
                across.append(Rule(y, start, end))
    return Rules(tuple(across), down)


COLUMNS = [85.0, 120.0, 330.0, 430.0, 540.0]


def rows_of(source: Source) -> list[list[str]]:
    (table,) = source.tables
    return [[source.text[start:end] for start, end in row] for row in table.rows]


def cells(y: float, *texts: str) -> list[PlacedWord]:
    return [word for x, each in zip(COLUMNS, texts, strict=False) if each for word in line(each, y, x + 3)]


def test_a_frame_is_a_table_and_wrapped_words_of_a_cell_are_one_text() -> None:
    page = sheet(
        *body(3),
        cells(480, "STT", "Nhiệm vụ", "Chủ trì", "Thời hạn"),
        cells(450, "1", "Rà soát toàn bộ", "Văn phòng", "05/12"),
        cells(432, "", "hồ sơ tồn đọng", "", ""),
        rules=frame(COLUMNS, [500, 470, 420]),
    )
    assert rows_of(source_of_sheets([page])) == [
        ["STT", "Nhiệm vụ", "Chủ trì", "Thời hạn"],
        ["1", "Rà soát toàn bộ hồ sơ tồn đọng", "Văn phòng", "05/12"],
    ]


def test_a_cell_over_two_rows_stands_in_both() -> None:
    page = sheet(
        cells(480, "1", "Rà soát", "Văn phòng", "05/12"),
        cells(450, "2", "Báo cáo", "", "06/12"),
        rules=frame(COLUMNS, [500, 470, 420], without=(1, 2)),
    )
    assert [row[2] for row in rows_of(source_of_sheets([page]))] == ["Văn phòng", "Văn phòng"]


@pytest.mark.parametrize("head_again", [True, False])
def test_a_table_goes_on_over_the_page_with_a_row_that_was_broken(head_again: bool) -> None:
    head = ("STT", "Nhiệm vụ", "Chủ trì", "Thời hạn")
    first = sheet(
        *body(3),
        cells(100, *head),
        cells(80, "1", "Rà soát toàn bộ", "Văn phòng", "05/12"),
        rules=frame(COLUMNS, [120, 95, 70]),
    )
    rest = [cells(760, "", "hồ sơ", "", ""), cells(735, "2", "Báo cáo", "Thanh tra", "")]
    second = sheet(
        *([cells(785, *head)] if head_again else []),
        *rest,
        *body(3, top=600),
        rules=frame(COLUMNS, ([800, 775, 750, 725] if head_again else [775, 750, 725])),
    )
    assert rows_of(source_of_sheets([first, second])) == [
        list(head),
        ["1", "Rà soát toàn bộ hồ sơ", "Văn phòng", "05/12"],
        ["2", "Báo cáo", "Thanh tra", ""],
    ]


def test_a_line_under_a_motto_is_no_table() -> None:
    assert source_of_sheets([sheet(*body(4), rules=Rules((Rule(750, 100, 200),), ()))]).tables == ()
