"""HTTP: a person's inbox, also live, and what they have read of it."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.notify.api.source import LARGEST_SEQUENCE, Cursor, PersonId, Source, decider, owner
from services.notify.handlers import Mark, NotTheirs
from services.notify.inbox import InboxItem, list_inbox
from services.notify.unread import count_unread, count_unread_by_category
from shared.events.fields import TOKEN, Token
from shared.events.inbox import NotificationAcknowledged, NotificationRead
from shared.events.preferences import Category
from shared.identity.caller import Caller
from shared.identity.guard import requires, while_allowed
from shared.identity.permissions import Reach, allowed
from shared.identity.refusals import NotAllowed
from shared.language import Words
from shared.pagination import link_next, sequence_of
from shared.problems import FieldProblem, Invalid, NotFound
from shared.streams import MEDIA_TYPE, resumed, wants_stream

_MOST_AT_ONCE = 200
_LARGEST_MARKING = 32 * 1024

PERSON_MISSING = Words("chương trình phải nêu người cần đọc", "a program has to say whose inbox it reads")

router = APIRouter(prefix="/v1")

Whose = Annotated[str | None, Query(pattern=TOKEN, description="id of the person; your own where absent")]


class Marking(BaseModel):
    """Which notifications: some by their ids, or all up to a place in the log, as their `sequence` gives it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"up_to": 1207}]})

    notification_ids: Annotated[list[Token], Field(max_length=_MOST_AT_ONCE)] = []
    up_to: Annotated[int, Field(ge=1, le=LARGEST_SEQUENCE)] | None = None

    @model_validator(mode="after")
    def _names_some(self) -> "Marking":
        if bool(self.notification_ids) is (self.up_to is not None):
            raise PydanticCustomError("marking", "name notifications by their ids, or all up to a sequence")
        return self


class Unread(BaseModel):
    """How many notifications a person has not read, and of which categories they are."""

    unread: int
    by_category: dict[Category, int]


class Remaining(BaseModel):
    """How many notifications a person has not read by now."""

    unread: int


@router.get(
    "/inbox",
    summary="What a person was told, newest first; live as a stream",
    responses={200: {"content": {MEDIA_TYPE: {}}}},
)
async def get_inbox(
    request: Request,
    source: Source,
    caller: Annotated[Caller, requires("read-inbox")],
    person: Whose = None,
    after: Annotated[int, Query(ge=0, le=LARGEST_SEQUENCE, description="only what came behind this sequence")] = 0,
    limit: Annotated[int, Query(ge=1, le=200, description="most notifications of a page")] = 50,
    before: Cursor = None,
    unread: Annotated[bool, Query(description="only what was not read")] = False,
    category: Annotated[Category | None, Query(description="only what is about this")] = None,
) -> list[InboxItem]:
    """Notifications of one person: of whoever asks, or of anybody for those who may read every inbox.

    With `Accept: text/event-stream` those behind `after` come oldest first, and then each as it arrives; its id is its
    place in the log, and Last-Event-ID goes on behind it. An event `marked` says that a notification was read or
    acknowledged, here or elsewhere, and an event `unread` how many are left. To look changes nothing.
    """
    person, needed = _whose(caller, person)
    if wants_stream(request):
        reads = while_allowed(request, "read-inbox", needed)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        events = source.live.events(person, resumed(request, after), reads)
        return StreamingResponse(events, media_type=MEDIA_TYPE, headers=headers)  # type: ignore[return-value]
    items = await list_inbox(
        source.engine,
        person,
        limit=limit,
        before=sequence_of(before),
        after=after,
        unread=unread,
        category=category,
    )
    response = JSONResponse([item.model_dump(mode="json") for item in items])
    if len(items) == limit:
        link_next(request, response, items[-1].sequence)
    return response  # type: ignore[return-value]


@router.get("/inbox/unread", summary="How many notifications a person has not read")
async def get_unread(source: Source, caller: Annotated[Caller, requires("read-inbox")], person: Whose = None) -> Unread:
    """The count, of whoever asks, or of anybody for those who may read every inbox."""
    person, _ = _whose(caller, person)
    found = await count_unread_by_category(source.engine, person)
    return Unread(unread=sum(found.values()), by_category=found)


_MARKING_RESPONSES: dict[int | str, dict[str, object]] = {
    202: {"description": "Kept; it gets into the log and is shown as soon as the log answers"},
    404: {"description": "One of the notifications is not this person's; nothing was noted"},
}


@router.post(
    "/inbox/{person_id}/read",
    max_body_size=_LARGEST_MARKING,
    summary="Say that notifications were read",
    responses=_MARKING_RESPONSES,
)
async def post_read(
    request: Request,
    response: Response,
    source: Source,
    caller: Annotated[Caller, owner("mark-notifications")],
    person_id: PersonId,
    marking: Annotated[Marking, Body()],
) -> Remaining:
    """Notes that the person opened them. Nobody else can say it. To say it again does nothing more."""
    return await _marked(request, response, source, caller, person_id, NotificationRead, marking)


@router.post(
    "/inbox/{person_id}/acknowledge",
    max_body_size=_LARGEST_MARKING,
    summary="Take note of notifications",
    responses=_MARKING_RESPONSES,
)
async def post_acknowledge(
    request: Request,
    response: Response,
    source: Source,
    caller: Annotated[Caller, owner("mark-notifications")],
    person_id: PersonId,
    marking: Annotated[Marking, Body()],
) -> Remaining:
    """Notes that the person has taken note of them, and so has read them. To say it again does nothing more."""
    return await _marked(request, response, source, caller, person_id, NotificationAcknowledged, marking)


async def _marked(
    request: Request,
    response: Response,
    source: Source,
    caller: Caller,
    person_id: str,
    mark: Mark,
    marking: Marking,
) -> Remaining:
    try:
        shown = await source.door.mark(
            decider(request, caller), person_id, mark, marking.notification_ids, marking.up_to
        )
    except NotTheirs as missing:
        raise NotFound(what=f"/v1/inbox/{person_id}#{missing}") from missing
    if not shown:
        response.status_code = HTTPStatus.ACCEPTED
    return Remaining(unread=(await count_unread(source.engine, [person_id]))[person_id])


def _whose(caller: Caller, person: str | None) -> tuple[str, Reach]:
    """Whose inbox is read, and how far the caller's permission has to reach for it."""
    person = person or caller.person_id
    if person is None:
        raise Invalid(errors=[FieldProblem("person", "missing", PERSON_MISSING, {})])
    needed: Reach = "own" if person == caller.person_id else "all"
    if not allowed(caller, "read-inbox", needed):
        raise NotAllowed(caller.name, "read-inbox", needed)
    return person, needed
