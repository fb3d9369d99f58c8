"""HTTP: why something is as it is, and the life of one directive step by step."""

from typing import Annotated

from fastapi import APIRouter, FastAPI, Path

from services.tasks.api.parameters import Id, TaskReader
from services.tasks.api.tasks import task_as_of
from services.tasks.reading import Connection, Source
from services.tasks.register.causes import Ordered, because, chain_of, find_event
from services.tasks.register.changes import brief_of
from services.tasks.register.history import task_history
from services.tasks.register.lives import life
from services.tasks.register.standing import own_records, steps
from services.tasks.register.views import DirectiveView, MeetingBrief
from services.tasks.register.views_of_pasts import EventWhy, StepView, TaskWhy
from services.tasks.register.views_of_pasts import Source as Sentence
from services.tasks.sight import sight
from shared.events.fields import ONE_LINE
from shared.identity.guard import requires
from shared.problems import NotFound

router = APIRouter(prefix="/v1")


def install(app: FastAPI) -> None:
    """Adds the routes."""
    app.include_router(router)


@router.get("/tasks/{task_id}/steps", summary="The life of a task, step by step")
async def get_steps(task_id: Id, caller: TaskReader, source: Source, found: Connection) -> list[StepView]:
    """For each event: what came, what it changed, who did it, what led to it, and who was told."""
    task = await task_as_of(found, task_id, sight(caller), source)
    history = await task_history(found, task, whole=False)
    return life(history, steps(await own_records(found, task_id)))


@router.get("/tasks/{task_id}/why", summary="Why a task is as it is, back to the sentence of the notice")
async def get_task_why(task_id: Id, caller: TaskReader, source: Source, found: Connection) -> TaskWhy:
    """Which event made each field what it is, and the causes of the last one, back to the passage of the document."""
    task = await task_as_of(found, task_id, sight(caller), source)
    history = await task_history(found, task, whole=False)
    own = steps(await own_records(found, task_id))
    last = await find_event(found, str(own[-1].place.sequence))
    if last is None:
        raise AssertionError("a step of a task is an event that can be read")
    chain, ordered = await chain_of(found, last)
    if ordered is None:
        raise NotFound(what=f"/v1/tasks/{task_id}/why")
    briefs = {entry.sequence: brief_of(entry) for entry in history}
    return TaskWhy(task=task, because=tuple(because(own, briefs)), chain=tuple(chain), source=_sentence(ordered))


@router.get(
    "/events/{event}/why", summary="What led to an event", dependencies=[requires("read-log")], response_model=EventWhy
)
async def get_event_why(
    event: Annotated[
        str,
        Path(min_length=1, max_length=200, pattern=ONE_LINE, description="the event's sequence, or (slower) its id"),
    ],
    found: Connection,
) -> EventWhy:
    """The chain of causes of any event, and the sentence of the notice where it goes back to one."""
    placed = await find_event(found, event)
    if placed is None:
        raise NotFound(what=f"/v1/events/{event}/why")
    chain, ordered = await chain_of(found, placed)
    return EventWhy(chain=tuple(chain), source=_sentence(ordered) if ordered else None)


def _sentence(ordered: Ordered) -> Sentence:
    directive, document, concluded = ordered.directive, ordered.document, ordered.concluded
    return Sentence(
        meeting=MeetingBrief(
            id=concluded.meeting_id,
            title=concluded.title,
            issuer=concluded.issuer,
            number=concluded.number,
            held_on=concluded.held_on,
        ),
        directive=DirectiveView(
            **{name: getattr(directive, name) for name in DirectiveView.model_fields if name != "withdrawn"}
        ),
        span=directive.span,
        passage=ordered.passage,
        document=f"/v1/documents/{document.sha256}",
        document_sha256=document.sha256,
        media_type=document.media_type,
        document_name=document.name,
    )
