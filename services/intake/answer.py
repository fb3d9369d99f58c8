"""What intake answers: the notice, its directives and tasks with their ids, what is doubtful, and how it stands."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, Field

from services.intake.meetings import KnownMeeting
from services.intake.publication import Publication
from services.intake.standing import Standing, State
from shared.events.fields import Confidence, Day, Token
from shared.events.meeting import ConclusionHeld, Directive, Document, Doubt, Meeting, OtherPassage, Reading
from shared.language import Language
from shared.vocabulary import DOUBTS, OTHER_DOUBT


class DoubtInWords(BaseModel):
    """Something in the reading that a person should look at. `code` is stable, `detail` says it in words."""

    code: str
    detail: str
    about: str | None
    directive_id: Token | None
    ordinal: Annotated[int | None, Field(description="the directive's place in the notice")]
    confidence: Confidence


class ConcludedMeeting(BaseModel):
    """A notice that is in force or held, or in a dry run would be."""

    meeting: Meeting
    state: State
    directives: tuple[Directive, ...]
    task_count: Annotated[int, Field(ge=1)]
    doubts: tuple[DoubtInWords, ...]
    sequence: Annotated[int | None, Field(description="the log's sequence of its event; null in a dry run")]
    dry_run: bool = False


class StandingConclusion(BaseModel):
    """A notice as it stands now, with every correction in it."""

    meeting: Meeting
    state: State
    version: Annotated[int, Field(ge=1, description="what If-Match names; the ETag of the answer")]
    directives: tuple[Directive, ...]
    other: tuple[OtherPassage, ...]
    doubts: tuple[DoubtInWords, ...]
    document: Document


class ListedConclusion(BaseModel):
    """A notice in a list."""

    meeting_id: Token
    state: State
    version: int
    title: Annotated[str, Field(description="its first 300 characters")]
    issuer: str | None
    number: str | None
    issued_on: Day | None
    held_on: Day | None
    doubt_count: int
    arrived: Annotated[int, Field(description="the log's sequence of its first event")]


def answer(publication: Publication, language: Language, *, dry_run: bool) -> ConcludedMeeting:
    """The body of the answer to a notice that was posted."""
    reading = publication.meeting
    tasks = {task.id for each in reading.directives for assignee in each.assignees for task in assignee.tasks}
    held = isinstance(reading, ConclusionHeld)
    return ConcludedMeeting(
        meeting=_meeting(reading),
        state="held" if held else "doubtful" if reading.for_review else "published",
        directives=reading.directives,
        task_count=len(tasks),
        doubts=in_words(reading.doubts, reading.directives, language),
        sequence=publication.sequence,
        dry_run=dry_run,
    )


def standing_answer(known: Standing, language: Language) -> StandingConclusion:
    """The notice as it stands."""
    reading = known.reading
    return StandingConclusion(
        meeting=_meeting(reading),
        state=known.state,
        version=known.version,
        directives=reading.directives,
        other=reading.other,
        doubts=in_words(reading.doubts, reading.directives, language),
        document=reading.document,
    )


def listed(known: KnownMeeting) -> ListedConclusion:
    """The notice's place in a list."""
    return ListedConclusion(
        meeting_id=known.meeting_id,
        state=known.state,
        version=known.version,
        title=known.title,
        issuer=known.issuer,
        number=known.number,
        issued_on=known.issued_on,
        held_on=known.held_on,
        doubt_count=known.doubts,
        arrived=known.arrived,
    )


def in_words(doubts: Iterable[Doubt], directives: Iterable[Directive], language: Language) -> tuple[DoubtInWords, ...]:
    """Every doubt as a person reads it."""
    ordinals = {each.id: each.ordinal for each in directives}
    return tuple(
        DoubtInWords(
            code=doubt.code,
            detail=DOUBTS.get(doubt.code, OTHER_DOUBT).to(language),
            about=doubt.about,
            directive_id=doubt.directive_id,
            ordinal=ordinals.get(doubt.directive_id or ""),
            confidence=doubt.confidence,
        )
        for doubt in doubts
    )


def _meeting(reading: Reading) -> Meeting:
    return Meeting.model_construct(**{name: getattr(reading, name) for name in Meeting.model_fields})
