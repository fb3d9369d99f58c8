"""A duty with its terms: until when, how often, how urgent, and by which documents."""

import datetime as dt

from services.intake.conclusion import ConcludedDirective
from services.intake.reading.duties.laid import LaidDuty
from services.intake.reading.policy import ReadingPolicy
from services.intake.reading.terms.citations import citations_in
from services.intake.reading.terms.deadlines import deadline_in, deadline_of_cell
from services.intake.reading.terms.recurrence import recurrence_in
from services.intake.reading.terms.urgency import is_urgent

_MOST_UNITS = 100


def concluded(
    duty: LaidDuty, issued_on: dt.date | None, held_on: dt.date | None, policy: ReadingPolicy
) -> ConcludedDirective:
    """The directive that a duty is. Days without a year are sought from the day of issue on, or else of the meeting."""
    words, today = duty.passage.words, issued_on or held_on
    if duty.term is None:
        deadline = deadline_in(words, today, policy, held_on=held_on)
        recurrence = recurrence_in(words)
        if duty.around and deadline is None and recurrence is None:
            deadline = deadline_in(duty.around, today, policy, held_on=held_on)
            recurrence = recurrence_in(duty.around)
    else:
        deadline = deadline_of_cell(duty.term, today, policy, held_on=held_on) if duty.term else None
        recurrence = recurrence_in(duty.term, in_cell=True) if duty.term else None
        if not duty.term:
            deadline, recurrence = deadline_in(words, today, policy, held_on=held_on), recurrence_in(words)
    confidence = min((sure for _, _, sure in duty.doubts), default=1.0)
    return ConcludedDirective(
        heading=duty.heading,
        text=duty.passage.text,
        span=duty.passage.span,
        assignees=tuple(name[:500] for name in duty.assignees[:_MOST_UNITS]),
        lead=duty.lead,
        cooperators=tuple(name[:500] for name in duty.cooperators[:_MOST_UNITS]),
        report_to=tuple(name[:500] for name in duty.report_to),
        deadline=deadline,
        recurrence=recurrence,
        citations=citations_in(words),
        urgent=is_urgent(words) or (duty.term is not None and is_urgent(duty.term)),
        confidence=min(confidence, deadline.confidence if deadline else 1.0),
    )
