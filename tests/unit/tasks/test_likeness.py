"""When two directives order the same, measured on orders that were repeated and on others of the same unit."""

import pytest

from services.tasks.register.likeness import ALIKE, keys, likeness, plain

REPEATED = [
    (
        "Hoàn thiện dự thảo báo cáo tổng kết công tác năm 2026, trình Lãnh đạo Sở trước ngày 15/12/2026.",
        "Khẩn trương hoàn thiện dự thảo báo cáo tổng kết công tác năm 2026, trình Lãnh đạo Sở trước ngày 25/12/2026.",
    ),
    (
        "Rà soát các đề tài cấp tỉnh quá hạn nghiệm thu, đề xuất hướng xử lý từng đề tài.",
        "Tiếp tục rà soát các đề tài cấp tỉnh quá hạn nghiệm thu; đề xuất hướng xử lý cụ thể từng đề tài, báo cáo "
        "Giám đốc Sở trước ngày 20/12/2026.",
    ),
    (
        "Tổng hợp tình hình giải ngân đến hết tháng 11, tham mưu điều chuyển vốn của nhiệm vụ chậm tiến độ trước ngày "
        "10/12/2026.",
        "Tổng hợp tình hình giải ngân đến hết tháng 12, tham mưu điều chuyển vốn của các nhiệm vụ chậm tiến độ.",
    ),
    (
        "Xây dựng kế hoạch tổ chức Ngày hội khởi nghiệp sáng tạo năm 2027, lấy ý kiến các phòng và đơn vị.",
        "Khẩn trương xây dựng Kế hoạch tổ chức Ngày hội Khởi nghiệp sáng tạo năm 2027, lấy ý kiến các phòng, đơn vị, "
        "trình Giám đốc Sở trong tháng 01/2027.",
    ),
    (
        "Kiểm tra phương tiện đo tại các chợ và cửa hàng xăng dầu dịp cuối năm; báo cáo kết quả trước ngày 25/12/2026.",
        "Kiểm tra phương tiện đo tại các chợ, cửa hàng xăng dầu dịp cuối năm, báo cáo kết quả.",
    ),
    (
        "Chủ trì, phối hợp với Phòng Kế hoạch - Tài chính chuẩn bị hội nghị viên chức, người lao động; báo cáo phương "
        "án tổ chức chậm nhất ngày 30/11/2026.",
        "Phối hợp với Phòng Kế hoạch - Tài chính chuẩn bị Hội nghị viên chức, người lao động năm 2026; báo cáo phương "
        "án tổ chức trước ngày 10/12/2026.",
    ),
    (
        "Hướng dẫn các xã, phường chuyển đổi hệ thống quản lý chất lượng theo tiêu chuẩn mới.",
        "Đẩy nhanh việc hướng dẫn các xã, phường chuyển đổi hệ thống quản lý chất lượng theo tiêu chuẩn mới, hoàn "
        "thành trong quý I năm 2027.",
    ),
    (
        "Đưa kết quả đề tài bảo quản thủy sản sau thu hoạch vào thử nghiệm tại hai xã, phối hợp với Trung tâm Kiểm "
        "định và Kiểm nghiệm.",
        "Đưa kết quả đề tài bảo quản thuỷ sản sau thu hoạch vào thử nghiệm tại hai xã, báo cáo tiến độ.",
    ),
    (
        "Rà soát nhiệm vụ chậm giải ngân theo Kế hoạch số 88/KH-SKHCN ngày 03/6/2026, gửi Phòng Kế hoạch - Tài chính "
        "trước ngày 05 tháng 12 năm 2026.",
        "Tiếp tục rà soát nhiệm vụ chậm giải ngân theo Kế hoạch số 88/KH-SKHCN, gửi Phòng Kế hoạch - Tài chính.",
    ),
    (
        "Xây dựng video hướng dẫn nộp hồ sơ trực tuyến.",
        "Hoàn thành xây dựng video hướng dẫn nộp hồ sơ trực tuyến trước ngày 30/12/2026.",
    ),
]

OTHER = [
    (
        "Hoàn thiện dự thảo báo cáo tổng kết công tác năm 2026, trình Lãnh đạo Sở trước ngày 15/12/2026.",
        "Hoàn thiện dự thảo kế hoạch công tác năm 2027, trình Lãnh đạo Sở trước ngày 15/12/2026.",
    ),
    (
        "Hoàn thiện dự thảo báo cáo tổng kết công tác năm 2026, trình Lãnh đạo Sở trước ngày 15/12/2026.",
        "Hoàn thiện dự thảo báo cáo cải cách hành chính, trình Lãnh đạo Sở trước ngày 20/12/2026.",
    ),
    (
        "Kiểm tra phương tiện đo tại các chợ và cửa hàng xăng dầu dịp cuối năm; báo cáo kết quả trước ngày 25/12/2026.",
        "Kiểm tra nhãn hàng hóa tại các siêu thị và cửa hàng tiện lợi dịp cuối năm; báo cáo kết quả trước 25/12/2026.",
    ),
    (
        "Xây dựng kế hoạch tổ chức Ngày hội khởi nghiệp sáng tạo năm 2027, lấy ý kiến các phòng và đơn vị.",
        "Xây dựng kế hoạch tổ chức hội nghị tổng kết năm 2026, lấy ý kiến các phòng và đơn vị.",
    ),
    (
        "Rà soát các đề tài cấp tỉnh quá hạn nghiệm thu, đề xuất hướng xử lý từng đề tài.",
        "Rà soát các đề tài cấp cơ sở đang thực hiện, đề xuất điều chỉnh kinh phí từng đề tài.",
    ),
    (
        "Hoàn thiện quy chế làm việc, phần 1, trình Giám đốc Sở ký trước ngày 05/12/2026.",
        "Hoàn thiện quy chế làm việc, phần 2, trình Giám đốc Sở ký trước ngày 05/12/2026.",
    ),
    (
        "Thực hiện Kế hoạch số 88/KH-SKHCN, báo cáo kết quả.",
        "Thực hiện Kế hoạch số 91/KH-SKHCN, báo cáo kết quả.",
    ),
    (
        "Dự kiến phân bổ kinh phí sự nghiệp khoa học và công nghệ năm 2027, trình Giám đốc Sở xem xét.",
        "Dự kiến phân bổ chỉ tiêu đào tạo, bồi dưỡng năm 2027, trình Giám đốc Sở xem xét.",
    ),
    (
        "Báo cáo kết quả thực hiện nhiệm vụ chuyển đổi số.",
        "Báo cáo kết quả thực hiện nhiệm vụ phòng cháy chữa cháy.",
    ),
]


@pytest.mark.parametrize(("earlier", "later"), REPEATED)
def test_an_order_that_is_repeated_is_recognised(earlier: str, later: str) -> None:
    assert likeness(plain(earlier), plain(later)) >= ALIKE + 0.1
    assert set(keys(plain(earlier), "van-phong")) & set(keys(plain(later), "van-phong"))


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_order_to_the_same_unit_is_not_taken_for_a_repetition(one: str, other: str) -> None:
    assert likeness(plain(one), plain(other)) <= ALIKE - 0.1


def test_the_same_order_to_another_unit_has_other_keys() -> None:
    said = plain(REPEATED[0][0])
    assert not set(keys(said, "van-phong")) & set(keys(said, "ke-hoach-tai-chinh"))


def test_a_few_words_are_too_little_to_be_recognised_by() -> None:
    assert keys(plain("Báo cáo kết quả trước ngày 05/12/2026."), "van-phong") == []
