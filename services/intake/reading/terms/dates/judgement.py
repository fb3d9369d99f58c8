"""Whether a day is one to finish by, given what stands around it."""

import datetime as dt
import re

from services.intake.reading.terms.dates.moments import Moment
from services.intake.reading.terms.dates.surroundings import (
    Lead,
    acts,
    counts_up,
    ends_range,
    expires,
    finishes,
    gathers,
    goes_on,
    holds,
    is_attribute,
    is_condition,
    is_event,
    is_range,
    narrates,
)

_UNTIL = re.compile(r"\b(?:hết|until|till|through)\b", re.IGNORECASE)
_HOLDS = re.compile(r"\b(?:organi[sz]e|hold|convene|conduct|host|run)\b[^.;]{0,80}$", re.IGNORECASE)
_OCCASION = re.compile(r"\b(?:meeting|session|conference|workshop|forum|held|met|budget)\s(?:of\s)?$", re.IGNORECASE)
_YEARS_AHEAD = 2


def is_deadline(words: str, moment: Moment, lead: Lead, clause: str, today: dt.date | None) -> bool:
    """Whether a day is one to finish by, given how the words lead up to it."""
    if goes_on(words, moment.end) or expires(words, moment.start) or (is_event(clause) and not finishes(clause)):
        return False
    if is_condition(clause):
        return False
    if moment.is_bare and moment.kind != "week" and not acts(clause):
        return False
    if narrates(clause) and (not moment.is_fixed or (today is not None and moment.period.last < today)):
        return False
    if today is not None and moment.kind == "year" and moment.period.last.year > today.year + _YEARS_AHEAD:
        return False
    if lead == "occasion":
        return moment.kind == "day"
    if lead in ("before", "by", "label", "done") or ends_range(words, moment.start):
        return True
    if lead == "through":
        if is_range(words, moment.start):
            before = clause.rpartition("từ")[0]
            return acts(before) and not gathers(before) and not counts_up(before)
        until = _UNTIL.search(words[max(0, moment.start - 10) : moment.start + 4]) is not None
        if counts_up(clause) or (moment.kind == "year" and moment.part is None and not until):
            return False
        until = until and moment.kind != "year"
        return finishes(clause) or acts(clause) or until or _acts_next(words, moment.end)
    if lead == "within" and moment.kind == "year" and is_attribute(clause):
        return False
    if lead == "within":
        return not (gathers(clause) and moment.kind == "day") and not _names_occasion(clause)
    if lead == "on" and "dịp" in words[max(0, moment.start - 40) : moment.start].casefold():
        return moment.kind == "day" and acts(clause)
    if lead == "on" and moment.kind == "year" and moment.part is None:
        return finishes(clause)
    if lead == "on":
        if moment.kind != "day" or moment.part is not None:
            return not gathers(clause) or holds(clause)
        return acts(clause) and not gathers(clause)
    return _is_adverb(words, moment, clause)


def _is_adverb(words: str, moment: Moment, clause: str) -> bool:
    """Whether a part of a month or quarter, or a coming week, says when to act though nothing leads up to it."""
    if moment.kind not in ("month", "quarter", "week") or (moment.part is None and moment.kind != "week"):
        return False
    if gathers(clause) or counts_up(clause[-40:]):
        return False
    return _acts_next(words, moment.end) or (
        (acts(clause) or moment.kind == "month" or words[: moment.end].endswith("week"))
        and words[moment.end : moment.end + 1] in ("", ".", ";", ",", ")")
    )


def _acts_next(words: str, at: int) -> bool:
    return acts(words[at : at + 40])


def _names_occasion(clause: str) -> bool:
    return _OCCASION.search(clause) is not None and not _HOLDS.search(clause)
