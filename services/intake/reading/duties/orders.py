"""Whether an order is spoken to somebody, and by whom."""

import re

from services.intake.reading.duties.verbs import ADVERBS, verb_at
from services.intake.reading.owners.addressees import person_at
from services.intake.reading.owners.lexicon import TITLE
from services.intake.reading.owners.unit_heads import KnownNames
from services.intake.reading.words import key, longest

ORDERS = re.compile(
    r"(?P<orderer>(?:[^\W\d_][^,;:.]{0,90}?\s)??)"
    r"(?:tiếp tục\s+|thống nhất\s+|nhất trí\s+|đồng ý\s+|cơ bản\s+)*"
    r"(?P<order>giao(?: nhiệm vụ)?|phân công|đề nghị|yêu cầu|ủy quyền|uỷ quyền|cử|kiến nghị|(?-i:chỉ đạo)|mời)"
    r"(?:\s+(?:cho|trách nhiệm cho))?:?\s+",
    re.IGNORECASE,
)

ENTRUSTS = frozenset({"giao", "phân công", "giao nhiệm vụ", "ủy quyền", "uỷ quyền"})

_OWN_VERBS = frozenset({"chỉ đạo", "mời", "cử"})

_ORDERS_ITSELF = re.compile(
    rf"(?:{TITLE.pattern}|(?:hội nghị|cuộc họp|thường trực|ban chỉ đạo|ban thường vụ|lãnh đạo|chủ trì|chủ tọa"
    rf"|đồng chí|ban giám hiệu"
    r"|ban giám đốc|ban lãnh đạo|hội đồng|đảng ủy|đảng uỷ|nhà trường|bệnh viện|công ty|tổng công ty|ubnd"
    r"|ủy ban nhân dân"
    r"|uỷ ban nhân dân)\b(?!.*\bcác\b))",
    re.IGNORECASE,
)

TOPIC = re.compile(r"^(?:Về|Đối với|Liên quan)\s[^:]{1,300}:\s*|^[^:;.]{1,160}:\s+", re.IGNORECASE)

_DOCUMENT = re.compile(
    r"(?:Luật|Bộ luật|Nghị định|Nghị quyết|Quyết định|Chỉ thị|Thông tư|Thông báo|Kế hoạch|Công văn|Đề án"
    r"|Quy chế|Quy định|Văn bản"
    r"|Tại|Theo|Cuộc họp (?:lần|trước|ngày|tháng)|Trước đây|Trước đó|Năm|Thời gian|Ngày|Tháng)\b"
)

VISITS = re.compile(
    r"Đoàn (?:thanh tra|kiểm tra|kiểm toán|giám sát|công tác|khảo sát|đánh giá)\b[^,;:.]{0,80}?"
    r"\s(?:đến |sẽ )?làm việc (?:với|tại|trực tiếp|từ ngày|vào|trong)\b"
)
"""Words of outsiders who come, which order nothing."""

LONGEST_OPENING = 400


def behind_topic(clause: str) -> int:
    """Where a clause begins behind its topic: "Về nhân sự: …"."""
    topic = TOPIC.match(clause)
    return topic.end() if topic is not None and not begins_with_duty(topic[0]) else 0


def begins_with_duty(clause: str) -> bool:
    """Whether a clause begins with a verb of duty, as an order without an addressee does."""
    return begins(clause) or begins(TOPIC.sub("", clause[:LONGEST_OPENING]))


def begins(clause: str) -> bool:
    first = [key(word.strip(",;:.")) for word in clause.split(maxsplit=7)[:7]]
    if adverb := longest(ADVERBS, first):
        first = first[adverb:] if verb_at(first, adverb) else first
    length = verb_at(first)
    if not length:
        return False
    return not (len(first) > length and first[length] in {key("của"), key("số"), key("này"), key("đã")})


def speaks(clause: str, ordered: re.Match[str], known: KnownNames) -> bool:
    """Whether an order is spoken here, and not one that a unit shall give: the notice's own leader gives orders."""
    orderer, order = ordered["orderer"].strip(), ordered["order"].lower()
    if not orderer:
        return order not in _OWN_VERBS and not (order == "kiến nghị" and ordered[0][:1].islower())
    if _DOCUMENT.match(orderer):
        return False
    if any(word in {"đã", "được", "sẽ", "là", "việc", "theo", "do", "bị"} for word in orderer.lower().split()):
        return False
    if order in ENTRUSTS:
        return orderer[:1].isupper() and not begins_with_duty(orderer)
    if order in _OWN_VERBS:
        return False
    return _ORDERS_ITSELF.match(orderer) is not None and person_at(orderer + " ", 0) is None
