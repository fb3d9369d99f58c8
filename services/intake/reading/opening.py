"""What a notice says of itself before its conclusions: who issued it, when, about which meeting."""

import datetime as dt
import re
from dataclasses import dataclass

from services.intake.reading.lexicon import TITLE
from services.intake.reading.people import names_in, person_in
from services.intake.reading.text import Line, columns
from services.intake.reading.units import units_at
from shared.events.fields import NamedPerson

_NUMBER = re.compile(r"\bSố\b[^:]{0,12}:\s*(?P<number>\d[^\s,;|]{0,60}(?:/\s?[^\s,;|]{1,60})?)")
_DATE = re.compile(r"\b(\d{1,2})\s*(?:/|-|\.|tháng)\s*(\d{1,2})\s*(?:/|-|\.|năm)\s*(\d{4})(?!\d)")
_PLACE_AND_DATE = re.compile(r"[A-ZĐ][^,;:]{1,60},\s*ngày\s")
_HELD = re.compile(
    r"(?:(?:^|[.;]\s)(?:\w+\s){0,4}ngày|\b(?:họp|giao ban|hội nghị|làm việc)\b[^.;]{0,80}?\bngày)\s[^,.;]{6,40}",
    re.IGNORECASE,
)
_STATE_WORDS = re.compile(r"CỘNG H(?:ÒA|OÀ)|Độc lập|ĐẢNG CỘNG SẢN|^[-_*=\s]+$")
_NAMED = re.compile(r"^THÔNG BÁO\b(?:\s*/\s*\w+)?[:\s]*(?P<rest>.*)$")
_SUBJECT = re.compile(r"(?:V/v|Về việc|KẾT LUẬN|Kết luận)\b.{0,500}$")
_TITLE_ENDS = re.compile(
    r"^(?:(?:Sáng|Chiều|Tối|Hôm|Vừa qua|Ngày|Tại|Thực hiện|Căn cứ|Sau khi|Trong|Từ|Vào|Theo)\b|Kính gửi|\W*$)"
)
_ATTENDED = re.compile(r"(?:tham dự|dự họp|cùng dự|tham gia)(?P<names>.{0,4000}?)(?:sau khi|kết luận|$)", re.IGNORECASE)
_CONCLUDED = re.compile(r"\s(?:đã\s)?(?:chủ trì|chủ tọa|kết luận)\b")
_CLAUSE = re.compile(r"[;:.]\s|,\s(?=(?:Phó|Giám|Chủ|Thủ|Bộ|Thứ|Trưởng|Chánh|đồng chí|ông|bà)\b)")
_LONGEST_OPENING = 20_000
_LONGEST_LETTERHEAD = 12
_LONGEST_NAME = 500
_MOST_ATTENDEES = 1_000


@dataclass(frozen=True, slots=True)
class Opening:
    """The notice's own fields. What the text does not say is None."""

    issuer: str | None
    number: str | None
    issued_on: dt.date | None
    held_on: dt.date | None
    title: str | None
    concluded_by: NamedPerson | None
    attendees: tuple[NamedPerson, ...]


def opening_of(text: str, lines: list[Line]) -> Opening:
    """The fields of the lines before the conclusions."""
    lines = [line for line in lines if line.end <= lines[0].start + _LONGEST_OPENING]
    named = next((at for at, line in enumerate(lines) if _NAMED.match(line.words)), None)
    letterhead = [
        cell
        for line in lines[: _LONGEST_LETTERHEAD if named is None else named]
        for cell in columns(text[line.start : line.end])
    ]
    title, told_from = _title(lines, named)
    told = " ".join(line.words for line in lines[told_from:])
    number = next((match for cell in letterhead if (match := _NUMBER.search(cell))), None)
    chair = _chair(told)
    attended = _ATTENDED.search(told)
    present = names_in(attended["names"])[:_MOST_ATTENDEES] if attended else []
    return Opening(
        issuer=_issuer(letterhead) or _unit_of_leader(title or "") or _unit_of_leader(told),
        number=number["number"].replace(" ", "") if number else None,
        issued_on=next((date for cell in letterhead if _PLACE_AND_DATE.match(cell) and (date := _date(cell))), None),
        held_on=next((date for match in _HELD.finditer(told[:2_000]) if (date := _date(match[0]))), _date(title or "")),
        title=title,
        concluded_by=chair,
        attendees=tuple(NamedPerson(name=name) for name in present if chair is None or name != chair.name),
    )


def _title(lines: list[Line], named: int | None) -> tuple[str | None, int]:
    """The title, and the index of the line that the telling begins with."""
    if named is None:
        subject = next((at for at, line in enumerate(lines) if _SUBJECT.match(line.words)), None)
        return (None, 0) if subject is None else (lines[subject].words, subject + 1)
    match = _NAMED.match(lines[named].words)
    parts = [match["rest"]] if match and match["rest"] else []
    at = named + 1
    while at < len(lines) and len(parts) < 6 and not _TITLE_ENDS.match(lines[at].words) and len(lines[at].words) < 300:
        parts.append(lines[at].words.strip("*_ "))
        at += 1
    return " ".join(parts) or None, at


def _issuer(letterhead: list[str]) -> str | None:
    """The lowest body of the letterhead: the last that begins like a unit, with the lines that go on with its name."""
    names: list[str] = []
    for cell in letterhead:
        vietnamese = cell.split(" / ")[0].strip()
        if cell.startswith("Số") or _PLACE_AND_DATE.match(cell):
            break
        if vietnamese.isupper() and not _STATE_WORDS.search(vietnamese) and len(vietnamese) < _LONGEST_NAME // 4:
            names.append(vietnamese.strip("- "))
    begins = [at for at, name in enumerate(names) if units_at(name) is not None]
    if not begins:
        return None
    return " ".join(names[begins[-1] :])[:_LONGEST_NAME]


def _unit_of_leader(words: str) -> str | None:
    for title in TITLE.finditer(words):
        if (units := units_at(words, title.end())) is not None and words[title.end() :].lstrip().startswith(
            units.phrases[0].split(" ")[0]
        ):
            return units.phrases[0]
    return None


def _chair(told: str) -> NamedPerson | None:
    for match in _CONCLUDED.finditer(told):
        clause = _CLAUSE.split(told[max(0, match.start() - 300) : match.start()])[-1]
        if (person := person_in(clause)) is not None:
            return person
    return None


def _date(words: str) -> dt.date | None:
    for day, month, year in _DATE.findall(words):
        try:
            return dt.date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None
