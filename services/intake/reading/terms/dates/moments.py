"""One mention of a day or a period, or of a term that runs from another day, with its place in the words."""

import datetime as dt
from dataclasses import dataclass

from services.intake.reading.terms.dates.periods import Kind, Part, Period, Said, period_of


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or a period that words name. `time` is a local hour, HH:MM.

    `is_fixed` says that the words leave no choice of the year, and `is_bare` that they name no period of their own, as
    "trong tuần".
    """

    start: int
    end: int
    kind: Kind
    period: Period
    part: Part | None
    is_fixed: bool
    is_bare: bool
    time: str | None = None


def moment_of(said: Said, start: int, end: int, today: dt.date | None, time: str | None = None) -> Moment | None:
    """The mention with the days that it means; none where it means none."""
    period = period_of(said, today)
    if period is None:
        return None
    counted = said.months, said.year, said.year_shift, said.shift
    is_bare = said.kind != "day" and counted == (None, None, None, None) and said.part is None
    is_fixed = said.year is not None or said.year_shift is not None or said.shift is not None
    return Moment(start, end, said.kind, period, said.part, is_fixed, is_bare, time)


def without_overlaps(moments: list[Moment]) -> list[Moment]:
    """The mentions in the order of the words; of two that overlap the one that begins first, or else is longer."""
    kept: list[Moment] = []
    for moment in sorted(moments, key=lambda each: (each.start, -each.end)):
        if not kept or moment.start >= kept[-1].end:
            kept.append(moment)
    return kept
