"""Which units a phrase of a notice means, and how that was found. Two candidates are no answer: a guess would put work
on the wrong desk."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from shared.directory.directory import Directory, Unit
from shared.directory.initials import Word, abbreviates, words_of
from shared.directory.spelling import class_key, matching_key, without_marks

How = Literal["name", "class", "abbreviation", "head", "person", "kind", "similar", "ambiguous", "unknown"]
"""By a name that the directory knows; by a class; by a name cut down to initials; as what somebody is the head of
("Giám đốc Sở Tài chính"); as the unit of a person who is named; as all units of a kind ("các phòng"); by a name that is
nearly the same. Two units fit an ambiguous phrase, none an unknown one."""

CONFIDENCE: dict[How, float] = {
    "name": 1.0,
    "class": 1.0,
    "abbreviation": 0.9,
    "head": 0.9,
    "person": 0.8,
    "kind": 0.7,
    "similar": 0.55,
    "ambiguous": 0.3,
    "unknown": 0.5,
}
"""How far each can be trusted."""

_SIMILAR_FROM = 88.0
_AHEAD_BY = 4.0
_TYPED_WORD = 4
_PLACES = frozenset(
    matching_key(word)
    for word in ("xã", "phường", "trấn", "huyện", "quận", "tỉnh", "phố", "thị", "thôn", "ấp", "trường", "số")
)
_ALL_OF = re.compile(r"^(?P<before>.*?)\b(?:các|những|tất cả|toàn thể)\s+(?P<kinds>.+)$", re.IGNORECASE)
_ALL = re.compile(r"\b(?:các|những|tất cả|toàn thể|toàn bộ)\b", re.IGNORECASE)
_BETWEEN_KINDS = re.compile(r"\s*(?:,|;|/|\bvà\b)\s*", re.IGNORECASE)
_BELONGING = re.compile(
    r"\s+(?:trực thuộc|thuộc|của|trên địa bàn|trong toàn|trong|toàn)\s+(?:các\s+)?"
    r"(?:bộ|sở|ngành|tỉnh|thành phố|huyện|xã|phường|ban|trường|cơ quan|đơn vị|công ty)\b.{0,80}$|\s+trực thuộc$",
    re.IGNORECASE,
)
_TITLE = r"(?:các\s+)?(?:đồng chí|đ/c|ông|bà)\s+"
_HEAD_OF = re.compile(
    rf"^(?:{_TITLE})?(?:(?:tổng )?giám đốc|chánh|thủ trưởng|người đứng đầu|lãnh đạo|chủ tịch|chủ nhiệm|bí thư|"
    r"(?:viện|hiệu|cục|chi cục|vụ|đội)?\s*trưởng)\s+(?P<unit>.+)$",
    re.IGNORECASE,
)
_PERSON = re.compile(rf"^{_TITLE}|,.*$", re.IGNORECASE)
_LONGEST_PHRASE = 300
_FEWEST_OF_A_KIND = 2
_MOST_KINDS = 12
_MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Resolution:
    """The units that a phrase means, and how they were found."""

    units: tuple[Unit, ...]
    how: How

    @property
    def confidence(self) -> float:
        """How far it can be trusted: 1 is certain."""
        return CONFIDENCE[self.how]


@dataclass(frozen=True, slots=True)
class _Called:
    """One name of an open unit."""

    unit: Unit
    words: tuple[Word, ...]
    key: str
    bare: str


@dataclass
class Resolver:
    """Looks phrases up in a directory as it is when this is made; each phrase is worked out once."""

    directory: Directory
    _found: dict[str, Resolution] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._open = tuple(unit for unit in self.directory.units.values() if not unit.closed)
        self._names = tuple(_called(unit, name) for unit in self._open for name in unit.names)
        self._classes = {class_key(each): each for unit in self._open for each in unit.classes}
        self._by_initial: dict[str, list[_Called]] = {}
        for each in self._names:
            if each.words:
                self._by_initial.setdefault(each.words[0].first, []).append(each)
        self._spelt = tuple((unit, words_of(unit.name)) for unit in self._open)

    def resolve(self, phrase: str) -> Resolution:
        """What a phrase means."""
        if phrase not in self._found:
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            self._found[phrase] = self._resolved(" ".join(phrase.split()))
        return self._found[phrase]

    def _resolved(self, phrase: str) -> Resolution:
        if named := self.directory.named(phrase):
            return Resolution(named, "name") if len(named) == 1 else Resolution((), "ambiguous")
        if units := self.directory.classed(phrase) or self.directory.classed(_BELONGING.sub("", phrase)):
            return Resolution(units, "class")
        if len(phrase) > _LONGEST_PHRASE:
            return Resolution((), "unknown")
        ways: tuple[tuple[How, tuple[Unit, ...]], ...] = (
            ("name", self._joined_otherwise(phrase)),
            ("abbreviation", self._abbreviated(phrase)),
        )
        for how, units in ways:
            if units:
                return Resolution(units, how) if len(units) == 1 else Resolution((), "ambiguous")
        if units := self._abbreviated_class(phrase):
            return Resolution(units, "class")
        if units := self._of_kinds(phrase):
            return Resolution(units, "kind")
        if (head := _HEAD_OF.match(phrase.strip())) and (units := self._headed(head["unit"])):
            return Resolution(units, "head")
        if (unit := self._of_person(phrase)) is not None:
            return Resolution((unit,), "person")
        if (similar := self._similar(phrase)) is not None:
            return Resolution((similar,), "similar")
        return Resolution((), "unknown")

    def _joined_otherwise(self, phrase: str) -> tuple[Unit, ...]:
        """The units whose name differs by a word that only joins: "Kế hoạch và Tài chính"."""
        key = _joined(words_of(phrase))
        return _distinct(each.unit for each in self._names if each.key == key)

    def _abbreviated(self, phrase: str) -> tuple[Unit, ...]:
        words = words_of(phrase)
        alike = self._by_initial.get(words[0].first, ()) if words else ()
        return _distinct(each.unit for each in alike if abbreviates(words, each.words))

    def _abbreviated_class(self, phrase: str) -> tuple[Unit, ...]:
        """The units of the one class whose phrase this is with words cut down to initials, or in another order."""
        words, parts = words_of(_without_all(phrase)), _parts(phrase)
        found = [
            key
            for key, spelling in self._classes.items()
            if abbreviates(words, words_of(_without_all(spelling))) or (len(parts) > 1 and parts == _parts(spelling))
        ]
        return self.directory.classed(self._classes[found[0]]) if len(found) == 1 else ()

    def _of_kinds(self, phrase: str) -> tuple[Unit, ...]:
        """All units whose names begin with one of the kinds that a phrase in the plural names."""
        match = _ALL_OF.match(_BELONGING.sub("", phrase.strip()))
        if match is None:
            return ()
        kinds = [kind for kind in _BETWEEN_KINDS.split(match["kinds"]) if kind]
        if len(kinds) > _MOST_KINDS:
            return ()
        beginnings = [words for kind in kinds if (words := words_of(f"{match['before']} {kind}"))]
        found = tuple(
            unit for unit, name in self._spelt if any(_begins_with(name, beginning) for beginning in beginnings)
        )
        return found if len(found) >= _FEWEST_OF_A_KIND else ()

    def _headed(self, phrase: str) -> tuple[Unit, ...]:
        """The units that a person is the head of, where the rest of the phrase names them for certain or nearly so."""
        found = self.resolve(phrase)
        return found.units if found.how in {"name", "class", "abbreviation", "kind"} else ()

    def _of_person(self, phrase: str) -> Unit | None:
        """The unit of the one person of this name."""
        key = matching_key(_PERSON.sub("", phrase.strip()))
        found = {p.unit_id for p in self.directory.people.values() if p.unit_id and matching_key(p.name) == key}
        unit = self.directory.units.get(found.pop()) if len(found) == 1 else None
        return None if unit is None or unit.closed else unit

    def _similar(self, phrase: str) -> Unit | None:
        """The one unit whose name is this with a slip of the pen in it."""
        key = _joined(words_of(phrase))
        near = process.extract(key, [each.key for each in self._names], scorer=fuzz.ratio, limit=6)
        score = {place: found for _, found, place in near if found >= _SIMILAR_FROM}
        score |= {place: 100.0 for place, each in enumerate(self._names) if each.bare == key}
        units: dict[str, float] = {}
        for place, found in score.items():
            if is_slip(key, self._names[place].key):
                unit_id = self._names[place].unit.id
                units[unit_id] = max(found, units.get(unit_id, 0.0))
        best = sorted(units.items(), key=lambda each: -each[1])
        if not best or (len(best) > 1 and best[0][1] - best[1][1] < _AHEAD_BY):
            return None
        return self.directory.units[best[0][0]]


def is_slip(one: str, other: str) -> bool:
    """Whether two keys of names differ by slips only: a letter in a long word, diacritics left out, never a place's
    name or a number, since those are other units."""
    words, others = one.split(), other.split()
    if len(words) != len(others):
        return one.replace(" ", "") == other.replace(" ", "")
    place = False
    slips = 0
    for word, its in zip(words, others, strict=True):
        if word != its:
            if place or any(c.isdigit() for c in word + its):
                return False
            bare, its_bare = without_marks(word), without_marks(its)
            if bare != its_bare:
                if min(len(bare), len(its_bare)) < _TYPED_WORD or Levenshtein.distance(bare, its_bare) > 1:
                    return False
                slips += 1
        place = place or its in _PLACES
    return slips <= 1


def _without_all(phrase: str) -> str:
    """A class's phrase without the words that only say that it is one, its spelling kept."""
    return _ALL.sub(" ", phrase)


def _called(unit: Unit, name: str) -> _Called:
    words = words_of(name)
    key = _joined(words)
    return _Called(unit, words, key, without_marks(key))


def _distinct(units: Iterable[Unit]) -> tuple[Unit, ...]:
    return tuple({unit.id: unit for unit in units}.values())


def _joined(words: Iterable[Word]) -> str:
    return " ".join(word.key for word in words)


def _parts(phrase: str) -> frozenset[str]:
    return frozenset(class_key(part) for part in _BETWEEN_KINDS.split(phrase)) - {""}


def _begins_with(name: tuple[Word, ...], beginning: tuple[Word, ...]) -> bool:
    """Whether a unit's name begins so, spelt out or cut down to initials."""
    if not name or name[0].first != beginning[0].first:
        return False
    if len(name) >= len(beginning) and all(a.key == b.key for a, b in zip(name, beginning, strict=False)):
        return True
    longest = min(len(name), sum(max(1, len(word.initials)) for word in beginning))
    return any(abbreviates(name[:length], beginning) for length in range(1, longest + 1))
