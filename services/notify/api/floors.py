"""HTTP: what a unit decides for all its members about how they are told."""

from http import HTTPStatus
from typing import Annotated

import structlog
from fastapi import APIRouter, Body, Depends, Header, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notify.api.problems import INBOX_ALWAYS, LOG_AWAY
from services.notify.api.source import Reading, Source, decider
from services.notify.chosen import find_floor
from services.notify.handlers import Stale
from shared.events.fields import TOKEN, Channel
from shared.events.floor import UnitFloorSet
from shared.events.preferences import Category
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.identity.permissions import Reach, allowed
from shared.identity.refusals import NotAllowed
from shared.log.faults import LogFault
from shared.preconditions import PreconditionFailed, entity_tag, versions
from shared.problems import FieldProblem, Invalid, NotFound, Unavailable

_LARGEST_FLOOR = 8 * 1024

log = structlog.get_logger()

router = APIRouter(prefix="/v1")

UnitId = Annotated[str, Path(pattern=TOKEN)]


class FloorPart(BaseModel):
    """A category that a channel brings to all members of a unit at once."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    category: Category
    channel: Channel


class Floor(BaseModel):
    """What no member of a unit, and of the units below it, can switch off. Nothing in it means that all can."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"channels": [{"category": "reminder", "channel": "mail"}]}]}
    )

    channels: Annotated[list[FloorPart], Field(max_length=50)]


async def _for_unit(source: Source, unit_id: UnitId, caller: Annotated[Caller, requires("change-floors")]) -> Caller:
    if unit_id not in source.directory().units:
        raise NotFound(what=f"/v1/units/{unit_id}")
    needed: Reach = "responsible" if unit_id in caller.unit_ids else "all"
    if not allowed(caller, "change-floors", needed):
        raise NotAllowed(caller.name, "change-floors", needed)
    return caller


UnitKeeper = Annotated[Caller, Depends(_for_unit)]
"""Whoever asks, who may decide for the unit."""


@router.get("/units/{unit_id}/floor", summary="What a unit decided about how its members are told")
async def get_floor(response: Response, source: Source, caller: UnitKeeper, unit_id: UnitId) -> Floor:
    """The unit's own floor; what units above it decided holds for its members as well. The ETag is for changing it."""
    return await _view(source, response, unit_id)


@router.put(
    "/units/{unit_id}/floor",
    max_body_size=_LARGEST_FLOOR,
    summary="Decide how a unit's members are told at least",
    responses={
        202: {"model": Floor, "description": "Recorded; it holds in a moment"},
        412: {"description": "It was changed since; read it again"},
        428: {"description": "The request does not say which version it is meant for"},
    },
)
async def put_floor(
    request: Request,
    response: Response,
    source: Source,
    caller: UnitKeeper,
    unit_id: UnitId,
    floor: Annotated[Floor, Body()],
    if_match: Annotated[str | None, Header(description="the ETag of what is replaced")] = None,
) -> Floor:
    """Replaces the unit's floor. It goes before what its members chose, and disturbs nobody's quiet hours."""
    expected = versions(if_match)
    if inbox := [place for place, part in enumerate(floor.channels) if part.channel == "inbox"]:
        raise Invalid(errors=[FieldProblem(f"/channels/{inbox[0]}/channel", "inbox-always", INBOX_ALWAYS, {})])
    pairs = tuple(sorted({(part.category, part.channel) for part in floor.channels}))
    wanted = UnitFloorSet(unit_id=unit_id, channels=pairs)
    try:
        shown = await source.floors.set_floor(decider(request, caller), wanted, expected)
    except Stale as stale:
        raise PreconditionFailed(version=stale.sequence, headers={"ETag": entity_tag(stale.sequence)}) from stale
    except LogFault as fault:
        log.warning("floor_not_recorded", unit=unit_id, fault=str(fault))
        raise Unavailable(LOG_AWAY) from fault
    if not shown:
        response.status_code = HTTPStatus.ACCEPTED
    return await _view(source, response, unit_id)


async def _view(source: Reading, response: Response, unit_id: str) -> Floor:
    held = await find_floor(source.engine, unit_id)
    response.headers["ETag"] = entity_tag(held.sequence)
    return Floor(channels=[FloorPart(category=category, channel=channel) for category, channel in held.channels])
