"""The page of what waits for a decision: results that were handed in, and requests for more time."""

from functools import partial
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from services.tasks.api.parameters import Cursor
from services.tasks.reading import Connection, Source
from services.tasks.register.waiting import Kind, count_waiting, list_waiting
from shared import vocabulary
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.pagination import cursor as cursor_of
from shared.pagination import sequence_of
from shared.web import wording
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_TASKS = 20

router = page_router()


@router.get("/queue")
async def show_queue(
    request: Request,
    _: Annotated[Caller, requires("accept-completion")],
    source: Source,
    found: Connection,
    only: Annotated[Kind | None, Query()] = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """Tasks that wait for a decision, the longest first, each with the forms that decide."""
    today = source.today()
    listed = await list_waiting(found, only, today, sequence_of(cursor) or 0, _TASKS + 1)
    return shown(
        request,
        "queue.html",
        listed=listed[:_TASKS],
        counts=await count_waiting(found),
        only=only,
        first=cursor is None,
        more=cursor_of(listed[_TASKS - 1].place) if len(listed) > _TASKS else None,
        vocabulary=vocabulary,
        deadline=partial(wording.deadline, today=today.date, language=language_of(request)),
    )
