"""What a notice says of itself and of its meeting before its conclusions."""

import datetime as dt
import re
from dataclasses import dataclass

from services.intake.reading.attendance import attendees_in
from services.intake.reading.chair import chair_in
from services.intake.reading.dates.first_days import days_without_year_in, first_days_in
from services.intake.reading.letterhead import letterhead_of, number_in
from services.intake.reading.lexicon import TITLE
from services.intake.reading.text import Line
from services.intake.reading.units import units_at
from shared.events.fields import NamedPerson

_NAMED = re.compile(
    r"^(?:THÔNG\sBÁO|Thông\sbáo|BIÊN\sBẢN|Biên\sbản|KẾT\sLUẬN)\b(?:\s?/\s?[\w\s]{1,40}$)?[:\s]*(?P<rest>.*)$"
)
_ENGLISH_NAMED = re.compile(
    r"^(?:[A-Z’'\s]{0,40}\b)?(?:CONCLUSIONS|NOTICE|MINUTES|SUMMARY|RECORD|DECISIONS)\b", re.IGNORECASE
)
_SUBJECT = re.compile(r"^(?:V/v|Về\sviệc|KẾT\sLUẬN|Kết\sluận)\b")
_TELLS = re.compile(
    r"^(?:(?:Sáng|Chiều|Tối|Hôm|Vừa\squa|Ngày|Tại|Thực\shiện|Căn\scứ|Sau\skhi|Trong|Từ|Vào|Theo|Hồi|Lúc|Trên\scơ\ssở|Dưới)\b"
    r"|Kính\sgửi|Thời\sgian|Địa\sđiểm|Chủ\strì|Thành\sphần|(?:The|On|At|Under|Date|Venue|Time|Place|Present|Participants|Chair|Having)\b"
    r"|(?:[IVX]{1,4}|[A-H]|\d)[./)-]\s|\W*$)"
)
_MEETING = re.compile(
    r"\b(?:chủ\strì|chủ\stọa|chủ\stoạ|họp|hội\snghị|làm\sviệc|giao\sban|phiên|meeting|session|held|met|assembly|chaired|conference"
    r"|workshop|thời\sgian|khai\smạc)\b",
    re.IGNORECASE,
)
_DAY_BEGINS = re.compile(
    r"(?:^|[.;:]\s|,\s)(?:(?:vào\s)?(?:hồi|lúc)?[\s\d:hg]{0,12}(?:giờ|phút|[\s\d])*,?\s?)?(?:(?:sáng|chiều|tối|trưa|trong|từ|vào|hôm|"
    r"cuối|buổi|hai|ba|\d{1,2}|on|from)\s)*(?:các\s)?(?:ngày\s)?(?:từ\s(?:ngày\s)?)?$",
    re.IGNORECASE,
)
_OF_DOCUMENT = re.compile(
    r"(?:(?=[^\s]{0,60}[^\W\d_])\d[^\s]{0,40}[/-][^\s]{1,40}|\bsố\s\S{1,40}),?\s(?:ký\s)?(?:ngày|dated)\s$|\b(?:kể|tính)\stừ\s(?:ngày\s)?$"
)
_SENTENCE = re.compile(r"(?<=[^A-ZĐ][.;!?])\s(?=[A-ZĐ])")
_LONGEST_OPENING = 20_000
_LONGEST_LETTERHEAD = 14
_LONGEST_TITLE_LINE = 300
_LONGEST_TELLING = 6_000
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


def opening_of(text: str, lines: list[Line], body: list[Line] | None = None) -> Opening:
    """The fields of the lines before the conclusions.

    `body` are the lines behind them, of which the first may still tell of the meeting, under headings of their own.
    """
    lines = [line for line in lines if line.end <= lines[0].start + _LONGEST_OPENING]
    named, told_from, title = _title(lines)
    letterhead = letterhead_of(text, lines[:_LONGEST_LETTERHEAD] if named is None else lines[:named])
    told = _told([*lines[told_from:], *_goes_on(lines, body or [])])
    chair = chair_in(told, title or "")
    present = attendees_in(told)[:_MOST_ATTENDEES]
    return Opening(
        issuer=letterhead.issuer or _unit_of_leader(title or "") or _unit_of_leader(told[:300]),
        number=letterhead.number or number_in([title or ""]),
        issued_on=letterhead.issued_on,
        held_on=_held_on(told, title or "", letterhead.issued_on),
        title=title,
        concluded_by=chair,
        attendees=tuple(person for person in present if chair is None or person.name != chair.name),
    )


def _goes_on(opening: list[Line], body: list[Line]) -> list[Line]:
    """The lines of the body that still tell of the meeting: a list of people, or headings for time and people."""
    if opening and opening[-1].words.endswith(":") and _LISTS.search(opening[-1].words):
        ends = next((at for at, line in enumerate(body) if _CONCLUDES.search(line.words)), 0)
        return body[: min(ends + 1, _MOST_LINES_TOLD)]
    labelled = [at for at, line in enumerate(body[:_FIRST_LINES]) if _LABELLED.match(line.words)]
    if not labelled:
        return []
    ends = next((at for at, line in enumerate(body) if at > labelled[0] and _HEADS_CONCLUSIONS.match(line.words)), 0)
    return body[: min(ends or labelled[-1] + 1, _MOST_LINES_TOLD)]


_MOST_LINES_TOLD = 60
_FIRST_LINES = 20
_LISTS = re.compile(
    r"\b(?:tham\sdự|dự|thành\sphần|có\smặt|present|participants|attendees|đồng\schí|gồm|có)\b[^.]{0,80}:$",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(r"(?:kết\sluận|chỉ\sđạo|như\ssau|concluded)[^.]{0,80}:?$", re.IGNORECASE)
_LABELLED = re.compile(
    r"^[-+*\s]{0,3}(?:\w{1,4}[.)]\s?)?(?:Thời\sgian|Chủ\s(?:trì|tọa|toạ)|Thành\sphần|Tham\sdự|Date|Time|Chair\w{0,6}|Participants|Present)\b"
    r"[^:]{0,40}:",
    re.IGNORECASE,
)
_HEADS_CONCLUSIONS = re.compile(
    r"^(?:[IVX]{1,4}|[A-H]|\d{1,2})\s?[.)/-]\s?[^:]{0,60}(?:kết\sluận|nội\sdung|nhiệm\svụ|chỉ\sđạo|đánh\sgiá|tình\shình|kết\squả"
    r"|conclusions|decisions|actions)",
    re.IGNORECASE,
)
_LIST_ITEM = re.compile(r"^(?:[-–—+•*▪●]|\d{1,2}[.)]|[a-zđ]\))\s*(?=[^\W\d_])")


def _told(lines: list[Line]) -> str:
    """What is told, as one line; an item of a list begins behind a semicolon."""
    told: list[str] = []
    length = 0
    for line in lines:
        words = _LIST_ITEM.sub("; ", line.words).strip()
        told.append(words)
        length += len(words)
        if length > _LONGEST_TELLING:
            break
    return " ".join(told)[:_LONGEST_TELLING].replace(" ;", ";")


def _title(lines: list[Line]) -> tuple[int | None, int, str | None]:
    """The index of the line that says what the notice is, that of the line that the telling begins with, the title."""
    named = next((at for at, line in enumerate(lines[:60]) if not line.in_table and _NAMED.match(line.words)), None)
    if named is None:
        named = next((at for at, line in enumerate(lines[:40]) if at and _ENGLISH_NAMED.match(line.words)), None)
        if named is None:
            subject = next((at for at, line in enumerate(lines[:60]) if _SUBJECT.match(line.words)), None)
            return None, 0 if subject is None else subject + 1, None if subject is None else lines[subject].words
        parts = [lines[named].words]
    else:
        match = _NAMED.match(lines[named].words)
        parts = [match["rest"]] if match and match["rest"] else []
        if lines[named].words.upper().startswith("KẾT LUẬN"):
            parts = [lines[named].words]
    at = named + 1
    while at < len(lines) and len(parts) < 6:
        words = lines[at].words.strip("*_ ")
        if _TELLS.match(words) or len(words) >= _LONGEST_TITLE_LINE or lines[at].in_table:
            break
        parts.append(words)
        at += 1
    return named, at, " ".join(parts) or None


def _held_on(told: str, title: str, issued_on: dt.date | None) -> dt.date | None:
    """The day of the meeting, of several the first: the day that a sentence about the meeting begins with."""
    days = first_days_in(told[:_LONGEST_TELLING])
    best: tuple[int, dt.date] | None = None
    for at, day in days or days_without_year_in(told[:1_000], issued_on or dt.date.max):
        rank = _rank(told, at)
        if rank and (best is None or rank > best[0]):
            best = rank, day
    if best is not None and best[0] > 1:
        return best[1]
    in_title = first_days_in(title)
    return in_title[0][1] if in_title else best[1] if best else None


def _rank(told: str, at: int) -> int:
    before = told[max(0, at - 120) : at]
    if _OF_DOCUMENT.search(before):
        return 0
    sentence = _SENTENCE.split(before)[-1] + _SENTENCE.split(told[at : at + 300])[0]
    begins = _DAY_BEGINS.search(before) is not None
    meets = _MEETING.search(sentence) is not None
    return 3 if begins and meets else 2 if meets else 1 if begins else 0


def _unit_of_leader(words: str) -> str | None:
    for title in TITLE.finditer(words):
        if (units := units_at(words, title.end())) is not None and words[title.end() :].lstrip().startswith(
            units.phrases[0].split(" ")[0]
        ):
            return units.phrases[0]
    return None
