"""From a conclusion and the directory to the events that publish it. Pure: the same input gives the same ids."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from services.intake.conclusion import ConcludedDirective
from services.intake.posted import JSON_TYPE, Posted
from services.intake.units import NO_UNIT_NAMED, found_doubtfully, is_known, named, responsible
from shared.directory.resolution import Resolver
from shared.events.envelope import Chain, event_content
from shared.events.fields import derived_id
from shared.events.meeting import Assignee, ConclusionHeld, Directive, Doubt, MeetingConcluded, Reading, TaskRef
from shared.events.submission import SubmissionAccepted
from shared.events.task import TaskAssigned
from shared.log.append import Entry
from shared.log.stream import PREFIX

SOURCE = "/ketluan/intake"

MOST_TASKS = 10_000

_MOST_DOUBTS = 1_000

_UNIT_UNREAD = "unit-not-recognised"
"""The reader's doubt whether a phrase names a unit at all, which a directory that knows it settles."""


class TooManyTasks(Exception):
    """The notice would become more than 10,000 tasks: too many directives for classes of too many units."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asks, in which request, and when."""

    actor: str
    request_id: str
    at: dt.datetime

    def chain(self) -> Chain:
        """What the events of this request have in common."""
        return Chain(SOURCE, self.actor, self.request_id, self.request_id, self.at)


def conclude(
    posted: Posted, resolver: Resolver, review_below: float = 0.0
) -> tuple[MeetingConcluded, tuple[TaskAssigned, ...]]:
    """The meeting with its directives, and one task for each directive and responsible unit.

    A doubt below the confidence `review_below` asks a person to go through the reading.

    Raises:
        TooManyTasks: they would be more than one notice may become.
    """
    directives: list[Directive] = []
    tasks: list[TaskAssigned] = []
    for ordinal, concluded in enumerate(posted.conclusion.directives, start=1):
        directive, assigned = directive_of(posted.meeting_id, posted.fingerprint, ordinal, concluded, resolver)
        directives.append(directive)
        tasks.extend(assigned)
        if len(tasks) > MOST_TASKS:
            raise TooManyTasks
    doubts = tuple(_doubts(posted, directives, resolver))
    conclusion = posted.conclusion
    meeting = MeetingConcluded(
        meeting_id=posted.meeting_id,
        fingerprint=posted.fingerprint,
        issuer=conclusion.issuer,
        number=conclusion.number,
        issued_on=conclusion.issued_on,
        held_on=conclusion.held_on,
        title=conclusion.title,
        concluded_by=conclusion.concluded_by,
        signed_by=conclusion.signed_by,
        attendees=conclusion.attendees,
        recipients=conclusion.recipients,
        document=posted.document,
        directives=tuple(directives),
        other=posted.other,
        doubts=doubts[:_MOST_DOUBTS],
        for_review=any(doubt.confidence < review_below for doubt in doubts),
    )
    return meeting, tuple(tasks)


def published(
    posted: Posted, meeting: MeetingConcluded, tasks: tuple[TaskAssigned, ...], origin: Origin
) -> list[Entry]:
    """The events in the order in which the log must hold them: MeetingConcluded comes last and puts all in force."""
    chain = origin.chain()
    entries = [begun(f"task.{task.task_id}", task, "", chain) for task in tasks]
    return [
        *entries,
        *_submission(posted, chain),
        begun(f"meeting.{meeting.meeting_id}", meeting, posted.fingerprint, chain),
    ]


def held(posted: Posted, meeting: MeetingConcluded, origin: Origin) -> tuple[ConclusionHeld, list[Entry]]:
    """The notice as it waits for a person, and the events that make it wait. The tasks that it names do not exist."""
    waiting = ConclusionHeld.model_construct(**{name: getattr(meeting, name) for name in Reading.model_fields})
    chain = origin.chain()
    return waiting, [
        *_submission(posted, chain),
        begun(f"meeting.{meeting.meeting_id}", waiting, posted.fingerprint, chain),
    ]


def begun(
    aggregate: str, data: MeetingConcluded | ConclusionHeld | TaskAssigned | SubmissionAccepted, seed: str, chain: Chain
) -> Entry:
    """The entry that begins an aggregate such as `task.4c1f…`; `seed` goes into the event's id."""
    event_id = derived_id("event", aggregate, 1, seed)
    return Entry(event_id, PREFIX + aggregate, event_content(data, data.type, event_id, aggregate, chain), follows=0)


def _submission(posted: Posted, chain: Chain) -> Iterator[Entry]:
    if posted.submission_id:
        submission = SubmissionAccepted(
            submission_id=posted.submission_id, meeting_id=posted.meeting_id, fingerprint=posted.fingerprint
        )
        yield begun(f"submission.{submission.submission_id}", submission, posted.fingerprint, chain)


def directive_of(
    meeting_id: str, seed: str, ordinal: int, concluded: ConcludedDirective, resolver: Resolver
) -> tuple[Directive, list[TaskAssigned]]:
    """A directive of a notice and its tasks. `seed` goes into the tasks' ids."""
    directive_id = f"{meeting_id}-{ordinal}"
    units = {
        phrase: responsible(resolver, phrase) for phrase in concluded.assignees or (concluded.heading or NO_UNIT_NAMED,)
    }
    task_ids = {unit.id: derived_id("task", directive_id, seed, unit.id) for found in units.values() for unit in found}
    directive = Directive(
        id=directive_id,
        ordinal=ordinal,
        heading=concluded.heading,
        text=concluded.text,
        span=concluded.span,
        assignees=tuple(
            Assignee(phrase=phrase, tasks=tuple(TaskRef(id=task_ids[unit.id], unit=unit) for unit in found))
            for phrase, found in units.items()
        ),
        lead=concluded.lead,
        cooperators=tuple(named(resolver, phrase) for phrase in concluded.cooperators),
        report_to=concluded.report_to,
        deadline=concluded.deadline,
        recurrence=concluded.recurrence,
        citations=concluded.citations,
        urgent=concluded.urgent,
        confidence=concluded.confidence,
    )
    return directive, tasks_of(meeting_id, directive)


def tasks_of(meeting_id: str, directive: Directive) -> list[TaskAssigned]:
    """The tasks that a directive names, one for each unit."""
    tasks: dict[str, TaskAssigned] = {}
    for assignee in directive.assignees:
        for ref in assignee.tasks:
            if ref.id not in tasks:
                tasks[ref.id] = TaskAssigned(
                    task_id=ref.id,
                    meeting_id=meeting_id,
                    directive_id=directive.id,
                    ordinal=directive.ordinal,
                    heading=directive.heading,
                    text=directive.text,
                    span=directive.span,
                    phrase=assignee.phrase,
                    unit=ref.unit,
                    lead=directive.lead,
                    cooperators=directive.cooperators,
                    report_to=directive.report_to,
                    deadline=directive.deadline,
                    recurrence=directive.recurrence,
                    citations=directive.citations,
                    urgent=directive.urgent,
                    confidence=directive.confidence,
                )
    return list(tasks.values())


def _doubts(posted: Posted, directives: list[Directive], resolver: Resolver) -> Iterator[Doubt]:
    """What the reader doubted, or the sender of a conclusion that nobody read; and the units that no name finds."""
    doubted: set[tuple[str | None, str]] = set()
    for each in posted.doubts:
        if each.code == _UNIT_UNREAD and each.about and is_known(resolver, each.about):
            continue
        directive_id = f"{posted.meeting_id}-{each.ordinal}" if each.ordinal else None
        doubted.add((directive_id, each.code))
        yield Doubt(code=each.code, directive_id=directive_id, about=each.about, confidence=each.confidence)
    phrases: set[str] = set()
    for directive in directives:
        if posted.document.media_type == JSON_TYPE:
            yield from _sender_doubts(directive)
        for assignee in directive.assignees:
            doubtful = None if assignee.phrase in phrases else found_doubtfully(resolver, assignee.phrase)
            phrases.add(assignee.phrase)
            if doubtful and (directive.id, doubtful[0]) not in doubted:
                code, confidence = doubtful
                yield Doubt(code=code, directive_id=directive.id, about=assignee.phrase, confidence=confidence)


def _sender_doubts(directive: Directive) -> Iterator[Doubt]:
    deadline = directive.deadline
    if directive.confidence < 1:
        yield Doubt(code="directive-uncertain", directive_id=directive.id, confidence=directive.confidence)
    if deadline and deadline.confidence < 1:
        about, confidence = deadline.phrase or str(deadline.date), deadline.confidence
        yield Doubt(code="deadline-uncertain", directive_id=directive.id, about=about, confidence=confidence)
