"""What a clause is that lays no duty on anybody: a decision, an assessment, encouragement, or a formality."""

import re
from enum import Enum, auto

from services.intake.reading.owners.lexicon import ENDS_NAMES, NAMING_DUTIES, TITLE
from services.intake.reading.owners.units import units_at
from services.intake.reading.words import key, longest
from shared.events.meeting import Kind

_DECIDER = (
    rf"(?:hội nghị|cuộc họp|phiên họp|ban|ủy ban|uỷ ban|ubnd|thường trực|thường vụ|tập thể|đảng ủy|đảng uỷ"
    rf"|lãnh đạo|hội đồng"
    rf"|đồng chí|tổng công ty|công ty|viện|trường|nhà trường|bệnh viện|chỉ huy trưởng|bộ|sở|{TITLE.pattern})\b"
)
_DECIDES = re.compile(
    rf"^(?:(?:{_DECIDER}[^,;:.]{{0,60}}?\s)?(?:(?:đã|cơ bản|cũng|hoàn toàn|về nguyên tắc|cùng|chưa|không)\s+)*"
    r"(?:thống nhất|đồng ý|nhất trí|chấp thuận|thông qua|tán thành|chấp nhận|quyết nghị)\b(?!\s+(?:giao|phân công))"
    r"|(?:[^,;:.]{1,60}?\s)??(?:nhất trí|đồng ý|chấp thuận)\b(?!\s+(?:giao|phân công))|(?:quyết định|cho phép"
    r"|phê duyệt|tạm dừng xem xét|bãi bỏ|giữ nguyên)\b)",
    re.IGNORECASE,
)
_PRAISES = re.compile(
    rf"^(?:(?:{_DECIDER}[^,;:.]{{0,60}}?\s)?(?:biểu dương|ghi nhận|đánh giá cao|hoan nghênh|chúc mừng|cảm ơn"
    rf"|phê bình|trân trọng|khen ngợi)"
    rf"|{_DECIDER}[^,;:.]{{0,60}}?\s(?:đánh giá|nhận định|nhận thấy))\b",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"(?P<subject>[^,;:.]{0,80}?)\s(?:(?:đã|cũng|rất|nghiêm khắc)\s+)*(?:đánh giá cao|ghi nhận|hoan nghênh"
    r"|phê bình|biểu dương)\b",
    re.IGNORECASE,
)
_ENCOURAGES = re.compile(
    r"\b(?:phát huy|đoàn kết|nỗ lực|quyết tâm|tinh thần|cao độ|thắng lợi|tăng cường phối hợp|thi đua"
    r"|sự phối hợp|đồng hành"
    r"|tin tưởng|mong muốn|kêu gọi|đồng lòng|chung sức|nêu gương|nêu cao|xứng đáng|vinh dự|tự hào|hăng hái|thành công"
    r"|trách nhiệm cao|sáng tạo|gương mẫu|truyền thống|đồng thuận|hạnh phúc)\b",
    re.IGNORECASE,
)
_WISHES = re.compile(
    r"^(?:[^,;:.]{0,80}\s)?(?:mong(?: muốn| rằng)?|khuyến khích|tin tưởng|kêu gọi|chúc|hy vọng"
    r"|tin rằng)\s",
    re.IGNORECASE,
)
_ASKS = re.compile(r"^(?:[^,;:.]{1,80}\s)?(?:yêu cầu|đề nghị|mong)\s", re.IGNORECASE)
_EVERYBODY = re.compile(
    r"\b(?:các|toàn thể|toàn bộ|tất cả|mỗi|từng|tập thể|cán bộ|công chức|viên chức|người lao động|thủ trưởng"
    r"|lãnh đạo)\b",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"(?:Về|Đối với)\s[^:.;]{1,200}:\s*")
_STAFF = re.compile(
    r"\b(?:thầy cô|cán bộ|công chức|viên chức|người lao động|toàn thể|tập thể|đảng viên|đoàn viên|nhân dân"
    r"|cbcnv|anh chị em)\b",
    re.IGNORECASE,
)
_ONLY_CARRIES_OUT = re.compile(
    r"(?:triển khai|tổ chức|nghiêm túc|khẩn trương|quán triệt|chủ động|phối hợp"
    r"|theo chức năng)\b[^.;]{0,120}\b(?:thực hiện|triển khai)"
    r"(?:\s+(?:nghiêm|nghiêm túc|tốt|hiệu quả|có hiệu quả|đầy đủ|kịp thời|các|những|nội dung|nhiệm vụ|kết luận"
    r"|thông báo|ý kiến|chỉ"
    r" đạo|này|nêu trên|trên|nói trên|được giao|theo quy định|của|và|theo))*[\s./]*$",
    re.IGNORECASE,
)
_CONCRETE = re.compile(
    r"\d|\b(?:báo cáo|gửi|nộp|lập|xây dựng|rà soát|tổng hợp|tham mưu)\b"
    r"|(?<!chương\s)(?<!công\s)(?<!quá\s)(?<!quy\s)(?<!tiến\s)\btrình\b",
    re.IGNORECASE,
)
_ONLY_TELLS = re.compile(
    r"\bthông báo\b.{0,160}\b(?:biết|thực hiện|triển khai)\b|^Trên đây\b|\bxin thông báo\b",
    re.IGNORECASE,
)
_REFERS = re.compile(r"^(?:chi tiết|có|xem)\b.{0,100}\bkèm theo\b", re.IGNORECASE)
_NARRATES = re.compile(
    r"\b(?:đã|từng|vẫn|còn|chưa|mới|đang|được|bị|đạt|tăng|giảm|chiếm|là|sẽ|có|diễn ra|phù hợp"
    r"|đúng hướng)\b",
    re.IGNORECASE,
)


class Tone(Enum):
    """How a part of a notice speaks: it directs, it assesses what was done, or it closes with encouragement."""

    DIRECTING = auto()
    ASSESSING = auto()
    CLOSING = auto()


def _praises(clause: str) -> bool:
    if _PRAISES.match(clause):
        return True
    praise = _PRAISE.match(clause)
    if praise is None or not clause[:1].isupper():
        return False
    named = units_at(clause)
    if named is not None and named.does and named.end < len(praise["subject"]):
        return False
    return not _orders(praise["subject"])


def _decides(clause: str) -> bool:
    """Whether a decision is spoken, and not one that a unit shall bring about: "Phòng A trình Hội đồng đồng ý …"."""
    decision = _DECIDES.match(clause)
    return decision is not None and not _orders(re.sub(r"\S+\s*\S*$", "", decision[0]))


def _orders(words: str) -> bool:
    keys = [key(word.strip(",;:.")) for word in words.split()]
    return any(longest(ENDS_NAMES, keys, at) > longest(NAMING_DUTIES, keys, at) for at in range(len(keys)))


def decides(clause: str) -> bool:
    """Whether a clause decides, or thanks, and lays nothing on anybody."""
    return _decides(clause) or _praises(clause)


def narrates(clause: str) -> bool:
    """Whether a clause tells what was, is or will be."""
    return _NARRATES.search(clause[:200]) is not None


def kind_of(clause: str, tone: Tone) -> Kind | None:
    """What a clause is that lays no duty on anybody; none where it may lay one."""
    if _ONLY_TELLS.search(clause[:400]) and (
        tone is Tone.CLOSING or clause.endswith("./.") or clause.startswith("Trên đây")
    ):
        return "formality"
    if _REFERS.match(clause):
        return "formality"
    if _praises(clause):
        return "assessment"
    if _decides(clause):
        return "decision"
    if _WISHES.match(clause):
        return "exhortation"
    if (topic := _TOPIC.match(clause)) and _decides(clause[topic.end() :]):
        return "decision"
    everybody = _EVERYBODY.search(clause[:160]) is not None
    if (
        _ASKS.match(clause)
        and _STAFF.search(clause[:120])
        and _ENCOURAGES.search(clause)
        and not _CONCRETE.search(clause)
    ):
        return "exhortation"
    if (
        tone is Tone.CLOSING
        and (_ENCOURAGES.search(clause) or (_ASKS.match(clause) and everybody))
        and not (_CONCRETE.search(clause) and not _ENCOURAGES.search(clause))
    ):
        return "exhortation"
    if (
        everybody
        and _ASKS.match(clause)
        and not _CONCRETE.search(clause)
        and (len(_ENCOURAGES.findall(clause)) >= 2 or (tone is Tone.CLOSING and _ONLY_CARRIES_OUT.search(clause)))
    ):
        return "exhortation"
    if tone is Tone.CLOSING and _ONLY_CARRIES_OUT.search(clause) and everybody:
        return "exhortation"
    return None
