"""Who is told to work with a directive's owner."""

import re
from itertools import islice

from services.intake.reading.duties.verbs import ASSISTS
from services.intake.reading.owners.addressees import addressees_at
from services.intake.reading.owners.unit_heads import KnownNames
from services.intake.reading.owners.units import units_at
from services.intake.reading.words import key, longest, phrases

_NEXT_HELPER = re.compile(r"[,;(]\s*(?:và\s+)?")

_COOPERATES = re.compile(
    r"\b(?:phối (?:kết )?hợp(?:[\s,]+(?:chặt chẽ|cùng|với|thường xuyên|đồng bộ|tốt|kịp thời|hỗ trợ|hiệu quả|và)){0,4}"
    r"|cùng(?!\s+(?:cấp|ngày|kỳ|thời|lúc|nhau|một))(?:\s+(?:với|phối hợp với))?|với sự (?:tham gia|phối hợp"
    r"|hỗ trợ) của|có sự (?:tham gia|phối hợp) của"
    r"|kết hợp(?: chặt chẽ)? với)\s+",
    re.IGNORECASE,
)

_SAME = phrases("cùng cấp, cùng ngày, cùng kỳ, cùng lúc")

MOST_PLACES = 40


def cooperators_in(words: str, known: KnownNames = frozenset()) -> list[str]:
    """The units that the words tell somebody to work with, as phrases, each once."""
    found: dict[str, None] = {}
    for match in islice(_COOPERATES.finditer(words), MOST_PLACES):
        if words[max(0, match.start() - 5) : match.start()].lower().endswith(("công ", "vô ", "việc ")):
            continue
        together = addressees_at(words, match.end(), known, any_case=True)
        if together is not None and words[match.end() : match.end() + 1] != "":
            found.update(dict.fromkeys((*together.units, *(person.name for person in together.persons))))
    for name in _assisting(words, known):
        found[name] = None
    return list(found)


def assists(clause: str, end: int) -> bool:
    keys = [key(word.strip(",;:.")) for word in clause[end : end + 60].split(maxsplit=5)[:5]]
    return longest(ASSISTS, keys) > 0 and tuple(keys[:2]) not in _SAME


def with_others(clause: str, end: int, known: KnownNames) -> bool:
    """Whether a unit that is told to co-operate has others to do it with, and so carries out itself."""
    match = _COOPERATES.match(clause, end + 1)
    return match is not None and addressees_at(clause, match.end(), known, any_case=True) is not None


def _assisting(words: str, known: KnownNames) -> list[str]:
    """The units of which the words say that they co-operate, behind an owner: "…, Sở B phối hợp …"."""
    found: list[str] = []
    for comma in islice(_NEXT_HELPER.finditer(words), MOST_PLACES):
        units = units_at(words, comma.end(), known) if words[comma.end() : comma.end() + 1].isupper() else None
        if (
            units is not None
            and units.does
            and assists(words, units.end)
            and not _COOPERATES.search(words[: comma.start()])
        ) and not with_others(words, units.end, known):
            found.extend(units.phrases)
    return found
