"""The page of a meeting at any moment: its notice and its tasks as they stood, and what had just changed."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.parameters import Id
from services.tasks.ledger.search import events_at, sequences_on
from services.tasks.pages.record.asking import AskedMoment, AskedStep, asked_moment
from services.tasks.pages.record.differing import Showing, changes_of, notice_facts
from services.tasks.pages.record.naming import sentences
from services.tasks.pages.record.sentences import Sentence
from services.tasks.pages.record.travel import Stop, along_events, place_of
from services.tasks.reading import Connection, Source
from services.tasks.register import queries, tasks
from services.tasks.register.as_of import Sense
from services.tasks.register.changes import notice_changed, tasks_changed
from services.tasks.register.moments import at_sequence
from services.tasks.register.views import MeetingView, TaskView
from services.tasks.register.views_of_pasts import FieldChange, TaskChanges
from services.tasks.sight import sight
from shared import vocabulary
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.problems import NotFound
from shared.web import wording
from shared.web.forms import see
from shared.web.pages import shown
from shared.web.routing import page_router

_MOST_STOPS = 5_000
_DIRECTIVES = 50
_LARGEST_ORDINAL = 1_000_000

router = page_router()


@router.get("/record/meetings/{meeting_id}")
async def show_meeting_then(
    request: Request,
    meeting_id: Id,
    caller: Annotated[Caller, requires("read-log")],
    source: Source,
    found: Connection,
    as_of: AskedMoment = None,
    sense: Sense = "known",
    step: AskedStep = None,
    after: Annotated[int, Query(ge=0, le=_LARGEST_ORDINAL)] = 0,
) -> Response:
    """A notice and its tasks as they stood: by their own events, with a slider, buttons and a date."""
    seen = sight(caller)
    meeting = await queries.find_meeting(found, meeting_id, seen)
    if meeting is None:
        raise NotFound(what=request.url.path)
    stops = await _stops(found, meeting)
    if step is not None:
        chosen = stops[min(step, len(stops) - 1)]
        return see(request, f"/record/meetings/{meeting_id}?as_of={chosen}&sense={sense}")
    asked = await asked_moment(source, found, as_of, sense)
    then = meeting if asked.as_of is None else await queries.find_meeting(found, meeting_id, seen, asked.as_of)
    given = await tasks.meeting_tasks(found, meeting_id, seen, source.today(), after, _DIRECTIVES, asked.as_of)
    place = place_of(stops, asked.as_of)
    here = (await sentences(request, found, await events_at(found, [stops[place]])))[0] if place >= 0 else None
    notice, changed = await _changed(found, meeting, stops, place, given)
    showing = Showing(source.zone)
    differs = changes_of(notice, showing)
    return shown(
        request,
        "record_meeting.html",
        asked.status,
        meeting=meeting,
        then=then,
        facts=notice_facts(then, {change.name for change in differs}, showing) if then else [],
        changed=differs,
        tasks=given,
        task_changes={each.task_id: changes_of(each.changes, showing) for each in changed},
        here=here,
        travel=along_events(stops, asked.as_of, _stop(here, source.zone)),
        asked=asked,
        sense=sense,
        told=asked.told(request),
        after=after,
        page_size=_DIRECTIVES,
        vocabulary=vocabulary,
    )


async def _stops(found: AsyncConnection, meeting: MeetingView) -> list[int]:
    """The events of a meeting and of its tasks, from its conclusion on."""
    aggregates = [f"meeting.{meeting.id}", *(f"task.{each}" for each in await tasks.task_ids_of(found, meeting.id))]
    return await sequences_on(found, aggregates, meeting.sequence, _MOST_STOPS) or [meeting.sequence]


async def _changed(
    found: AsyncConnection, meeting: MeetingView, stops: list[int], place: int, given: list[TaskView]
) -> tuple[tuple[FieldChange, ...], list[TaskChanges]]:
    """What the event at a stop changed of the notice and of these tasks; of the first, nothing: all of it is new."""
    if place < 1:
        return (), []
    since, until = [await at_sequence(found, sequence, "known") for sequence in (stops[place - 1], stops[place])]
    before, after = [await queries.find_meeting(found, meeting.id, None, each) for each in (since, until)]
    if before is None or after is None:
        return (), []
    notice = await notice_changed(found, meeting.id, before.model_dump(), after.model_dump(), since, until)
    return notice, await tasks_changed(found, [task.id for task in given], since, until)


def _stop(here: Sentence | None, zone: str) -> Stop | None:
    return Stop(here.what, wording.time(here.time, zone)) if here else None
