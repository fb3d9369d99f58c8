"""What of the reading does not depend on how a notice's lines happen to run."""

import itertools
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.reading.notice import ReadNotice, read_notice
from services.intake.reading.source import Source
from services.intake.reading.unreadable import UnreadableNotice

UNWRAPPED = """THÔNG BÁO
Kết luận của Giám đốc Sở tại cuộc họp giao ban tháng 3 năm 2026
Ngày 02/3/2026, Giám đốc Sở chủ trì cuộc họp giao ban. Sau khi nghe các phòng báo cáo, Giám đốc Sở kết luận \
như sau:
I. Đánh giá chung
Các phòng đã hoàn thành 14 nhiệm vụ được giao trong tháng 02, không có nhiệm vụ nào quá hạn; riêng tiến độ \
giải ngân còn chậm so với kế hoạch đề ra.
II. Nhiệm vụ trọng tâm
1. Phòng Kế hoạch - Tài chính
- Tham mưu phương án phân bổ dự toán kinh phí năm 2026 theo Quyết định số 12/QĐ-UBND ngày 05/01/2026, trình \
Giám đốc Sở ký trước ngày 15 tháng 3 năm 2026.
- Phối hợp với Văn phòng Sở, Thanh tra Sở kiểm tra việc chấp hành kỷ luật, kỷ cương hành chính tại các đơn \
vị trực thuộc.
2. Về công tác cải cách hành chính
a) Giao Văn phòng Sở chủ trì rà soát, cắt giảm 30% thời gian giải quyết thủ tục hành chính thuộc thẩm quyền \
của Sở; Trung tâm Công nghệ thông tin cập nhật quy trình điện tử trong quý II năm 2026.
b) Đề nghị Công đoàn ngành vận động đoàn viên tham gia phong trào thi đua cải cách hành chính năm 2026.
Trên đây là kết luận của Giám đốc Sở./.
Nơi nhận:
- Lưu: VT.
"""


def read(text: str) -> ReadNotice:
    return read_notice(Source(text))


def wrapped(width: int, gap: str) -> str:
    lines = (textwrap.wrap(line, width, break_on_hyphens=False) for line in UNWRAPPED.splitlines())
    return gap.join(line for paragraph in lines for line in paragraph)


def said(notice: ReadNotice) -> list[tuple[object, ...]]:
    return [(each.text, each.assignees, each.cooperators, each.deadline) for each in notice.conclusion.directives]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("width", [62, 70, 78, 86, 94])
def test_the_width_at_which_lines_are_wrapped_makes_no_difference(width: int, gap: str) -> None:
    assert said(read(wrapped(width, gap))) == said(read(UNWRAPPED))


def test_page_numbers_and_running_heads_are_no_part_of_a_sentence() -> None:
    lines = wrapped(70, "\n").splitlines()
    for at in (22, 14, 8):
        lines[at:at] = ["2", "SỞ XÂY DỰNG - Thông báo kết luận giao ban"]
    assert said(read("\n".join(lines))) == said(read(UNWRAPPED))


def test_nothing_is_read_twice_and_every_passage_of_the_body_is_accounted_for() -> None:
    notice = read(UNWRAPPED)
    spans = sorted(
        [each.span for each in notice.conclusion.directives if each.span] + [each.span for each in notice.other]
    )
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    kinds = [UNWRAPPED[start:end].split()[0] for start, end in spans]
    assert kinds == ["Các", "riêng", "Tham", "Phối", "Giao", "Trung", "Đề", "Trên"]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([*UNWRAPPED.splitlines(), "", "| a | b |", "1. ", "- ", "Phòng A"]), max_size=40))
def test_no_two_directives_share_a_passage(lines: list[str]) -> None:
    try:
        notice = read("\n".join(lines))
    except UnreadableNotice:
        return
    spans = sorted(each.span for each in notice.conclusion.directives if each.span)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


@pytest.mark.parametrize("numbers", [("I.", "1.", "a)"), ("A.", "I.", "1."), ("1.", "1.1.", "-"), ("I-", "1-", "1.1-")])
def test_numbers_of_every_style_stand_under_each_other(numbers: tuple[str, ...]) -> None:
    first, second, third = numbers
    text = f"Kết luận:\n{first} Nhiệm vụ\n{second} Phòng Nội vụ\n{third} Rà soát hồ sơ.\n"
    (each,) = read(text).conclusion.directives
    assert (each.assignees, each.heading) == (("Phòng Nội vụ",), "Phòng Nội vụ")


def test_a_line_that_wraps_before_a_number_begins_no_item() -> None:
    text = (
        "Kết luận như sau:\n1. Phòng Nội vụ tham mưu văn bản theo Khoản\n"
        "3 - Điều 61 Luật Lâm nghiệp trước ngày\n12/9.\n"
    )
    (each,) = read(text).conclusion.directives
    assert each.text.endswith("Khoản 3 - Điều 61 Luật Lâm nghiệp trước ngày 12/9.")


def test_an_unknown_unit_and_a_missing_one_are_doubted() -> None:
    text = "Kết luận như sau:\n1. Giao Mạng lưới Xanh Hải Vân trồng cây.\n2. Rà soát hồ sơ.\n"
    assert [(doubt.code, doubt.ordinal) for doubt in read(text).doubts] == [
        ("unit-not-recognised", 1),
        ("no-unit-named", 2),
    ]
