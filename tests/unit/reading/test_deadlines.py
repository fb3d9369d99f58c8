"""By which day a directive must be done, as its words say it."""

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.reading.policy import ReadingPolicy
from services.intake.reading.terms.deadlines import deadline_in, deadline_of_cell
from shared.working_days import WorkingDays

TODAY = dt.date(2026, 3, 9)
"""A Monday; the notice is of that day, and its meeting was on the Thursday before."""
HELD = dt.date(2026, 3, 5)


WORDS_OF_TIME = """
trước ngày tháng quý năm tuần trong 31 2 99/99/9999 30/2 12 IV /2026 hằng lần kể từ ký giờ 24 cuối 29/2
by within days of Q4 February 10000 chậm nhất 400 làm việc
"""


def day(words: str) -> dt.date | None:
    read = deadline_in(words, TODAY, held_on=HELD)
    return read.date if read else None


@pytest.mark.parametrize(
    ("words", "month", "date"),
    [
        ("Văn phòng hoàn thiện báo cáo, trình Giám đốc trước ngày 28/3/2026.", 3, 28),
        ("Sở Tài chính thẩm định, gửi kết quả trước ngày 05 tháng 4 năm 2026.", 4, 5),
        ("Gửi kế hoạch về Phòng Tổng hợp trước 15/4.", 4, 15),
        ("Báo cáo kết quả trước ngày 20 tháng 4.", 4, 20),
        ("Báo cáo kết quả trước ngày 20 tháng 4/2026.", 4, 20),
        ("Nộp hồ sơ trước ngày 15-4-2026.", 4, 15),
        ("Nộp hồ sơ trước ngày 15.4.2026.", 4, 15),
        ("Nộp hồ sơ trước ngày 15/04/26.", 4, 15),
        ("Nộp hồ sơ trước 15 / 4 / 2026.", 4, 15),
        ("Hoàn thành trước 17 giờ 00 ngày 12 tháng 3 năm 2026.", 3, 12),
        ("Gửi số liệu trước 16h30 ngày 13/3.", 3, 13),
        ("Gửi số liệu trước 16 giờ 30 phút, thứ Sáu, ngày 13/3/2026.", 3, 13),
        ("Gửi số liệu trước thứ Sáu tuần này.", 3, 13),
        ("Gửi số liệu trước thứ 6 (ngày 20/3/2026).", 3, 20),
        ("Gửi số liệu chậm nhất thứ Hai tuần sau.", 3, 16),
        ("Trình Chủ tịch chậm nhất ngày 20 tháng 4 năm 2026.", 4, 20),
        ("Trình Chủ tịch chậm nhất là ngày 20/4.", 4, 20),
        ("Trình Chủ tịch chậm nhất vào ngày 20/4/2026.", 4, 20),
        ("Trình Chủ tịch muộn nhất trước ngày 20/4/2026.", 4, 20),
        ("Nộp về Phòng Đào tạo, hạn cuối 30/4/2026.", 4, 30),
        ("Nộp về Phòng Đào tạo, hạn chót là ngày 30/4/2026.", 4, 30),
        ("Nộp về Phòng Đào tạo (thời hạn: 30/4/2026).", 4, 30),
        ("Rà soát quy chế. Thời hạn hoàn thành: tháng 6/2026.", 6, 30),
        ("Rà soát quy chế; thời gian hoàn thành: Quý II/2026.", 6, 30),
        ("Rà soát quy chế, thời gian hoàn thành trước ngày 10/5/2026.", 5, 10),
        ("Giải phóng mặt bằng, bàn giao không muộn hơn ngày 30/6/2026.", 6, 30),
        ("Giải phóng mặt bằng, không quá ngày 30/6/2026.", 6, 30),
        ("Tổ chức lấy ý kiến đến hết ngày 25/3/2026 và tổng hợp.", 3, 25),
        ("Đến hết tháng 6/2026 hoàn thành 100% khối lượng.", 6, 30),
        ("Phấn đấu đến 30/6/2026 giải ngân đạt 60%.", 6, 30),
        ("Đến ngày 31/12/2026 phải hoàn thành số hóa hồ sơ.", 12, 31),
        ("Hoàn thành trong tháng 3.", 3, 31),
        ("Hoàn thành trong tháng 4/2026.", 4, 30),
        ("Hoàn thành trong tháng 4 năm 2026.", 4, 30),
        ("Trình Hội đồng ngay trong tháng 3/2026.", 3, 31),
        ("Hoàn thành trong tháng này.", 3, 31),
        ("Báo cáo Ban Thường vụ trong tháng tới.", 4, 30),
        ("Trình thẩm định trong quý II/2026.", 6, 30),
        ("Trình thẩm định trong Quý 2 năm 2026.", 6, 30),
        ("Trình thẩm định trong quí III.", 9, 30),
        ("Trình thẩm định trong quý này.", 3, 31),
        ("Hoàn thành cuối quý II/2026.", 6, 30),
        ("Phê duyệt trong 6 tháng đầu năm 2026.", 6, 30),
        ("Phê duyệt trong 06 tháng cuối năm 2026.", 12, 31),
        ("Phê duyệt trong sáu tháng đầu năm.", 6, 30),
        ("Phê duyệt trong nửa đầu năm 2026.", 6, 30),
        ("Giải ngân hết nguồn vốn trong năm 2026.", 12, 31),
        ("Hoàn thành trong năm nay.", 12, 31),
        ("Phấn đấu hoàn thành trước năm 2027.", 12, 31),
        ("Khởi công trước quý IV/2026.", 9, 30),
        ("Hoàn thành trước tháng 5/2026.", 4, 30),
        ("Hoàn thành đầu tháng 4/2026.", 4, 1),
        ("Trình Giám đốc ký giữa tháng 4.", 4, 15),
        ("Nghiệm thu vào cuối tháng 5 năm 2026.", 5, 31),
        ("Hoàn thành trong nửa đầu tháng 4.", 4, 15),
        ("Bàn giao cuối tháng này.", 3, 31),
        ("Bàn giao vào đầu tháng sau.", 4, 1),
        ("Nghiệm thu vào giữa năm 2026.", 6, 30),
        ("Nghiệm thu trước cuối năm 2026.", 12, 31),
        ("Hoàn thành vào cuối năm nay.", 12, 31),
        ("Hoàn thành trong tuần đầu tháng 4.", 4, 7),
        ("Hoàn thành trong tuần.", 3, 15),
        ("Hoàn thành trong tuần này, báo cáo Chánh Văn phòng.", 3, 15),
        ("Khẩn trương niêm yết công khai, xong trong tuần sau.", 3, 22),
        ("Gửi báo cáo trong hôm nay.", 3, 9),
        ("Xử lý xong trong tháng.", 3, 31),
        ("Hoàn thành trong 10 ngày làm việc kể từ ngày ban hành Thông báo này.", 3, 23),
        ("Hoàn thành trong vòng 07 ngày kể từ ngày ký Thông báo này.", 3, 16),
        ("Báo cáo trong thời hạn 05 (năm) ngày làm việc, kể từ ngày nhận được Thông báo.", 3, 16),
        ("Báo cáo chậm nhất sau 15 ngày kể từ ngày ban hành thông báo kết luận này.", 3, 24),
        ("Báo cáo trong mười ngày tính từ ngày ký.", 3, 19),
        ("Báo cáo trong 02 tuần kể từ ngày họp.", 3, 19),
        ("Báo cáo trong vòng 01 tháng kể từ ngày Thông báo này được ban hành.", 4, 9),
        ("Trình phương án trong vòng 10 ngày.", 3, 19),
        ("Trình phương án trong 10 ngày tới.", 3, 19),
        ("Trình phương án trong vòng 20 ngày kể từ ngày 15/3/2026.", 4, 4),
        ("Rà soát, hoàn thành từ ngày 10/3 đến ngày 30/3/2026.", 3, 30),
        ("Kiểm đếm xong ngày 30/4/2026.", 4, 30),
        ("Báo cáo Ủy ban nhân dân tỉnh vào ngày 25/3/2026.", 3, 25),
        ("Nộp báo cáo trước ngày 31/01.", 1, 31),
        ("Nộp báo cáo trước ngày 15.", 3, 15),
        ("Nộp báo cáo trước ngày 5 tháng sau.", 4, 5),
        (
            "Rà soát dự án đã được phê duyệt tại Quyết định số 12/QĐ-UBND ngày 05/01/2026, báo cáo trước ngày 20/3.",
            3,
            20,
        ),
        ("Xây dựng kế hoạch giai đoạn 2026 - 2030, trình trước ngày 30/4/2026.", 4, 30),
        ("Chuẩn bị Hội nghị tổ chức ngày 20/5/2026, gửi chương trình trước ngày 10/5/2026.", 5, 10),
        ("Triển khai nhiệm vụ năm 2026, báo cáo kết quả trước 20/12/2026.", 12, 20),
        ("The Unit shall submit the report by 30 June 2026.", 6, 30),
        ("The Unit shall submit the report by June 30, 2026.", 6, 30),
        ("The Unit shall submit the report no later than 15 April.", 4, 15),
        ("The report is to be submitted before 17:00 on 8 April 2026.", 4, 8),
        ("The report is to be submitted by close of business on Friday, 10 April 2026.", 4, 10),
        ("Members are invited to comment on or before 1 May 2026.", 5, 1),
        ("The Unit shall report by the end of Q3.", 9, 30),
        ("The Unit shall report in Q3 2026.", 9, 30),
        ("The Unit shall report in the third quarter of 2026.", 9, 30),
        ("The Unit shall report by end of April.", 4, 30),
        ("The Unit shall report by the end of April 2026.", 4, 30),
        ("The Unit shall report during May 2026.", 5, 31),
        ("The Unit shall report by mid-May 2026.", 5, 15),
        ("The Unit shall report in early June 2026.", 6, 1),
        ("The Unit shall report by the end of the year.", 12, 31),
        ("The Unit shall report in the first half of 2026.", 6, 30),
        ("The Unit shall report by the end of next week.", 3, 22),
        ("The Unit shall report within 10 working days of the date of issue of these Conclusions.", 3, 23),
        ("The Unit shall report within two weeks of the meeting.", 3, 19),
        ("The Unit shall report within 30 days from the date of this notice.", 4, 8),
        ("Ms. Hand was asked to circulate the draft before 12 noon on Friday, 20 March 2026.", 3, 20),
        ("Từ nay đến 30/6/2026, hoàn thành kiểm kê đất công.", 6, 30),
        ("Đến cuối năm 2026, tỷ lệ giải ngân phải đạt 100%.", 12, 31),
        ("Đưa công trình vào sử dụng dịp 30/4/2026.", 4, 30),
        ("Thông xe kỹ thuật trước ngày Quốc khánh 02/9/2026.", 9, 2),
        ("Báo cáo tình hình giải ngân đến ngày 31/3/2026 trước ngày 10/4/2026.", 4, 10),
        ("Tổ chức Lễ phát động trong tháng 5/2026.", 5, 31),
        ("Hoàn thành trong Quý III và Quý IV năm 2026.", 12, 31),
        ("Trước mắt tập trung xử lý; đến 15/4 báo cáo kết quả.", 4, 15),
        ("Hoàn thành chậm nhất là cuối tháng 5/2026.", 5, 31),
        ("Nộp hồ sơ chậm nhất ngày cuối cùng của tháng 3/2026.", 3, 31),
        ("Thời gian thực hiện: Quý II, III năm 2026.", 9, 30),
        ("Gửi về trước 11h ngày mai (10/3/2026).", 3, 10),
        ("Gửi giải trình trước 11 giờ 00 ngày thứ Năm (12/3/2026).", 3, 12),
        ("Bố trí đủ kinh phí trong thời hạn từ ngày 21/4 đến ngày 30/4/2026.", 4, 30),
        ("Gửi kết quả bình xét từ ngày 20/4 đến ngày 30/4/2026.", 4, 30),
        ("Chốt danh sách cuối tháng 8.", 8, 31),
        ("Hoàn thành trước ngày khai giảng 05/9/2026.", 9, 5),
        ("Lập phương án cấp nước trong tuần 16.", 4, 19),
        ("The Unit shall submit it by COB Friday, 10 April 2026.", 4, 10),
        ("The Unit shall publish it by end-June 2026.", 6, 30),
        ("The Unit shall organise a workshop in June 2026.", 6, 30),
        ("The Unit shall distribute it to all members this week.", 3, 15),
        ("The Unit shall deliver within the next 15 days.", 3, 24),
    ],
)
def test_the_deadline_is_the_last_day_that_the_words_allow(words: str, month: int, date: int) -> None:
    read = day(words)
    assert read is not None
    assert (read.month, read.day) == (month, date)


@pytest.mark.parametrize(
    "words",
    [
        "Khẩn trương hoàn thiện hồ sơ, bảo đảm thời gian theo yêu cầu.",
        "Tiếp tục thực hiện theo kế hoạch, kịp thời báo cáo.",
        "Thực hiện tốt công tác sơ kết 6 tháng đầu năm 2026.",
        "Soạn chương trình hội nghị sơ kết 6 tháng đầu năm, trình Lãnh đạo Sở.",
        "Xây dựng kế hoạch công tác quý III/2026.",
        "Rà soát nhiệm vụ tháng 4/2026.",
        "Báo cáo tháng 4/2026 của các đơn vị phải thống nhất số liệu.",
        "Triển khai Chương trình giai đoạn 2026 - 2030.",
        "Thực hiện Đề án phát triển đến năm 2030, tầm nhìn đến năm 2045.",
        "Điều chỉnh quy hoạch chung thị trấn đến năm 2035.",
        "Xin gia hạn thỏa thuận tài trợ đến ngày 31/3/2029.",
        "Cập nhật số liệu đến ngày 30/4/2026.",
        "Tổng hợp số liệu tính đến hết ngày 30/4/2026.",
        "Chuẩn bị hậu cần cho đoàn khảo sát từ ngày 06 đến 08/4/2026.",
        "Chuẩn bị Hội nghị khoa học dự kiến tổ chức ngày 25/7/2026.",
        "Chuẩn bị tốt Lễ kỷ niệm ngày 20/11/2026.",
        "Chuẩn bị Hội nghị tổ chức vào ngày 20/5/2026.",
        "Chuẩn bị Lễ khởi công (dự kiến trong tháng 6/2026).",
        "Thực hiện Nghị định số 45/2024/NĐ-CP ngày 26/4/2024 của Chính phủ.",
        "Thực hiện ý kiến tại cuộc họp ngày 22 tháng 4 năm 2026.",
        "Khắc phục việc chưa hoàn thành hồ sơ trước ngày 31/12/2025 như đã giao.",
        "Phòng A đã hoàn thành trước ngày 20/2, các đơn vị khác khẩn trương thực hiện.",
        "Trình Thường trực sau khi có hướng dẫn của Bộ.",
        "Góp ý dự thảo ngay khi nhận được hồ sơ.",
        "Hoàn thiện hồ sơ trước khi trình Thủ tướng.",
        "Báo cáo tại giao ban tháng 4.",
        "Báo cáo tại kỳ họp giữa năm 2026 của Hội đồng nhân dân.",
        "Báo cáo tại phiên họp thường kỳ cuối năm.",
        "Thẩm định trong 05 ngày làm việc kể từ khi nhận đủ hồ sơ.",
        "Thẩm định chậm nhất 07 ngày sau khi nhận hồ sơ hợp lệ.",
        "Quyết toán trong 90 ngày kể từ ngày dự án được nghiệm thu.",
        "Gửi giấy mời trước ngày khai mạc ít nhất 07 ngày.",
        "Đưa vào sử dụng trước Tết Nguyên đán.",
        "Ký lại hợp đồng sắp hết hạn ngày 30/6/2026.",
        "Áp dụng từ ngày 01/4/2026.",
        "Thực hiện kể từ ngày 01/4/2026.",
        "Bố trí vốn năm 2026.",
        "Khảo sát 17/19 tiêu chí, quy hoạch tỷ lệ 1/500.",
        "Thu hồi nợ quá hạn trên 06 tháng.",
        "Thi công theo phương án 24/7.",
        "The Committee noted the forum held on 15 May 2026.",
        "The Unit shall prepare a kit for the expedition scheduled for 10-14 November 2026.",
        "The Unit shall report at the next session of the Board.",
        "The draft shall be circulated before the next session.",
        "The papers shall be sent out four weeks before the session opens.",
        "The Unit shall act following clearance by the Council.",
        "The Unit shall comment within 5 days of receipt of the draft.",
        "The Unit shall finalise the guidelines as soon as possible.",
        "The Unit shall review the Programme 2021-2025 and the statements for 2025.",
        "The Unit shall contribute to the strategy to 2030.",
        "Nếu đến ngày 30/4/2026 nhà đầu tư không triển khai thì thu hồi dự án.",
        "Kéo dài thời gian thực hiện dự án đến hết năm 2027.",
        "Lập biểu đồ thi công theo tuần và tháng đến hết năm 2026.",
        "Tăng cường tuần tra ban đêm dịp cuối năm.",
        "Bố trí vốn kế hoạch năm 2027.",
        "Trình Hội đồng nhân dân tại kỳ họp thứ 10 (tháng 7/2026).",
        "Rà soát nhiệm kỳ Thẩm phán hết hạn trong năm 2026.",
        "Lấy ý kiến thẩm định trước kỳ họp giữa năm theo đúng trình tự.",
        "Hoàn thành chậm nhất 15 ngày trước khi khai giảng.",
        "Đến năm 2027 hoàn thành phủ sóng.",
        "The consultant shall report within 30 days of contract signature.",
        "The agreement, valid until 31 December 2027, shall be translated.",
        "The Office shall use the data as of 31 May 2026.",
    ],
)
def test_other_days_and_periods_are_no_deadline(words: str) -> None:
    assert day(words) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("20/6/2026", dt.date(2026, 6, 20)),
        ("20/6", dt.date(2026, 6, 20)),
        ("Ngày 20 tháng 6 năm 2026", dt.date(2026, 6, 20)),
        ("Trước 31/7", dt.date(2026, 7, 31)),
        ("Trước 10h00 ngày 31/7/2026", dt.date(2026, 7, 31)),
        ("Chậm nhất 22/6/2026", dt.date(2026, 6, 22)),
        ("Quý III/2026", dt.date(2026, 9, 30)),
        ("Quý III - IV/2026", dt.date(2026, 12, 31)),
        ("Quý IV", dt.date(2026, 12, 31)),
        ("Tháng 8/2026", dt.date(2026, 8, 31)),
        ("8/2026", dt.date(2026, 8, 31)),
        ("T8/2026", dt.date(2026, 8, 31)),
        ("Tháng 8", dt.date(2026, 8, 31)),
        ("Trong tháng 8", dt.date(2026, 8, 31)),
        ("Tháng 6 - 8/2026", dt.date(2026, 8, 31)),
        ("Từ 01/6 đến 30/6/2026", dt.date(2026, 6, 30)),
        ("Đầu tháng 4", dt.date(2026, 4, 1)),
        ("Giữa tháng 8/2026", dt.date(2026, 8, 15)),
        ("Năm 2026", dt.date(2026, 12, 31)),
        ("Trong năm 2026", dt.date(2026, 12, 31)),
        ("6 tháng cuối năm 2026", dt.date(2026, 12, 31)),
        ("Hết quý II/2026", dt.date(2026, 6, 30)),
        ("Trong tuần", dt.date(2026, 3, 15)),
        ("Sáng thứ Bảy, 14/3", dt.date(2026, 3, 14)),
        ("05 ngày làm việc kể từ ngày ban hành", dt.date(2026, 3, 16)),
        ("10 ngày", dt.date(2026, 3, 19)),
        ("30 June 2026", dt.date(2026, 6, 30)),
        ("Q3 2026", dt.date(2026, 9, 30)),
        ("End of May", dt.date(2026, 5, 31)),
        ("Hằng tuần", None),
        ("Hằng tuần, vào thứ Hai", None),
        ("Trước ngày 25 hằng tháng", None),
        ("06 tháng/lần", None),
        ("Thường xuyên", None),
        ("Ngay", None),
        ("Ngay sau khi kết thúc nhập học", None),
        ("Sau khi có kết luận thanh tra", None),
        ("Trước Quốc khánh", None),
        ("Theo kế hoạch", None),
        ("Đã hoàn thành ngày 20/5/2025", None),
        ("Đang thực hiện", None),
        ("", None),
    ],
)
def test_in_the_cell_of_a_table_a_day_or_a_period_stands_alone(cell: str, expected: dt.date | None) -> None:
    read = deadline_of_cell(cell, TODAY, held_on=HELD)
    assert (read and read.date) == expected


@pytest.mark.parametrize(
    ("words", "hour"),
    [
        ("Gửi trước 16 giờ 00 thứ Sáu, ngày 13/3/2026.", "16:00"),
        ("Gửi trước 16h30 ngày 13/3/2026.", "16:30"),
        ("Gửi trước 5 giờ chiều ngày 13/3/2026.", "17:00"),
        ("To be sent before 5 pm on 13 March 2026.", "17:00"),
        ("Gửi trước ngày 13/3/2026.", None),
    ],
)
def test_the_hour_is_kept(words: str, hour: str | None) -> None:
    read = deadline_in(words, TODAY)
    assert read is not None
    assert read.time == hour


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Báo cáo trước ngày 20/3/2026.", "before-day"),
        ("Báo cáo chậm nhất ngày 20/3/2026.", "no-later-than-day"),
        ("Lấy ý kiến đến hết ngày 20/3/2026.", "through-day"),
        ("Hoàn thành trong tháng 4.", "in-month"),
        ("Hoàn thành trong quý II.", "in-quarter"),
        ("Hoàn thành trong năm 2026.", "in-year"),
        ("Hoàn thành cuối tháng 4.", "end-of-month"),
        ("Hoàn thành trong 05 ngày làm việc kể từ ngày ký.", "working-days-after"),
    ],
)
def test_the_rule_says_how_the_day_was_found(words: str, rule: str) -> None:
    read = deadline_in(words, TODAY)
    assert read is not None
    assert read.rule == rule


def test_the_phrase_is_what_the_notice_says() -> None:
    read = deadline_in("Lập báo cáo, gửi Sở Tài chính trước 16 giờ 00 thứ Sáu, ngày 13/3/2026, không để chậm.", TODAY)
    assert read is not None
    assert read.phrase == "trước 16 giờ 00 thứ Sáu, ngày 13/3/2026"


def test_an_office_may_hold_that_before_a_day_excludes_it() -> None:
    read = deadline_in("Báo cáo trước ngày 20/3/2026.", TODAY, ReadingPolicy(before_is_inclusive=False))
    assert read is not None
    assert (read.date, read.rule) == (dt.date(2026, 3, 19), "before-day-exclusive")


def test_working_days_skip_the_holidays_of_the_year() -> None:
    read = deadline_in("Báo cáo trong 05 ngày làm việc kể từ ngày ban hành.", dt.date(2026, 4, 28))
    assert read is not None
    assert read.date == dt.date(2026, 5, 7)


def test_a_day_off_that_the_government_decides_is_skipped() -> None:
    policy = ReadingPolicy(working_days=WorkingDays(extra_holidays=frozenset({dt.date(2026, 3, 10)})))
    read = deadline_in("Báo cáo trong 01 ngày làm việc kể từ ngày ký.", TODAY, policy)
    assert read is not None
    assert read.date == dt.date(2026, 3, 11)


def test_an_office_may_hold_that_a_term_never_ends_on_a_day_off() -> None:
    words = "Báo cáo trong 05 ngày kể từ ngày ký."
    assert day(words) == dt.date(2026, 3, 14)
    read = deadline_in(words, TODAY, ReadingPolicy(rolls_forward=True))
    assert read is not None
    assert (read.date, read.rule) == (dt.date(2026, 3, 16), "days-after-rolled-forward")


def test_a_duty_that_recurs_has_no_deadline_but_one_set_beside_it() -> None:
    assert day("Gửi báo cáo về Văn phòng trước ngày 18 hằng tháng.") is None
    assert day("Định kỳ hằng quý báo cáo trước ngày 25 tháng cuối quý.") is None
    assert day("Lập kế hoạch trước ngày 30/4/2026; hằng tháng báo cáo tiến độ.") == dt.date(2026, 4, 30)


@pytest.mark.parametrize(
    "words",
    [
        "Hoàn thành đầu tháng 4.",
        "Báo cáo trước ngày 01/3.",
        "Dự thảo trước ngày 15/3/2026, hoàn thành trước ngày 30/3/2026.",
        "Báo cáo trước ngày 01/3/2026.",
    ],
)
def test_a_day_that_may_be_another_is_doubtful(words: str) -> None:
    read = deadline_in(words, TODAY)
    assert read is not None
    assert read.confidence <= 0.6


def test_a_plain_day_is_sure() -> None:
    read = deadline_in("Báo cáo trước ngày 20/3/2026.", TODAY)
    assert read is not None
    assert read.confidence > 0.9


def test_without_a_day_of_the_notice_only_whole_dates_are_read() -> None:
    read = deadline_in("Báo cáo trước ngày 20/3/2026.", None)
    assert read is not None
    assert read.date == dt.date(2026, 3, 20)
    assert deadline_in("Báo cáo trước ngày 20/3, hoàn thành trong 10 ngày kể từ ngày ký.", None) is None


@pytest.mark.parametrize(
    "unit",
    ["trước ngày ", "trong 1 ", "1/1/", "hằng ", "đã ", "từ 1/1 đến ", "tháng 6 - ", "(", "by ", "10 ngày kể từ "],
)
def test_long_hostile_words_are_answered_soon(unit: str) -> None:
    began = time.process_time()
    deadline_in(unit * (20_000 // len(unit)), TODAY)
    assert time.process_time() - began < 2


@settings(deadline=None)
@given(st.text(max_size=200), st.dates() | st.none())
def test_any_words_are_answered(words: str, today: dt.date | None) -> None:
    deadline_in(words, today)
    deadline_of_cell(words, today)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(WORDS_OF_TIME.split()),
        max_size=12,
    ),
    st.dates() | st.none(),
)
def test_words_of_time_in_any_order_are_answered(words: list[str], today: dt.date | None) -> None:
    deadline_in(" ".join(words), today)
    deadline_of_cell(" ".join(words), today)
