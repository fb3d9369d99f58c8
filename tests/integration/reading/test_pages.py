"""A printed notice is read as it was written: its paragraphs, its tables, its letterhead."""

import pytest

from services.intake.reading.documents.conversion import source_of
from services.intake.reading.source import Source
from tests.integration.reading.pages import LETTERHEAD, SIGNATURE, drawn_table, paragraphs, printed

BODY = [
    "THÔNG BÁO",
    "Kết luận của Giám đốc Sở tại cuộc họp giao ban tháng 11 năm 2026",
    "Ngày 18/11/2026, Giám đốc Sở Lê Minh Châu chủ trì cuộc họp giao ban tháng 11 năm 2026; tham dự có các Phó Giám "
    "đốc Sở, lãnh đạo các phòng và đơn vị thuộc Sở. Sau khi nghe báo cáo, Giám đốc Sở kết luận như sau:",
    "1. Văn phòng Sở",
    *(
        f"- Rà soát {number} nhiệm vụ theo Kế hoạch số 88/KH-SNV ngày 03/6/2026, tổng hợp kết quả của từng phòng, "
        "đơn vị, gửi Phòng Kế hoạch - Tài chính trước ngày 05/12/2026."
        for number in range(10, 30)
    ),
    "2. Thanh tra Sở",
    "a) Phối hợp với Văn phòng Sở kiểm tra việc chấp hành kỷ luật, kỷ cương hành chính tại các đơn vị trực thuộc trong "
    "tháng 12 năm 2026.",
]
ROWS = [
    ["STT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời hạn"],
    *(
        [str(number), "Rà soát, cập nhật danh mục hồ sơ đã nộp vào lưu trữ", "Văn phòng Sở", "05/12/2026"]
        for number in range(1, 40)
    ),
]


def rows(source: Source) -> list[list[str]]:
    return [[source.text[start:end] for start, end in row] for table in source.tables for row in table.rows]


@pytest.mark.parametrize(
    "style",
    [
        "p { text-indent: 1cm }",
        "p { text-indent: 1cm; text-align: left; line-height: 1.6 }",
        "p { margin-bottom: 9pt }",
        "p { margin: 0 }",
    ],
    ids=["set in and justified", "set in and ragged", "parted by gaps", "parted by nothing"],
)
def test_paragraphs_are_whole_again_over_lines_and_pages(style: str) -> None:
    source = source_of(printed(LETTERHEAD + paragraphs(BODY) + SIGNATURE, style), None, None)
    written = source.text.splitlines()
    assert written[:3] == [
        "UBND TỈNH HẢI VÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "SỞ NỘI VỤ\tĐộc lập - Tự do - Hạnh phúc",
        "Số: 12/TB-SNV\tHải Vân, ngày 20 tháng 11 năm 2026",
    ]
    assert written[3 : 3 + len(BODY)] == BODY
    assert written[3 + len(BODY)] == "Nơi nhận:\tTL. GIÁM ĐỐC"


def test_a_table_over_several_pages_is_one_table() -> None:
    source = source_of(printed(paragraphs(BODY[:4]) + drawn_table(ROWS) + paragraphs(BODY[-2:])), None, None)
    assert len(source.tables) == 1
    assert rows(source) == ROWS
    assert source.text.splitlines()[-1] == BODY[-1]
