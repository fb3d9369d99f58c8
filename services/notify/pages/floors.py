"""What a unit decides for all its members about how they are told."""

from http import HTTPStatus
from typing import Annotated, Any, get_args

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from services.notify.api.floors import Floor, FloorPart, UnitId, UnitKeeper, get_floor, put_floor
from services.notify.api.source import Reading, Source
from services.notify.projection.addressing import OUTSIDE
from shared import vocabulary
from shared.events.preferences import Category
from shared.identity.caller import Caller
from shared.preconditions import entity_tag, versions
from shared.problems import Problem
from shared.web.forms import checked, filled, see
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_LARGEST_FORM = 16 * 1024
_CATEGORIES: tuple[Category, ...] = get_args(Category)

router = page_router()


class Decided(BaseModel):
    """The version of the floor that the form was filled in on."""

    version: Annotated[int, Field(ge=0)]


@router.get("/preferences/units/{unit_id}")
async def show_floor(request: Request, source: Source, caller: UnitKeeper, unit_id: UnitId) -> HTMLResponse:
    """What no member of the unit, or of those below it, can switch off."""
    return await _page(request, source, caller, unit_id)


@router.post("/preferences/units/{unit_id}", max_body_size=_LARGEST_FORM, response_model=None)
async def post_floor(
    request: Request, source: Source, caller: UnitKeeper, unit_id: UnitId
) -> RedirectResponse | HTMLResponse:
    """Replaces it."""
    fields = await filled(request)
    parts = [
        FloorPart(category=category, channel=channel)
        for category in _CATEGORIES
        for channel in OUTSIDE
        if f"{channel}-{category}" in fields
    ]
    try:
        version = checked(Decided, fields).version
        await put_floor(
            request, Response(), source, caller, unit_id, Floor(channels=parts), if_match=entity_tag(version)
        )
    except Problem as problem:
        return await _page(request, source, caller, unit_id, problem, fields)
    return see(request, f"/preferences/units/{unit_id}", said="floor-saved")


async def _page(
    request: Request,
    source: Reading,
    caller: Caller,
    unit_id: str,
    problem: Problem | None = None,
    sent: dict[str, Any] | None = None,
) -> HTMLResponse:
    answer = Response()
    held = await get_floor(answer, source, caller, unit_id)
    (version,) = versions(answer.headers["ETag"])
    ticked = {f"{part.channel}-{part.category}" for part in held.channels} if sent is None else set(sent)
    return shown(
        request,
        "floor.html",
        problem.status if problem else HTTPStatus.OK,
        unit=source.directory().units[unit_id],
        version=version,
        ticked=ticked,
        categories=_CATEGORIES,
        channels=OUTSIDE,
        told=problem.told(language_of(request)) if problem else None,
        vocabulary=vocabulary,
    )
