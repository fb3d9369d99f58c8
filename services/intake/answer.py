"""What intake answers: the meeting, its directives and tasks with their ids, and where the log holds them."""

from typing import Annotated

from pydantic import BaseModel, Field

from services.intake.publication import Publication
from shared.events.meeting import Directive, Meeting


class ConcludedMeeting(BaseModel):
    """A notice that is in force, or in a dry run would be."""

    meeting: Meeting
    directives: tuple[Directive, ...]
    task_count: Annotated[int, Field(ge=1)]
    sequence: Annotated[int | None, Field(description="the log's sequence of MeetingConcluded; null in a dry run")]
    dry_run: bool = False


def answer(publication: Publication, *, dry_run: bool) -> ConcludedMeeting:
    """The body of the answer."""
    directives = publication.meeting.directives
    tasks = {task.id for directive in directives for assignee in directive.assignees for task in assignee.tasks}
    return ConcludedMeeting(
        meeting=Meeting.model_validate(publication.meeting.model_dump(include=set(Meeting.model_fields))),
        directives=directives,
        task_count=len(tasks),
        sequence=publication.sequence,
        dry_run=dry_run,
    )
