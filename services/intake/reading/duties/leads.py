"""Which person leads what others carry out."""

import re
from itertools import islice

from services.intake.reading.duties.cooperation import MOST_PLACES, assists, with_others
from services.intake.reading.duties.verbs import LEADS
from services.intake.reading.owners.addressees import person_at
from services.intake.reading.owners.unit_heads import KnownNames
from services.intake.reading.owners.units import units_at
from services.intake.reading.words import key, longest
from shared.events.fields import NamedPerson

NEXT_CLAUSE = re.compile(
    r",\s+(?:và\s+|đồng thời\s+|còn\s+)?|\s+đồng thời\s+|\s+thì\s+(?:đề nghị\s+)?|\s+và\s+(?=giao\b|đề nghị\b"
    r"|yêu cầu\b)"
)

_TELLS_UNITS = re.compile(r"\b(?:chỉ đạo|giao|đôn đốc|phân công)\s+", re.IGNORECASE)

_BRACKET_LEAD = re.compile(r"\(([^()]{4,80}?)\s(?:chỉ đạo|chủ trì|phụ trách|chịu trách nhiệm)[^()]{0,40}\)")


def lead_in_brackets(words: str) -> NamedPerson | None:
    """The person whom words in brackets tell to lead: "(đồng chí A chỉ đạo)"."""
    match = _BRACKET_LEAD.search(words)
    named = person_at(match[1] + " ", 0) if match else None
    return named[0] if named else None


def leads(clause: str, end: int, known: KnownNames) -> bool:
    keys = [key(word.strip(",;:.")) for word in clause[end : end + 80].split(maxsplit=6)[:6]]
    return longest(LEADS, keys) > 0 or (keys[:1] == [key("làm")] and len(keys) > 1 and keys[1] in _HEADSHIPS)


_HEADSHIPS = frozenset(map(key, ("trưởng", "tổ", "chủ", "đầu", "nhóm", "chỉ", "đội")))


def leads_later(clause: str, end: int) -> bool:
    """Whether a person who is named first is told to lead after some other words, before the next comma."""
    until = re.compile(r"[,;:.]").search(clause, end, end + 200)
    words = clause[end : until.start() if until else end + 200]
    return bool(
        re.search(r"\b(?:chủ trì|chịu trách nhiệm|phụ trách|chỉ đạo|làm trưởng|làm tổ trưởng)\b", words, re.IGNORECASE)
    )


def under_lead(clause: str, end: int, known: KnownNames) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The units that carry out what a person leads, and those that help with it."""
    for told in _TELLS_UNITS.finditer(clause, end, end + 120):
        if (units := units_at(clause, told.end(), known)) is not None and units.does:
            return units.phrases, ()
    for comma in islice(NEXT_CLAUSE.finditer(clause, end), MOST_PLACES):
        units = units_at(clause, comma.end(), known)
        if units is None or not (units.does or re.match(r"\s+là\s+(?:đơn vị|cơ quan|đầu mối)", clause[units.end :])):
            continue
        together = re.match(r"\s+cùng\s+(?:thực hiện|triển khai|tham mưu|xây dựng|tổ chức)", clause[units.end :])
        if assists(clause, units.end) and not together and not with_others(clause, units.end, known):
            return (), units.phrases
        return units.phrases, ()
    return (), ()
