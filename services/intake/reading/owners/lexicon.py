"""The words by which Vietnamese notices show units and people; none belongs to one office alone."""

import re

from services.intake.reading.duties.verbs import DUTIES, NOT_AFTER_NAMES
from services.intake.reading.words import phrases

COMPLETE_UNIT_HEADS = phrases("""
liên chi đoàn, liên chi hội, liên chi, hội sinh viên, hội phụ huynh, văn phòng, ủy ban nhân dân, ubnd, hội đồng nhân
dân, hđnd, công an, chính phủ, ban chỉ đạo, ban thư ký, ban giám đốc, ban quản lý dự án, ban qlda, thanh tra, công
đoàn, đoàn thanh niên, mặt trận tổ quốc, ban tổ chức, chủ đầu tư, nhà thầu, ban thường vụ, văn thư, tổ giúp việc, tổ
công tác, bộ phận một cửa, đơn vị, cơ quan, địa phương, nhà trường, chính quyền, chính quyền địa phương, doanh nghiệp,
nhà tài trợ, đơn vị tư vấn, tư vấn giám sát, nhà đầu tư, điện lực, bưu điện, hội phụ nữ, hội nông dân, hội cựu chiến
binh, đoàn trường, tỉnh đoàn, thành đoàn, huyện đoàn, đoàn xã, đoàn phường, bộ phận chuyên môn, cơ quan chức năng, ban
quản lý, ban giám hiệu, hội đồng trường, đảng ủy, chi bộ, huyện ủy, tỉnh ủy, thành ủy, quận ủy, thị ủy, đảng bộ,
thường trực tỉnh ủy, kế toán trưởng, văn thư lưu trữ, thủ quỹ, lực lượng công an, lực lượng quân sự, dân quân, ban
nhân dân, ban điều hành, ban kiểm soát, hội đồng quản trị, hội đồng thành viên, ubmttq, mttq, ubmttqvn, ban tuyên
giáo, ban dân vận, ban nội chính, ủy ban kiểm tra, phòng chuyên môn, ban chấp hành, tổ thư ký, bộ phận tiếp nhận, giáo
viên chủ nhiệm, ban đại diện, ban văn hóa, đoàn thể, tổ biên tập, tổ soạn thảo, ban soạn thảo, ban biên tập, ban an
toàn giao thông, công ty, tổng công ty, tập đoàn, nhà máy, xí nghiệp, bộ đội biên phòng, biên phòng, kiểm lâm, kiểm
ngư, hải quan, quản lý thị trường, kiểm toán nội bộ, cảnh sát biển, đơn vị thi công, đơn vị thiết kế, đơn vị vận hành,
nhà thầu thi công
""")
"""What is a unit's name even with nothing after it."""

UNIT_HEADS = COMPLETE_UNIT_HEADS | phrases("""
phòng, ban, sở, bộ, chi cục, cục, tổng cục, vụ, viện, trung tâm, trường, trường đại học, trường cao đẳng, khoa, bệnh
viện, trạm, đội, tổ, hạt, kho bạc, bảo hiểm xã hội, hội, liên hiệp, liên đoàn, hiệp hội, ngân hàng, đài, báo, quỹ, ban
chỉ huy, bộ chỉ huy, học viện, chi nhánh, nhà xuất bản, liên danh, hợp tác xã, tòa án, viện kiểm sát, thuế, hải quan,
bảo tàng, thư viện, bộ phận, nhóm, tiểu ban, hội đồng, ủy ban, vườn quốc gia, tạp chí, cảng vụ, phân viện, chi hội,
đoàn, cơ sở, hđnd và ubnd, đồn biên phòng, đồn, bộ tư lệnh, quân khu, tiểu đoàn, lữ đoàn, trung đoàn, ban quản lý khu,
ban cán sự, đảng đoàn, thường trực, ban thanh tra, cổng thông tin điện tử, trang thông tin điện tử, nhà văn hóa, nhà
hát, nhà khách, câu lạc bộ, trạm y tế, trường mầm non, trường tiểu học, trường trung học, trường thpt, trường thcs,
phân hiệu, phân xưởng, tổ hợp, công ty cổ phần, công ty tnhh, bộ môn, ký túc xá, tổ bộ môn, ngành, sở giao dịch, bưu
cục, điện lực, ban liên lạc, hội liên hiệp, mặt trận, ban bảo vệ, khu quản lý, lâm trường, nông trường, hạt kiểm lâm,
ban tiếp công dân, văn phòng đăng ký, p., tt, vp, bql, bch, hđ, bqlda, bhxh, ttyt, bvđk, đtn, lđlđ, cty, ban qlda,
tòa, phân ban, cơ quan thường trực, đại học, cao đẳng, công đoàn cơ sở, tổng công đoàn, tòa soạn, cảng, khu bảo tồn,
khu di tích, đoàn khối, đảng bộ, chi đoàn, cảnh sát, lực lượng, xưởng, khối, trại giam, đại đội, liên minh, nhà thiếu
nhi, mỏ, ga, cảng hàng không
""")
"""What begins a unit's name."""

PLACES = phrases(
    "thành phố, xã, phường, huyện, quận, thị trấn, thị xã, tỉnh, thôn, ấp, bản, khu phố, khối phố, tổ dân phố, đặc khu"
)
"""Heads of places' names, which in capitals are no units but parts of a letterhead."""

ROLES = phrases("""
trợ lý, cố vấn, cố vấn học tập, lớp trưởng, nhóm trưởng, đội trưởng, hướng dẫn viên, giáo viên, giáo viên chủ nhiệm,
giảng viên, phóng viên, chủ nhiệm, chủ nhiệm đề tài, kế toán, kế toán trưởng, thủ quỹ, điều dưỡng, điều dưỡng trưởng,
nhân viên, nhân viên y tế, cán bộ, công chức, viên chức, người lao động, đảng viên, trưởng thôn, trưởng bản, trưởng
ấp, bí thư chi bộ, tổ trưởng, tổng phụ trách đội, trưởng đoàn, chủ rừng, chủ hộ, thư ký, chủ dự án, chủ tịch công
đoàn, bác sĩ, kỹ sư, tư vấn, kế toán viên, biên tập viên, học sinh, sinh viên, hộ kinh doanh, hộ dân, phụ huynh, ban
cán sự lớp, giám sát viên, chuyên viên, nhân viên bảo vệ, ca trưởng, trưởng ca, kíp trưởng, tổ phó, trọng tài, trọng
tài trưởng, thủ kho, dược sĩ
""")
"""Offices and groups that are addressed like units."""

WITHIN_NAMES = phrases("""
sau đại học, người có công, từ xa, trong nước, trong và ngoài nước, vì sự tiến bộ, theo dõi thi hành, có công, không
chuyên trách, không chuyên, phi chính phủ, qua mạng, ngoài công lập
""")
"""What looks like the end of a name and is part of it."""

NO_UNITS = phrases("""
trường hợp, đội ngũ, bộ máy, bộ tiêu chí, bộ dữ liệu, bộ thủ tục, nhóm nhiệm vụ, hội nghị, hội thảo, hội chợ, hội thi,
hội viên, hội trường, cơ sở dữ liệu, cơ sở hạ tầng, tòa nhà, cơ sở vật chất, quỹ đất, quỹ nhà, báo chí, khoa học, viện
phí, thuế suất, phòng chống, phòng ngừa, phòng cháy, phòng thủ, phòng dịch, đoàn kết, nhóm giải pháp, bộ trưởng, viện
trưởng, trường học, bộ câu hỏi, bộ công cụ, bộ hồ sơ, bộ quy tắc, bộ luật, bộ mặt, bộ phim, bộ thuế, đoàn viên, đoàn
công tác, đoàn khảo sát, đoàn kiểm tra, đoàn chuyên gia, ban hành, báo cáo, sở hữu, sở thích, vụ việc, vụ án, vụ mùa,
vụ đông, vụ xuân, vụ hè, đài thọ, cục bộ, cục diện, tổ chức, tổ trưởng, tổ hợp tác, đội trưởng, trạm thu phí, khoa
mục, quỹ lương, quỹ thời gian, quỹ phúc lợi, xã hội, xã hội hóa, bản sao, bản đồ, bản tin, bản vẽ, bản cam kết, bản
ghi nhớ, bản thân, bản chất, bản quyền, ngành nghề, hội nhập, hội đàm, hội diễn, hội khỏe, hội họp, hội chẩn, trung
tâm thương mại, phòng họp, phòng học, phòng bệnh, phòng trưng bày, phòng máy, phòng khám, phòng thí nghiệm, trường
lớp, báo giá, báo động, cảng cá, cơ sở sản xuất, cơ sở kinh doanh, nhóm nợ, nhóm chỉ tiêu, nhóm vấn đề, khoa giáo, bộ
môn học, đồn đại, thuế thu nhập, thuế đất, thuế giá trị, thuế sử dụng, thành phố thông minh, đoàn đại biểu, đoàn xe,
ban ngày, ban đêm, ban đầu, bộ chứng từ, bộ đội, hạt nhân, hạt giống, vụ lúa, tỉnh táo
""")
"""What begins like a unit's name and is none."""

CLASS_NOUNS = phrases("""
phòng, đơn vị, sở, ban, ngành, bộ, cơ quan, địa phương, khoa, xã, phường, huyện, thị trấn, thị xã, thành phố, tỉnh,
quận, trường, cấp, nhà thầu, thành viên, chi cục, trung tâm, vụ, cục, viện, hội, đoàn thể, tổ chức, thôn, trạm, doanh
nghiệp, đội, cán bộ, công chức, viên chức, tổ, ủy ban nhân dân, ubnd, đồng chí, bộ phận, đặc khu, chủ đầu tư, công ty,
nhóm, hội đồng, bản, ấp, khu phố, tổ dân phố, khối, chi bộ, đảng bộ, đảng ủy, chi đoàn, lực lượng, cơ sở, hộ, trường
học, nhà trường, giảng viên, giáo viên, bệnh viện, trạm y tế, ban quản lý, phân xưởng, chi nhánh, tiểu ban, bộ môn,
hợp tác xã, liên danh, tư vấn, nhà đầu tư, bên, nước, ngân hàng, hiệp hội, ban chỉ đạo, tổ công tác, người lao động,
sở ngành, phòng ban, chủ rừng, tiểu dự án, chủ dự án, cộng đồng, lãnh đạo, tổng công ty, tập đoàn, viện nghiên cứu, ủy
ban, chuyên gia, câu lạc bộ, tổ trưởng, nhóm trưởng, đội trưởng, trưởng thôn, chủ nhiệm, chủ nhiệm đề tài, hội viên,
nghệ nhân, phóng viên, tiểu thương, hộ gia đình, chủ hộ, tổ hợp tác, tổ đội, đại đội, tiểu đoàn, trung đoàn, ban chỉ
huy, giám đốc, thầy cô, thầy, cô, phụ huynh, học sinh, cấp ủy, khu dân cư, phòng khám, siêu thị, nghiệp đoàn, cửa
khẩu, điểm trường, nhà trẻ, văn phòng, tổ chức đảng, tòa, nhà mạng, chuyên viên, bưu cục, trưởng, phó, hợp phần, chi
nhánh ngân hàng, công trường, đội xe, kho, cảng, chốt, chuyền, tổ chức tín dụng, công an, thủ trưởng, trưởng phòng,
nhà máy, xí nghiệp, khoa phòng, đảng viên, người dân, ban ngành, khối phố, đoàn viên, chính quyền, cửa hàng, đại lý,
sinh viên, phân hiệu, học viện, đại biểu, hạt, đồn, đài, báo, cơ quan báo chí, chi hội, liên đoàn, quỹ, công đoàn,
đoàn
""")
"""What "các" makes a class of units of."""

CLASS_OPENERS = phrases("""
các, những, toàn thể, tất cả các, toàn bộ, toàn bộ các, thủ trưởng các, lãnh đạo các, trưởng các, người đứng đầu các,
trưởng phó các, từng, mỗi, một số, tất cả
""")

LEADERS = phrases("""
giám đốc, phó giám đốc, tổng giám đốc, phó tổng giám đốc, chủ tịch, phó chủ tịch, bí thư, phó bí thư, chánh, phó
chánh, trưởng, phó trưởng, thủ trưởng, lãnh đạo, hiệu trưởng, phó hiệu trưởng, cục trưởng, vụ trưởng, viện trưởng, chi
cục trưởng, đội trưởng, tổ trưởng, người đứng đầu, chỉ huy trưởng, chủ nhiệm, chính ủy, trạm trưởng, đại diện, đại
diện lãnh đạo, ban lãnh đạo, quản đốc, tổng biên tập, đồng chí giám đốc, đồng chí chủ tịch, đồng chí chánh, đồng chí
trưởng, đồng chí bí thư, đ/c chánh, đ/c trưởng, ông chánh, cấp ủy, tập thể lãnh đạo, phó cục trưởng, phó vụ trưởng,
phó viện trưởng, hạt trưởng, trưởng đại diện, tập thể, trưởng phó, cấp trưởng, chánh án, phó chánh án
""")
"""By whose office a unit is addressed."""

ENDS_NAMES = DUTIES - NOT_AFTER_NAMES
"""Verbs of duty that end a unit's name wherever they stand."""

NAMING_DUTIES = phrases("""
quản lý, tổ chức, thanh tra, kiểm tra, đào tạo, kiểm soát, giám sát, hỗ trợ, tiếp nhận, kiểm định, hướng dẫn, tổng
hợp, thẩm định, đánh giá, công bố, nghiên cứu, theo dõi, vận hành, số hóa, thống kê, quan tâm, bảo đảm, đảm bảo, phối
hợp, chỉ đạo, điều tra, đăng ký, giải quyết, kế hoạch, vận động, tuyên truyền, mua sắm, lựa chọn, xây dựng, thường
xuyên, xử lý, bảo trì
""")
"""Verbs of duty that units are named after: directly behind the name's head they do not end it."""

NOT_IN_NAMES = phrases("""
từng, để, về, trong, tại, theo, trước, sau, đã, được, có, là, chưa, đối với, trên, cho, từ, đến, khi, nhằm, với, của,
nhất trí, đồng ý, chấp thuận, không, sẽ, đang, còn, do, bởi, qua, như, cùng, đều, vẫn, mà, nếu, kể từ, này, nêu trên,
hoặc, vì, thuộc diện, vào, ngay, cũng, rất, bên cạnh, nói trên, gồm, bao gồm, gắn với, tuy nhiên, nào, thì
""")
"""Words before which a unit's name has ended."""

DOCUMENTS = phrases("""
luật, bộ luật, nghị định, nghị quyết, quyết định, chỉ thị, thông tư, thông báo, kế hoạch, công văn, đề án, quy chế,
quy định, văn bản, chương trình, dự án, báo cáo, tờ trình, hội nghị, khu, cụm, điều, khoản, mục, gói, công điện, kết
luận, hiệp định, thỏa thuận
""")
"""What is written, planned or built, and is told nothing."""

COMPOUNDS = phrases("""
hậu cần, thường trực, chương trình, công trình, độc lập, giáo trình, quy trình, tiến trình, xây dựng, thành lập, cần
thiết, chữ ký, thư ký, cơ chế, đăng ký, bảo trì, chủ trì, hộ chiếu, đầu mối, công lập, dân lập, in ấn, ký túc, tiếp
cận, lịch trình, lộ trình, tổng hợp, hội thi, cuộc thi, kỳ thi
""")
"""Words of two syllables whose second would else be taken for a verb."""

LEVELS = phrases("""
tỉnh, thành phố, huyện, thị xã, xã, phường, quận, khu vực, cơ bản, trung ương, nhà nước, đô thị, sở, viện, trường,
bệnh viện, khoa, bộ môn, lớp, nông thôn, quốc gia, khoa học, kỹ thuật, chuyên ngành, chuyên môn, nội bộ, chất lượng,
môi trường, thị trường, đất đai, dự án
""")
"""What stands behind a verb that is part of a unit's name: whose, or of what, it is."""

TEAMS = phrases("tổ, đội, nhóm, tiểu ban, ban, đoàn, hội đồng, trạm, trung tâm, quỹ, xí nghiệp, nhà máy, công ty")
"""Heads of units that are named after whatever they were set up to do."""

THINGS = phrases("""
công tác, việc, tiến độ, kinh phí, hồ sơ, nội dung, kết quả, thời gian, thời hạn, số liệu, danh sách, lễ, cuộc, phương
án, mức, nguồn, chỉ tiêu, tình hình, chất lượng, tỷ lệ, hoạt động, hệ thống, giá, quy trình, thủ tục, trường hợp, vấn
đề, giải pháp, mục tiêu, nhiệm vụ, trách nhiệm, sản phẩm, sản lượng, doanh thu, thu, chi, vốn, đất, nước, điện, hình
thức, ý kiến, kiến nghị, khó khăn, nguyên nhân, thị trường, kinh tế, xã hội, môi trường, an ninh, trật tự, giao thông,
y tế, giáo dục, văn hóa, nông nghiệp, công nghiệp, du lịch, dịch bệnh, thiên tai, mùa, năm, tháng, quý, tuần, ngày,
đầu, cuối, trước, sau, trong, qua, do, nhưng, tuy, song, đây, đó, này, hiện, đến, cả
""")
"""What is spoken of and is told nothing."""

OBJECTS = phrases("""
việc, công tác, tiến độ, kinh phí, hồ sơ, nội dung, kết quả, danh sách, phương án, kế hoạch, báo cáo, chương trình, đề
án, hệ thống, quy trình, thủ tục, văn bản, tình hình, giải pháp, mục tiêu, nhiệm vụ, các, những, toàn bộ, mọi, số
liệu, dự thảo, một, hai, ba, biên bản, thông báo, quyết định, hợp đồng, người dân, nhân dân, cán bộ, đoàn viên, hội
viên
""")
"""What a verb of duty has behind it, and a verb within a name has not."""

PAIRS_WITH_COMMA = phrases("phòng chống, cháy chữa, nạn cứu, tạo bồi")
"""Between which words a comma stands within a name: "phòng, chống", "phòng cháy, chữa cháy", "đào tạo, bồi dưỡng"."""

TIES = phrases("""
tài nguyên và môi trường, nông nghiệp và phát triển nông thôn, nông nghiệp và môi trường, giáo dục và đào tạo, khoa
học và công nghệ, thông tin và truyền thông, thương binh và xã hội, kế hoạch và đầu tư, dân tộc và tôn giáo, thể thao
và du lịch, văn hóa và thông tin, kinh tế và hạ tầng, y tế và dân số, xây dựng và đô thị, văn hóa và xã hội, du lịch
và thể thao
""")
"""Names of state bodies in which "và" parts no two units."""

TITLE = re.compile(
    r"(?i:\b(?:phó |quyền |nguyên )?(?:tổng giám đốc|giám đốc|chủ tịch|bí thư|thủ tướng|bộ trưởng|thứ trưởng|chủ nhiệm"
    r"|chánh văn phòng|chánh thanh tra|trưởng ban|trưởng phòng|trưởng khoa|chi cục trưởng|cục trưởng|vụ trưởng"
    r"|viện trưởng|hiệu trưởng|tổng biên tập|chánh án|đội trưởng|tổ trưởng|kế toán trưởng))"
)


UNIT_HEAD_IN_TEXT = re.compile(
    r"\b(?:Phòng|Sở|Bộ|Ban|Trung tâm|Chi cục|Cục|Vụ|Viện|Khoa|Hội|Trường)(?: [^\W\d]+){1,6}$"
)
"""A unit's name that goes on to the end of a line."""
