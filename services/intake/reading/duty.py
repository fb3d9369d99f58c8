"""Who is told to do something in a clause, and what is said without telling anybody."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from services.intake.reading.lexicon import DUTIES, TITLE, key
from services.intake.reading.people import is_addressed_as_person, person_in
from services.intake.reading.units import NamedUnits, units_at
from shared.events.fields import NamedPerson

_ORDERS = re.compile(
    rf"(?:(?:và|đồng thời|trong đó|riêng)\s+)?(?:tiếp tục\s+)?(?:{TITLE.pattern}[^,;:.]{{0,80}}?\s)?"
    r"(?:giao|phân công|đề nghị|yêu cầu)(?:\s+cho)?\s+",
    re.IGNORECASE,
)
_LEADER_OF = re.compile(
    rf"(?:đồng chí\s+)?(?:{TITLE.pattern}\s+(?:của\s+)?|(?:phó\s+)?(?:chánh|trưởng)\s+)", re.IGNORECASE
)
_TOPIC = re.compile(r"^Về\s[^:]{1,300}:\s*", re.IGNORECASE)
_LEADS = re.compile(r"\s(?:chủ trì|(?:trực tiếp\s)?chỉ đạo|phụ trách|chịu trách nhiệm)\b")
_LEAD_WITHIN = 200
_NEXT_CLAUSE = re.compile(r",\s+(?:và\s+)?")
_COOPERATES = re.compile(r"\b(?:phối hợp(?:\s+chặt chẽ)?(?:\s+cùng)?(?:\s+với)?|cùng(?:\s+với)?)\s+", re.IGNORECASE)
_DECIDES = re.compile(
    r"^(?:(?:Cơ bản\s+)?(?:thống nhất|đồng ý|nhất trí|chấp thuận)\b(?!\s+(?:với|giao|phân công))"
    r"|(?:Biểu dương|Ghi nhận|Đánh giá cao|Hoan nghênh|Chúc mừng|Cảm ơn|Trên đây)\b)",
    re.IGNORECASE,
)
_ENCOURAGES = re.compile(
    r"\b(?:phát huy|đoàn kết|nỗ lực|quyết tâm|tinh thần|cao độ|thắng lợi|tăng cường phối hợp|thi đua|sự phối hợp)\b",
    re.IGNORECASE,
)
_ASKS_EVERYBODY = re.compile(r"[^,;:.]{1,80}\s(?:yêu cầu|đề nghị|mong)\s", re.IGNORECASE)
_ONLY_TELLS = re.compile(r"\bthông báo\b.{0,80}\b(?:biết|thực hiện)\b", re.IGNORECASE)


class Tone(Enum):
    """How a part of a notice speaks: it directs, it assesses what was done, or it closes with encouragement."""

    DIRECTING = auto()
    ASSESSING = auto()
    CLOSING = auto()


@dataclass(frozen=True, slots=True)
class Duty:
    """On whom a clause lays what it says: units, as phrases, and the person told to lead."""

    units: tuple[str, ...]
    lead: NamedPerson | None


def duty_in(clause: str, *, opens: bool = True) -> Duty | None:
    """The owner that a clause names for itself; none where it names none.

    "Giao X …", "X chủ trì …", "Phó Giám đốc N chủ trì …, X tham mưu", "Về việc …: X …"; and, where the clause opens an
    item, "…, X tiếp tục …".
    """
    start = match.end() if (match := _TOPIC.match(clause)) else 0
    ordered = match.end() if (match := _ORDERS.match(clause, start)) else start
    if (led := _lead(clause, ordered)) is not None:
        lead, end = led
        follows = _first_doing(clause, end)
        return Duty(follows.phrases if follows else (), lead)
    units = units_at(clause, ordered) or _unit_of_leader(clause, ordered)
    if units is not None and (units.does or (ordered > start and units.end < len(clause) - 1)):
        return Duty(units.phrases, None)
    if units is not None and clause[units.end :].startswith(":") and begins_with_duty(clause[units.end + 1 :]):
        return Duty(units.phrases, None)
    if not opens or units is not None or begins_with_duty(clause):
        return None
    follows = _first_doing(clause, start)
    return Duty(follows.phrases, None) if follows is not None else None


def begins_with_duty(clause: str) -> bool:
    """Whether a clause begins with a verb of duty, as an order without an addressee does."""
    clause = _TOPIC.sub("", clause)
    first = [key(word.strip(",;:.")) for word in clause.split(maxsplit=4)[:4]]
    return any(tuple(first[:size]) in DUTIES for size in range(1, 5))


def decides(clause: str) -> bool:
    """Whether a clause decides, or thanks, and lays nothing on anybody."""
    return _DECIDES.match(clause) is not None


def is_no_duty(clause: str, tone: Tone) -> bool:
    """Whether a clause lays no duty on anybody, given how the part that it stands in speaks."""
    if decides(clause) or _ONLY_TELLS.search(clause):
        return True
    if tone is Tone.ASSESSING:
        return _ORDERS.match(clause) is None
    return tone is Tone.CLOSING and bool(_ENCOURAGES.search(clause) or _ASKS_EVERYBODY.match(clause))


def cooperators_in(words: str) -> list[str]:
    """The units that the words tell somebody to work with, as phrases, each once."""
    found: dict[str, None] = {}
    for match in _COOPERATES.finditer(words):
        if (units := units_at(words, match.end())) is not None:
            found.update(dict.fromkeys(units.phrases))
    return list(found)


def _lead(clause: str, start: int) -> tuple[NamedPerson, int] | None:
    addressed = clause[start : start + _LEAD_WITHIN]
    if not is_addressed_as_person(addressed):
        return None
    verb = _LEADS.search(addressed)
    if verb is None or (person := person_in(addressed[: verb.start()])) is None:
        return None
    return person, start + verb.end()


def _first_doing(clause: str, start: int) -> NamedUnits | None:
    """The first units after a comma that do something themselves."""
    for comma in _NEXT_CLAUSE.finditer(clause, start):
        ordered = _ORDERS.match(clause, comma.end())
        units = units_at(clause, ordered.end() if ordered else comma.end())
        if units is not None and ((units.does and units.phrases[0][:1].isupper()) or ordered):
            return units
    return None


def _unit_of_leader(clause: str, start: int) -> NamedUnits | None:
    """The unit whose head is addressed by office alone: "Chánh Văn phòng", "Trưởng phòng Tổ chức"."""
    leader = _LEADER_OF.match(clause, start)
    if leader is None:
        return None
    office = re.search(r"(?:văn phòng|thanh tra|phòng|ban|khoa)\s*$", leader[0], re.IGNORECASE)
    return units_at(clause, leader.start() + office.start() if office else leader.end())
