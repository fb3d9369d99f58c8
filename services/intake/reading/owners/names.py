"""Whether words that stand alone are nothing but a unit's name."""

import re

from services.intake.reading.duties.verbs import IMPERATIVE_ADVERBS
from services.intake.reading.owners.lexicon import ENDS_NAMES, NAMING_DUTIES
from services.intake.reading.owners.units import begins_unit
from services.intake.reading.words import key, longest

_PARTS = re.compile(r",\s+|\s+và\s+")
_LONGEST_TITLE = 10
_MARKS = ",;:.()"


def is_name(words: str) -> bool:
    """Whether words are one unit's name: they begin as one does, no second name begins in them, and no verb of duty
    that units are not named after stands in them."""
    parts = _PARTS.split(words)
    if not begins_unit(parts[0]) or any(begins_unit(part) for part in parts[1:]) or _opens_class(words):
        return False
    return ";" not in words and not _orders(words)


def is_title(words: str) -> bool:
    """Whether words that stand alone as a heading are a unit's name, though a verb that names no other unit is in
    it."""
    if is_name(words):
        return True
    bare = [word.strip(_MARKS) for word in words.split()]
    keys = [key(word) for word in bare]
    if len(bare) > _LONGEST_TITLE or "," in words or ";" in words or _opens_class(words) or not begins_unit(words):
        return False
    return not any(bare[at].islower() and longest(IMPERATIVE_ADVERBS, keys, at) for at in range(1, len(keys)))


def is_class(words: str) -> bool:
    """Whether words are one class of units: "Các trường THPT, trung tâm giáo dục thường xuyên"."""
    parts = _PARTS.split(words)
    if not _opens_class(words) or not begins_unit(parts[0]) or ":" in words or ";" in words:
        return False
    return not any(begins_unit(part) and part[:1].isupper() for part in parts[1:]) and not _orders(words)


def _opens_class(words: str) -> bool:
    return words.lower().startswith(("các ", "toàn thể ", "toàn bộ ", "tất cả "))


def _orders(words: str) -> bool:
    bare = [word.strip(_MARKS) for word in words.split()]
    keys = [key(word) for word in bare]
    return any(
        bare[at].islower() and longest(ENDS_NAMES, keys, at) > longest(NAMING_DUTIES, keys, at)
        for at in range(1, len(keys))
    )
