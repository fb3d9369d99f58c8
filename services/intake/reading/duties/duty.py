"""Who is told to do something in a Vietnamese clause."""

import re
from dataclasses import dataclass, replace
from itertools import islice

from services.intake.reading.duties.cooperation import MOST_PLACES, assists, with_others
from services.intake.reading.duties.kinds import narrates
from services.intake.reading.duties.leads import NEXT_CLAUSE, leads, leads_later, under_lead
from services.intake.reading.duties.orders import (
    ENTRUSTS,
    LONGEST_OPENING,
    ORDERS,
    TOPIC,
    VISITS,
    begins,
    begins_with_duty,
    speaks,
)
from services.intake.reading.duties.verbs import IMPERATIVE_ADVERBS, REACTIONS
from services.intake.reading.owners.addressees import Addressees, addressees_at, begins_duty, person_at
from services.intake.reading.owners.lexicon import (
    TITLE,
)
from services.intake.reading.owners.listing import lists_units
from services.intake.reading.owners.names import is_name
from services.intake.reading.owners.unit_heads import KnownNames
from services.intake.reading.owners.units import units_at
from services.intake.reading.words import key, longest
from shared.events.fields import NamedPerson

_CONNECTS = re.compile(
    r"(?:(?:và|đồng thời|trong đó|riêng|ngoài ra|bên cạnh đó|mặt khác|trước mắt|cụ thể|theo đó|do đó"
    r"|vì vậy)[,:]?\s+|lưu ý[,:]\s+)+",
    re.IGNORECASE,
)

_LED_BY = re.compile(r"\b(?:do|giao)\s+", re.IGNORECASE)

_FRONTED = re.compile(
    r"(?:Chậm nhất|Muộn nhất|Từ|Trước|Trong|Đến|Hằng|Hàng|Định kỳ|Sau khi|Khi|Để|Nhằm|Căn cứ|Trên cơ sở|Đối với"
    r"|Nếu|Trường hợp|Theo|Bên cạnh|Cùng với|Ngay)\b"
)

_CLASS = re.compile(r"(?:các|tất cả|toàn thể|toàn bộ|mỗi|từng)\s")

_MEMBERS = re.compile(
    r"(?:(?:từng|mỗi|các|một số|toàn thể)\s)?(?:cán bộ|nhân viên|đảng viên|hội viên|đoàn viên|thành viên|viên chức"
    r"|công chức|giáo viên|giảng viên|chuyên viên|người)\b"
)

_BRACKETS = re.compile(r"\(([^()]{4,160})\)")

_CAPITALS = re.compile(r"(?:\S+\s)*[A-ZĐƯ]\S*(?:\s[^\sA-ZĐƯ]\S*)?(?=\s)")

_MEETS = re.compile(r"\s+(?:sẽ\s+)?họp\s+(?:phiên|vào|định|thường|lần|ngày|tại|để|sơ|tổng|bàn|hằng|hàng)\b")

_BUT_NOT = re.compile(r"\bnhưng (?:đến nay |hiện nay |vẫn )?(?:không|chưa|mới)\b")

_LONGEST_NAME = 9

_FEW_WORDS = 5

_FIRST_WORDS = 3

_DEPUTY = re.compile(rf"(?:Phó )(?i:{TITLE.pattern}|chi cục trưởng|trưởng\b)")

_LONGEST_ADDRESS = 120

_LONGEST_CLAUSE = 3_000


@dataclass(frozen=True, slots=True)
class Duty:
    """On whom a clause lays what it says: units and people, as phrases, and the person told to lead.

    `sure` is whether the names are surely those of units and people; `ordered` whether an order was spoken to them.
    """

    units: tuple[str, ...] = ()
    lead: NamedPerson | None = None
    cooperators: tuple[str, ...] = ()
    sure: bool = True
    ordered: bool = False


def duty_in(clause: str, known: KnownNames = frozenset(), *, opens: bool = True) -> Duty | None:
    """The owner that a clause names for itself; none where it names none.

    "Giao X …", "X chủ trì …", "Phó Giám đốc N chủ trì …, X tham mưu", "Về việc …: X …"; and, where the clause opens an
    item, "…, X tiếp tục …".
    """
    clause = clause[:_LONGEST_CLAUSE]
    start = match.end() if (match := _CONNECTS.match(clause)) else 0
    if VISITS.match(clause, start):
        return _later_duty(clause, start, known)
    if (duty := _duty_at(clause, start, known)) is not None:
        return duty
    topic = TOPIC.match(clause, start)
    if topic is not None and begins_with_duty(topic[0]):
        carrying_out = units_at(clause, topic.end(), known)
        if carrying_out is not None and _carries_out(clause, carrying_out.end):
            return Duty(carrying_out.phrases, sure=carrying_out.sure)
        topic = None
    if topic is not None and (duty := _duty_at(clause, topic.end(), known)) is not None:
        return duty
    if (led := _led_by(clause, start) or _owner_in_brackets(clause, known)) is not None:
        return led
    if begins_with_duty(clause[topic.end() if topic else start :]):
        return None
    return _later_duty(clause, start, known) or (_acts(clause, start, known) if opens else None)


def only_helps(clause: str, known: KnownNames = frozenset()) -> bool:
    """Whether a clause says of a unit only that it helps with what was ordered before: "Phòng B phối hợp."."""
    person = person_at(clause, 0)
    if person is not None and leads(clause, person[1], known):
        return len(clause[person[1] :].split()) <= _FEW_WORDS
    named = units_at(clause, 0, known)
    if named is None or not named.does or not assists(clause, named.end):
        return False
    return len(clause[named.end :].split()) <= _FEW_WORDS and not with_others(clause, named.end, known)


def _duty_at(clause: str, start: int, known: KnownNames) -> Duty | None:
    """The duty whose owner, or the order to whom, stands at a place."""
    ordered = ORDERS.match(clause[: start + LONGEST_OPENING], start)
    if ordered is not None and speaks(clause, ordered, known):
        addressees = addressees_at(clause, ordered.end(), known, any_name=True)
        if addressees is not None and ordered["orderer"].strip() and _own_people(addressees):
            addressees = None
        if addressees is not None and addressees.end < len(clause.rstrip(" .;:")):
            return _of(clause, addressees, known, ordered=True)
    if (name := _name_before_colon(clause, start)) is not None:
        return Duty((name,))
    addressees = addressees_at(clause, start, known)
    if addressees is None:
        return _deputy(clause, start)
    if _MEETS.match(clause[addressees.end :]) or _BUT_NOT.search(clause):
        return None
    if addressees.does or _does_later(clause, addressees):
        return _of(clause, addressees, known, ordered=False)
    if clause[addressees.end :].startswith(":") and begins(clause[addressees.end + 1 :]):
        return _of(clause, replace(addressees, end=addressees.end + 1), known, ordered=False)
    return None


def _own_people(addressees: Addressees) -> bool:
    """Whether a unit orders only its own people: "Trạm A phân công từng nhân viên …"."""
    return not addressees.persons and all(_MEMBERS.match(unit) for unit in addressees.units)


def _name_before_colon(clause: str, start: int) -> str | None:
    """The unit that a clause addresses by nothing but its name and a colon: "Phòng Kiểm tra sau thông quan: …"."""
    colon = clause.find(":", start, start + _LONGEST_ADDRESS)
    name = clause[start:colon].strip() if colon > 0 else ""
    if not name or not is_name(name) or not begins(clause[colon + 1 :]):
        return None
    return name


def _deputy(clause: str, start: int) -> Duty | None:
    """The deputy who is told something by office alone: "Phó Giám đốc phụ trách chuyên môn chỉ đạo …"."""
    office = _DEPUTY.match(clause, start)
    if office is None:
        return None
    for match in re.finditer(r"\s+", clause[office.end() : office.end() + _LONGEST_ADDRESS]):
        at = office.end() + match.end()
        if begins_duty(clause, at) and not clause.startswith("phụ trách", at):
            return Duty((clause[start:at].strip(),))
    return None


def _acts(clause: str, start: int, known: KnownNames) -> Duty | None:
    """The unit that a clause begins with, where nothing that follows tells of what was or is: its verb is unknown."""
    named = units_at(clause, start, known)
    if named is None or not named.sure or not clause[start : start + 1].isupper():
        return None
    name, behind = named.phrases[-1], clause[named.end :]
    if len(named.phrases) == 1 and len(name.split()) > _LONGEST_NAME:
        kept = _CAPITALS.match(name)
        if kept is None or len(kept[0].split()) > _LONGEST_NAME:
            return None
        name, behind = kept[0].rstrip(" ,"), name[kept.end() :] + behind
    if _MEETS.match(behind):
        return None
    if len(behind.split()) < 3 or behind[:1] not in {" "} or narrates(" ".join(behind.split()[:_FIRST_WORDS])):
        return None
    return Duty((*named.phrases[:-1], name), sure=False)


def _of(clause: str, addressees: Addressees, known: KnownNames, *, ordered: bool) -> Duty:
    """What addressees are told: whom to lead, who carries out, who helps."""
    if not addressees.persons:
        return Duty(addressees.units, sure=addressees.sure, ordered=ordered)
    names = tuple(person.name for person in addressees.persons)
    first = addressees.persons[0]
    if addressees.units:
        led_by = first if leads(clause, clause.find(first.name) + len(first.name), known) else None
        return Duty(addressees.units if led_by else (*names, *addressees.units), led_by, ordered=ordered)
    led_by = first if leads(clause, addressees.end, known) or leads_later(clause, addressees.end) else None
    carrying_out, helping = under_lead(clause, addressees.end, known)
    if led_by is None and carrying_out:
        return Duty((*names, *carrying_out), None, helping, ordered=ordered)
    return Duty(carrying_out or names, led_by, helping, ordered=ordered)


def _does_later(clause: str, addressees: Addressees) -> bool:
    """Whether a duty follows its owner behind a phrase of time, ground or role: "Sở A trước ngày 5/6 hoàn thành …"."""
    behind = clause[addressees.end : addressees.end + 300]
    if re.match(r"\s*\([^()]{0,120}\)", behind):
        behind = re.sub(r"^\s*\([^()]{0,120}\)", "", behind)
        if begins_duty(behind.lstrip(" ,"), 0):
            return True
    lead_in = re.match(
        r",?\s+(?:trước|trong|trên cơ sở|theo|căn cứ|sau khi|chậm nhất|từ nay|tại|với|được (?:giao|phân công)"
        r"|có (?:liên quan|tên)"
        r"|liên quan|trực thuộc|thuộc|trên địa bàn|ngay|là (?:đơn vị|cơ quan|đầu mối)|nêu trên|nói trên|còn"
        r"|chưa|khi|nhằm|để)\b",
        behind,
        re.IGNORECASE,
    )
    if lead_in is None or re.search(r"\b(?:đã|sẽ|đang|nhưng|tuy nhiên|song|mới (?:chỉ|đạt|thu|hoàn|thực))\b", behind):
        return False
    if lead_in[0].split()[-1] in {"còn", "chưa"}:
        return any(_orders_at(behind, match.end()) for match in re.finditer(r"\s+", behind))
    return any(
        begins_duty(behind, match.end()) for match in re.finditer(r"\s+", behind) if match.start() >= lead_in.end()
    )


def _orders_at(words: str, at: int) -> bool:
    keys = [key(word.strip(",;:.")) for word in words[at : at + 60].split(maxsplit=5)[:5]]
    return longest(IMPERATIVE_ADVERBS, keys) > 0


def _led_by(clause: str, start: int) -> Duty | None:
    """The person by whom something new shall be led: "Thành lập Tổ công tác do ông A làm Tổ trưởng"."""
    for match in _LED_BY.finditer(clause, start, start + LONGEST_OPENING):
        named = person_at(clause, match.end())
        if named is not None and (leads(clause, named[1], frozenset()) or leads_later(clause, named[1])):
            carrying_out, helping = under_lead(clause, named[1], frozenset())
            return Duty(carrying_out or (named[0].name,), named[0], helping, ordered=True)
    return None


def _carries_out(clause: str, end: int) -> bool:
    return (
        re.match(r"\s+(?:thực hiện|chủ trì|phụ trách|đầu mối|làm đầu mối|chịu trách nhiệm)\b", clause[end:]) is not None
    )


def _owner_in_brackets(clause: str, known: KnownNames) -> Duty | None:
    """The unit of which brackets say that it carries out, as in "(Phòng A chủ trì, Phòng B phối hợp)"."""
    for match in islice(_BRACKETS.finditer(clause), MOST_PLACES):
        named = units_at(match[1], 0, known)
        if named is None:
            continue
        alone = (
            named.end == len(match[1].rstrip()) and not clause[match.end() :].strip(" .;") and begins_with_duty(clause)
        )
        if alone or _carries_out(match[1], named.end):
            return Duty(named.phrases, sure=named.sure and not alone)
    return None


def _later_duty(clause: str, start: int, known: KnownNames) -> Duty | None:
    """The first duty behind a comma whose owner is named there."""
    for comma in islice(NEXT_CLAUSE.finditer(clause, start), MOST_PLACES):
        ordered = ORDERS.match(clause[: comma.end() + LONGEST_OPENING], comma.end())
        if (
            ordered is not None
            and not ordered["orderer"].strip()
            and ordered["order"].lower() in {*ENTRUSTS, "đề nghị", "yêu cầu"}
        ):
            addressees = addressees_at(clause, ordered.end(), known, any_name=True)
            if addressees is not None:
                return _of(clause, addressees, known, ordered=True)
        addressees = addressees_at(clause, comma.end(), known)
        fronted = _FRONTED.match(clause, start) and _CLASS.match(clause, comma.end())
        if addressees is not None and addressees.does and (clause[comma.end()].isupper() or fronted):
            if _reacts(clause, addressees.end) or lists_units(clause[: comma.start()], known):
                continue
            return _of(clause, addressees, known, ordered=False)
    return None


def _reacts(clause: str, end: int) -> bool:
    """Whether what follows is what the receiver of a report does with it."""
    keys = [key(word.strip(",;:.")) for word in clause[end : end + 60].split(maxsplit=5)[:5]]
    length = longest(REACTIONS, keys)
    return length > 0 and (len(keys) == length or clause[end : end + 60].strip()[-1:] in ".;")
