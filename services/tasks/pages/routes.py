"""Routes of the pages: the meetings, one meeting, one task with its history."""

from functools import partial
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from services.tasks.api.parameters import Cursor, Id, MeetingReader, TaskReader
from services.tasks.pages import words
from services.tasks.pages.notice import sections
from services.tasks.pages.record import routes as record
from services.tasks.pages.recurring import recurring
from services.tasks.pages.said import SAID
from services.tasks.pages.timeline import excerpt, timeline
from services.tasks.reading import Connection, Source
from services.tasks.record.findings import Finding
from services.tasks.record.scrubber import Scrubber, standing
from services.tasks.register import queries, tasks
from services.tasks.register.history import task_history
from services.tasks.register.views import MeetingCounts
from services.tasks.sight import sight
from shared import vocabulary
from shared.identity.gate import Gate
from shared.identity.permissions import allowed
from shared.pagination import cursor as cursor_of
from shared.pagination import sequence_of
from shared.problems import NotFound
from shared.web import assets, wording
from shared.web import pages as frame
from shared.web.forms import see
from shared.web.pages import Pages, language_of, shown
from shared.web.routing import page_router
from shared.web.sections import home_of

_MEETINGS = 20
_DIRECTIVES = 100
_LARGEST_ORDINAL = 1_000_000


router = page_router()


def install(app: FastAPI, zone: str) -> None:
    """Adds the routes, the files that pages need, and pages for refusals and faults. `zone` is an IANA name."""
    frame.install(app, Pages(zone, [Path(__file__).parent / "templates"], SAID))
    app.include_router(router)
    record.install(app)
    assets.install(app)


@router.get("/")
async def show_home(request: Request, caller: MeetingReader) -> RedirectResponse:
    """The page where a caller of this role begins."""
    return see(request, home_of(caller))


@router.get("/meetings")
async def show_meetings(
    request: Request, caller: MeetingReader, source: Source, found: Connection, cursor: Cursor = None
) -> HTMLResponse:
    """The meetings, newest first, and how their tasks stand today."""
    sequence = await queries.register_sequence(found)
    meetings = await queries.list_meetings(found, sight(caller), sequence_of(cursor), _MEETINGS + 1)
    listed = meetings[:_MEETINGS]
    counts = await queries.count_by_meeting(found, [meeting.id for meeting in listed], sight(caller), source.today())
    return shown(
        request,
        "meetings.html",
        meetings=[(meeting, counts.get(meeting.id, MeetingCounts())) for meeting in listed],
        older=cursor_of(listed[-1].sequence) if len(meetings) > _MEETINGS else None,
        newest=cursor is None,
        sequence=sequence,
        origin=str(request.base_url).rstrip("/"),
        damage=await _damage(request) if allowed(caller, "verify-record", "all") else (),
    )


@router.get("/meetings/{meeting_id}")
async def show_meeting(
    request: Request,
    meeting_id: Id,
    caller: MeetingReader,
    source: Source,
    found: Connection,
    after: Annotated[int, Query(ge=0, le=_LARGEST_ORDINAL)] = 0,
) -> HTMLResponse:
    """A notice: what it is, and its directives with the units that they were given to."""
    meeting = await queries.find_meeting(found, meeting_id, sight(caller))
    if meeting is None:
        raise NotFound(what=request.url.path)
    today = source.today()
    counts = await queries.count_by_meeting(found, [meeting_id], sight(caller), today)
    given = await tasks.meeting_tasks(found, meeting_id, sight(caller), today, after, _DIRECTIVES)
    return shown(
        request,
        "meeting.html",
        meeting=meeting,
        counts=counts.get(meeting_id, MeetingCounts()),
        sections=sections(given),
        after=after,
        page_size=_DIRECTIVES,
        vocabulary=vocabulary,
        deadline=partial(wording.deadline, today=today.date, language=language_of(request)),
    )


@router.get("/tasks/{task_id}")
async def show_task(
    request: Request, task_id: Id, caller: TaskReader, source: Source, found: Connection
) -> HTMLResponse:
    """A task: its sentence, its unit, its deadline, and everything that happened to it."""
    today = source.today()
    task = await tasks.find_task(found, task_id, sight(caller), today)
    if task is None:
        raise NotFound(what=request.url.path)
    steps = timeline(await task_history(found, task, whole=False))
    return shown(
        request,
        "task.html",
        task=task,
        first=(task.directive.ordinal - 1) // _DIRECTIVES * _DIRECTIVES,
        meeting=await queries.find_meeting(found, task.meeting.id, sight(caller)),
        steps=steps,
        excerpt=excerpt(steps, task.directive.span),
        programs=_programs(request),
        recurring=recurring,
        words=words,
        vocabulary=vocabulary,
        deadline=partial(wording.deadline, today=today.date, language=language_of(request)),
    )


async def _damage(request: Request) -> tuple[Finding, ...]:
    """What is wrong with the record, for those whose business it is."""
    scrubber: Scrubber = request.app.state.scrubber
    return (await standing(scrubber.engine)).findings


def _programs(request: Request) -> dict[str, str]:
    """The names of programs, by how events name them."""
    gate: Gate = request.app.state.gate
    return {f"client.{client.id}": client.name for client in gate.identity.known.clients.values()}
