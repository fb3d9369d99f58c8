"""From a conclusion and the directory to the events that publish it. Pure: the same input gives the same ids."""

import datetime as dt
import hashlib
import unicodedata
from dataclasses import dataclass

from services.intake.conclusion import ConcludedDirective, Conclusion
from shared.directory.directory import Directory
from shared.directory.spelling import matching_key, visible
from shared.events.envelope import Chain, first_event
from shared.events.fields import NamedUnit, UnitRef, derived_id
from shared.events.meeting import Assignee, Directive, Document, MeetingConcluded, TaskRef
from shared.events.submission import SubmissionAccepted
from shared.events.task import TaskAssigned
from shared.log.append import Entry
from shared.log.stream import PREFIX

SOURCE = "/ketluan/intake"

MOST_TASKS = 10_000

NO_UNIT_NAMED = "(chưa nêu đơn vị)"
"""Name of the provisional unit of a directive that names nobody and stands under no heading."""


class TooManyTasks(Exception):
    """The notice would become more than 10,000 tasks: too many directives for classes of too many units."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted: the conclusion, the document it came in, and a digest of what it says.

    `submission_id` is the id under which the sender's Idempotency-Key is used up; None without a key.
    """

    conclusion: Conclusion
    document: Document
    fingerprint: str
    meeting_id: str
    submission_id: str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asks, in which request, and when."""

    actor: str
    request_id: str
    at: dt.datetime


def posted_json(conclusion: Conclusion, body: bytes, idempotency_key: str | None) -> Posted:
    """A conclusion that came as JSON. Two bodies that say the same are the same, however they are laid out."""
    meaning = conclusion.model_dump_json(exclude_defaults=True).encode()
    document = Document(media_type="application/json", sha256=hashlib.sha256(body).hexdigest(), size=len(body))
    return _posted(conclusion, document, b"json\n" + meaning, idempotency_key)


def posted_text(conclusion: Conclusion, text: str, body: bytes, idempotency_key: str | None) -> Posted:
    """A conclusion that was read from a notice. Composition and line ends make no other notice of it."""
    meaning = unicodedata.normalize("NFC", "\n".join(text.split("\r\n"))).encode()
    digest = hashlib.sha256(body).hexdigest()
    document = Document(media_type="text/plain", sha256=digest, size=len(body), text=text)
    return _posted(conclusion, document, b"text\n" + meaning, idempotency_key)


def _posted(conclusion: Conclusion, document: Document, meaning: bytes, idempotency_key: str | None) -> Posted:
    fingerprint = hashlib.sha256(meaning).hexdigest()
    submission_id = derived_id("submission", idempotency_key) if idempotency_key else None
    return Posted(conclusion, document, fingerprint, _meeting_id(conclusion, fingerprint), submission_id)


def _meeting_id(conclusion: Conclusion, fingerprint: str) -> str:
    """Who issued it, its number and its year make a notice one; without all three, its contents do."""
    day = conclusion.issued_on or conclusion.held_on
    if conclusion.issuer and conclusion.number and day:
        number = "".join(visible(conclusion.number).casefold().split())
        return derived_id("meeting", matching_key(conclusion.issuer), number, day.year)
    return derived_id("meeting", fingerprint)


def conclude(posted: Posted, directory: Directory) -> tuple[MeetingConcluded, tuple[TaskAssigned, ...]]:
    """The meeting with its directives, and one task for each directive and responsible unit.

    Raises:
        TooManyTasks: they would be more than one notice may become.
    """
    resolution = _Resolution(directory)
    directives: list[Directive] = []
    tasks: list[TaskAssigned] = []
    for ordinal, concluded in enumerate(posted.conclusion.directives, start=1):
        directive, assigned = _directive(posted, ordinal, concluded, resolution)
        directives.append(directive)
        tasks.extend(assigned)
        if len(tasks) > MOST_TASKS:
            raise TooManyTasks
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
    )
    return meeting, tuple(tasks)


def published(
    posted: Posted, meeting: MeetingConcluded, tasks: tuple[TaskAssigned, ...], origin: Origin
) -> list[Entry]:
    """The events in the order in which the log must hold them: MeetingConcluded comes last and puts all in force."""
    chain = Chain(SOURCE, origin.actor, origin.request_id, origin.request_id, origin.at)
    entries = [_entry(f"task.{task.task_id}", task, "", chain) for task in tasks]
    if posted.submission_id:
        submission = SubmissionAccepted(
            submission_id=posted.submission_id, meeting_id=meeting.meeting_id, fingerprint=posted.fingerprint
        )
        entries.append(_entry(f"submission.{submission.submission_id}", submission, posted.fingerprint, chain))
    entries.append(_entry(f"meeting.{meeting.meeting_id}", meeting, posted.fingerprint, chain))
    return entries


def _entry(
    aggregate: str, data: MeetingConcluded | TaskAssigned | SubmissionAccepted, fingerprint: str, chain: Chain
) -> Entry:
    event_id = derived_id("event", aggregate, 1, fingerprint)
    return Entry(event_id, PREFIX + aggregate, first_event(data, data.type, event_id, aggregate, chain), follows=0)


def _directive(
    posted: Posted, ordinal: int, concluded: ConcludedDirective, resolution: "_Resolution"
) -> tuple[Directive, list[TaskAssigned]]:
    directive_id = f"{posted.meeting_id}-{ordinal}"
    cooperators = tuple(resolution.named(phrase) for phrase in concluded.cooperators)
    tasks: dict[str, TaskAssigned] = {}
    assignees = []
    for phrase in concluded.assignees or (concluded.heading or NO_UNIT_NAMED,):
        refs = []
        for unit in resolution.responsible(phrase):
            if unit.id not in tasks:
                tasks[unit.id] = TaskAssigned(
                    task_id=derived_id("task", directive_id, posted.fingerprint, unit.id),
                    meeting_id=posted.meeting_id,
                    directive_id=directive_id,
                    ordinal=ordinal,
                    heading=concluded.heading,
                    text=concluded.text,
                    span=concluded.span,
                    phrase=phrase,
                    unit=unit,
                    lead=concluded.lead,
                    cooperators=cooperators,
                    report_to=concluded.report_to,
                    deadline=concluded.deadline,
                    recurrence=concluded.recurrence,
                    citations=concluded.citations,
                )
            refs.append(TaskRef(id=tasks[unit.id].task_id, unit=unit))
        assignees.append(Assignee(phrase=phrase, tasks=tuple(refs)))
    directive = Directive(
        id=directive_id,
        ordinal=ordinal,
        heading=concluded.heading,
        text=concluded.text,
        span=concluded.span,
        assignees=tuple(assignees),
        lead=concluded.lead,
        cooperators=cooperators,
        report_to=concluded.report_to,
        deadline=concluded.deadline,
        recurrence=concluded.recurrence,
        citations=concluded.citations,
    )
    return directive, list(tasks.values())


class _Resolution:
    """Looks each phrase of a notice up once."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._found: dict[str, tuple[UnitRef, ...]] = {}

    def responsible(self, phrase: str) -> tuple[UnitRef, ...]:
        """The units that a phrase means; a provisional one of that name where the directory knows none."""
        if phrase not in self._found:
            found = tuple(UnitRef(id=unit.id, name=unit.name) for unit in self._directory.resolve(phrase))
            provisional = UnitRef(
                id=f"provisional-{derived_id('unit', matching_key(phrase))}", name=phrase, provisional=True
            )
            self._found[phrase] = found or (provisional,)
        return self._found[phrase]

    def named(self, phrase: str) -> NamedUnit:
        """A co-operating unit as it is named, with the one unit of the directory that it means."""
        found = self.responsible(phrase)
        known = found[0].id if len(found) == 1 and not found[0].provisional else None
        return NamedUnit(phrase=phrase, unit=known)
