"""Tables of duties, however they are drawn."""

import datetime as dt

import pytest

from services.intake.conclusion import ConcludedDirective
from services.intake.reading.notice import ReadNotice, read_notice
from services.intake.reading.source import Source

OPENING = "THÔNG BÁO\nKết luận giao ban\nNgày 05/01/2026, Giám đốc kết luận như sau:\n"

PIPES = """1. Phân công nhiệm vụ
| STT | Nhiệm vụ | Chủ trì | Phối hợp | Thời hạn |
| --- | --- | --- | --- | --- |
| I | Chuyên môn | | | |
| 1 | Xây dựng kế hoạch kiểm tra | Phòng A | Phòng B<br>Phòng C | 20/01/2026 |
| 2 | Cập nhật số liệu | Phòng B | | Hằng tháng |
"""
TABS = """1. Phân công nhiệm vụ
STT\tNhiệm vụ\tChủ trì\tPhối hợp\tThời hạn
I\tChuyên môn
1\tXây dựng kế hoạch kiểm tra\tPhòng A\tPhòng B; Phòng C\t20/01/2026
2\tCập nhật số liệu\tPhòng B\t\tHằng tháng
"""
ALIGNED = """1. Phân công nhiệm vụ
STT   Nhiệm vụ                      Chủ trì    Phối hợp            Thời hạn
I     Chuyên môn
1     Xây dựng kế hoạch             Phòng A    Phòng B;            20/01/2026
      kiểm tra                                 Phòng C
2     Cập nhật số liệu              Phòng B                        Hằng tháng
"""


def read(body: str) -> ReadNotice:
    return read_notice(Source(OPENING + body + "Nơi nhận:\n- Lưu: VT.\n"))


def said(each: ConcludedDirective) -> tuple[object, ...]:
    day = each.deadline.date if each.deadline else None
    return each.text, each.assignees, each.cooperators, day, each.recurrence


@pytest.mark.parametrize("table", [PIPES, TABS, ALIGNED])
def test_each_row_is_a_directive_with_its_units_and_its_deadline(table: str) -> None:
    assert [said(each) for each in read(table).conclusion.directives] == [
        ("Xây dựng kế hoạch kiểm tra", ("Phòng A",), ("Phòng B", "Phòng C"), dt.date(2026, 1, 20), None),
        ("Cập nhật số liệu", ("Phòng B",), (), None, "FREQ=MONTHLY"),
    ]


def test_a_row_of_the_table_that_names_a_group_is_the_heading_of_the_rows_below() -> None:
    assert {each.heading for each in read(PIPES).conclusion.directives} == {"Chuyên môn"}


def test_a_table_of_past_results_lays_nothing_on_anybody() -> None:
    body = """1. Kết quả thực hiện
| STT | Nhiệm vụ | Đơn vị thực hiện | Kết quả |
| 1 | Lập sổ theo dõi | Phòng A | Đã hoàn thành |
2. Nhiệm vụ
- Giao Phòng B rà soát hồ sơ.
"""
    notice = read(body)
    assert [each.assignees for each in notice.conclusion.directives] == [("Phòng B",)]
    assert [passage.kind for passage in notice.other][:1] == ["assessment"]


def test_an_empty_cell_under_a_unit_means_the_same_unit_and_is_doubted() -> None:
    body = """1. Nhiệm vụ
| STT | Nhiệm vụ | Chủ trì | Thời hạn |
| 1 | Lập sổ theo dõi | Phòng A | 20/01/2026 |
| 2 | Rà soát hồ sơ | | 21/01/2026 |
"""
    notice = read(body)
    assert [each.assignees for each in notice.conclusion.directives] == [("Phòng A",), ("Phòng A",)]
    assert [doubt.code for doubt in notice.doubts if doubt.ordinal == 2] == ["unit-from-row-above"]


def test_a_row_that_goes_on_over_a_page_is_one_directive() -> None:
    body = """1. Nhiệm vụ
| STT | Nhiệm vụ | Chủ trì | Thời hạn |
| 1 | Xây dựng kế hoạch kiểm tra | Phòng A | 20/01/2026 |
2
| STT | Nhiệm vụ | Chủ trì | Thời hạn |
| | an toàn thực phẩm năm 2026 | | |
| 2 | Rà soát hồ sơ | Phòng B | |
"""
    assert [each.text for each in read(body).conclusion.directives] == [
        "Xây dựng kế hoạch kiểm tra an toàn thực phẩm năm 2026",
        "Rà soát hồ sơ",
    ]


def test_roles_within_one_cell_are_told_apart() -> None:
    body = """1. Nhiệm vụ
| STT | Nội dung | Phân công thực hiện |
| 1 | Đào tạo nghề | Chủ trì: Phòng A; phối hợp: Phòng B; thời hạn: 20/01/2026 |
"""
    (each,) = read(body).conclusion.directives
    assert said(each) == ("Đào tạo nghề", ("Phòng A",), ("Phòng B",), dt.date(2026, 1, 20), None)


def test_a_table_that_is_appended_behind_the_signature_counts() -> None:
    body = (
        "1. Giao Phòng A rà soát hồ sơ.\nTrên đây là kết luận./.\nNơi nhận:\n- Lưu.\nPHỤ LỤC\n"
        + PIPES.split("\n", 1)[1]
    )
    assert len(read_notice(Source(OPENING + body)).conclusion.directives) == 3
