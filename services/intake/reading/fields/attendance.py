"""Who was present at a meeting."""

import re

from services.intake.reading.people.people import people_in, with_position
from shared.events.fields import NamedPerson

_ATTENDED = re.compile(
    r"\b(?:tham\sdự|dự\shọp|cùng\sdự|cùng\stham\sdự|dự\s(?:hội\snghị|cuộc\shọp|buổi|phiên|giao\sban)|tham\sgia|thành\sphần|có\smặt"
    r"|participants|present|attended|attendees|attendance|participated|delegates)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:sau\skhi|trên\scơ\ssở|kết\sluận|vắng|absent|apolog(?:y|ies)|having\s|nội\sdung\skết\sluận|(?:thời\sgian|địa\sđiểm|chủ\strì)(?=\s?:))\b|\s[IVX]{1,4}[./]\s",
    re.IGNORECASE,
)
_IS_ABSENT = re.compile(
    r"\s?\((?:xin\s)?vắng(?![^():]{0,30}:)|[^.;,()]{0,60}?\b(?:xin\svắng|sent\s(?:his|her|their)\sapologies|was\sunable)\b",
    re.IGNORECASE,
)
_LONGEST = 4_000


def attendees_in(told: str) -> list[NamedPerson]:
    """The people whom what is told of a meeting (NFC, white space folded) names as present, each once."""
    present: dict[str, NamedPerson] = {}
    at = 0
    while match := _ATTENDED.search(told, at):
        ends = _ENDS.search(told, match.end())
        end = min(ends.start() if ends else len(told), match.end() + _LONGEST)
        passage = told[match.end() : end]
        for person in people_in(passage):
            if _IS_ABSENT.match(told, match.end() + person.end):
                continue
            present.setdefault(person.name, with_position(passage, person))
        at = max(end, match.end())
    return list(present.values())
