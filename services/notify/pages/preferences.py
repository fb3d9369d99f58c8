"""How one wants to be told: by which channel of what, when, where, and of which tasks."""

from http import HTTPStatus
from itertools import groupby
from typing import Annotated, Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.notify.api.preferences import get_preferences, put_preferences
from services.notify.api.source import Reading, Source
from services.notify.chosen import list_watched_tasks
from services.notify.contacts import find_contact
from services.notify.feeds import feed_since
from services.notify.pages import wishes
from services.notify.pages.own import Person, own
from shared import vocabulary
from shared.directory.directory import Unit
from shared.identity.permissions import allowed
from shared.preconditions import entity_tag, versions
from shared.problems import Problem
from shared.web.forms import filled, see
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_LARGEST_FORM = 16 * 1024
_WATCHED_SHOWN = 50
_UNITS_SHOWN = 500

router = page_router()

Owner = Annotated[Person, own("change-preferences")]


@router.get("/preferences")
async def show_preferences(request: Request, source: Source, owner: Owner) -> HTMLResponse:
    """All of it, beside the defaults and what one's unit decided."""
    return await preferences_page(request, source, owner)


@router.post("/preferences", max_body_size=_LARGEST_FORM, response_model=None)
async def post_preferences(request: Request, source: Source, owner: Owner) -> RedirectResponse | HTMLResponse:
    """Replaces what one chose."""
    fields = await filled(request)
    view = await get_preferences(Response(), source, owner.caller, owner.id)
    try:
        wanted, version = wishes.read(fields, view, source.office.zone.key)
        await put_preferences(request, Response(), source, owner.caller, owner.id, wanted, entity_tag(version))
    except Problem as problem:
        return await preferences_page(request, source, owner, problem, fields)
    return see(request, "/preferences", said="preferences-saved")


async def preferences_page(
    request: Request,
    source: Reading,
    owner: Person,
    problem: Problem | None = None,
    sent: dict[str, Any] | None = None,
    feed: str | None = None,
) -> HTMLResponse:
    """The page, also after a form of it was refused: with what was sent then, and what is wrong with it.

    `feed` is a new private address of the calendar, which is shown this once.
    """
    answer = Response()
    view = await get_preferences(answer, source, owner.caller, owner.id)
    (version,) = versions(answer.headers["ETag"])
    contacted = allowed(owner.caller, "change-contacts")
    page = shown(
        request,
        "preferences.html",
        problem.status if problem else HTTPStatus.OK,
        ways=[(category, list(found)) for category, found in groupby(view.ways, lambda way: way.category)],
        field_of=wishes.field_of,
        sent=wishes.written(view, version) | _typed(sent or {}),
        version=version,
        told=problem.told(language_of(request)) if problem else None,
        channels=request.app.state.channels,
        contact=await find_contact(source.engine, owner.id) if contacted else None,
        chat_services=sorted(source.chat_services),
        push_key=request.app.state.push_key,
        feed=feed,
        feed_since=await feed_since(source.engine, owner.id),
        watched=await list_watched_tasks(source.engine, owner.id, _WATCHED_SHOWN),
        units=_decided_units(source, owner),
        vocabulary=vocabulary,
    )
    if feed:
        page.headers["Cache-Control"] = "no-store"
    return page


def _typed(sent: dict[str, Any]) -> dict[str, str]:
    return {name: value for name, value in sent.items() if isinstance(value, str) and name != "version"}


def _decided_units(source: Reading, owner: Person) -> list[Unit]:
    """The units for whose members one may decide, by their names."""
    caller, units = owner.caller, source.directory().units
    if allowed(caller, "change-floors", "all"):
        found = [unit for unit in units.values() if not unit.closed]
    elif allowed(caller, "change-floors", "responsible"):
        found = [unit for unit_id in caller.unit_ids if (unit := units.get(unit_id)) and not unit.closed]
    else:
        found = []
    return sorted(found, key=lambda unit: unit.name)[:_UNITS_SHOWN]
