"""Which body issues a notice, by the names at its head."""

import re

from services.intake.reading.owners.lexicon import UNIT_HEADS
from services.intake.reading.terms.dates.first_days import first_days_in
from services.intake.reading.words import key, phrases

STATE_WORDS = re.compile(
    r"(?:CỘNG\sH(?:ÒA|OÀ)\s?X?|XÃ\sHỘI\sCHỦ\sNGHĨA\s|Độc\slập\b|ĐỘC\sLẬP\b|ĐẢNG\sCỘNG\sSẢN\s|SOCIALIST\sREPUBLIC|Independence\b)",
    re.IGNORECASE,
)
"""What stands over every notice of the state or of the party."""
PLACE_AND_DATE = re.compile(
    r"[^\W\d_][^,;:|]{1,60},\s?(?:ngày\b|\d{1,2}\b|[A-Z][a-z]{2,8}\s\d)|^(?:Date|Ngày)\s?:|,\sngày\s"
)
"""A place with a day, as at the right of a letterhead."""
_NUMBER_BEGINS = re.compile(
    r"^(?:Số\b|No\b\.?|Ref\b\.?|Reference\b|Document\b|Doc\b\.?|Our\sref)(?:[^:]{0,20}:)?", re.IGNORECASE
)
_ABOUT = re.compile(
    r"^(?:V/v|Về\sviệc|Kính\sgửi|Original|Language|Classification|Confidential|Registered|Tel\b|Address|MẬT|KHẨN|HỎA\sTỐC)\b",
    re.IGNORECASE,
)
_OTHER_HEADS = phrases("""
đảng bộ, đại học, tỉnh đoàn, thành đoàn, bộ tư lệnh, quân khu, sư đoàn, trung đoàn, tổng hội, nhà hát, bưu điện, viễn
thông, điện lực, phân hiệu, liên minh, câu lạc bộ, mặt trận, tòa soạn, khối, trại, cảng
""")
_OFFICE = re.compile(r"^(?:VĂN\sPHÒNG|Văn\sphòng|THANH\sTRA|CƠ\sQUAN\sTHƯỜNG\sTRỰC|BAN\sTHƯỜNG\sVỤ)$", re.IGNORECASE)
_LONGEST_NAME = 130
_LONGEST_ISSUER = 500


def issuer_in(cells: list[str]) -> str | None:
    """The lowest body named above the number: the last name that begins as a unit's does, to where it ends."""
    names: list[str] = []
    for cell in cells:
        if (_NUMBER_BEGINS.match(cell) and names) or _ABOUT.match(cell):
            break
        if _NUMBER_BEGINS.match(cell):
            continue
        name = cell.split(" / ")[0].strip()
        if STATE_WORDS.match(name) or PLACE_AND_DATE.search(name) or not any(map(str.isalpha, name)):
            continue
        if len(name) <= _LONGEST_NAME and not first_days_in(name):
            names.append(name)
    begins = [at for at, name in enumerate(names) if _begins_unit(name)]
    if not begins:
        return " ".join(names[:3])[:_LONGEST_ISSUER] or None if names and names[0].isupper() else None
    lowest = begins[-1]
    issuer = " ".join(names[lowest:])
    if _OFFICE.match(issuer) and len(begins) > 1:
        issuer = f"{issuer} {' '.join(names[begins[-2] : lowest])}"
    return issuer[:_LONGEST_ISSUER]


def _begins_unit(name: str) -> bool:
    """Whether a name begins with what units are called: "Sở", "Ủy ban nhân dân", "Trường Đại học"."""
    first = [key(word.strip(",.-–")) for word in name.split(maxsplit=5)[:4]]
    return any(tuple(first[:size]) in UNIT_HEADS or tuple(first[:size]) in _OTHER_HEADS for size in range(1, 5))
