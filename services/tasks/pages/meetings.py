"""The pages of meetings: what was concluded, and what it became."""

from functools import partial
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from services.tasks.api.parameters import Cursor, Id, MeetingReader
from services.tasks.pages.notice import sections
from services.tasks.pages.task import DIRECTIVES
from services.tasks.reading import Connection, Source
from services.tasks.record.findings import Finding
from services.tasks.record.scrubber import Scrubber, standing
from services.tasks.register import queries, tasks
from services.tasks.register.views import MeetingCounts
from services.tasks.sight import sight
from shared import vocabulary
from shared.identity.permissions import allowed
from shared.pagination import cursor as cursor_of
from shared.pagination import sequence_of
from shared.problems import NotFound
from shared.web import wording
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_MEETINGS = 20
_LARGEST_ORDINAL = 1_000_000

router = page_router()


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
    sequence = await queries.register_sequence(found)
    meeting = await queries.find_meeting(found, meeting_id, sight(caller))
    if meeting is None:
        raise NotFound(what=request.url.path)
    today = source.today()
    counts = await queries.count_by_meeting(found, [meeting_id], sight(caller), today)
    given = await tasks.meeting_tasks(found, meeting_id, sight(caller), today, after, DIRECTIVES)
    return shown(
        request,
        "meeting.html",
        meeting=meeting,
        counts=counts.get(meeting_id, MeetingCounts()),
        groups=sections(given),
        after=after,
        page_size=DIRECTIVES,
        sequence=sequence,
        vocabulary=vocabulary,
        deadline=partial(wording.deadline, today=today.date, language=language_of(request)),
    )


async def _damage(request: Request) -> tuple[Finding, ...]:
    """What is wrong with the record, for those whose business it is."""
    scrubber: Scrubber = request.app.state.scrubber
    return (await standing(scrubber.engine)).findings
