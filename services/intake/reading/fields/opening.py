"""What a notice says of itself and of its meeting before its conclusions."""

import datetime as dt
from dataclasses import dataclass

from services.intake.reading.fields.attendance import attendees_in
from services.intake.reading.fields.chair import chair_in
from services.intake.reading.fields.headline import begins_telling, headline_of
from services.intake.reading.fields.letterhead import letterhead_of, number_in
from services.intake.reading.fields.meeting_day import held_on_in
from services.intake.reading.fields.telling import told_in
from services.intake.reading.owners.lexicon import TITLE
from services.intake.reading.owners.units import units_at
from services.intake.reading.text import Line
from shared.events.fields import NamedPerson

_LONGEST_OPENING = 20_000
_LONGEST_LETTERHEAD = 14
_LONGEST_OF_LETTERHEAD = 60
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
    named, told_from, title = headline_of(lines)
    letterhead = letterhead_of(text, _above_title(lines) if named is None else lines[:named])
    told = told_in(lines, told_from, body or [])
    chair = chair_in(told, title or "")
    present = attendees_in(told)[:_MOST_ATTENDEES]
    return Opening(
        issuer=letterhead.issuer or _unit_of_leader(title or "") or _unit_of_leader(told[:300]),
        number=letterhead.number or number_in([title or ""]),
        issued_on=letterhead.issued_on,
        held_on=held_on_in(told, title or "", letterhead.issued_on),
        title=title,
        concluded_by=chair,
        attendees=tuple(person for person in present if chair is None or person.name != chair.name),
    )


def _above_title(lines: list[Line]) -> list[Line]:
    """The letterhead of a notice without a title: its first lines, to where it begins to tell."""
    lines = lines[:_LONGEST_LETTERHEAD]
    tells = (at for at, line in enumerate(lines) if begins_telling(line) and len(line.words) > _LONGEST_OF_LETTERHEAD)
    return lines[: next(tells, len(lines))]


def _unit_of_leader(words: str) -> str | None:
    """The unit of the leader whom words name first."""
    for title in TITLE.finditer(words):
        if (units := units_at(words, title.end())) is not None and words[title.end() :].lstrip().startswith(
            units.phrases[0].split(" ")[0]
        ):
            return units.phrases[0]
    return None
