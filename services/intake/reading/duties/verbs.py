"""The verbs by which Vietnamese notices lay duties, and the adverbs and modals that stand before them."""

from collections.abc import Sequence

from services.intake.reading.words import longest, phrases

IMPERATIVE_ADVERBS = phrases("""
chủ trì, phối hợp, khẩn trương, tiếp tục, tập trung, chủ động, nghiêm túc, kịp thời, sớm, nhanh chóng, cần, phải, trực
tiếp, có trách nhiệm, chịu trách nhiệm, đồng thời, quyết liệt, thực hiện nghiêm, đẩy nhanh, đẩy mạnh, tăng cường,
cùng, cùng với, nghiêm cấm, không được, lưu ý, quan tâm, chú trọng, ưu tiên, hết sức, bảo đảm, đảm bảo, tuyệt đối,
không để, làm đầu mối, là đầu mối, đầu mối, kết hợp, nỗ lực, phấn đấu, quyết tâm, nhất thiết, cố gắng, tổ chức thực
hiện, thống nhất
""")
"""What tells that an order follows, whatever its verb is."""

ADVERBS = phrases("""
hằng tuần, hằng tháng, hằng quý, hằng năm, hàng tuần, hàng tháng, hàng quý, hàng năm, hằng ngày, hàng ngày, định kỳ,
thường xuyên, chậm nhất, tích cực, trước mắt, đặc biệt
""")
"""What stands before a verb of duty, and alone tells nothing."""

DUTIES = IMPERATIVE_ADVERBS | phrases("""
họp, làm, làm thủ tục, làm rõ, lo, hoàn tất, khóa sổ, lãnh đạo, đưa ra, kết luận, đáp ứng, làm sạch, rút ngắn, xét xử,
thụ lý, thi hành, truy tố, ra quân, ký ban hành, đào, lát, sơn, may, sinh hoạt, tọa đàm, giao ban, hội ý, chuyển tải,
khuyến khích, động viên, khơi dậy, xây mới, tu sửa, tu bổ, tôn tạo, phục hồi, phục dựng, phục vụ, đóng, đóng góp,
quyên góp, ủng hộ, phân luồng, chốt chặn, canh gác, ứng phó, ứng trực, cứu trợ, cứu hộ, sơ tán, truy thu, đối soát,
đối chất, tổng rà soát, trưng bày, trình diễn, biểu diễn, thể hiện, chụp, quay, dựng, phát sóng, phát thanh, đăng,
viết, xuất bản, nghiệm thu, bảo vệ, chạy, kéo dài, rút, nhường, phối kết hợp, tham dự, tham mưu, xây dựng, rà soát,
thực hiện, triển khai, tổ chức, tìm kiếm, hoàn thiện, hoàn thành, hoàn chỉnh, báo cáo, trình, tổng hợp, theo dõi, đôn
đốc, kiểm tra, hướng dẫn, phân công, cung cấp, cập nhật, bổ sung, chuẩn bị, dự thảo, liên hệ, làm việc, đề xuất,
nghiên cứu, xem xét, thẩm định, phê duyệt, ban hành, gửi, lập, chỉ đạo, phụ trách, bố trí, giải quyết, xử lý, tiếp
nhận, tiếp thu, thống kê, tuyên truyền, phổ biến, đăng tải, công khai, công bố, niêm yết, giám sát, thanh tra, nộp,
bàn giao, quyết toán, thanh toán, giải ngân, đánh giá, sơ kết, tổng kết, khắc phục, chấn chỉnh, tạo điều kiện, quán
triệt, điều chỉnh, sửa đổi, thành lập, kiện toàn, cử, mời, đăng ký, tuyển dụng, đào tạo, tập huấn, mua sắm, lắp đặt,
duy trì, phát huy, nâng cao, đổi mới, yêu cầu, đề nghị, thông báo, xác định, xác minh, quản lý, bảo trì, căn cứ, hỗ
trợ, thu hồi, vận hành, số hóa, kết nối, khảo sát, đo đạc, kiểm đếm, kiểm kê, kiểm định, đối chiếu, thương thảo, ký,
in, mở, tuần tra, kiểm soát, góp ý, dịch, chấp hành, giao, có văn bản, có kế hoạch, có báo cáo, có giải pháp, có
phương án, có ý kiến, lựa chọn, rút kinh nghiệm, vận động, huy động, diễn tập, tập hợp, soạn thảo, biên soạn, biên
tập, biên dịch, phát hành, phát động, phát triển, phát hiện, phòng ngừa, ngăn chặn, đấu tranh, trấn áp, truy quét, bảo
dưỡng, bảo quản, sửa chữa, nâng cấp, cải tạo, cải tiến, cải thiện, mở rộng, mở đợt, mở lớp, thi công, khởi công, khánh
thành, đầu tư, phân bổ, phân loại, phân tích, phân cấp, phân định, cân đối, dự báo, dự toán, dự trù, dự phòng, tính
toán, thu thập, khai thác, sử dụng, ứng dụng, áp dụng, tích hợp, đồng bộ, chuẩn hóa, chuyển đổi, chuyển giao, chuyển,
điều động, điều phối, điều hành, điều tra, luân chuyển, bổ nhiệm, sắp xếp, bàn bạc, trao đổi, thảo luận, thống nhất
với, tham gia, tham vấn, tham khảo, tư vấn, giải trình, giải thích, giới thiệu, quảng bá, thông tin, thông qua, truyền
thông, phản ánh, kiến nghị, đề ra, đặt hàng, đấu thầu, mời thầu, ký kết, ký hợp đồng, thương lượng, đàm phán, thu, chi
trả, chi, cấp phát, cấp, tạm ứng, thu nộp, thu gom, đối thoại, tiếp công dân, tiếp xúc, tiếp đón, đón tiếp, thăm,
tặng, trao, khen thưởng, biểu dương, tuyên dương, xét, xét duyệt, bình xét, bình chọn, chấm, chấm dứt, dừng, tạm dừng,
ngừng, hủy bỏ, bãi bỏ, thay thế, thay, loại bỏ, cắt giảm, tinh giản, tiết kiệm, giảm, tăng, nắm, nắm chắc, nắm bắt,
bám sát, giữ, giữ gìn, giữ vững, gìn giữ, xác nhận, chứng nhận, công nhận, cam kết, ký cam kết, phê bình, nhắc nhở, kỷ
luật, kiểm điểm, xin, xin ý kiến, lấy ý kiến, cho ý kiến, có, lưu trữ, lưu, sao lưu, quét, nhập, nhập liệu, xuất, in
ấn, sao gửi, chuyển tiếp, chuyển trả, trả lời, trả, phúc đáp, hồi đáp, trồng, chăm sóc, gieo trồng, gieo cấy, thu
hoạch, tiêm, tiêm phòng, tiêm chủng, phun, khám, khám sàng lọc, điều trị, sàng lọc, cấp cứu, trực, bình, tiến hành,
thí điểm, nhân rộng, đưa, đưa vào, gắn, lồng ghép, rà, nêu, nêu rõ, ghi, ghi nhận, chốt, hạch toán, kê khai, khai báo,
khai trương, khai giảng, quy hoạch, quy định, thiết kế, thiết lập, xây, xây lắp, lắp, di dời, giải phóng, giải tỏa,
đền bù, bồi thường, cưỡng chế, tháo gỡ, tháo dỡ, thu xếp, dọn, dọn dẹp, vệ sinh, treo, trang trí, tuyển, tuyển chọn,
tuyển sinh, bồi dưỡng, giáo dục, dạy, kèm cặp, phụ đạo, ôn tập, thi, chấn hưng, củng cố, mời gọi, thu hút, xúc tiến,
hợp tác, liên kết, liên thông, chia sẻ, công chứng, chứng thực, đính chính, hiệu chỉnh, hiệu chuẩn, cân nhắc, tránh,
hạn chế, khơi thông, nạo vét, gia cố, gia hạn, chỉnh trang, chỉnh lý, chỉnh sửa, lồng, tạm thời, bảo hành, bảo mật,
sản xuất, phân phối, thử nghiệm, chạy thử, kiểm thử, triệu tập, ấn định, đặt, tìm, tìm hiểu, so sánh, rèn luyện, học
tập, tự kiểm tra, tự rà soát, xóa, khóa, cài đặt, nối, thông xe, thẩm tra, thẩm tra quyết toán, thẩm duyệt, tham
chiếu, khởi động, khởi tố, đề cử, xếp, xếp loại, tôn vinh, chuyển phát, nhân bản, hiến, tiếp cận, trang bị, trích,
nhận, đặt mua, mua, bán, cho thuê, thuê, vay, hoàn trả, cho vay, huấn luyện, chống thất thu, gia công, chế tạo, sát
hạch, sưu tầm, đấu giá, duyệt, phát quang, khoanh vùng, cách ly, giãn, kéo giảm, nhắn tin, trích lục, chủ trương
""")
"""What begins an order: the verbs, and the adverbs before them."""

NO_VERBS = phrases("""
giao thông, giao dịch, giao nhận, giao tiếp, chi nhánh, chi cục, chi bộ, chi đoàn, chi hội, chi phí, dịch vụ, dịch
bệnh, dịch tễ, ký túc xá, ký sinh trùng, thi đua, thu nhập, thu ngân, lập trình, lập pháp, trình độ, bán lẻ, bán hàng,
bán trú, mua hàng, xuất khẩu, nhập khẩu, xuất nhập khẩu, trực tuyến, trực thuộc, cử tri, cấp thoát nước, cấp nước,
tăng thiết giáp, in ấn, đóng tàu, trồng trọt, bình dân, bình đẳng, bình quân, mở đường, nhận thức, thi cử, cấp cao,
xét nghiệm, đặt hàng, thay mặt, trả góp, xây dựng cơ bản
""")
"""What begins like a verb of duty and names a thing."""


def verb_at(keys: Sequence[str], at: int = 0) -> int:
    """How many words the verb of duty has that stands at a place; 0 where none does."""
    length = longest(DUTIES, keys, at)
    return 0 if length and longest(NO_VERBS, keys, at) >= length else length


NOT_AFTER_NAMES = phrases("""
đào, lát, sơn, may, đóng, phục vụ, phát sóng, phát thanh, bảo vệ, biểu diễn, trình diễn, chạy, rút, dựng, chụp, quay,
viết, đăng, xuất bản, ứng phó, cứu trợ, cứu hộ, sinh hoạt, xét xử, thi hành, khuyến khích, ủng hộ, lãnh đạo, đáp ứng,
làm, lo, hội ý, có, thu, chi, cấp, thi, giáo dục, đầu tư, in, sử dụng, chuyển, đặt, tìm, xây, lắp, mua, bán, thuê,
vay, nhận, xếp, nối, khóa, xóa, trích, giữ, ghi, rà, tăng, giảm, xuất, nhập, trả, treo, dọn, tuyển, dạy, đưa, gắn,
nêu, chốt, thăm, tặng, trao, trực, khám, tiêm, phun, bình, trồng, lưu, quét, thay, dừng, chấm, xét, xin, phát triển,
quy hoạch, sản xuất, bồi dưỡng, điều trị, cấp cứu, chăm sóc, hợp tác, xúc tiến, tư vấn, khai thác, tuyển sinh, thiết
kế, truyền thông, thông tin, dự báo, điều dưỡng, bảo quản, đấu thầu, vệ sinh, hạn chế, giới thiệu, đối ngoại, tiếp
công dân, chuyển đổi, nâng cấp, bảo dưỡng, bảo hành, lưu trữ, kỷ luật, khen thưởng, chi trả, giải phóng, bồi thường,
sửa chữa, phân tích, thử nghiệm, điều hành, điều phối, ứng dụng, phòng ngừa, bảo mật, phân phối, tiết kiệm, quảng bá,
liên kết, biên tập, biên dịch, xét duyệt, tuyển chọn, học tập, tài trợ, chủ trương, tạm thời, thi công, xây lắp, quy
định, thống nhất, chứng thực, công chứng, thẩm tra, đối thoại, đền bù, di dời, giải tỏa, tiêm chủng, tiêm phòng
""")
"""Verbs that units are named after, or that begin other words: they end a unit's name only where that is complete."""

REACTIONS = phrases("""
xem xét, quyết định, phê duyệt, ký, cho ý kiến, tổng hợp, thẩm định, chỉ đạo, ban hành, giải quyết, theo dõi, biết,
duyệt, thông qua, ký ban hành, xử lý, quyết toán, có ý kiến, góp ý, cho phép, chấp thuận, công nhận, hướng dẫn, hỗ
trợ, thực hiện
""")
"""What the receiver of a report does with it."""

ASSISTS = phrases(
    "phối hợp, hỗ trợ, cùng, cùng với, tham gia, cùng phối hợp, cử cán bộ phối hợp, có trách nhiệm phối hợp"
)
"""What a co-operating unit does."""

LEADS = phrases("""
chủ trì, chỉ đạo, trực tiếp chỉ đạo, phụ trách, chịu trách nhiệm, trực tiếp phụ trách, làm trưởng đoàn, làm tổ trưởng,
làm trưởng ban, đứng đầu, theo dõi chỉ đạo, theo dõi, điều hành, chịu trách nhiệm chính, trực tiếp, làm đầu mối, tổng
phụ trách, trực tiếp chủ trì, chủ trì phối hợp, chịu trách nhiệm chỉ đạo
""")
"""What somebody is told who leads and does not only carry out."""
