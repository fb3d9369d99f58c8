"""Whom words address: people and units, one after another."""

import re
from dataclasses import dataclass

from services.intake.reading.duties.verbs import ADVERBS, DUTIES, verb_at
from services.intake.reading.owners.lexicon import COMPOUNDS, LEADERS, UNIT_HEADS
from services.intake.reading.owners.unit_heads import KnownNames
from services.intake.reading.owners.units import units_at
from services.intake.reading.people.surnames import SURNAMES
from services.intake.reading.words import key, longest, phrases
from shared.events.fields import NamedPerson

_WORD = re.compile(r"\S+")
_HONORIFICS = phrases("""
đồng chí, đ/c, ông, bà, thầy, cô, anh, chị, các đồng chí, các ông, các bà, cụ, luật sư, bác sĩ, nhà báo, đại tá,
thượng tá, trung tá, thiếu tá, đại úy, thượng úy, trung úy, thiếu úy, thiếu tướng, trung tướng, thượng tướng, đại
tướng, nghệ sĩ, các thầy, các cô, đồng chí đại tá, đồng chí thượng tá, đồng chí trung tá, đồng chí thiếu tá, giáo sư,
tiến sĩ, thạc sĩ
""")
_DEGREE = re.compile(r"(?:[A-ZĐ][A-Za-zĐđ0-9]{0,7}\.)+")
_GLUED_DEGREE = re.compile(r"^(?:[A-ZĐ][A-Za-zĐđ]{0,7}\.)+(?=[A-ZĐ][a-zà-ỹ])")
_ROLES = LEADERS | phrases("""
trưởng phòng, trưởng ban, trưởng khoa, trưởng công an, công chức, viên chức, chuyên viên, cán bộ, kế toán, kế toán
trưởng, văn thư, phóng viên, kỹ sư, điều dưỡng trưởng, giáo viên, thư ký, bộ trưởng, thứ trưởng, thủ tướng, phó thủ
tướng, phó bí thư, ủy viên, chánh văn phòng, phó chánh văn phòng, chánh thanh tra, tổ phó, phó trưởng ban, phó trưởng
phòng, phó trưởng khoa, nhân viên, trợ lý, quyền, nguyên, phó chủ nhiệm, chánh án, viện trưởng, tổng biên tập, phó
tổng biên tập, bí thư, gđ, pgđ, tgđ, ptgđ, ct, pct, bt, pbt, cvp, pcvp, pht, ptp
""")
_MIDDLE = {"Thị", "Văn"}
_MARKS = ",;:.)("
_LONGEST_ROLE = 14
_LONGEST_POSITION = 16
_MOST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Addressees:
    """People and units that are addressed together. `end` is where their list ends, `does` whether a duty follows."""

    persons: tuple[NamedPerson, ...]
    units: tuple[str, ...]
    end: int
    does: bool
    sure: bool = True


def addressees_at(
    words: str, start: int, known: KnownNames = frozenset(), *, any_name: bool = False, any_case: bool = False
) -> Addressees | None:
    """The people and units that are named from `start` on; none where neither a person nor a unit is named there."""
    persons: list[NamedPerson] = []
    units: list[str] = []
    at, end, does, sure = start, start, False, True
    for _ in range(_MOST_WORDS):
        person = person_at(words, at)
        if person is not None:
            persons.append(person[0])
            end = person[1]
            does = begins_duty(words, end)
        else:
            named = units_at(words, at, known, any_name=any_name, any_case=any_case)
            if named is None or (persons and not units and named.does):
                break
            units.extend(named.phrases)
            end, does, sure = named.end, named.does, sure and named.sure
        more = re.compile(r"\s?[,;]\s+(?:và\s+)?|\s+và\s+").match(words, end)
        if more is None or len(units) + len(persons) >= _MOST_WORDS:
            break
        at = more.end()
    if not persons and not units:
        return None
    return Addressees(tuple(persons), tuple(dict.fromkeys(units)), end, does, sure)


def begins_duty(words: str, at: int) -> bool:
    """Whether a verb of duty stands at a place."""
    keys = [key(word.strip(_MARKS)) for word in words[at : at + 60].split(maxsplit=5)[:5]]
    first = words[at : at + 60].split(maxsplit=1)[:1]
    adverb = longest(ADVERBS, keys)
    return bool(first) and first[0][:1].islower() and verb_at(keys, adverb) > 0


def person_at(words: str, start: int) -> tuple[NamedPerson, int] | None:
    """The person who is named from `start` on, with their position, and where the naming ends.

    "đồng chí Trần Văn Bình - Phó Giám đốc", "TS. Trần Văn Bình (Trưởng khoa)", "Phó Giám đốc Trần Văn Bình".
    """
    tokens = list(_WORD.finditer(words, start, start + 400))[:_MOST_WORDS]
    bare = [token[0].strip(_MARKS) for token in tokens]
    keys = [key(word) for word in bare]
    at = longest(_HONORIFICS, keys)
    honoured = at > 0
    at = _behind_degrees(tokens, at)
    role_from = at
    role = longest(_ROLES, keys, at)
    name_from, titled = at, False
    if role:
        found = _name_behind_role(tokens, bare, keys, at + role)
        if found is None:
            return None
        name_from, titled = found, True
    name_to, surely = _name_end(tokens, bare, keys, name_from, addressed=honoured or titled or at > 0)
    if name_to == 0 or not (surely or honoured or titled or at > 0):
        return None
    names = [_GLUED_DEGREE.sub("", bare[index]) for index in range(name_from, name_to)]
    end = tokens[name_to - 1].start() + len(tokens[name_to - 1][0].rstrip(",;:."))
    before = " ".join(token[0] for token in tokens[role_from:name_from]).strip(" ,-–") if titled else ""
    behind, end = _position_behind(words, end)
    if not (honoured or titled or behind or at > 0) and not begins_duty(words, end):
        return None
    return NamedPerson(name=" ".join(names), position=(before or behind)[:500] or None), end


def _behind_degrees(tokens: list[re.Match[str]], at: int) -> int:
    while at < len(tokens) and _DEGREE.fullmatch(tokens[at][0]):
        at += 1
    return at


def _name_behind_role(tokens: list[re.Match[str]], bare: list[str], keys: list[str], at: int) -> int | None:
    """Where the name behind an office begins; none where the office stands alone."""
    limit = min(at + _LONGEST_ROLE, len(tokens))
    if at < len(tokens) and _name_end(tokens, bare, keys, at, addressed=True)[0] - at in (3, 4):
        return at
    for index in range(at, limit):
        if index > at and tokens[index - 1][0][-1] in ",;:." and not _DEGREE.fullmatch(tokens[index - 1][0]):
            return None
        if tokens[index][0][:1].islower() and longest(DUTIES, keys, index) and index > at:
            return None
        begin = _behind_degrees(tokens, index)
        if begin < len(tokens) and (bare[begin] in SURNAMES or _is_middle(bare, begin + 1)):
            to, _ = _name_end(tokens, bare, keys, begin, addressed=True)
            if to:
                return begin
    last = limit
    for index in range(at, limit):
        if not tokens[index][0][:1].isupper():
            continue
        to, _ = _name_end(tokens, bare, keys, index, addressed=True)
        if to and 3 <= to - index <= 5 and all(word.istitle() for word in bare[index:to]) and index < last:
            return index
    return None


def _is_middle(bare: list[str], at: int) -> bool:
    return at < len(bare) and bare[at] in _MIDDLE and bare[at - 1].istitle()


def _name_end(
    tokens: list[re.Match[str]], bare: list[str], keys: list[str], at: int, *, addressed: bool
) -> tuple[int, bool]:
    """The index after a person's name that begins at `at`, and whether it surely is one; 0 where it is none."""
    index = at
    while index < len(tokens) and index - at < 6:
        word = _GLUED_DEGREE.sub("", bare[index]) if index == at else bare[index]
        if not word.isalpha() or not word[:1].isupper() or (len(word) > 1 and not word[1:].islower()):
            break
        if tokens[index][0].startswith("(") and index > at:
            break
        index += 1
        if tokens[index - 1][0][-1] in ",;:.)":
            break
    length = index - at
    if not 2 <= length <= 5 or longest(UNIT_HEADS, keys, at) or longest(_ROLES, keys, at):
        return 0, False
    if length == 2 and not addressed and bare[at] not in SURNAMES:
        return 0, False
    return index, bare[at] in SURNAMES or _is_middle(bare, at + 1)


def _position_behind(words: str, end: int) -> tuple[str, int]:
    """The position that stands behind a name, and where it ends."""
    bracket = re.compile(r"\s*\(([^()]{2,120})\)").match(words, end)
    if bracket:
        return bracket[1].strip(), bracket.end()
    mark = re.compile(r"\s*(?:[-–—]|,)\s+").match(words, end)
    if mark is None:
        return "", end
    tokens = list(_WORD.finditer(words, mark.end(), mark.end() + 300))[:_LONGEST_POSITION]
    keys = [key(token[0].strip(_MARKS)) for token in tokens]
    if not tokens or not longest(_ROLES, keys):
        return "", end
    for index, token in enumerate(tokens):
        joined = index > 0 and tuple(keys[index - 1 : index + 1]) in COMPOUNDS
        if index and token[0][:1].islower() and longest(DUTIES, keys, index) and not joined:
            last = tokens[index - 1]
            return words[mark.end() : last.end()].strip(" ,"), last.start() + len(last[0].rstrip(",;:."))
        if token[0][-1] == "," and longest(_ROLES, keys, index + 1):
            continue
        if token[0][-1] in ",;:." and index >= 1:
            return words[mark.end() : token.end()].strip(" ,;:."), token.start() + len(token[0].rstrip(",;:."))
    last = tokens[-1]
    return words[mark.end() : last.end()].strip(" ,;:."), last.start() + len(last[0].rstrip(",;:."))
