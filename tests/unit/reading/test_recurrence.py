"""How often a duty comes back, as its words say it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.reading.terms.recurrence import recurrence_in
from services.intake.reading.terms.urgency import is_urgent

DAILY, WEEKLY, MONTHLY, YEARLY = "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"
QUARTERLY, HALF_YEARLY = "FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=6"


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Báo cáo tiến độ hằng ngày.", DAILY),
        ("Sao lưu dữ liệu mỗi ngày 01 lần.", DAILY),
        ("Báo cáo tiến độ hằng tuần.", WEEKLY),
        ("Báo cáo tiến độ hàng tuần.", WEEKLY),
        ("Giao ban vào chiều thứ Sáu hằng tuần.", WEEKLY),
        ("Tổng vệ sinh vào sáng thứ Bảy mỗi tuần.", WEEKLY),
        ("Báo cáo trước 16 giờ thứ Năm hằng tuần.", WEEKLY),
        ("Báo cáo tiến độ theo tuần.", WEEKLY),
        ("Kiểm tra 02 tuần/lần.", "FREQ=WEEKLY;INTERVAL=2"),
        ("Kiểm tra 2 tuần một lần.", "FREQ=WEEKLY;INTERVAL=2"),
        ("Kiểm tra hai tuần một lần.", "FREQ=WEEKLY;INTERVAL=2"),
        ("Định kỳ 02 tuần/lần kiểm tra hiện trường.", "FREQ=WEEKLY;INTERVAL=2"),
        ("Gửi báo cáo trước ngày 25 hằng tháng.", MONTHLY),
        ("Gửi báo cáo tháng trước ngày 18 hàng tháng.", MONTHLY),
        ("Định kỳ hằng tháng, báo cáo Chủ tịch.", MONTHLY),
        ("Định kỳ ngày 20 hằng tháng báo cáo Thường trực.", MONTHLY),
        ("Định kỳ trước ngày 20 của tháng báo cáo Thường trực.", MONTHLY),
        ("Mỗi tháng một lần kiểm tra cơ sở.", MONTHLY),
        ("Kiểm tra 01 lần/tháng.", MONTHLY),
        ("Đăng tối thiểu 02 bài mỗi tháng.", MONTHLY),
        ("Gửi tối thiểu 05 tin/tuần.", WEEKLY),
        ("Báo cáo vào ngày 05 của tháng tiếp theo.", MONTHLY),
        ("Định kỳ hằng quý báo cáo.", QUARTERLY),
        ("Định kì hàng quý báo cáo.", QUARTERLY),
        ("Báo cáo trước ngày 25 tháng cuối mỗi quý.", QUARTERLY),
        ("Mỗi quý chọn 02 đơn vị để kiểm tra.", QUARTERLY),
        ("Kiểm tra phòng cháy mỗi quý 1 lần.", QUARTERLY),
        ("Rà soát định kỳ 3 tháng/lần.", QUARTERLY),
        ("Báo cáo định kỳ 6 tháng một lần.", HALF_YEARLY),
        ("Báo cáo 06 tháng/lần.", HALF_YEARLY),
        ("Báo cáo sáu tháng một lần.", HALF_YEARLY),
        ("Súc xả bể chứa 2 lần/năm.", HALF_YEARLY),
        ("Mỗi năm 02 lần tổ chức đối thoại.", HALF_YEARLY),
        ("Khảo sát 02 tháng một lần.", "FREQ=MONTHLY;INTERVAL=2"),
        ("Diễn tập mỗi năm một lần.", YEARLY),
        ("Hằng năm, rà soát và cập nhật quy chế.", YEARLY),
        ("Đánh giá nội bộ định kỳ hằng năm.", YEARLY),
        ("Tổ chức diễn tập 01 lần/năm.", YEARLY),
        ("The Unit shall circulate a bulletin every week.", WEEKLY),
        ("The Unit shall meet every two weeks.", "FREQ=WEEKLY;INTERVAL=2"),
        ("The Unit shall meet every other week.", "FREQ=WEEKLY;INTERVAL=2"),
        ("The Unit shall report every Friday.", WEEKLY),
        ("The Unit shall report monthly.", MONTHLY),
        ("The Unit shall submit monthly progress reports.", MONTHLY),
        ("The Unit shall report on a quarterly basis.", QUARTERLY),
        ("The Unit shall report quarterly.", QUARTERLY),
        ("The Unit shall report every six months.", HALF_YEARLY),
        ("The Unit shall report twice a year.", HALF_YEARLY),
        ("The Unit shall report semi-annually.", HALF_YEARLY),
        ("The Unit shall report once a year.", YEARLY),
        ("The Unit shall report annually to the Council.", YEARLY),
        ("Cứ 2 tuần họp một lần.", "FREQ=WEEKLY;INTERVAL=2"),
        ("Báo cáo vào 15h00 các ngày thứ Sáu.", WEEKLY),
        ("Giao ban vào sáng thứ Hai đầu tuần.", WEEKLY),
        ("Định kỳ ngày 25 của tháng cuối quý báo cáo.", QUARTERLY),
        ("Thực hiện chế độ báo cáo tuần.", WEEKLY),
        ("Kiểm định theo chu kỳ 05 năm/lần.", "FREQ=YEARLY;INTERVAL=5"),
        ("Báo cáo tiến độ 15 ngày một lần.", "FREQ=DAILY;INTERVAL=15"),
        ("Tưới nước chống bụi 02 lần/ngày.", DAILY),
    ],
)
def test_what_comes_back_has_a_rule(words: str, rule: str) -> None:
    assert recurrence_in(words) == rule


@pytest.mark.parametrize(
    "words",
    [
        "Tuần tra, kiểm soát thường xuyên.",
        "Xây dựng kế hoạch kiểm tra hằng năm.",
        "Lập dự toán ngân sách hằng năm.",
        "Rà soát chi trả trợ cấp hằng tháng cho người có công.",
        "Chuẩn bị Hội nghị hằng năm của Hiệp hội.",
        "Bổ sung dự kiến thu chi chi tiết theo tháng năm 2026.",
        "Ký cam kết tiến độ giải ngân theo từng tháng.",
        "Báo cáo tháng 4, quý II năm 2026.",
        "Sơ kết 6 tháng đầu năm.",
        "Hoàn thành trong tuần.",
        "Thu hồi 35 triệu đồng/tháng tiền thuê đất.",
        "Công suất 500 m3/ngày.",
        "Tổ chức lần đầu trong năm.",
        "Rà soát định kỳ các văn bản.",
        "The Unit shall attend the Third Quarterly Review.",
        "The Unit shall finalise the annual report.",
        "The Unit shall prepare the annual work plan for 2027.",
        "The Unit shall correct the monthly report for May, the quarterly statement and the annual budget.",
        "The Unit shall report by the end of the month.",
    ],
)
def test_what_is_done_once_has_none(words: str) -> None:
    assert recurrence_in(words) is None


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("Hằng tuần", WEEKLY),
        ("Hàng tháng", MONTHLY),
        ("Hằng tuần, vào thứ Hai", WEEKLY),
        ("Tháng", MONTHLY),
        ("Quý", QUARTERLY),
        ("Theo quý", QUARTERLY),
        ("Định kỳ hằng quý", QUARTERLY),
        ("06 tháng/lần", HALF_YEARLY),
        ("2 lần/năm", HALF_YEARLY),
        ("Monthly", MONTHLY),
        ("Quý III/2026", None),
        ("Tháng 8", None),
        ("Trong năm", None),
        ("Thường xuyên", None),
        ("", None),
    ],
)
def test_in_the_cell_of_a_table_a_period_stands_alone(cell: str, rule: str | None) -> None:
    assert recurrence_in(cell, in_cell=True) == rule


@pytest.mark.parametrize(
    "words",
    [
        "Khẩn trương hoàn thiện hồ sơ.",
        "Sớm trình phương án.",
        "Xử lý ngay các vi phạm; báo cáo ngay khi có kết quả.",
        "Ngay",
        "The Unit shall act as soon as possible.",
    ],
)
def test_words_of_haste_are_urgent(words: str) -> None:
    assert is_urgent(words)


@pytest.mark.parametrize(
    "words", ["Tiếp tục theo dõi tiến độ.", "Báo cáo trước ngày 20/3.", "Ngay ngắn, sạch đẹp.", ""]
)
def test_other_words_are_not(words: str) -> None:
    assert not is_urgent(words)


@pytest.mark.parametrize("unit", ["hằng ", "1 tháng ", "định kỳ ", "2 a", "every "])
def test_long_hostile_words_are_answered_soon(unit: str) -> None:
    began = time.process_time()
    recurrence_in(unit * (20_000 // len(unit)))
    is_urgent(unit * (20_000 // len(unit)))
    assert time.process_time() - began < 2


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_words_are_answered(words: str) -> None:
    recurrence_in(words)
    recurrence_in(words, in_cell=True)
    is_urgent(words)
