"""Names of units of many kinds, as their notices write them: where they begin and end, and who owns a duty."""

import pytest

from services.intake.reading.duties.duty import duty_in
from services.intake.reading.notice import read_notice
from services.intake.reading.owners.english_names import names_at, subjects_at
from services.intake.reading.source import Source

_OPENING = """SỞ Y TẾ HẢI VÂN
Số: 15/TB-SYT
Hải Vân, ngày 05 tháng 3 năm 2026
THÔNG BÁO
Kết luận của Giám đốc Sở tại cuộc họp giao ban
Ngày 03/3/2026, Giám đốc Sở Lê Minh Châu chủ trì cuộc họp và kết luận như sau:
"""
_CLOSING = "Nơi nhận:\n- Như trên;\n- Lưu: VT.\nGIÁM ĐỐC\nLê Minh Châu\n"


@pytest.mark.parametrize(
    ("clause", "owners"),
    [
        ("Bộ Khoa học và Công nghệ chủ trì xây dựng nghị định.", ("Bộ Khoa học và Công nghệ",)),
        ("Bộ Văn hóa, Thể thao và Du lịch hướng dẫn các địa phương.", ("Bộ Văn hóa, Thể thao và Du lịch",)),
        ("Cục Lâm nghiệp và Kiểm lâm tổng hợp số liệu giải ngân.", ("Cục Lâm nghiệp và Kiểm lâm",)),
        ("Cục Quản lý tài nguyên nước rà soát quy trình vận hành hồ chứa.", ("Cục Quản lý tài nguyên nước",)),
        ("Cục Trồng trọt và Bảo vệ thực vật báo cáo tình hình sâu bệnh.", ("Cục Trồng trọt và Bảo vệ thực vật",)),
        ("Vụ Kế hoạch - Tài chính trình Bộ trưởng phương án phân bổ vốn.", ("Vụ Kế hoạch - Tài chính",)),
        ("Vụ Tổ chức cán bộ hoàn thiện đề án vị trí việc làm.", ("Vụ Tổ chức cán bộ",)),
        ("Chi cục Chăn nuôi và Thú y tăng cường lấy mẫu giám sát.", ("Chi cục Chăn nuôi và Thú y",)),
        ("Chi cục Quản lý thị trường số 3 kiểm tra các cơ sở kinh doanh vàng.", ("Chi cục Quản lý thị trường số 3",)),
        ("Chi cục Dân số - Kế hoạch hóa gia đình tổ chức chiến dịch.", ("Chi cục Dân số - Kế hoạch hóa gia đình",)),
        ("Trung tâm Kiểm soát bệnh tật tỉnh phun hóa chất diệt muỗi.", ("Trung tâm Kiểm soát bệnh tật tỉnh",)),
        ("Trung tâm Điều hành thông minh kết nối dữ liệu camera.", ("Trung tâm Điều hành thông minh",)),
        ("Trung tâm Phục vụ hành chính công niêm yết thủ tục mới.", ("Trung tâm Phục vụ hành chính công",)),
        ("Trung tâm Dịch vụ việc làm tổ chức phiên giao dịch lưu động.", ("Trung tâm Dịch vụ việc làm",)),
        ("Trung tâm Phát triển quỹ đất hoàn thành chi trả bồi thường.", ("Trung tâm Phát triển quỹ đất",)),
        ("Ban Quản lý bảo trì đường bộ sửa chữa các vị trí hư hỏng.", ("Ban Quản lý bảo trì đường bộ",)),
        ("Ban Quản lý ký túc xá lập danh sách sinh viên nội trú.", ("Ban Quản lý ký túc xá",)),
        ("Ban Quản lý các khu công nghiệp đôn đốc nhà đầu tư.", ("Ban Quản lý các khu công nghiệp",)),
        ("Ban Quản lý rừng phòng hộ Sông Hinh tuần tra, ngăn chặn phá rừng.", ("Ban Quản lý rừng phòng hộ Sông Hinh",)),
        ("Ban Kiểm tra - Pháp chế rà soát hợp đồng.", ("Ban Kiểm tra - Pháp chế",)),
        (
            "Công ty Cổ phần Cấp thoát nước Hải Vân khắc phục sự cố tuyến ống.",
            ("Công ty Cổ phần Cấp thoát nước Hải Vân",),
        ),
        (
            "Công ty TNHH MTV Khai thác công trình thủy lợi nạo vét kênh chính.",
            ("Công ty TNHH MTV Khai thác công trình thủy lợi",),
        ),
        ("Công ty Điện lực An Phú lập phương án cấp điện mùa khô.", ("Công ty Điện lực An Phú",)),
        ("Xí nghiệp Vận tải đường sắt bố trí thêm toa xe.", ("Xí nghiệp Vận tải đường sắt",)),
        ("Xí nghiệp Môi trường đô thị thu gom rác tồn đọng.", ("Xí nghiệp Môi trường đô thị",)),
        ("Nhà máy Nhiệt điện Cửa Lạch duy trì công suất dự phòng.", ("Nhà máy Nhiệt điện Cửa Lạch",)),
        ("Nhà máy Xử lý chất thải rắn báo cáo kết quả quan trắc.", ("Nhà máy Xử lý chất thải rắn",)),
        ("Trường Tiểu học Kim Đồng gửi danh sách học sinh.", ("Trường Tiểu học Kim Đồng",)),
        ("Trường Cao đẳng Nghề Hải Vân tuyển sinh đợt 2.", ("Trường Cao đẳng Nghề Hải Vân",)),
        ("Trường Đào tạo, bồi dưỡng cán bộ xây dựng kế hoạch lớp học.", ("Trường Đào tạo, bồi dưỡng cán bộ",)),
        ("Khoa Công nghệ thông tin hoàn thiện đề cương môn học.", ("Khoa Công nghệ thông tin",)),
        (
            "Khoa Công nghệ thông tin và Khoa Điện - Điện tử thống nhất phương án dùng chung.",
            ("Khoa Công nghệ thông tin", "Khoa Điện - Điện tử"),
        ),
        ("Khoa Chẩn đoán hình ảnh lập kế hoạch bảo dưỡng máy.", ("Khoa Chẩn đoán hình ảnh",)),
        ("Khoa Hồi sức tích cực - Chống độc chuẩn bị thêm giường.", ("Khoa Hồi sức tích cực - Chống độc",)),
        ("Khoa Kiểm soát nhiễm khuẩn giám sát vệ sinh tay.", ("Khoa Kiểm soát nhiễm khuẩn",)),
        ("Khoa Khám bệnh bố trí thêm bàn tiếp đón.", ("Khoa Khám bệnh",)),
        ("Khoa Quản trị kinh doanh nộp đề thi.", ("Khoa Quản trị kinh doanh",)),
        ("Bộ môn Kỹ thuật điều khiển rà soát học phần.", ("Bộ môn Kỹ thuật điều khiển",)),
        ("Bộ môn Giáo dục thể chất lập lịch thi.", ("Bộ môn Giáo dục thể chất",)),
        ("Tổ Toán - Tin xây dựng ngân hàng đề.", ("Tổ Toán - Tin",)),
        ("Tổ rà soát hộ nghèo xã hoàn thành phiếu điều tra.", ("Tổ rà soát hộ nghèo xã",)),
        ("Tổ công nghệ số cộng đồng hướng dẫn người dân.", ("Tổ công nghệ số cộng đồng",)),
        ("Đội Quản lý vận hành lưới điện Tây Sơn kiểm tra hành lang.", ("Đội Quản lý vận hành lưới điện Tây Sơn",)),
        ("Đội Kiểm tra trật tự đô thị xử lý lấn chiếm vỉa hè.", ("Đội Kiểm tra trật tự đô thị",)),
        ("Đội Cảnh sát giao thông số 2 phân luồng.", ("Đội Cảnh sát giao thông số 2",)),
        ("Đội Thanh tra giao thông lập biên bản các xe quá tải.", ("Đội Thanh tra giao thông",)),
        ("Trạm Kiểm soát liên hợp Đèo Ngang tăng cường lực lượng.", ("Trạm Kiểm soát liên hợp Đèo Ngang",)),
        ("Trạm Khuyến nông huyện tập huấn nông dân.", ("Trạm Khuyến nông huyện",)),
        ("Phân xưởng Sửa chữa cơ điện bảo dưỡng bơm.", ("Phân xưởng Sửa chữa cơ điện",)),
        ("Phân xưởng Vận hành 1 theo dõi thông số lò.", ("Phân xưởng Vận hành 1",)),
        (
            "Chi nhánh Văn phòng đăng ký đất đai khu vực 3 giải quyết hồ sơ tồn.",
            ("Chi nhánh Văn phòng đăng ký đất đai khu vực 3",),
        ),
        ("Chi nhánh Hải Vân báo cáo nợ xấu.", ("Chi nhánh Hải Vân",)),
        ("Phòng giao dịch Bến Ngự đối chiếu dư nợ.", ("Phòng giao dịch Bến Ngự",)),
        (
            "Phòng Giao dịch Ngân hàng Chính sách xã hội huyện giải ngân nguồn vốn.",
            ("Phòng Giao dịch Ngân hàng Chính sách xã hội huyện",),
        ),
        ("Phòng Quản lý rủi ro chuẩn bị hồ sơ.", ("Phòng Quản lý rủi ro",)),
        ("Phòng Kiểm tra nội bộ đôn đốc khắc phục.", ("Phòng Kiểm tra nội bộ",)),
        ("Phòng Kinh tế, Hạ tầng và Đô thị thẩm định hồ sơ.", ("Phòng Kinh tế, Hạ tầng và Đô thị",)),
        ("Phòng Văn hóa - Xã hội, Phòng Kinh tế rà soát hộ nghèo.", ("Phòng Văn hóa - Xã hội", "Phòng Kinh tế")),
        ("Phòng Tổ chức - Hành chính và Phòng Tài vụ quyết toán.", ("Phòng Tổ chức - Hành chính", "Phòng Tài vụ")),
        ("Hội Liên hiệp Phụ nữ tỉnh tổ chức truyền thông.", ("Hội Liên hiệp Phụ nữ tỉnh",)),
        (
            "Hội Nông dân và Hội Cựu chiến binh xã vận động hội viên hiến đất.",
            ("Hội Nông dân", "Hội Cựu chiến binh xã"),
        ),
        ("Hội Chữ thập đỏ tỉnh tiếp nhận hàng cứu trợ.", ("Hội Chữ thập đỏ tỉnh",)),
        ("Đoàn Thanh niên Cộng sản Hồ Chí Minh xã ra quân dọn vệ sinh.", ("Đoàn Thanh niên Cộng sản Hồ Chí Minh xã",)),
        ("Liên đoàn Lao động tỉnh thăm, tặng quà công nhân.", ("Liên đoàn Lao động tỉnh",)),
        (
            "Ủy ban Mặt trận Tổ quốc Việt Nam xã và các tổ chức chính trị - xã hội giám sát việc bình xét.",
            ("Ủy ban Mặt trận Tổ quốc Việt Nam xã", "các tổ chức chính trị - xã hội"),
        ),
        ("Công an xã và Ban Chỉ huy Quân sự xã tuần tra ban đêm.", ("Công an xã", "Ban Chỉ huy Quân sự xã")),
        ("Công an tỉnh chỉ đạo điều tra, xử lý nghiêm.", ("Công an tỉnh",)),
        (
            "Phòng Cảnh sát phòng cháy, chữa cháy và cứu nạn, cứu hộ kiểm tra chợ.",
            ("Phòng Cảnh sát phòng cháy, chữa cháy và cứu nạn, cứu hộ",),
        ),
        ("Bộ Chỉ huy Quân sự tỉnh chuẩn bị lực lượng.", ("Bộ Chỉ huy Quân sự tỉnh",)),
        ("Bộ Chỉ huy Bộ đội Biên phòng tỉnh tuần tra.", ("Bộ Chỉ huy Bộ đội Biên phòng tỉnh",)),
        ("Tiểu đoàn 5 huấn luyện theo tiến trình biểu.", ("Tiểu đoàn 5",)),
        ("Phòng Tham mưu lập kế hoạch trực.", ("Phòng Tham mưu",)),
        (
            "Ban Tham mưu, Ban Chính trị và Ban Hậu cần - Kỹ thuật kiểm tra doanh trại.",
            ("Ban Tham mưu", "Ban Chính trị", "Ban Hậu cần - Kỹ thuật"),
        ),
        ("Toà án nhân dân khu vực 2 đẩy nhanh tiến độ giải quyết án.", ("Toà án nhân dân khu vực 2",)),
        ("Các Toà án nhân dân khu vực báo cáo án tạm đình chỉ.", ("Các Toà án nhân dân khu vực",)),
        ("Chánh án các Toà án nhân dân khu vực quán triệt quy chế.", ("Chánh án các Toà án nhân dân khu vực",)),
        ("Viện kiểm sát nhân dân khu vực 4 rút kinh nghiệm.", ("Viện kiểm sát nhân dân khu vực 4",)),
        ("Các phòng nghiệp vụ, VKSND khu vực gửi báo cáo.", ("Các phòng nghiệp vụ, VKSND khu vực",)),
        ("Các VKSND khu vực: 1, 2, 5 khắc phục tồn tại.", ("VKSND khu vực 1", "VKSND khu vực 2", "VKSND khu vực 5")),
        ("Báo và Đài Phát thanh - Truyền hình tỉnh mở chuyên mục.", ("Báo và Đài Phát thanh - Truyền hình tỉnh",)),
        ("Đài Khí tượng Thủy văn tỉnh cập nhật bản tin.", ("Đài Khí tượng Thủy văn tỉnh",)),
        ("Kho bạc Nhà nước khu vực XII hướng dẫn hồ sơ thanh toán.", ("Kho bạc Nhà nước khu vực XII",)),
        ("Bảo hiểm xã hội tỉnh đối soát dữ liệu.", ("Bảo hiểm xã hội tỉnh",)),
        ("Thuế tỉnh chống thất thu, báo cáo hằng tháng.", ("Thuế tỉnh",)),
        ("Thuế cơ sở 4 rà soát hộ kinh doanh.", ("Thuế cơ sở 4",)),
        ("Chi cục Hải quan khu vực IV xử lý hàng tồn đọng.", ("Chi cục Hải quan khu vực IV",)),
        ("Hải quan cửa khẩu cảng Bến Thủy giải phóng hàng nông sản.", ("Hải quan cửa khẩu cảng Bến Thủy",)),
        ("Thanh tra tỉnh hoàn thành kết luận.", ("Thanh tra tỉnh",)),
        ("Thanh tra Sở, Văn phòng Sở theo dõi việc chấp hành.", ("Thanh tra Sở", "Văn phòng Sở")),
        (
            "Đảng uỷ Mặt trận Tổ quốc và các đoàn thể tỉnh hướng dẫn các khu dân cư.",
            ("Đảng uỷ Mặt trận Tổ quốc và các đoàn thể tỉnh",),
        ),
        ("Ban Tuyên giáo và Dân vận Tỉnh uỷ định hướng dư luận.", ("Ban Tuyên giáo và Dân vận Tỉnh uỷ",)),
        ("Văn phòng Đoàn ĐBQH và HĐND tỉnh chuẩn bị kỳ họp.", ("Văn phòng Đoàn ĐBQH và HĐND tỉnh",)),
        ("Văn phòng HĐND và UBND xã tổng hợp.", ("Văn phòng HĐND và UBND xã",)),
        ("Các thôn Bản Mù, Nà Cọ vận động hộ dân di dời.", ("thôn Bản Mù", "thôn Nà Cọ")),
        ("Ngân hàng Nhà nước chi nhánh tỉnh theo dõi lãi suất.", ("Ngân hàng Nhà nước chi nhánh tỉnh",)),
        ("Thư viện xử lý tài liệu hư hỏng.", ("Thư viện",)),
        ("Cố vấn học tập gặp gỡ sinh viên bị cảnh báo.", ("Cố vấn học tập",)),
        ("Các tổ trưởng nộp sổ kế hoạch.", ("Các tổ trưởng",)),
        (
            "Viện Nghiên cứu phát triển kinh tế - xã hội khảo sát doanh nghiệp.",
            ("Viện Nghiên cứu phát triển kinh tế - xã hội",),
        ),
        ("Quỹ Bảo vệ và Phát triển rừng chi trả tiền dịch vụ.", ("Quỹ Bảo vệ và Phát triển rừng",)),
        ("Quỹ Đầu tư phát triển cho vay theo quy định.", ("Quỹ Đầu tư phát triển",)),
        (
            "Sở Nông nghiệp và Môi trường các tỉnh, thành phố ven biển cập nhật số liệu.",
            ("Sở Nông nghiệp và Môi trường các tỉnh, thành phố ven biển",),
        ),
        (
            "Ủy ban nhân dân các tỉnh, thành phố vùng Tây Nguyên chịu trách nhiệm bố trí vốn.",
            ("Ủy ban nhân dân các tỉnh, thành phố vùng Tây Nguyên",),
        ),
        (
            "Hiệu trưởng các trường trung học phổ thông chịu trách nhiệm về dữ liệu.",
            ("Hiệu trưởng các trường trung học phổ thông",),
        ),
        ("Trưởng các phòng, ban chuyên môn chấm công hằng tuần.", ("Trưởng các phòng, ban chuyên môn",)),
        ("Nhóm nghiên cứu hoàn thiện báo cáo tổng hợp.", ("Nhóm nghiên cứu",)),
        ("Tổ thẩm định giá lập biên bản.", ("Tổ thẩm định giá",)),
        ("Hội đồng tư vấn khoa học đánh giá đề tài.", ("Hội đồng tư vấn khoa học",)),
        ("Ban tổ chức hội thi công bố thể lệ.", ("Ban tổ chức hội thi",)),
        (
            "Trung tâm Kỹ thuật tài nguyên và môi trường đo đạc lại ranh giới.",
            ("Trung tâm Kỹ thuật tài nguyên và môi trường",),
        ),
        ("Trung tâm Lưu trữ và Công nghệ thông tin số hóa hồ sơ.", ("Trung tâm Lưu trữ và Công nghệ thông tin",)),
        ("Phòng Đào tạo và Quản lý khoa học công bố lịch bảo vệ.", ("Phòng Đào tạo và Quản lý khoa học",)),
        ("Phòng Khảo thí và Đảm bảo chất lượng tổng hợp kết quả khảo sát.", ("Phòng Khảo thí và Đảm bảo chất lượng",)),
        ("Phòng Công tác sinh viên tổ chức đối thoại.", ("Phòng Công tác sinh viên",)),
        (
            "Phòng Hợp tác quốc tế và Quản trị thương hiệu ký biên bản ghi nhớ.",
            ("Phòng Hợp tác quốc tế và Quản trị thương hiệu",),
        ),
        ("Phòng Hành chính - Quản trị bố trí xe.", ("Phòng Hành chính - Quản trị",)),
        ("Phòng Lao động - Thương binh và Xã hội chi trả trợ cấp.", ("Phòng Lao động - Thương binh và Xã hội",)),
        ("Cảng vụ Hàng hải Hải Vân cấp phép cho tàu.", ("Cảng vụ Hàng hải Hải Vân",)),
        ("Khu Quản lý đường bộ II khắc phục điểm đen.", ("Khu Quản lý đường bộ II",)),
        ("Hạt Kiểm lâm huyện truy quét.", ("Hạt Kiểm lâm huyện",)),
        ("Đồn Biên phòng Cửa Sót tuyên truyền ngư dân.", ("Đồn Biên phòng Cửa Sót",)),
        ("Điện lực Đông Hà thay công tơ.", ("Điện lực Đông Hà",)),
        ("Bưu điện huyện mở thêm điểm chi trả.", ("Bưu điện huyện",)),
        ("Ban Giám hiệu các trường rà soát bếp ăn.", ("Ban Giám hiệu các trường",)),
        ("Giao Kế toán trưởng lập báo cáo dòng tiền.", ("Kế toán trưởng",)),
        ("Kế toán nhà trường hoàn thành quyết toán.", ("Kế toán nhà trường",)),
        ("Giao Tổ hỗ trợ kỹ thuật cài đặt phần mềm.", ("Tổ hỗ trợ kỹ thuật",)),
        ("Yêu cầu Xí nghiệp Quản lý tòa nhà kiểm tra thang máy.", ("Xí nghiệp Quản lý tòa nhà",)),
        (
            "Kiểm tra an toàn phòng cháy ký túc xá (Ban Quản lý ký túc xá chủ trì, Phòng Hành chính "
            "tổng hợp phối hợp).",
            ("Ban Quản lý ký túc xá",),
        ),
        ("Hoàn thành hồ sơ sổ sách trước ngày 20/5 (các tổ trưởng chịu trách nhiệm).", ("các tổ trưởng",)),
        ("Sửa chữa hệ thống điện tại dãy nhà B (Tổ bảo trì thực hiện).", ("Tổ bảo trì",)),
        ("Phòng Hạ tầng tham mưu văn bản đề nghị Viettel, VNPT nâng cấp trạm phát sóng.", ("Phòng Hạ tầng",)),
        ("Trạm Y tế xã phân công cán bộ trực 24/24.", ("Trạm Y tế xã",)),
        ("Ban Chỉ đạo giao Sở Công Thương tham mưu.", ("Sở Công Thương",)),
        ("Chi cục Kiểm lâm, Hạt Kiểm lâm các huyện truy quét.", ("Chi cục Kiểm lâm", "Hạt Kiểm lâm các huyện")),
        ("Trưởng Công an xã báo cáo Chủ tịch UBND xã.", ("Công an xã",)),
        ("Sở Giáo dục và Đào tạo và Sở Y tế kiểm tra bếp ăn.", ("Sở Giáo dục và Đào tạo", "Sở Y tế")),
        ("Sở Tài chính, Kho bạc Nhà nước tỉnh đôn đốc giải ngân.", ("Sở Tài chính", "Kho bạc Nhà nước tỉnh")),
        ("Ban Quản lý Chợ Đông Ba sắp xếp lại ki ốt.", ("Ban Quản lý Chợ Đông Ba",)),
        ("Ban Quản lý Vịnh Nha Phu thu gom rác thải nhựa.", ("Ban Quản lý Vịnh Nha Phu",)),
        ("Ban Quản lý chợ niêm yết giá.", ("Ban Quản lý chợ",)),
        ("Ban Quản lý rà soát hợp đồng.", ("Ban Quản lý",)),
        ("Ban Quản lý vận hành thử hệ thống.", ("Ban Quản lý",)),
        ("Đoàn Thanh niên hướng dẫn người dân nộp hồ sơ trực tuyến.", ("Đoàn Thanh niên",)),
        ("Công an xã vận động người dân giao nộp vũ khí.", ("Công an xã",)),
        ("Phòng Kinh doanh thu hồi công nợ.", ("Phòng Kinh doanh",)),
        (
            "Phòng Kinh doanh, Phòng Kỹ thuật và Văn phòng họp thống nhất giá.",
            ("Phòng Kinh doanh", "Phòng Kỹ thuật", "Văn phòng"),
        ),
        ("Phòng Thị trường - Bán hàng mở 3 đại lý.", ("Phòng Thị trường - Bán hàng",)),
        ("Văn phòng Đảng ủy phát hành giấy mời.", ("Văn phòng Đảng ủy",)),
        ("Đảng ủy các xã lãnh đạo đại hội chi bộ.", ("Đảng ủy các xã",)),
        ("Ủy ban Kiểm tra Đảng ủy kiểm tra dấu hiệu vi phạm.", ("Ủy ban Kiểm tra Đảng ủy",)),
        ("Ban Xây dựng Đảng thẩm định đề án nhân sự.", ("Ban Xây dựng Đảng",)),
        ("Trung tâm Chính trị mở lớp bồi dưỡng.", ("Trung tâm Chính trị",)),
        ("Công đoàn cơ sở tổ chức hội nghị người lao động.", ("Công đoàn cơ sở",)),
        ("Trung tâm Truyền thông mở chuyên mục.", ("Trung tâm Truyền thông",)),
        ("Ban Thời sự cử phóng viên đi cơ sở.", ("Ban Thời sự",)),
        ("Ban Bạn đọc trả lời đơn thư.", ("Ban Bạn đọc",)),
        ("Tòa soạn điện tử rà soát tin bài.", ("Tòa soạn điện tử",)),
        ("Khoa Nội, Khoa Ngoại và Khoa Sản duyệt lịch mổ.", ("Khoa Nội", "Khoa Ngoại", "Khoa Sản")),
        ("Phòng Điều dưỡng chấm điểm buồng bệnh.", ("Phòng Điều dưỡng",)),
        ("Khoa Dược và Phòng Vật tư - Thiết bị y tế kiểm kê kho.", ("Khoa Dược", "Phòng Vật tư - Thiết bị y tế")),
        ("Phòng Quản trị chất lượng phân tích sự cố y khoa.", ("Phòng Quản trị chất lượng",)),
        ("Trung tâm Dịch vụ nông nghiệp tổ chức tiêm phòng.", ("Trung tâm Dịch vụ nông nghiệp",)),
        ("Trung tâm Khai thác quỹ đất đấu giá 12 lô.", ("Trung tâm Khai thác quỹ đất",)),
        ("Hội Khuyến học, Hội Cựu giáo chức vận động quỹ.", ("Hội Khuyến học", "Hội Cựu giáo chức")),
        ("Chi hội Luật gia tư vấn pháp lý miễn phí.", ("Chi hội Luật gia",)),
        ("Hội đồng nghĩa vụ quân sự xã khám sơ tuyển.", ("Hội đồng nghĩa vụ quân sự xã",)),
        ("Hội đồng Thi đua - Khen thưởng họp xét trước ngày 10/12.", ("Hội đồng Thi đua - Khen thưởng",)),
        ("Lữ đoàn 72 diễn tập vòng tổng hợp.", ("Lữ đoàn 72",)),
        ("Đại đội 3 củng cố doanh trại.", ("Đại đội 3",)),
        ("Ban CHQS các xã quản lý quân nhân dự bị.", ("Ban CHQS các xã",)),
        ("Phòng Kỹ thuật sát hạch lái xe.", ("Phòng Kỹ thuật",)),
        ("Trại giam Đồng Sơn khám sức khỏe phạm nhân.", ("Trại giam Đồng Sơn",)),
        ("Cục Thi hành án dân sự tỉnh giải quyết án tồn.", ("Cục Thi hành án dân sự tỉnh",)),
        ("Phòng Thi hành án dân sự khu vực 5 xác minh tài sản.", ("Phòng Thi hành án dân sự khu vực 5",)),
        ("Toà Dân sự, Toà Hình sự rút kinh nghiệm các án bị huỷ.", ("Toà Dân sự", "Toà Hình sự")),
        ("Văn phòng, các Toà chuyên trách chuẩn bị hồ sơ thi đua.", ("Văn phòng", "các Toà chuyên trách")),
        ("Đội Thuế số 2 cưỡng chế nợ.", ("Đội Thuế số 2",)),
        ("Phòng Nghiệp vụ - Dự toán - Pháp chế phân tích rủi ro.", ("Phòng Nghiệp vụ - Dự toán - Pháp chế",)),
        ("Phòng Thanh tra, kiểm tra số 3 hoàn thành 5 cuộc kiểm tra.", ("Phòng Thanh tra, kiểm tra số 3",)),
        ("Đội Kiểm soát phòng, chống ma túy tuần tra.", ("Đội Kiểm soát phòng, chống ma túy",)),
        ("Kiểm toán nội bộ đánh giá quy trình cấp tín dụng.", ("Kiểm toán nội bộ",)),
        ("Khối Khách hàng cá nhân đẩy mạnh huy động.", ("Khối Khách hàng cá nhân",)),
        ("Khối Vận hành và Khối Công nghệ kiểm thử hệ thống.", ("Khối Vận hành", "Khối Công nghệ")),
        ("Phòng Tín dụng khách hàng doanh nghiệp thu hồi nợ.", ("Phòng Tín dụng khách hàng doanh nghiệp",)),
        ("Bộ phận Kho vận giao hàng đúng hẹn.", ("Bộ phận Kho vận",)),
        ("Nhà máy Đường Sơn Hòa vận hành ổn định dây chuyền.", ("Nhà máy Đường Sơn Hòa",)),
        ("Mỏ than Khe Chàm lập phương án thoát nước.", ("Mỏ than Khe Chàm",)),
        ("Ga Đồng Hới bố trí nhân viên gác chắn.", ("Ga Đồng Hới",)),
        ("Cảng hàng không Phù Cát diễn tập khẩn nguy.", ("Cảng hàng không Phù Cát",)),
        ("Bảo tàng tỉnh sưu tầm hiện vật.", ("Bảo tàng tỉnh",)),
        ("Thư viện tỉnh phục vụ lưu động.", ("Thư viện tỉnh",)),
        ("Nhà Thiếu nhi mở lớp hè.", ("Nhà Thiếu nhi",)),
        ("Vườn quốc gia Krông Trai cứu hộ động vật.", ("Vườn quốc gia Krông Trai",)),
        ("Trung đoàn 910 bảo đảm an toàn bay.", ("Trung đoàn 910",)),
        ("Hợp tác xã Nông nghiệp An Nghiệp nạo vét kênh nội đồng.", ("Hợp tác xã Nông nghiệp An Nghiệp",)),
        ("Liên minh Hợp tác xã tỉnh hỗ trợ vốn.", ("Liên minh Hợp tác xã tỉnh",)),
        (
            "Báo Hải Vân, Đài Phát thanh và Truyền hình tỉnh đưa tin.",
            ("Báo Hải Vân", "Đài Phát thanh và Truyền hình tỉnh"),
        ),
        ("Cổng Thông tin điện tử tỉnh đăng tải toàn văn.", ("Cổng Thông tin điện tử tỉnh",)),
    ],
)
def test_a_name_is_read_whole_and_no_further(clause: str, owners: tuple[str, ...]) -> None:
    duty = duty_in(clause)
    assert duty is not None
    assert duty.units == owners


def test_an_order_to_write_to_outsiders_is_no_order_to_them() -> None:
    assert duty_in("Tham mưu văn bản đề nghị các doanh nghiệp viễn thông nâng cấp trạm phát sóng.") is None


@pytest.mark.parametrize(
    ("items", "duties"),
    [
        (
            "1. Phòng Nghiệp vụ Y rà soát danh mục kỹ thuật. Trung tâm Cấp cứu 115 bổ sung xe cứu "
            "thương trước ngày 20/3/2026.",
            ((("Phòng Nghiệp vụ Y",), None), (("Trung tâm Cấp cứu 115",), None)),
        ),
        (
            "1. Giao Phòng Kế hoạch - Tài chính tổng hợp nhu cầu vốn; Văn phòng Sở bố trí phòng họp.",
            ((("Phòng Kế hoạch - Tài chính",), None), (("Văn phòng Sở",), None)),
        ),
        (
            "1. Thanh tra Sở đôn đốc các đơn vị nộp hồ sơ; kiến nghị Giám đốc xử lý đơn vị chậm.",
            ((("Thanh tra Sở",), None),),
        ),
        (
            "1. Phòng Hạ tầng số tham mưu văn bản đề nghị Viettel, VNPT nâng cấp trạm phát sóng trước ngày 30/3/2026.",
            ((("Phòng Hạ tầng số",), None),),
        ),
        (
            "1. Đồng chí Trần Quốc Bảo - Phó Giám đốc, Chủ tịch Công đoàn chỉ đạo, Trung tâm Y tế "
            "huyện Kỳ Lộc xây dựng phương án.",
            ((("Trung tâm Y tế huyện Kỳ Lộc",), "Trần Quốc Bảo"),),
        ),
        (
            "1. Bệnh viện Đa khoa tỉnh xây dựng đề án tự chủ; Phó Giám đốc Trần Quốc Bảo trực tiếp chỉ đạo.",
            ((("Bệnh viện Đa khoa tỉnh",), "Trần Quốc Bảo"),),
        ),
        (
            "1. Giao TS. Phạm Thu Hà - Phó Giám đốc chỉ đạo chung, Phòng Tổ chức cán bộ tham mưu đề án.",
            ((("Phòng Tổ chức cán bộ",), "Phạm Thu Hà"),),
        ),
        ("1. Giao Thượng tá Kpă Y Bình chủ trì rà soát vũ khí.", ((("Kpă Y Bình",), "Kpă Y Bình"),)),
        (
            "1. Đoàn kiểm toán làm việc tại Sở từ ngày 10/4/2026; Phòng Kế hoạch - Tài chính chuẩn bị hồ sơ.",
            ((("Phòng Kế hoạch - Tài chính",), None),),
        ),
        (
            "1. Nhà thầu từng cam kết hoàn thành trong tháng 2 nhưng không thực hiện. Giao Ban Quản lý "
            "dự án xử lý vi phạm hợp đồng.",
            ((("Ban Quản lý dự án",), None),),
        ),
        (
            "1. Phòng Nghiệp vụ Dược kiểm tra nhà thuốc. Đề nghị các thầy cô giữ gìn sức khoẻ, tiếp tục thi đua.",
            ((("Phòng Nghiệp vụ Dược",), None),),
        ),
        (
            "1. Thống nhất nguyên tắc áp dụng giá dịch vụ mới. Phòng Kế hoạch - Tài chính trình dự thảo.",
            ((("Phòng Kế hoạch - Tài chính",), None),),
        ),
        (
            "1. Ban Quản lý ký túc xá\n- Lập danh sách sinh viên nội trú.\n- Kiểm tra bếp ăn.",
            ((("Ban Quản lý ký túc xá",), None), (("Ban Quản lý ký túc xá",), None)),
        ),
        (
            "1. Khoa Công nghệ thông tin\na) Hoàn thiện đề cương;\nb) Gửi Phòng Đào tạo trước ngày 15/4/2026.",
            ((("Khoa Công nghệ thông tin",), None), (("Khoa Công nghệ thông tin",), None)),
        ),
        (
            "1. Tổ rà soát hộ nghèo xã\n- Hoàn thành phiếu điều tra;\n- Niêm yết kết quả.",
            ((("Tổ rà soát hộ nghèo xã",), None), (("Tổ rà soát hộ nghèo xã",), None)),
        ),
        (
            "1. Các trường THPT, trung tâm giáo dục thường xuyên\n- Rà soát cơ sở vật chất.\n- Gửi báo cáo.",
            (
                (("Các trường THPT, trung tâm giáo dục thường xuyên",), None),
                (("Các trường THPT, trung tâm giáo dục thường xuyên",), None),
            ),
        ),
        (
            "1. Cục Lâm nghiệp và Kiểm lâm\n- Rà soát quy hoạch.\n2. Văn phòng Bộ phối hợp với Cục Lâm "
            "nghiệp và Kiểm lâm, Vụ Pháp chế chuẩn bị hội nghị.",
            ((("Cục Lâm nghiệp và Kiểm lâm",), None), (("Văn phòng Bộ",), None)),
        ),
        (
            "1. Kiểm tra hệ thống báo cháy hằng quý (Phòng Hành chính quản trị chủ trì, Khoa Dược phối hợp).",
            ((("Phòng Hành chính quản trị",), None),),
        ),
        (
            "1. Hoàn thành sổ đầu bài trước ngày 25/3/2026 (các tổ trưởng chịu trách nhiệm).",
            ((("các tổ trưởng",), None),),
        ),
        (
            "1. Nhà trường đánh giá cao sự cố gắng của các khoa.\n2. Thư viện bổ sung giáo trình điện tử.",
            ((("Thư viện",), None),),
        ),
        ("1. Các câu lạc bộ đăng ký kế hoạch hoạt động với Đoàn trường.", ((("Các câu lạc bộ",), None),)),
        (
            "1. Chi nhánh Hải Vân được giao thu hồi nợ trước ngày 31/12/2025 nhưng mới đạt 40%. Yêu "
            "cầu Chi nhánh Hải Vân báo cáo nguyên nhân.",
            ((("Chi nhánh Hải Vân",), None),),
        ),
        (
            "1. Ban Chỉ huy Quân sự xã Ea Lâm trực sẵn sàng chiến đấu. Công an xã tuần tra đêm.",
            ((("Ban Chỉ huy Quân sự xã Ea Lâm",), None), (("Công an xã",), None)),
        ),
        (
            "1. Phòng 7 theo dõi án treo; VKSND khu vực 3 rút kinh nghiệm vụ án.",
            ((("Phòng 7",), None), (("VKSND khu vực 3",), None)),
        ),
        (
            "1. Đội Thuế liên xã đôn đốc thu nợ đọng, phấn đấu đạt 100% dự toán; Kho bạc Nhà nước đối "
            "chiếu số liệu hằng tháng.",
            ((("Đội Thuế liên xã",), None), (("Kho bạc Nhà nước",), None)),
        ),
        (
            "1. Giao Công an tỉnh chỉ đạo điều tra, xử lý nghiêm; các cơ quan báo chí tuyên truyền.",
            ((("Công an tỉnh",), None), (("các cơ quan báo chí",), None)),
        ),
        (
            "1. Xưởng Cơ khí gia công 20 bộ gá; Tổ Cơ điện lắp đặt trước ngày 12/3/2026.",
            ((("Xưởng Cơ khí",), None), (("Tổ Cơ điện",), None)),
        ),
        ("1. Ca trưởng các phân xưởng kiểm tra bình chữa cháy đầu ca.", ((("Ca trưởng các phân xưởng",), None),)),
        (
            "1. Hạt Giao thông số 4 phát quang hành lang; Xí nghiệp Đầu máy kiểm tra phanh.",
            ((("Hạt Giao thông số 4",), None), (("Xí nghiệp Đầu máy",), None)),
        ),
        (
            "1. Nhóm Truyền thông thiết kế ấn phẩm; Nhóm Hậu cần đặt xe.",
            ((("Nhóm Truyền thông",), None), (("Nhóm Hậu cần",), None)),
        ),
        (
            "1. Chủ đầu tư phê duyệt dự toán điều chỉnh. Tư vấn giám sát nghiệm thu từng đợt bê tông.",
            ((("Chủ đầu tư",), None), (("Tư vấn giám sát",), None)),
        ),
        (
            "1. Liên đoàn Bóng chuyền gửi điều lệ giải. Trọng tài trưởng lập danh sách tổ trọng tài.",
            ((("Liên đoàn Bóng chuyền",), None), (("Trọng tài trưởng",), None)),
        ),
    ],
)
def test_each_owner_of_an_item_has_a_directive(
    items: str, duties: tuple[tuple[tuple[str, ...], str | None], ...]
) -> None:
    directives = read_notice(Source(_OPENING + items + "\n" + _CLOSING)).conclusion.directives
    assert tuple((each.assignees, each.lead.name if each.lead else None) for each in directives) == duties


def test_the_day_on_which_outsiders_come_is_no_deadline() -> None:
    items = "1. Đoàn kiểm toán làm việc tại Sở từ ngày 10/4/2026; Phòng Kế hoạch - Tài chính chuẩn bị hồ sơ.\n"
    (directive,) = read_notice(Source(_OPENING + items + _CLOSING)).conclusion.directives
    assert directive.deadline is None


def test_a_name_with_and_is_whole_wherever_it_stands_whole_once() -> None:
    items = (
        "1. Cục Lâm nghiệp và Kiểm lâm rà soát quy hoạch.\n"
        "2. Văn phòng Bộ phối hợp với Cục Lâm nghiệp và Kiểm lâm, Vụ Pháp chế chuẩn bị hội nghị.\n"
    )
    _, second = read_notice(Source(_OPENING + items + _CLOSING)).conclusion.directives
    assert second.cooperators == ("Cục Lâm nghiệp và Kiểm lâm", "Vụ Pháp chế")


def test_english_helpers_without_capitals_are_named() -> None:
    assert names_at("the Ferry Division and the trade unions.", 0) == ["Ferry Division", "trade unions"]


def test_an_english_unit_in_capitals_is_no_pronoun() -> None:
    subjects = subjects_at("IT Department should close the findings.", 0)
    assert subjects is not None
    assert subjects.units == ("IT Department",)


def test_many_hyphenated_names_are_read_at_once() -> None:
    words = " and ".join(f"Alpha-Beta/Gamma{number}" for number in range(40))
    assert subjects_at(f"{words} shall report.", 0) is not None
