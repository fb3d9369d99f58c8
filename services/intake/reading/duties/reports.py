"""To whom a directive's owner reports."""

import re
from itertools import islice

from services.intake.reading.duties.cooperation import MOST_PLACES
from services.intake.reading.owners.addressees import addressees_at
from services.intake.reading.owners.lexicon import TITLE
from services.intake.reading.owners.unit_heads import KnownNames

_REPORTS = re.compile(
    r"\b(?:trình|báo cáo|gửi(?:\s+về)?|tham mưu(?:\s+cho)?|báo cáo về|nộp về|gửi cho|xin ý kiến)\s+", re.IGNORECASE
)

_MOST_RECEIVERS = 20


def report_to_in(words: str, known: KnownNames = frozenset()) -> list[str]:
    """To whom the words tell somebody to report, each once."""
    found: dict[str, None] = {}
    for match in islice(_REPORTS.finditer(words), MOST_PLACES):
        leader = re.compile(rf"{TITLE.pattern}|(?:Lãnh đạo|Ban Giám đốc)(?:\s[A-ZĐ]\w*)?").match(words, match.end())
        receivers = addressees_at(words, match.end(), known)
        if receivers is not None:
            found.update(dict.fromkeys((*receivers.units, *(person.name for person in receivers.persons))))
        elif leader is not None and leader[0]:
            found[leader[0].strip()] = None
        if len(found) >= _MOST_RECEIVERS:
            break
    return list(found)[:_MOST_RECEIVERS]
