"""What stands around people's names: titles of learning and rank, forms of address, positions."""

import re

DEGREE = re.compile(
    r"(?:(?:GS|PGS|TS|ThS|Ths|THS|TSKH|BS|BsCK\w{0,3}|BSCK\w{0,3}|BSNT|CK[I1]{1,2}|KS|KTS|CN|LS|DS|DSCK\w{0,3}|ĐD|NGND|NGƯT"
    r"|TTND|TTƯT|NSND|NSƯT|AHLĐ|CVC|CVCC|Dr|Mr|Ms|Mrs|Mme|Prof|Assoc|H\.E|Amb|Eng|Col|Gen|Lt|Maj|Capt|Hon|Rev)\.?){1,4}"
)
"""A word that is a degree, an honour or an English title, such as PGS.TS., BSCKII. or Dr."""
HONOURED = re.compile(
    r"(?:^|[\s(,;:])(?:ông|bà|đồng\schí|đ/c|đ\.c|anh|chị|cô|thầy|bác\ssĩ|tiến\ssĩ|thạc\ssĩ|giáo\ssư|kỹ\ssư|luật\ssư|linh\smục"
    r"|(?:đại|thượng|trung|thiếu)\s(?:tá|tướng|úy|uý))\s?:?\s$",
    re.IGNORECASE,
)
"""What leads up to a name and says that it is one: "đồng chí", "Thượng tá"."""
SIGNED_MARK = re.compile(r"\((?:đã\ský|signed|ký\stên)[^()]{0,20}\)", re.IGNORECASE)
"""What stands for the signature itself."""
RANK = re.compile(
    r"^(?:(?:đại|thượng|trung|thiếu)\s(?:tá|tướng|úy|uý)|đồng\schí|(?:bác|tiến|thạc)\ssĩ|giáo\ssư|luật\ssư)\s",
    re.IGNORECASE,
)
"""A rank or a form of address before a name under a signature."""
FORMS_OF_ADDRESS = frozenset({"Ông", "Bà", "Cô", "Thầy", "Anh", "Chị", "Mr", "Ms", "Mrs", "Dr", "Prof"})
"""Forms of address that begin with a capital at the start of a sentence."""
MIDDLE_NAMES = frozenset({"Thị", "Văn"})
"""The commonest middle names, which family names stand before."""
ALSO_GIVEN_NAMES = frozenset(
    {"Thị", "Văn", "Thành", "Trung", "Đại", "Hội", "Nguyên", "Viện", "Quyền", "Thứ", "Trường", "Khoa", "Công"}
)
"""Words of titles that are given names too."""
_TITLES_VIETNAMESE = """
Phó Giám Chủ Bí Trưởng Chánh Thứ Bộ Tổng Quyền Nguyên Ủy Uỷ Hiệu Viện Cục Vụ Thủ Phòng Ban Sở Thường Lãnh
Trung Văn Hội Đảng Khoa Trường Cơ Các Tỉnh Huyện Xã Phường Thành Quận Sau Ngày Tại Theo Trên Dự Cùng Tham Đại
Đồng Thực Kết
"""
_TITLES_ENGLISH = """
Deputy Executive Secretary Director Chair Chairperson Chairman Head Officer General Manager President Vice
Committee Commission Unit Council Secretariat Board The For Minister Representative Adviser Advisor Member
Programme Project International National Regional Technical Meeting Conclusions Treasurer Coordinator
Rapporteur Office Bank Minutes Acting Senior Chief Assistant Department Division Ministry Group Team
"""
ENGLISH_TITLES = frozenset(_TITLES_ENGLISH.split())
NO_NAMES = frozenset(_TITLES_VIETNAMESE.split()) | ENGLISH_TITLES
"""Words that begin with a capital in titles and in names of bodies."""
_POSITION_WORDS = (
    r"(?:nguyên\s|quyền\s|Q\.\s?)?(?:(?:Phó|Giám|Chủ|Bí|Trưởng|Chánh|Thứ|Bộ|Tổng|Ủy|Uỷ|Hiệu|Viện|Cục|Vụ|Thủ|Thường|Chi|Kế|Quyền"
    r"|Cán|Chuyên|Tư|Phụ|Đội|Tổ|Điều|Thư|Thẩm|Kiểm|Công|Giáo|Giảng|Đại)(?!\stá\b|\stướng\b|\súy\b)\b|\w+\s(?:\w+\s)?trưởng\b"
    r"|đại\sdiện\b|thành\sviên\b"
    r"|(?:Head|Director|Chair|Vice|Deputy|President|Secretary|Executive|Member|Treasurer|Coordinator|Officer|Minister"
    r"|Chief|Senior|Company|Managing|Non-executive|Independent|Manager|Principal|Trustee|Auditor|Counsel|Adviser)\b)"
)
POSITION_FOLLOWS = re.compile(rf"\s?[-–—,(]\s?{_POSITION_WORDS}")
"""That a position stands behind a name."""
IS_POSITION = re.compile(rf"{_POSITION_WORDS}|[A-Z][a-z]+(?:-[A-Z][a-z]+)?(?:,|\s(?:of|and|for|[A-Z])|$)")
"""What a position begins with."""
POSITION_AFTER = re.compile(r"\s?[-–—(,]\s?(?P<position>[^;:()\n]{2,200})")
"""What stands behind a name where a position may."""
POSITION_ENDS = re.compile(
    r"\s(?:đã\s)?(?:chủ\strì|chủ\stọa|chủ\stoạ|kết\sluận|điều\shành|chaired|presided)\b"
    r"|[,;]?\s(?:và\s)?(?:đồng\schí|ông|bà|đ/c|các)\s|,\s(?:Mr|Ms|Mrs|Dr|Prof)\.|[.]\s|,\s(?:tham\sdự|cùng\sdự)",
    re.IGNORECASE,
)
"""Where a position behind a name ends."""
POSITION_BEFORE = re.compile(
    r"(?P<position>(?:phó\s|quyền\s|nguyên\s)?(?:tổng\sgiám\sđốc|giám\sđốc|chủ\stịch|bí\sthư|thủ\stướng|bộ\strưởng|thứ\strưởng"
    r"|chủ\snhiệm|chánh\s\w+|trưởng\s\w+|\w+\strưởng|tổng\sbiên\stập|chánh\sán)(?:(?!\svà\s(?:phó|giám|chủ|ông|bà|đồng)\b)[^,;:.]){0,80})\s$",
    re.IGNORECASE,
)
"""A position that leads up to a name."""
