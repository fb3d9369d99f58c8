"""The page of units that notices name and the directory does not know."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.parameters import Cursor, IdFilter
from services.tasks.pages.known import directory_of, identity_of
from services.tasks.pages.resolving import MOST_AT_ONCE, Resolve, chosen, reassign, remember
from services.tasks.reading import Connection, Reading, Source, connected
from services.tasks.register.unresolved import list_unresolved, open_tasks_of
from shared import vocabulary
from shared.directory.nearest import nearest
from shared.directory.resolution import Resolver
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.pagination import cursor as cursor_of
from shared.pagination import sequence_of
from shared.problems import Problem
from shared.web.forms import checked, filled, see
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_UNITS = 10
_CANDIDATES = 3
_MANY = 1_000_000

Count = Annotated[int, Query(ge=0, le=_MANY)]
Decider = Annotated[Caller, requires("reassign")]

router = page_router()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of giving a unit's work to another: `unit` is the name of the one that has it now."""

    unit: str
    done: int
    refused: int
    remembered: bool


@router.get("/queue/units")
async def show_unresolved(
    request: Request,
    _: Decider,
    source: Source,
    found: Connection,
    cursor: Cursor = None,
    unit: IdFilter = None,
    done: Count = 0,
    refused: Count = 0,
    remembered: bool = False,
) -> HTMLResponse:
    """Units that the directory lacks, each with what it was given and the units that may be meant."""
    known = directory_of(request).units.get(unit or "")
    outcome = Outcome(known.name, done, refused, remembered) if known else None
    return await _page(request, source, found, cursor, outcome=outcome)


@router.post("/queue/units", response_model=None)
async def post_unresolved(
    request: Request, caller: Decider, source: Source, cursor: Cursor = None
) -> HTMLResponse | RedirectResponse:
    """Gives all open work of a unit that the directory lacks to one that it knows."""
    sent = await filled(request)
    try:
        wanted = checked(Resolve, sent)
        unit = chosen(directory_of(request), wanted)
        async with connected(source, None) as found:
            tasks = await open_tasks_of(found, wanted.of, source.today(), MOST_AT_ONCE)
        request_id, is_new = request.state.request_id, False
        if wanted.remember and tasks:
            is_new = await remember(source, identity_of(request), caller, request_id, unit, tasks[0].unit.name)
        done, refused = await reassign(source, caller, request_id, unit, tasks)
    except Problem as problem:
        async with connected(source, None) as found:
            return await _page(request, source, found, cursor, sent=sent, problem=problem)
    asked = {"unit": unit.id, "done": done, "refused": refused} | ({"remembered": "true"} if is_new else {})
    return see(request, f"/queue/units?{urlencode(asked)}")


async def _page(
    request: Request,
    source: Reading,
    found: AsyncConnection,
    cursor: str | None,
    *,
    outcome: Outcome | None = None,
    sent: dict[str, Any] | None = None,
    problem: Problem | None = None,
) -> HTMLResponse:
    listed = await list_unresolved(found, source.today(), sequence_of(cursor) or 0, _UNITS + 1)
    page, directory = listed[:_UNITS], directory_of(request)
    resolver = Resolver(directory)
    return shown(
        request,
        "queue-units.html",
        HTTPStatus(problem.status if problem else HTTPStatus.OK),
        listed=[(each, nearest(resolver, each.name, _CANDIDATES)) for each in page],
        units=sorted(unit.name for unit in directory.units.values() if not unit.closed),
        outcome=outcome,
        sent=sent or {},
        told=problem.told(language_of(request)) if problem else None,
        first=cursor is None,
        more=cursor_of(page[-1].oldest.assigned_sequence) if len(listed) > _UNITS else None,
        most=MOST_AT_ONCE,
        vocabulary=vocabulary,
    )
