"""HTTP: meetings and their directives."""

from fastapi import APIRouter, FastAPI, Request, Response

from services.tasks.api.as_of import AskedAsOf, NotYet
from services.tasks.api.parameters import Cursor, Id, Limit, MeetingReader, TaskReader
from services.tasks.reading import Connection, Source
from services.tasks.register import queries, tasks
from services.tasks.register.views import DirectiveStanding, MeetingTasks, MeetingView
from services.tasks.rollup import roll_up, roll_ups
from services.tasks.sight import sight
from shared.pagination import DEFAULT_LIMIT, link_next, sequence_of
from shared.problems import NotFound

router = APIRouter(prefix="/v1")


def install(app: FastAPI) -> None:
    """Adds the routes."""
    app.include_router(router)


@router.get("/meetings", summary="Meetings, newest first")
async def get_meetings(
    request: Request,
    response: Response,
    caller: MeetingReader,
    found: Connection,
    as_of: AskedAsOf = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> list[MeetingView]:
    """Meetings whose conclusions came into force; to a unit's staff those that gave it something to do."""
    meetings = await queries.list_meetings(found, sight(caller), sequence_of(cursor), limit, as_of)
    if len(meetings) == limit:
        link_next(request, response, meetings[-1].sequence)
    return meetings


@router.get("/meetings/{meeting_id}", summary="One meeting with its tasks")
async def get_meeting(
    meeting_id: Id, caller: MeetingReader, source: Source, found: Connection, as_of: AskedAsOf = None
) -> MeetingTasks:
    """A meeting, the tasks that its notice led to, and how their directives stand in all units together."""
    seen, today = sight(caller), source.today()
    meeting = await queries.find_meeting(found, meeting_id, seen, as_of)
    if meeting is None:
        if as_of and await queries.find_meeting(found, meeting_id, seen):
            raise NotYet(f"/v1/meetings/{meeting_id}", as_of)
        raise NotFound(what=f"/v1/meetings/{meeting_id}")
    given = await tasks.meeting_tasks(found, meeting_id, seen, today, as_of=as_of)
    every = given if seen is None else await tasks.meeting_tasks(found, meeting_id, None, today, as_of=as_of)
    shown = {task.directive.id for task in given}
    directives = tuple(rolled for rolled in roll_ups(every) if rolled.id in shown)
    return MeetingTasks(**meeting.model_dump(), directives=directives, tasks=tuple(given))


@router.get("/directives/{directive_id}", summary="One directive, and the part of each unit")
async def get_directive(
    directive_id: Id, caller: TaskReader, source: Source, found: Connection, as_of: AskedAsOf = None
) -> DirectiveStanding:
    """A directive: done when all its tasks are, late when one is overdue or was done late, those of other units too;
    and the tasks that the caller may see."""
    seen, today = sight(caller), source.today()
    given = await tasks.directive_tasks(found, directive_id, seen, today, as_of)
    if not given:
        if as_of and await tasks.directive_tasks(found, directive_id, seen, today):
            raise NotYet(f"/v1/directives/{directive_id}", as_of)
        raise NotFound(what=f"/v1/directives/{directive_id}")
    every = given if seen is None else await tasks.directive_tasks(found, directive_id, None, today, as_of)
    first = given[0]
    return DirectiveStanding(
        **roll_up(every).model_dump(),
        directive=first.directive,
        meeting=first.meeting,
        tasks=tuple(given),
        as_of=first.as_of,
    )
