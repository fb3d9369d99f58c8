"""Which person a phrase names."""

import re

from services.intake.reading.lexicon import DEGREES, NOT_IN_NAMES, SURNAMES, TITLE, UNIT_HEADS, key
from shared.events.fields import NamedPerson

_HONORIFIC = re.compile(r"^(?:các\s+)?(?:đồng chí|đ/c|ông|bà|anh|chị)\s+", re.IGNORECASE)
_DASH = re.compile(r"\s+[-–—]\s+|,\s+")
_LONGEST = 300


def person_in(words: str) -> NamedPerson | None:
    """The person that ends the words, or stands before the dash or comma in them, with their position.

    "Phó Giám đốc Trần Văn Bình" and "đồng chí Trần Văn Bình - Phó Giám đốc" are the same person.
    """
    words = words[-_LONGEST:].strip()
    before, *after = _DASH.split(words, maxsplit=1)
    if after and (name := _name_ending(before)):
        position = after[0].strip(" ,")
        return NamedPerson(name=name, position=position or None)
    if name := _name_ending(words):
        position = DEGREES.sub("", _HONORIFIC.sub("", words[: -len(name)])).strip(" ,-–")
        return NamedPerson(name=name, position=position or None)
    return None


def is_addressed_as_person(words: str) -> bool:
    """Whether an honorific, a degree or a leader's title stands in the words."""
    return bool(_HONORIFIC.match(words) or DEGREES.match(words) or TITLE.match(words))


def names_in(words: str) -> list[str]:
    """The people's names in a list of who was there."""
    names: dict[str, None] = {}
    for part in re.split(r"[,;:()]|\s+(?:và|cùng)\s+|\s[-–—]\s|\.\s+(?=[A-ZĐ])", words):
        named = _HONORIFIC.sub("", part.strip().rstrip("."))
        titled = DEGREES.sub("", named).strip()
        name = _name_ending(titled)
        if name is None:
            continue
        if name.split()[0] not in SURNAMES and (key(name.split()[0]),) in NOT_IN_NAMES:
            continue
        sure = named != part.strip().rstrip(".") or titled != named or name.split()[0] in SURNAMES
        if sure or (name == titled and len(name.split()) in (3, 4)):
            names[name] = None
    return list(names)


def _name_ending(words: str) -> str | None:
    """The run of two to five capitalised words that ends the words, a unit's name apart."""
    run: list[str] = []
    for word in reversed(words.split()[-8:]):
        if not (word[:1].isupper() and word.isalpha() and (len(word) == 1 or word[1:].islower())):
            break
        run.insert(0, word)
    while len(run) > 2 and run[0] not in SURNAMES and any(word in SURNAMES for word in run[1:-1]):
        run.pop(0)
    if not 2 <= len(run) <= 5 or any(tuple(map(key, run[:size])) in UNIT_HEADS for size in (1, 2, 3)):
        return None
    return " ".join(run)
