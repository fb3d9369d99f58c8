"""HTTP: meetings, tasks, their history, and the log as it grows."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.reading import LARGEST_SEQUENCE, Connection, MinSequence, Reading, Source, connected
from services.tasks.register import queries, tasks
from services.tasks.register.history import task_history
from services.tasks.register.tasks import Sight, TaskFilter
from services.tasks.register.views import (
    DirectiveStanding,
    EventView,
    HistoryEntry,
    MeetingTasks,
    MeetingView,
    ParkedView,
    TaskView,
)
from services.tasks.rollup import roll_up, roll_ups
from services.tasks.sight import sight
from services.tasks.task.state import Status
from services.tasks.timeliness import Timeliness
from shared.database import translated
from shared.events.asyncapi import asyncapi
from shared.events.fields import TOKEN
from shared.identity.caller import Caller
from shared.identity.guard import requires, while_allowed
from shared.pagination import DEFAULT_LIMIT, LARGEST_LIMIT, link_next, sequence_of
from shared.preconditions import entity_tag
from shared.problems import NotFound
from shared.streams import Fetch, Item, live, resumed, wants_stream

_STREAM_PAGE = 100

Id = Annotated[str, Path(pattern=TOKEN)]
IdFilter = Annotated[str | None, Query(pattern=TOKEN)]
Limit = Annotated[int, Query(ge=1, le=LARGEST_LIMIT, description="most entries of a page")]
Cursor = Annotated[str | None, Query(max_length=64, description="from the Link header of the page before")]
# Far enough from the first and the last day of the calendar to count on from.
AskedDay = Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), le=dt.date(9000, 12, 31))]
AssignedFrom = Annotated[
    AskedDay | None, Query(alias="from", description="first local day of the period in which tasks were assigned")
]
AssignedTo = Annotated[
    AskedDay | None, Query(alias="to", description="last local day of the period in which tasks were assigned")
]
OnDay = Annotated[
    AskedDay | None, Query(description="the local day asked about; on a past one tasks stand as when it ended")
]
MeetingReader = Annotated[Caller, requires("read-meetings")]
TaskReader = Annotated[Caller, requires("read-tasks")]


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
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> list[MeetingView]:
    """Meetings whose conclusions came into force; to a unit's staff those that gave it something to do."""
    meetings = await queries.list_meetings(found, sight(caller), sequence_of(cursor), limit)
    if len(meetings) == limit:
        link_next(request, response, meetings[-1].sequence)
    return meetings


@router.get("/meetings/{meeting_id}", summary="One meeting with its tasks")
async def get_meeting(meeting_id: Id, caller: MeetingReader, source: Source, found: Connection) -> MeetingTasks:
    """A meeting, the tasks that its notice led to, and how their directives stand in all units together."""
    seen, today = sight(caller), source.today()
    meeting = await queries.find_meeting(found, meeting_id, seen)
    if meeting is None:
        raise NotFound(what=f"/v1/meetings/{meeting_id}")
    given = await tasks.meeting_tasks(found, meeting_id, seen, today)
    every = given if seen is None else await tasks.meeting_tasks(found, meeting_id, None, today)
    shown = {task.directive.id for task in given}
    directives = tuple(rolled for rolled in roll_ups(every) if rolled.id in shown)
    return MeetingTasks(**meeting.model_dump(), directives=directives, tasks=tuple(given))


@router.get("/directives/{directive_id}", summary="One directive, and the part of each unit")
async def get_directive(directive_id: Id, caller: TaskReader, source: Source, found: Connection) -> DirectiveStanding:
    """A directive: done when all its tasks are, late when one is overdue or was done late, those of other units too;
    and the tasks that the caller may see."""
    seen, today = sight(caller), source.today()
    given = await tasks.directive_tasks(found, directive_id, seen, today)
    if not given:
        raise NotFound(what=f"/v1/directives/{directive_id}")
    every = given if seen is None else await tasks.directive_tasks(found, directive_id, None, today)
    return DirectiveStanding(
        **roll_up(every).model_dump(), directive=given[0].directive, meeting=given[0].meeting, tasks=tuple(given)
    )


@router.get("/tasks", summary="Tasks in force, in the order of their assignment")
async def get_tasks(
    request: Request,
    response: Response,
    caller: TaskReader,
    source: Source,
    found: Connection,
    unit: IdFilter = None,
    meeting: IdFilter = None,
    directive: IdFilter = None,
    series: IdFilter = None,
    status: Annotated[Status | None, Query(description="how far the work is")] = None,
    timeliness: Annotated[
        tuple[Timeliness, ...], Query(description="how the task stands to its deadline; several mean any of them")
    ] = (),
    due_from: Annotated[dt.date | None, Query(description="first deadline wanted")] = None,
    due_to: Annotated[dt.date | None, Query(description="last deadline wanted")] = None,
    assigned_from: AssignedFrom = None,
    assigned_to: AssignedTo = None,
    on: OnDay = None,
    carried_over: Annotated[
        bool | None, Query(description="whether the task repeats one that was still open when it was ordered again")
    ] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> list[TaskView]:
    """Tasks that fit every filter given."""
    wanted = TaskFilter(
        unit=unit,
        meeting=meeting,
        status=status,
        timeliness=timeliness,
        due_from=due_from,
        due_to=due_to,
        directive=directive,
        series=series,
        assigned_from=assigned_from,
        assigned_to=assigned_to,
        on=on,
        carried_over=carried_over,
    )
    listed = await tasks.list_tasks(found, wanted, sight(caller), source.today(), sequence_of(cursor) or 0, limit)
    if len(listed) == limit:
        link_next(request, response, listed[-1].assigned_sequence)
    return listed


@router.get("/tasks/{task_id}", summary="One task")
async def get_task(task_id: Id, response: Response, caller: TaskReader, source: Source, found: Connection) -> TaskView:
    """A task as it is now; its ETag is its version."""
    task = await _task(found, task_id, sight(caller), source)
    response.headers["ETag"] = entity_tag(task.version)
    return task


@router.get("/tasks/{task_id}/history", summary="Everything that happened to a task")
async def get_history(task_id: Id, caller: TaskReader, source: Source, found: Connection) -> list[HistoryEntry]:
    """The events of the task and of its meeting, and who was told, in the log's order."""
    return await task_history(found, await _task(found, task_id, sight(caller), source))


@router.get(
    "/events",
    summary="The log, from the ledger; live as a stream",
    responses={200: {"content": {"text/event-stream": {}}}},
    dependencies=[requires("read-log")],
)
async def get_events(
    request: Request,
    source: Source,
    after: Annotated[int, Query(ge=0, le=LARGEST_SEQUENCE, description="sequence behind which to begin")] = 0,
    limit: Limit = DEFAULT_LIMIT,
    min_sequence: MinSequence = None,
) -> list[EventView]:
    """Events in order. With `Accept: text/event-stream` each comes as it happens; Last-Event-ID goes on behind it."""
    if wants_stream(request):
        return live(_fetch(source), resumed(request, after), source.advanced, while_allowed(request, "read-log"))  # type: ignore[return-value]
    async with connected(source, min_sequence) as found:
        events = await queries.list_events(found, after, limit)
    response = JSONResponse([event.model_dump(mode="json") for event in events])
    if events:
        address = request.url.include_query_params(after=events[-1].sequence)
        response.headers["Link"] = f'<{address.path}?{address.query}>; rel="next"'
    return response  # type: ignore[return-value]


@router.get(
    "/asyncapi.json",
    summary="The log's description for readers over NATS (AsyncAPI 3.0)",
    dependencies=[requires("read-descriptions")],
)
async def get_asyncapi() -> dict[str, Any]:
    """Every type of event that the log may hold."""
    return asyncapi()


@router.get("/parked", summary="Events that could not be applied", dependencies=[requires("read-parked")])
async def get_parked(
    request: Request, response: Response, found: Connection, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> list[ParkedView]:
    """Events that the ledger holds and the register does not show, each with the reason."""
    parked = await queries.list_parked(found, sequence_of(cursor) or 0, limit)
    if len(parked) == limit:
        link_next(request, response, parked[-1].sequence)
    return parked


async def _task(found: AsyncConnection, task_id: str, seen: Sight, source: Reading) -> TaskView:
    task = await tasks.find_task(found, task_id, seen, source.today())
    if task is None:
        raise NotFound(what=f"/v1/tasks/{task_id}")
    return task


def _fetch(source: Reading) -> Fetch:
    async def events(after: int) -> Sequence[Item]:
        with translated():
            async with source.engine.connect() as found:
                found_events = await queries.list_events(found, after, _STREAM_PAGE)
        return [Item(event.sequence, event.model_dump_json()) for event in found_events]

    return events
