"""Where a notice's opening ends, where its closing begins, and what is appended to it."""

import re
from dataclasses import dataclass

from services.intake.reading.layout.markers import marker_of
from services.intake.reading.text import Line

_CONCLUDES = re.compile(
    r"(?:kết luận|chỉ đạo|như sau|ý kiến|conclusions|concluded|follows|below)[^:.]{0,80}:$", re.IGNORECASE
)
_CLOSES = re.compile(
    r"[\s|*_]*(?:Trên đây là (?:toàn bộ |nội dung |các |những )*(?:kết luận|ý kiến|chỉ đạo|thông báo)"
    r"|Nơi (?:nhận|gửi)\b[^:]{0,30}:|(?:Recipients|Distribution|Circulation|Copies|Cc):)"
)
_SIGNS = re.compile(
    r"[\s|*_]*(?:Nơi (?:nhận|gửi)\b|(?:Recipients|Distribution|Circulation|Copies|Cc):|\(signed\)"
    r"|(?:TL|KT|TM|TUQ|Q|T/M|K/T"
    r"|T/L)\.\s?[A-ZĐƯỦỤÔƠ]{2,})"
)
_TELLS_EVERYBODY = re.compile(
    r"(?:Thừa lệnh|Thừa ủy quyền|Theo chỉ đạo|Thực hiện|Văn phòng|VĂN PHÒNG|Cơ quan|Ban|Phòng|Ủy ban|UBND"
    r"|Uỷ ban)\b[^.;:]{0,200}"
    r"\bthông báo\b[^.;:]{0,160}\b(?:để|đến|tới)\b"
)
_APPENDIX = re.compile(r"[\s|*_]*(?:PHỤ LỤC|Phụ lục|BIỂU|DANH MỤC|ANNEX|Annex|APPENDIX|Appendix)\b.{0,120}$")
_NO_CONCLUSION = re.compile(
    r"(?:thành phần|thời gian|địa điểm|chủ trì|tham dự|dự họp|người dự|thư ký|nội dung (?:cuộc )?họp"
    r"|nội dung làm việc|chương trình|diễn biến"
    r"|ý kiến (?:thảo luận|phát biểu|tham gia)|báo cáo|participants|attendance|agenda|opening|time|venue|chair)\b",
    re.IGNORECASE,
)
_CONCLUSION = re.compile(r"(?:[^:;.]{0,60}\s)?(?:kết luận|ý kiến chỉ đạo|conclusions?)\b", re.IGNORECASE)
_FIRST_NUMBERED = {"roman", "upper", "number"}
_LONGEST_HEADING = 200
_LONGEST_SIGNATURE = 12
_OFFICE = re.compile(
    r"(?:PHÓ |QUYỀN )?(?:TỔNG )?(?:GIÁM ĐỐC|CHỦ TỊCH|TRƯỞNG|HIỆU TRƯỞNG|CHÁNH|BÍ THƯ|CHỦ TỌA|CHỦ TOẠ|NGƯỜI"
    r"|CỤC TRƯỞNG|VỤ TRƯỞNG"
    r"|VIỆN TRƯỞNG|CHỦ NHIỆM|BỘ TRƯỞNG|THỨ TRƯỞNG|CHI CỤC TRƯỞNG|CHỈ HUY|TỔNG BIÊN TẬP|CHÁNH ÁN|FOR THE"
    r"|THE CHAIR|CHAIR|DIRECTOR)"
)


@dataclass(frozen=True, slots=True)
class Sections:
    """A notice's lines: before the conclusions, the conclusions, the words of farewell with the signature and the
    recipients, and what is appended."""

    opening: list[Line]
    body: list[Line]
    closing: list[Line]
    appendix: list[Line]

    @property
    def farewell(self) -> list[Line]:
        """The closing without the signature and the recipients."""
        signed = next((at for at, line in enumerate(self.closing) if _SIGNS.match(line.words)), len(self.closing))
        return self.closing[:signed]


def sections_of(text: str, lines: list[Line]) -> Sections:
    """The parts of a notice; all but the conclusions may be empty."""
    first = _body_begins(text, lines)
    last = next((at for at in range(first, len(lines)) if _closes(lines, at)), len(lines))
    appended = next((at for at in range(last + 1, len(lines)) if _APPENDIX.match(lines[at].words)), len(lines))
    return Sections(lines[:first], lines[first:last], lines[last:appended], lines[appended:])


def _closes(lines: list[Line], at: int) -> bool:
    if _CLOSES.match(lines[at].words) or _SIGNS.match(lines[at].words) or _signs_alone(lines, at):
        return True
    before = lines[at - 1].words if at > 0 else ""
    if before.endswith("./."):
        return True
    return before.endswith((".", "!")) and _TELLS_EVERYBODY.match(lines[at].words) is not None


def _signs_alone(lines: list[Line], at: int) -> bool:
    """Whether an office in capitals, above little more than a name, signs a notice that lists no recipients."""
    words = lines[at].words
    if not (words.isupper() and _OFFICE.match(words)) or len(lines) - at > _LONGEST_SIGNATURE:
        return False
    return at > 0 and lines[at - 1].words.endswith((".", "!")) and all(len(line.words) < 80 for line in lines[at:])


def _body_begins(text: str, lines: list[Line]) -> int:
    marked: int | None = None
    skipped: str | None = None
    before = ""
    for at, line in enumerate(lines):
        marker = None if line.in_table else marker_of(text, line)
        if marker is not None:
            heading = line.words[marker.length :].strip(" .:")
            if marker.kind in _FIRST_NUMBERED:
                if _NO_CONCLUSION.match(heading) and len(heading) < _LONGEST_HEADING and not _CONCLUSION.match(heading):
                    skipped = skipped or marker.kind
                elif skipped is None or marker.kind == skipped:
                    return at if marked in (None, at) or before or skipped else marked or 0
            elif skipped is None:
                marked = at if marked is None else marked
        elif _CONCLUDES.search(f"{before} {line.words[-200:]}"):
            return at + 1
        if _CLOSES.match(line.words):
            break
        before = line.words[-200:]
    return marked if marked is not None else 0
