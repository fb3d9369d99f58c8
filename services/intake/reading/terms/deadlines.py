"""By which day something must be done, among all the days that its words name."""

import datetime as dt
import re
from dataclasses import dataclass

from services.intake.reading.policy import ReadingPolicy
from services.intake.reading.terms.dates import english, vietnamese
from services.intake.reading.terms.dates.judgement import is_deadline
from services.intake.reading.terms.dates.moments import Moment, without_overlaps
from services.intake.reading.terms.dates.surroundings import (
    Lead,
    acts,
    clause_before,
    goes_on,
    lead_to,
    narrates,
    starts,
)
from services.intake.reading.terms.dates.terms import Term, terms_in
from services.intake.reading.terms.recurrence import recurrence_in
from shared.events.fields import Deadline

_DAY = dt.timedelta(days=1)
_LAPSED_BY_DELAY = dt.timedelta(days=31)
_FAR = dt.timedelta(days=183)
_LONGEST = 20_000
_LONGEST_PHRASE = 500
_HANGS_ON_EVENT = re.compile(
    r"\b(?:ngay\s)?(?:sau\skhi|sau\sngày|khi\scó|khi\snhận|trước\skhi|ngay\ssau|after|upon|once|following)\b",
    re.IGNORECASE,
)
_NUMERIC_MONTH = re.compile(r"(?<![\d/.-])(?:T\.?\s?)?(?P<month>0?[1-9]|1[0-2])\s?[/.-]\s?(?P<year>20\d\d)(?![\d/])")


@dataclass(frozen=True, slots=True)
class _Candidate:
    rank: int
    deadline: Deadline
    start: int
    fixed_day: bool


def deadline_in(
    words: str, today: dt.date | None, policy: ReadingPolicy | None = None, *, held_on: dt.date | None = None
) -> Deadline | None:
    """The deadline that a directive's words (NFC, white space folded) name; none where they name none.

    `today` is the local day of the notice, or of its meeting: a day without a year is the next such day from it on.
    `held_on` is the meeting's day, which some terms run from; without it they run from `today`.
    A duty that recurs has no deadline but one that is set beside it, with its year.
    """
    policy = policy or ReadingPolicy()
    words = words[:_LONGEST]
    candidates = _of_moments(words, today, policy) + _of_terms(words, today, held_on, policy)
    if recurrence_in(words) is not None:
        candidates = [each for each in candidates if each.fixed_day and not starts(clause_before(words, each.start))]
    return _best(candidates)


def deadline_of_cell(
    words: str, today: dt.date | None, policy: ReadingPolicy | None = None, *, held_on: dt.date | None = None
) -> Deadline | None:
    """The deadline in the cell of a table that is there for deadlines, where a day or a period stands alone."""
    policy = policy or ReadingPolicy()
    words = words[:_LONGEST_PHRASE]
    if recurrence_in(words, in_cell=True) is not None:
        return None
    moments = _moments(words, today)
    found = [_candidate(words, moment, "label", moment.start, today, policy) for moment in moments]
    if not moments and (match := _NUMERIC_MONTH.search(words)):
        return deadline_in(f"trong tháng {match['month']}/{match['year']}", today, policy)
    found += _of_terms(words, today, held_on, policy, alone=True)
    kept = [each for each in found if each is not None and not narrates(words[: each.start])]
    if not kept or _HANGS_ON_EVENT.search(words[: kept[-1].start]):
        return None
    return max(kept, key=lambda each: each.start).deadline


def _best(candidates: list[_Candidate]) -> Deadline | None:
    if not candidates:
        return None
    rank = max(each.rank for each in candidates)
    best = [each for each in candidates if each.rank == rank]
    chosen = min(best, key=lambda each: each.start).deadline
    if len({each.deadline.date for each in best}) > 1:
        return chosen.model_copy(update={"confidence": min(chosen.confidence, 0.6)})
    return chosen


def _moments(words: str, today: dt.date | None) -> list[Moment]:
    return without_overlaps([*vietnamese.moments_in(words, today), *english.moments_in(words, today)])


def _of_moments(words: str, today: dt.date | None, policy: ReadingPolicy) -> list[_Candidate]:
    found: list[_Candidate] = []
    for moment in _moments(words, today):
        lead, start = lead_to(words, moment.start)
        clause = clause_before(words, start)
        if not is_deadline(words, moment, lead, clause, today):
            continue
        candidate = _candidate(words, moment, lead, start, today, policy)
        if candidate is not None:
            found.append(candidate)
    return found


def _candidate(
    words: str, moment: Moment, lead: Lead, start: int, today: dt.date | None, policy: ReadingPolicy
) -> _Candidate | None:
    rule, day = _rule_and_day(words, moment, lead, policy)
    if today is not None and day < today and (moment.kind != "day" or day < today - _LAPSED_BY_DELAY):
        return None
    deadline = Deadline(
        date=day,
        time=moment.time,
        phrase=words[start : moment.end][:_LONGEST_PHRASE],
        rule=rule,
        confidence=_confidence(moment, day, today),
    )
    strong = lead in ("before", "occasion", "by", "label", "done")
    rank = 3 if strong and moment.kind == "day" else 1 if moment.kind == "year" or lead == "on" else 2
    return _Candidate(rank, deadline, start, moment.kind == "day" and moment.is_fixed and strong)


def _rule_and_day(words: str, moment: Moment, lead: Lead, policy: ReadingPolicy) -> tuple[str, dt.date]:
    before = lead in ("before", "occasion") or words[: moment.start].casefold().endswith("trước ")
    if moment.kind == "day":
        if before and (policy.before_is_inclusive or moment.time is not None):
            return "before-day", moment.period.last
        if before:
            return "before-day-exclusive", moment.period.last - _DAY
        return {"by": "no-later-than-day", "through": "through-day"}.get(lead, "on-day"), moment.period.last
    if moment.part is not None:
        return f"{moment.part}-of-{moment.kind}", moment.period.last
    if before:
        return f"before-{moment.kind}", moment.period.first - _DAY
    return f"in-{moment.kind}", moment.period.last


def _confidence(moment: Moment, day: dt.date, today: dt.date | None) -> float:
    if moment.part == "start" or (today is not None and (day < today or (not moment.is_fixed and day > today + _FAR))):
        return 0.5
    if moment.is_bare or moment.part == "middle" or moment.kind == "week":
        return 0.7
    return 0.85 if moment.kind == "year" else 0.9 if not moment.is_fixed else 0.97


def _of_terms(
    words: str, today: dt.date | None, held_on: dt.date | None, policy: ReadingPolicy, *, alone: bool = False
) -> list[_Candidate]:
    found: list[_Candidate] = []
    for term in terms_in(words):
        lead, start = lead_to(words, term.start)
        clause = clause_before(words, start)
        begins = _first_day(term, today, held_on)
        if begins is None or goes_on(words, term.end):
            continue
        if term.begins == "unsaid" and not (alone or _may_stand_alone(words[start : term.start], lead, clause, term)):
            continue
        day, rule = term.ends_on(begins, policy.working_days), f"{term.unit}s-after"
        if day is None:
            continue
        if policy.rolls_forward and (working_day := policy.working_days.on_or_after(day)) != day:
            day, rule = working_day, f"{rule}-rolled-forward"
        deadline = Deadline(
            date=day,
            phrase=words[start : term.end][:_LONGEST_PHRASE],
            rule=rule,
            confidence=0.95 if term.begins != "unsaid" else 0.6,
        )
        found.append(_Candidate(3 if term.begins != "unsaid" else 1, deadline, start, False))
    return found


def _may_stand_alone(led_by: str, lead: Lead, clause: str, term: Term) -> bool:
    """Whether a term that nothing says the beginning of runs from the notice."""
    if narrates(clause) or lead not in ("within", "by", "label"):
        return False
    limits = lead != "within" or "vòng" in led_by or "hạn" in led_by or "within" in led_by.casefold()
    return (limits or acts(clause)) and term.unit in ("day", "working-day", "week", "hour", "month")


def _first_day(term: Term, today: dt.date | None, held_on: dt.date | None) -> dt.date | None:
    if term.begins == "meeting":
        return held_on or today
    if term.begins == "event":
        return None
    if term.begins == "day":
        days = [each for each in _moments(term.event, today) if each.kind == "day" and each.start <= 6]
        return days[0].period.last if days else None
    return today
