"""Pages: the units, and one unit with everything that happened to it."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import HTMLResponse

from services.tasks.api.directory import After, Wanted
from services.tasks.api.parameters import Id
from services.tasks.directory.asking import Editing, Editor
from services.tasks.directory.commands import OF_UNITS, RegisterUnit
from services.tasks.directory.history import history, version_of
from services.tasks.directory.listing import above_of, key_of_unit, page_of, person_rows, unit_rows
from services.tasks.pages.directory import forms
from services.tasks.pages.directory.forms import Sent
from services.tasks.pages.directory.telling import contents
from services.tasks.pages.words import ACTORS
from services.tasks.reading import Reading, connected
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.problems import NotFound, Problem
from shared.vocabulary import EVENTS, ROLES
from shared.web.forms import see
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_UNITS = 100
_PEOPLE = 50
LARGEST_FORM = 256 * 1024

router = page_router()

Closed = Annotated[bool, Query(description="the closed units rather than the open ones")]


@router.get("/directory/units", dependencies=[requires("read-directory")])
async def show_units(
    request: Request, editing: Editor, wanted: Wanted = "", closed: Closed = False, after: After = None
) -> HTMLResponse:
    """The units, each behind the one above it."""
    return await _units(request, editing, wanted, closed, after, Sent())


async def _units(
    request: Request, editing: Editing, wanted: str, closed: bool, after: str | None, sent: Sent
) -> HTMLResponse:
    directory = await editing.directory()
    found = unit_rows(directory, wanted, closed=closed)
    rows, more = page_of(found, key_of_unit(directory, after) if after else None, _UNITS)
    return shown(
        request,
        "directory_units.html",
        sent.problem.status if sent.problem else HTTPStatus.OK,
        rows=rows,
        count=len(found),
        closed_count=sum(unit.closed for unit in directory.units.values()),
        next_page=rows[-1].unit.id if more else None,
        wanted=wanted,
        closed=closed,
        first=after is None,
        suggested=forms.suggested(directory.units.values()),
        sent=sent,
        told=sent.told(language_of(request)),
    )


@router.post("/directory/units", max_body_size=LARGEST_FORM)
async def post_unit(request: Request, editing: Editor, caller: Annotated[Caller, requires("change-units")]) -> Response:
    """Registers a unit."""
    fields = await forms.fields_of(request)
    try:
        unit_id, _ = await editing.register_unit(forms.as_command(RegisterUnit, fields), caller)
    except Problem as problem:
        return await _units(request, editing, "", False, None, Sent("register", fields, problem))
    return see(request, f"/directory/units/{unit_id}", "unit-registered")


@router.get("/directory/units/{unit_id}", dependencies=[requires("read-directory")])
async def show_unit(request: Request, unit_id: Id, editing: Editor) -> HTMLResponse:
    """A unit: how it is called, where it stands, who is in it, and what happened to it."""
    return await _unit(request, unit_id, editing, Sent())


async def _unit(request: Request, unit_id: str, editing: Editing, sent: Sent) -> HTMLResponse:
    # The history comes first: the directory then holds all of it, and a form is never made for more than it shows.
    source: Reading = request.app.state.reading
    async with connected(source, None) as found:
        steps = await history(found, f"unit.{unit_id}")
    directory = await editing.directory()
    if (unit := directory.units.get(unit_id)) is None:
        raise NotFound(what=request.url.path)
    people, more = page_of([row for row in person_rows(directory) if row.person.unit_id == unit_id], None, _PEOPLE)
    below, _ = page_of([row for row in unit_rows(directory) if row.unit.parent_id == unit_id], None, _UNITS)
    return shown(
        request,
        "directory_unit.html",
        sent.problem.status if sent.problem else HTTPStatus.OK,
        unit=unit,
        above=above_of(directory, unit),
        aliases=[name for name in unit.names if name != unit.name],
        below=below,
        people=people,
        more_people=more,
        roles=ROLES,
        steps=[(step, contents(step.data, directory)) for step in steps],
        events=EVENTS,
        actors=ACTORS,
        version=version_of(steps),
        suggested=forms.suggested(directory.units.values()),
        sent=sent,
        told=sent.told(language_of(request)),
    )


@router.post("/directory/units/{unit_id}/{name}", max_body_size=LARGEST_FORM)
async def post_change(
    request: Request, unit_id: Id, name: Id, editing: Editor, caller: Annotated[Caller, requires("change-units")]
) -> Response:
    """Has something happen to a unit."""
    command, fields = forms.command_of(OF_UNITS, name, request), await forms.fields_of(request)
    try:
        carried = await editing.change_unit(
            unit_id, forms.as_command(command, fields), caller, await forms.version_of(request)
        )
    except NotFound:
        raise
    except Problem as problem:
        return await _unit(request, unit_id, editing, Sent(name, fields, problem))
    return see(request, f"/directory/units/{unit_id}", f"unit-{name}" if carried.events else "nothing-to-change")
