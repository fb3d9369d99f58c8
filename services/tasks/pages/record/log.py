"""Pages of the log: its events as they come, and those of one kind, aggregate, actor or period."""

import datetime as dt
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.parameters import AskedDay
from services.tasks.ledger import store
from services.tasks.ledger.search import EventFilter, page_after, page_before
from services.tasks.pages.record.naming import sentences
from services.tasks.reading import LARGEST_SEQUENCE, Connection, Reading, Source
from services.tasks.register.moments import at_time
from services.tasks.register.names import actors_called
from shared.events.fields import ONE_LINE
from shared.identity.guard import requires
from shared.language import Words
from shared.problems import FieldProblem, Invalid
from shared.vocabulary import EVENTS
from shared.web.forms import checked
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_EVENTS = 40
_NOBODY = Words(
    "danh bạ không có ai mang tên hay mã này; hệ thống kết nối ghi là client.MÃ, dịch vụ ghi là service.TÊN",
    "the directory knows nobody of this name or id; write client.ID for an API client, service.NAME for a service",
)
_BACKWARDS = Words("phải từ ngày bắt đầu trở đi", "must not lie before the first day")
AGGREGATES: Mapping[str, Words] = {
    "meeting.": Words("cuộc họp", "meetings"),
    "task.": Words("nhiệm vụ", "tasks"),
    "inbox.": Words("hộp tin", "inboxes"),
    "unit.": Words("đơn vị", "units"),
    "person.": Words("con người", "people"),
    "client.": Words("hệ thống kết nối", "API clients"),
    "webhook.": Words("điểm nhận sự kiện", "webhooks"),
    "ledger.": Words("sổ cái và điểm kiểm chứng", "the ledger and its checkpoints"),
}
"""Kinds of aggregates, by how their subjects begin."""

router = page_router()

_Sequence = Annotated[int | None, Query(ge=0, le=LARGEST_SEQUENCE)]


class Asked(BaseModel):
    """What the form asks for; what is None does not matter."""

    kind: Annotated[str, Field(max_length=100, pattern=r"^\w+$")] | None = None
    aggregate: Annotated[str, Field(max_length=100, pattern=r"^[\w-]+\.[\w-]*$")] | None = None
    actor: Annotated[str, Field(max_length=200, pattern=ONE_LINE)] | None = None
    since: Annotated[AskedDay | None, Field(alias="from")] = None
    until: Annotated[AskedDay | None, Field(alias="to")] = None


@router.get("/record", dependencies=[requires("read-log")])
async def show_log(
    request: Request, source: Source, found: Connection, before: _Sequence = None, after: _Sequence = None
) -> HTMLResponse:
    """Events, newest first. The newest page goes on by itself; any other stays as it is."""
    given = {name: value for name, value in request.query_params.items() if name in _ASKED and value.strip()}
    refusal: Invalid | None = None
    wanted = EventFilter()
    try:
        wanted = await _wanted(found, source, checked(Asked, given))
    except Invalid as problem:
        refusal = problem
    last = await store.size_of(found)
    page = (
        await page_after(found, wanted, after, _EVENTS, last)
        if after is not None
        else await page_before(found, wanted, min(before or last + 1, last + 1), _EVENTS)
    )
    is_newest = before is None and (after is None or not page.newer)
    is_first = before is None and after is None
    return shown(
        request,
        "record_log.html",
        refusal.status if refusal else HTTPStatus.OK,
        events=await sentences(request, found, page.found),
        page=page,
        last=last,
        live=is_first and refusal is None and wanted.last is None,
        newest=is_newest,
        given=given,
        kinds=EVENTS,
        aggregates=AGGREGATES,
        told=refusal.told(language_of(request)) if refusal else None,
    )


_ASKED = {field.alias or name for name, field in Asked.model_fields.items()}


async def _wanted(found: AsyncConnection, source: Reading, asked: Asked) -> EventFilter:
    """The filter that a form asks for.

    Raises:
        Invalid: nobody is called so, or the period ends before it begins.
    """
    wrong = []
    if asked.since and asked.until and asked.until < asked.since:
        wrong.append(FieldProblem("/to", "before-from", _BACKWARDS, {}))
    actors = await _actors(found, asked.actor) if asked.actor else ()
    if asked.actor and not actors:
        wrong.append(FieldProblem("/actor", "nobody", _NOBODY, {}))
    if wrong:
        raise Invalid(errors=wrong)
    first, last = 1, None
    if asked.since:
        first = (await at_time(found, source.today().begun(asked.since), "known")).sequence + 1
    if asked.until:
        last = (await at_time(found, source.today().begun(asked.until + dt.timedelta(days=1)), "known")).sequence
        last = None if asked.until >= source.today().date else last
    kind = f"ketluan.{asked.kind}.v1" if asked.kind else None
    return EventFilter(kind, asked.aggregate, actors, first, last)


async def _actors(found: AsyncConnection, given: str) -> tuple[str, ...]:
    if given.partition(".")[0] in {"person", "client", "service"}:
        return (given,)
    return await actors_called(found, given)
