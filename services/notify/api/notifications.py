"""HTTP: who was told of a meeting, and what was parked."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.notify.api.source import Cursor, Source
from services.notify.inbox import NotificationView, PersonMention, UnitMention, list_notifications
from services.notify.parked import ParkedView, list_parked
from shared.directory.directory import Directory
from shared.events.fields import TOKEN
from shared.identity.guard import requires
from shared.pagination import DEFAULT_LIMIT, LARGEST_LIMIT, link_next, sequence_of

router = APIRouter(prefix="/v1")


@router.get(
    "/notifications",
    summary="Who was told of a meeting, and why",
    dependencies=[requires("read-notifications")],
)
async def get_notifications(
    request: Request,
    response: Response,
    source: Source,
    meeting: Annotated[str, Query(pattern=TOKEN, description="id of the meeting")],
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT, description="most entries of a page")] = 200,
    after: Cursor = None,
) -> list[NotificationView]:
    """One entry for each person who was told of the meeting's notice, in the log's order."""
    found = await list_notifications(source.engine, meeting, limit=limit, after=sequence_of(after) or 0)
    if len(found) == limit:
        link_next(request, response, found[-1].sequence)
    directory = source.directory()
    return [_named(each, directory) for each in found]


@router.get(
    "/notifications/parked",
    summary="Events that could not be applied",
    dependencies=[requires("read-parked")],
)
async def get_parked(
    request: Request,
    response: Response,
    source: Source,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT, description="most entries of a page")] = DEFAULT_LIMIT,
    after: Cursor = None,
) -> list[ParkedView]:
    """Events of which nobody was told, since they could not be read or stored, each with the reason."""
    parked = await list_parked(source.engine, after=sequence_of(after) or 0, limit=limit)
    if len(parked) == limit:
        link_next(request, response, parked[-1].sequence)
    return parked


def _named(found: NotificationView, directory: Directory) -> NotificationView:
    known = directory.people.get(found.person.id)
    unit = directory.units.get(known.unit_id) if known and known.unit_id else None
    return found.model_copy(
        update={
            "person": PersonMention(id=found.person.id, name=known.name if known else None),
            "unit": UnitMention(id=unit.id, name=unit.name) if unit else None,
        }
    )
