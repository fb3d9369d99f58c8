"""The words by which the language of notices shows units, duties and people; none belongs to one office alone."""

import re
from functools import lru_cache

from shared.directory.spelling import matching_key

_LONGEST_WORD = 40


@lru_cache(maxsize=4096)
def key(word: str) -> str:
    """What all spellings of a word share."""
    return matching_key(word) if len(word) <= _LONGEST_WORD else word


def _phrases(lines: str) -> frozenset[tuple[str, ...]]:
    phrases = " ".join(lines.split()).split(",")
    return frozenset(tuple(key(word) for word in phrase.split()) for phrase in phrases if phrase.strip())


COMPLETE_UNIT_HEADS = _phrases("""
văn phòng, ủy ban nhân dân, ubnd, hội đồng nhân dân, hđnd, công an, chính phủ, ban chỉ đạo, ban thư ký, ban giám
đốc, ban quản lý dự án, ban qlda, thanh tra, công đoàn, đoàn thanh niên, mặt trận tổ quốc, ban tổ chức, chủ đầu tư,
nhà thầu, ban thường vụ, văn thư, tổ giúp việc, tổ công tác, bộ phận một cửa, đơn vị, cơ quan, địa phương, nhà
trường
""")
"""What is a unit's name even with nothing after it."""

UNIT_HEADS = COMPLETE_UNIT_HEADS | _phrases("""
phòng, ban, sở, bộ, chi cục, cục, tổng cục, vụ, viện, trung tâm, trường, trường đại học, trường cao đẳng, khoa, bệnh
viện, trạm, đội, tổ, hạt, kho bạc, bảo hiểm xã hội, hội, liên hiệp, liên đoàn, hiệp hội, ngân hàng, tập đoàn, tổng
công ty, công ty, đài, báo, quỹ, ban chỉ huy, bộ chỉ huy, học viện, chi nhánh, nhà xuất bản, liên danh, ban quản lý,
hợp tác xã, đảng ủy, huyện ủy, tỉnh ủy, thành ủy, chi bộ, tòa án, viện kiểm sát, thuế, hải quan, bảo tàng, thư viện,
nhà máy, xí nghiệp, bộ phận, nhóm, tiểu ban, hội đồng, ủy ban, vườn quốc gia, tạp chí, cảng vụ, phân viện, chi hội,
đoàn, cơ sở, hđnd và ubnd
""")
"""What begins a unit's name."""

NO_UNITS = _phrases("""
trường hợp, đội ngũ, bộ máy, bộ tiêu chí, bộ chỉ số, bộ dữ liệu, bộ thủ tục, nhóm nhiệm vụ, hội nghị, hội thảo, hội
chợ, hội thi, hội viên, hội trường, cơ sở dữ liệu, cơ sở hạ tầng, cơ sở vật chất, quỹ đất, quỹ nhà, báo chí, khoa
học, viện phí, tổ dân phố, thuế suất, phòng chống, phòng ngừa, phòng cháy, phòng thủ, phòng dịch, đoàn kết, nhóm
giải pháp, bộ trưởng, viện trưởng, trường học
""")
"""What begins like a unit's name and is none."""

CLASS_NOUNS = _phrases("""
phòng, đơn vị, sở, ban, ngành, bộ, cơ quan, địa phương, khoa, xã, phường, huyện, thị trấn, thị xã, thành phố, tỉnh,
quận, trường, cấp, nhà thầu, thành viên, chi cục, trung tâm, vụ, cục, viện, hội, đoàn thể, tổ chức, thôn, trạm,
doanh nghiệp, đội, cán bộ, công chức, viên chức, tổ, ủy ban nhân dân, ubnd, đồng chí, bộ phận, đặc khu, chủ đầu tư,
công ty, nhóm, hội đồng
""")
"""What "các" makes a class of units of."""

CLASS_OPENERS = _phrases(
    "các, những, toàn thể, tất cả các, thủ trưởng các, lãnh đạo các, trưởng các, người đứng đầu các"
)

NAMING_DUTIES = _phrases(
    "quản lý, tổ chức, thanh tra, kiểm tra, đào tạo, kiểm soát, giám sát, hỗ trợ, tiếp nhận, kiểm định, hướng dẫn"
)
"""Verbs of duty that units are named after."""

DUTIES = _phrases("""
chủ trì, phối hợp, tham mưu, xây dựng, rà soát, thực hiện, triển khai, tổ chức, đẩy nhanh, tìm kiếm, hoàn thiện,
hoàn thành, hoàn chỉnh, báo cáo, trình, tổng hợp, theo dõi, đôn đốc, kiểm tra, hướng dẫn, tiếp tục, khẩn trương, tập
trung, chủ động, phân công, cung cấp, cập nhật, bổ sung, chuẩn bị, dự thảo, liên hệ, làm việc, đề xuất, nghiên cứu,
xem xét, thẩm định, phê duyệt, ban hành, gửi, lập, tăng cường, đẩy mạnh, chịu trách nhiệm, chỉ đạo, phụ trách, bố
trí, giải quyết, xử lý, tiếp nhận, tiếp thu, thống kê, tuyên truyền, phổ biến, đăng tải, công khai, công bố, niêm
yết, giám sát, thanh tra, nộp, bàn giao, quyết toán, thanh toán, giải ngân, đánh giá, sơ kết, tổng kết, khắc phục,
chấn chỉnh, tạo điều kiện, quán triệt, nghiêm túc, sớm, kịp thời, rà xoát, điều chỉnh, sửa đổi, thành lập, kiện
toàn, cử, mời, đăng ký, tuyển dụng, đào tạo, tập huấn, mua sắm, lắp đặt, bảo đảm, đảm bảo, duy trì, phát huy, nâng
cao, đổi mới, yêu cầu, đề nghị, thông báo, xác định, xác minh, làm rõ, quản lý, bảo trì, căn cứ, hỗ trợ, thu hồi,
vận hành, số hóa, kết nối, khảo sát, đo đạc, kiểm đếm, kiểm kê, kiểm định, đối chiếu, thương thảo, ký, in, mở, tuần
tra, kiểm soát, góp ý, dịch, chấp hành, quan tâm, lưu ý, nhanh chóng, tích cực, thường xuyên, định kỳ, chậm nhất,
hằng tuần, hằng tháng, hằng quý, hàng tuần, hàng tháng, hàng quý, trực tiếp, thống nhất, làm đầu mối, đầu mối, giao,
cần, phải, có trách nhiệm, có văn bản, có kế hoạch, có báo cáo, có giải pháp, lựa chọn, rút kinh nghiệm, vận động,
huy động, diễn tập
""")
"""Verbs of duty, and the adverbs that stand before them."""

NOT_IN_NAMES = _phrases("""
để, về, trong, tại, theo, trước, sau, đã, được, có, là, chưa, đối với, trên, cho, từ, đến, khi, nhằm, với, của,
không, sẽ, đang, còn, do, bởi, qua, như, cùng, đều, vẫn, mà, nếu, kể từ, này, nêu trên
""")
"""Words before which a unit's name has ended."""

DEGREES = re.compile(
    r"(?:(?:GS|PGS|TS|ThS|BS|BSCKI{1,2}|BSCK[12]|KS|CN|LS|DS|DSCKI{1,2}|CKI{1,2}|TSKH|Dr|Mr|Ms|Mrs|Prof)\.\s?)+"
)
TITLE = re.compile(
    r"(?i:\b(?:phó |quyền |nguyên )?(?:tổng giám đốc|giám đốc|chủ tịch|bí thư|thủ tướng|bộ trưởng|thứ trưởng|chủ nhiệm"
    r"|chánh văn phòng|chánh thanh tra|trưởng ban|trưởng phòng|trưởng khoa|chi cục trưởng|cục trưởng|vụ trưởng"
    r"|viện trưởng|hiệu trưởng|tổng biên tập|chánh án|đội trưởng|tổ trưởng|kế toán trưởng))"
)
SURNAMES = frozenset(
    [
        "Nguyễn",
        "Trần",
        "Lê",
        "Phạm",
        "Hoàng",
        "Huỳnh",
        "Phan",
        "Vũ",
        "Võ",
        "Đặng",
        "Bùi",
        "Đỗ",
        "Hồ",
        "Ngô",
        "Dương",
        "Lý",
        "Đinh",
        "Đoàn",
        "Lâm",
        "Trịnh",
        "Mai",
        "Đào",
        "Cao",
        "Hà",
        "Tạ",
        "Lương",
        "Trương",
        "Tô",
        "Vương",
        "Châu",
        "Thái",
        "Tôn",
        "Quách",
        "Kiều",
        "Nông",
        "Mạc",
        "Từ",
        "Lạc",
        "Ngụy",
        "La",
        "Phí",
        "Chu",
        "Triệu",
        "Hứa",
        "Phùng",
        "Tống",
        "Thạch",
        "Tăng",
        "Quan",
        "Văn",
        "Giang",
        "Kim",
    ]
)
"""The commoner family names; a longer run of capitals is a name from one of them on."""

UNIT_HEAD_IN_TEXT = re.compile(
    r"\b(?:Phòng|Sở|Bộ|Ban|Trung tâm|Chi cục|Cục|Vụ|Viện|Khoa|Hội|Trường)(?: [^\W\d]+){1,6}$"
)
"""A unit's name that goes on to the end of a line."""
