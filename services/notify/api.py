"""HTTP: a person's inbox, also live; who was told of a meeting; what was parked; where people are reached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.contacts import forget_contact, keep_contact
from services.notify.inbox import (
    InboxItem,
    NotificationView,
    PersonMention,
    UnitMention,
    list_arrived,
    list_inbox,
    list_notifications,
)
from services.notify.parked import ParkedView, list_parked
from shared.database import DatabaseUnavailable, Signal
from shared.directory.directory import Directory
from shared.events.fields import TOKEN
from shared.identity.caller import Caller
from shared.identity.guard import requires, while_allowed
from shared.identity.permissions import Reach, allowed
from shared.identity.refusals import NotAllowed
from shared.language import Words
from shared.mail_address import MailAddress
from shared.pagination import DEFAULT_LIMIT, LARGEST_LIMIT, link_next, sequence_of
from shared.problems import DATABASE_AWAY, FieldProblem, Invalid, NotFound, Unavailable
from shared.streams import Item, live, resumed, wants_stream

_STREAM_PAGE = 50
_LARGEST_SEQUENCE = 2**63 - 1
_LARGEST_CONTACT = 4096

PERSON_MISSING = Words("chương trình phải nêu người cần đọc", "a program has to say whose inbox it reads")


PersonId = Annotated[str, Path(pattern=TOKEN)]
Cursor = Annotated[
    str | None, Query(alias="cursor", max_length=64, description="from the Link header of the page before")
]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the routes read from. `arrived` is raised whenever an inbox has something new."""

    engine: AsyncEngine
    arrived: Signal
    directory: Callable[[], Directory]


async def reading(request: Request) -> Reading:
    """What this application reads from."""
    found: Reading = request.app.state.reading
    return found


Source = Annotated[Reading, Depends(reading)]


class Contact(BaseModel):
    """Where a person is reached. It is kept outside the log, so that it can be forgotten."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"mail": "chau.le@haivan.example"}]})

    mail: MailAddress


router = APIRouter(prefix="/v1")


def install(app: FastAPI) -> None:
    """Adds the routes, and the answer for when the database is away."""
    app.include_router(router)

    async def away(request: Request, error: Exception) -> Response:
        return Unavailable(DATABASE_AWAY).answer(request)

    app.add_exception_handler(DatabaseUnavailable, away)


@router.get(
    "/inbox",
    summary="What a person was told, newest first; live as a stream",
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def get_inbox(
    request: Request,
    source: Source,
    caller: Annotated[Caller, requires("read-inbox")],
    person: Annotated[str | None, Query(pattern=TOKEN, description="id of the person; your own where absent")] = None,
    after: Annotated[int, Query(ge=0, le=_LARGEST_SEQUENCE, description="only what came behind this sequence")] = 0,
    limit: Annotated[int, Query(ge=1, le=200, description="most notifications of a page")] = 50,
    before: Cursor = None,
) -> list[InboxItem]:
    """Notifications of one person: of whoever asks, or of anybody for those who may read every inbox.

    With `Accept: text/event-stream` those behind `after` come oldest first, and then each as it arrives; its id is its
    place in the log, and Last-Event-ID goes on behind it.
    """
    person = person or caller.person_id
    if person is None:
        raise Invalid(errors=[FieldProblem("person", "missing", PERSON_MISSING, {})])
    needed: Reach = "own" if person == caller.person_id else "all"
    if not allowed(caller, "read-inbox", needed):
        raise NotAllowed(caller.name, "read-inbox", needed)
    if wants_stream(request):
        reads = while_allowed(request, "read-inbox", needed)
        return live(_Arrivals(source, person), resumed(request, after), source.arrived, reads)  # type: ignore[return-value]
    items = await list_inbox(source.engine, person, limit=limit, before=sequence_of(before), after=after)
    response = JSONResponse([item.model_dump(mode="json") for item in items])
    if len(items) == limit:
        link_next(request, response, items[-1].sequence)
    return response  # type: ignore[return-value]


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


@router.put(
    "/contacts/{person_id}",
    status_code=HTTPStatus.NO_CONTENT,
    max_body_size=_LARGEST_CONTACT,
    summary="Say where a person is reached",
)
async def put_contact(
    source: Source, caller: Annotated[Caller, requires("change-contacts")], person_id: PersonId, contact: Contact
) -> None:
    """Keeps the address. Mail goes to it from the next notification on."""
    _may_change(caller, person_id)
    await keep_contact(source.engine, person_id, contact.mail)


@router.delete("/contacts/{person_id}", status_code=HTTPStatus.NO_CONTENT, summary="Forget where a person is reached")
async def delete_contact(
    source: Source, caller: Annotated[Caller, requires("change-contacts")], person_id: PersonId
) -> None:
    """Forgets the address. Mail that is still to be sent to it is given up."""
    _may_change(caller, person_id)
    if not await forget_contact(source.engine, person_id):
        raise NotFound(what=f"/v1/contacts/{person_id}")


def _may_change(caller: Caller, person_id: str) -> None:
    needed: Reach = "own" if person_id == caller.person_id else "all"
    if not allowed(caller, "change-contacts", needed):
        raise NotAllowed(caller.name, "change-contacts", needed)


def _named(found: NotificationView, directory: Directory) -> NotificationView:
    known = directory.people.get(found.person.id)
    unit = directory.units.get(known.unit_id) if known and known.unit_id else None
    return found.model_copy(
        update={
            "person": PersonMention(id=found.person.id, name=known.name if known else None),
            "unit": UnitMention(id=unit.id, name=unit.name) if unit else None,
        }
    )


@dataclass(frozen=True, slots=True)
class _Arrivals:
    """Gives a person's stream its items."""

    source: Reading
    person_id: str

    async def __call__(self, after: int) -> Sequence[Item]:
        items = await list_arrived(self.source.engine, self.person_id, after=after, limit=_STREAM_PAGE)
        return [Item(item.sequence, item.model_dump_json()) for item in items]
