"""The progress report for the next meeting: a page that asks for it and shows it, and the same as a file."""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.as_of import moment
from services.tasks.api.parameters import AskedDay, TaskReader
from services.tasks.pages.board.overview import address
from services.tasks.reading import LARGEST_SEQUENCE, Connection, Reading, Source
from services.tasks.register import queries
from services.tasks.register.as_of import AsOf
from services.tasks.register.moments import at_time
from services.tasks.register.tasks import Sight
from services.tasks.register.views import MeetingView
from services.tasks.reporting import word, workbook
from services.tasks.reporting.content import COLUMNS, HEADINGS, Report
from services.tasks.reporting.gathering import gather
from services.tasks.reporting.letterhead import KIND, MOTTO, RECIPIENTS, STATE, Letterhead, mark_of
from services.tasks.reporting.period import Period, period_of
from services.tasks.sight import sight
from shared.events.fields import ONE_LINE, RECORDABLE, Token
from shared.language import Words
from shared.problems import FieldProblem, Invalid
from shared.web.forms import checked
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_ROWS, _MEETINGS = 10, 40
_SECOND, _DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)
_ATTACHED = "attachment; filename=bao-cao-{first}-{last}.{ending}"
_BACKWARDS = Words("trước ngày đầu của kỳ báo cáo", "is before the first day of the period")
_NO_MEETING = Words("không phải cuộc họp nào có ở đây", "is no meeting that is here")

Line = Annotated[str, Field(max_length=200, pattern=ONE_LINE), AfterValidator(str.strip)]

router = page_router()


class Asked(BaseModel):
    """What the form asks for. What is left out has a meaning of its own: see `period_of` and `_letterhead`."""

    first: AskedDay | None = Field(None, alias="from")
    last: AskedDay | None = Field(None, alias="to")
    meeting: Token | None = None
    as_of: Annotated[str, Field(max_length=40)] | None = None
    as_of_sequence: Annotated[int, Field(ge=0, le=LARGEST_SEQUENCE)] | None = None
    authority: Line = ""
    issuer: Line | None = None
    mark: Line | None = None
    place: Line = ""
    position: Line = ""
    signer: Line = ""
    recipients: Annotated[str, Field(max_length=1_000, pattern=RECORDABLE)] | None = None


@dataclass(frozen=True, slots=True)
class _Choice:
    """What is reported: when, of which meeting, by whom, as of which event."""

    period: Period
    meeting: MeetingView | None
    letterhead: Letterhead
    as_of: AsOf


class _Form(NamedTuple):
    """A kind of file: its media type, how many rows of each list it holds at most, and what makes its bytes of a report
    and of what gives a task's address by its id."""

    media_type: str
    most_rows: int
    make: Callable[[Report, Callable[[str], str]], bytes]


_FORMS: Mapping[str, _Form] = {
    "docx": _Form(word.MEDIA_TYPE, word.MOST_ROWS, word.word_file),
    "xlsx": _Form(workbook.MEDIA_TYPE, workbook.MOST_ROWS, workbook.workbook),
}


@router.get("/report")
async def show_report(request: Request, caller: TaskReader, source: Source, found: Connection) -> HTMLResponse:
    """The form, and the report as it would be downloaded, with the first rows of each list."""
    seen = sight(caller)
    meetings = await queries.list_meetings(found, seen, None, _MEETINGS)
    sent, refusal, report = dict(request.query_params), None, None
    try:
        choice = await _chosen(request, source, found, seen, meetings)
        report = await _gathered(choice, source, found, seen, _ROWS)
    except Invalid as told:
        refusal = told
    return shown(
        request,
        "report.html",
        refusal.status if refusal else HTTPStatus.OK,
        told=refusal.told(language_of(request)) if refusal else None,
        sent=sent,
        meetings=[(each.id, f"{each.number or each.title}") for each in meetings],
        report=report,
        files=_files(sent, report),
        columns=COLUMNS,
        headings=HEADINGS,
        state=STATE,
        motto=MOTTO,
        kind=KIND,
        listed=lambda of: address(request, "/board/tasks", of),
    )


@router.get("/report.docx")
async def get_word_file(request: Request, caller: TaskReader, source: Source, found: Connection) -> Response:
    """The report as a Word file."""
    return await _file(request, source, found, sight(caller), "docx")


@router.get("/report.xlsx")
async def get_workbook(request: Request, caller: TaskReader, source: Source, found: Connection) -> Response:
    """The report as a workbook."""
    return await _file(request, source, found, sight(caller), "xlsx")


async def _file(request: Request, source: Reading, found: AsyncConnection, seen: Sight, ending: str) -> Response:
    choice = await _chosen(request, source, found, seen, await queries.list_meetings(found, seen, None, 1))
    form = _FORMS[ending]
    report = await _gathered(choice, source, found, seen, form.most_rows)
    origin = str(request.base_url).rstrip("/")
    content = await asyncio.to_thread(form.make, report, lambda task_id: f"{origin}/tasks/{task_id}")
    named = _ATTACHED.format(first=choice.period.first, last=choice.period.last, ending=ending)
    headers = {"Content-Disposition": named, "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return Response(content, media_type=form.media_type, headers=headers)


async def _chosen(
    request: Request, source: Reading, found: AsyncConnection, seen: Sight, newest: Sequence[MeetingView]
) -> _Choice:
    """What a request asks for; what it does not say of who reports says the newest notice.

    Raises:
        Invalid: some of it cannot be used.
    """
    asked = checked(Asked, dict(request.query_params))
    today = source.today()
    if asked.first and asked.last and asked.last < asked.first:
        raise Invalid(errors=[FieldProblem("/to", "before-from", _BACKWARDS, {})])
    period = period_of(asked.first, asked.last, today.date)
    meeting = await queries.find_meeting(found, asked.meeting, seen) if asked.meeting else None
    if asked.meeting and meeting is None:
        raise Invalid(errors=[FieldProblem("/meeting", "no-such-meeting", _NO_MEETING, {})])
    if asked.as_of:
        as_of = await moment(source, found, "/as_of", asked.as_of, "known")
    elif period.last < today.date:
        as_of = await at_time(found, today.begun(period.last + _DAY), "known")
    else:
        as_of = await at_time(found, dt.datetime.now(dt.UTC).replace(microsecond=0) + _SECOND, "known")
    if asked.as_of_sequence is not None:
        # In the second that is asked about more may have happened since.
        last = min(asked.as_of_sequence, as_of.sequence)
        as_of = replace(as_of, sequence=last, stands_on=last)
    return _Choice(period, meeting, _letterhead(asked, meeting or next(iter(newest), None)), as_of)


async def _gathered(choice: _Choice, source: Reading, found: AsyncConnection, seen: Sight, rows: int) -> Report:
    return await gather(
        found, choice.period, choice.meeting, choice.letterhead, choice.as_of, seen, source.today(), rows
    )


def _letterhead(asked: Asked, notice: MeetingView | None) -> Letterhead:
    """Who reports: as it was said, else the body that issued the notice, by the mark of its number."""
    recipients = tuple(line.strip() for line in (asked.recipients or "").splitlines() if line.strip())
    return Letterhead(
        authority=asked.authority,
        issuer=asked.issuer if asked.issuer is not None else (notice.issuer or "" if notice else ""),
        mark=asked.mark or mark_of(notice.number if notice else None),
        place=asked.place,
        position=asked.position,
        signer=asked.signer,
        recipients=recipients or RECIPIENTS,
    )


def _files(sent: dict[str, Any], report: Report | None) -> dict[str, str]:
    """The addresses of the files that say what the page says, as of the same event."""
    if report is None:
        return {}
    fixed = {name: value for name, value in sent.items() if name not in ("lang", "said")}
    fixed |= {"from": report.period.first, "to": report.period.last, "as_of": report.as_of.asked}
    fixed["as_of_sequence"] = report.as_of.sequence
    return {ending: f"/report.{ending}?{urlencode(fixed)}" for ending in ("docx", "xlsx")}
