"""Which units and people the cell of a table names."""

import re
from dataclasses import dataclass

from services.intake.reading.owners.addressees import addressees_at, person_at
from services.intake.reading.owners.english_names import has_head
from services.intake.reading.owners.names import is_class, is_name
from services.intake.reading.owners.unit_heads import KnownNames
from services.intake.reading.owners.units import begins_unit
from services.intake.reading.text import Passage
from shared.events.fields import NamedPerson

_PARTS = re.compile(r";|\n|\s[+•]\s|\s/\s")

_ROLE = re.compile(
    r"^\s*[-+•]?\s*(?P<role>chủ trì|phối hợp|đơn vị chủ trì|đơn vị phối hợp|cơ quan chủ trì|cơ quan phối hợp"
    r"|thực hiện|lead|support|chỉ đạo|tham mưu"
    r"|thời hạn|hạn|thời gian|hoàn thành|deadline|due)\s*:\s*",
    re.IGNORECASE,
)

_ENGLISH_PAIR = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)? and [A-Z][a-z]+(?: [A-Z][a-z]+)?")

_TERMS = frozenset({"thời hạn", "hạn", "thời gian", "hoàn thành", "deadline", "due"})


@dataclass(frozen=True, slots=True)
class Named:
    """The units and people that a cell names, those that it says co-operate, and until when."""

    units: tuple[str, ...] = ()
    persons: tuple[NamedPerson, ...] = ()
    helping: tuple[str, ...] = ()
    term: str = ""


def named_in(cell: Passage | None, known: KnownNames) -> Named:
    """What a cell of names says."""
    if cell is None:
        return Named()
    units: list[str] = []
    persons: list[NamedPerson] = []
    helping: list[str] = []
    term = ""
    lines = [cell.joined([Passage(cell.source, (fragment,))]).words for fragment in cell.fragments]
    for part in (piece for line in _joined(lines) for piece in _PARTS.split(line)):
        part = part.strip(" ,.-–+•*")
        role = _ROLE.match(part)
        said = role["role"].lower() if role else ""
        words = part[role.end() :] if role else part
        if said in _TERMS:
            term = words
            continue
        into = helping if "phối hợp" in said or said == "support" else units
        if not words or words.lower() in {"không", "không có", "none", "n/a"}:
            continue
        if role is None and (match := re.search(r"[,.]?\s*[Pp]hối hợp(?: với)?:?\s+", words)) and match.start():
            helping.extend(_units(words[match.end() :], known)[0])
            words = words[: match.start()].strip(" ,.")
        named, people = _units(words, known)
        into.extend(named)
        persons.extend(people)
    return Named(tuple(dict.fromkeys(units)), tuple(persons), tuple(dict.fromkeys(helping)), term)


def _joined(lines: list[str]) -> list[str]:
    """A cell's lines as they belong together: a line that begins no name goes on with the one before."""
    joined: list[str] = []
    for line in lines:
        if joined and not (begins_unit(line) or line[:1] in "-+•" or person_at(line + " ", 0) or _ROLE.match(line)):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined


def _units(words: str, known: KnownNames) -> tuple[list[str], list[NamedPerson]]:
    """The names of a cell's words, which hold nothing but names."""
    if is_name(words) or is_class(words):
        return [words], []
    units: list[str] = []
    persons: list[NamedPerson] = []
    for part in _names(words):
        person = person_at(part + " ", 0)
        if person is not None and person[1] >= len(part) - 2:
            persons.append(person[0])
            continue
        named = addressees_at(part, 0, known)
        if named is not None and named.end >= len(part) - 1:
            units.extend(named.units)
            persons.extend(named.persons)
        elif named is not None and named.persons and not named.units:
            persons.extend(named.persons)
        elif part:
            bare = re.sub(r"\s*\([^()]*\)$", "", part)
            inside = re.search(r"\(([^()]{4,80})\)$", part)
            units.append(bare)
            if inside and (person := person_at(inside[1] + " ", 0)) is not None and person[1] >= len(inside[1]) - 1:
                continue
    return units, persons


def _names(words: str) -> list[str]:
    """Words cut where a second name begins; a class stays whole, and so do two fields of work without heads."""
    if _ENGLISH_PAIR.fullmatch(words) and not has_head(words):
        return [words]
    if re.match(r"(?:các|toàn thể|toàn bộ|những|tất cả)\b", words, re.IGNORECASE):
        pieces = re.split(r",\s+(?=[A-ZĐƯ])", words)
    else:
        pieces = re.split(r",\s+|\s+và\s+(?=[A-ZĐƯ])|\s+and\s+(?=[A-Z])", words)
    names: list[str] = []
    for piece in pieces:
        begins = (
            begins_unit(piece) or person_at(piece + " ", 0) is not None or re.fullmatch(r"[A-ZĐƯ.&\-]{2,10}", piece)
        )
        if names and not begins and begins_unit(names[0]) and not piece.lower().startswith("các "):
            names[-1] = words[words.index(names[-1]) : words.index(piece, words.index(names[-1])) + len(piece)]
        else:
            names.append(piece)
    return [name.strip(" ,.") for name in names if name.strip(" ,.")]
