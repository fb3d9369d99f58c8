"""HTTP: notices come in, and are listed and read as they stand."""

import asyncio
import datetime as dt
from http import HTTPStatus
from typing import Annotated, Literal

import anyio.to_thread
from fastapi import APIRouter, Header, Query, Request, Response

from services.intake.amendment import Amender
from services.intake.answer import (
    ConcludedMeeting,
    ListedConclusion,
    StandingConclusion,
    answer,
    listed,
    standing_answer,
)
from services.intake.api.parts import Id, respond
from services.intake.api.refused import refused
from services.intake.body import (
    FORM_TYPE,
    ContentType,
    Upload,
    files_room,
    form_upload,
    limited,
    read_json,
    read_posted,
)
from services.intake.conclude import Origin
from services.intake.meetings import LiveMeetings
from services.intake.posted import JSON_TYPE, TEXT_TYPE, Posted
from services.intake.publication import Publisher
from services.intake.reading.documents.form import MEDIA_TYPES
from services.intake.refusals import TooSlow
from services.intake.standing import State
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.language import preferred
from shared.pagination import DEFAULT_LIMIT, LARGEST_LIMIT, link_next, sequence_of
from shared.preconditions import idempotency_key

_THREAD_FROM = 32 * 1024
_UPLOAD_SECONDS = 60

router = APIRouter(prefix="/v1/conclusions")

_DOCUMENT = {"schema": {"type": "string", "format": "binary"}}
_BODY = {
    "required": True,
    "content": {
        JSON_TYPE: {"schema": {"$ref": "#/components/schemas/Conclusion"}},
        TEXT_TYPE: {
            "schema": {"type": "string", "description": "the notice itself; its encoding is found in its bytes"},
            "example": "THÔNG BÁO\nKết luận của Giám đốc Sở tại cuộc họp giao ban\n\n1. Văn phòng Sở\n"
            "- Hoàn thiện quy chế làm việc, trình Giám đốc Sở ký trước ngày 05/12/2026.\n",
        },
        **{media_type: _DOCUMENT for media_type in MEDIA_TYPES.values() if media_type != TEXT_TYPE},
        FORM_TYPE: {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "issuer": {"type": "string"},
                    "number": {"type": "string"},
                    "issued_on": {"type": "string", "format": "date"},
                    "held_on": {"type": "string", "format": "date"},
                    "title": {"type": "string"},
                },
            }
        },
    },
}


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    summary="Publish the conclusions of a meeting",
    openapi_extra={"requestBody": _BODY},
    response_class=Response,
    responses={
        201: {"model": ConcludedMeeting, "description": "The meeting is in force; Location names it"},
        202: {
            "model": ConcludedMeeting,
            "description": "The reading is doubtful, and waits for a person to confirm it",
        },
        200: {"model": ConcludedMeeting, "description": "A dry run: what would be published. Nothing was."},
        400: {"description": "JSON that is not UTF-8, a form without its file, or an unusable Idempotency-Key"},
        408: {"description": "The body did not arrive within a minute"},
        409: {"description": "The number is taken, or the notice is probably here already, or was revoked"},
        413: {"description": "The body is larger than 4 MiB (JSON), 2 MiB (text) or 32 MiB (a file)"},
        415: {"description": "None of the forms that are read"},
        422: {"description": "No conclusion can be read, fields cannot be used, or a key was used for another notice"},
        503: {"description": "The log does not answer; nothing is in force; Retry-After says when to ask again"},
    },
)
async def post_conclusion(
    request: Request,
    caller: Annotated[Caller, requires("publish-conclusions")],
    dry_run: Annotated[bool, Query(description="answer what would be published, and publish nothing")] = False,
    duplicate: Annotated[
        Literal["refuse", "allow"], Query(description="what becomes of a notice that says nearly the same as another")
    ] = "refuse",
    idempotency_key_header: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
) -> Response:
    """Publishes a notice's conclusions: all of them, once; or holds them, where the reading is doubtful and the office
    wants it so.

    The same notice again, or the same Idempotency-Key, gives the first answer with `Idempotency-Replayed: true`.
    """
    what = await _posted(request, ContentType.of(content_type), idempotency_key(idempotency_key_header))
    publisher: Publisher = request.app.state.publisher
    origin = Origin(caller.actor, request.state.request_id, dt.datetime.now(dt.UTC))
    with refused(request.url.path):
        act = publisher.preview if dry_run else publisher.publish
        publication = await act(what, origin, duplicate_allowed=duplicate == "allow")
    body = answer(publication, preferred(request.headers.get("accept-language")), dry_run=dry_run)
    headers = {}
    if not dry_run:
        place = "conclusions" if body.state == "held" else "meetings"
        headers["Location"] = f"/v1/{place}/{publication.meeting.meeting_id}"
    if publication.repeated:
        headers["Idempotency-Replayed"] = "true"
    status = HTTPStatus.OK if dry_run else HTTPStatus.ACCEPTED if body.state == "held" else HTTPStatus.CREATED
    return respond(request, body, status, headers)


async def _posted(request: Request, content_type: ContentType, key: str | None) -> Posted:
    chunks = limited(request.stream(), content_type.most_bytes)
    if content_type.media_type == JSON_TYPE:
        body = b"".join([chunk async for chunk in chunks])
        if len(body) > _THREAD_FROM:
            return await anyio.to_thread.run_sync(read_json, body, key)
        return read_json(body, key)
    async with files_room:
        try:
            async with asyncio.timeout(_UPLOAD_SECONDS):
                if content_type.media_type == FORM_TYPE:
                    upload = await form_upload(request.headers, chunks)
                else:
                    upload = Upload(b"".join([chunk async for chunk in chunks]), content_type.media_type)
        except TimeoutError as error:
            raise TooSlow(seconds=_UPLOAD_SECONDS) from error
        return await read_posted(upload, request.app.state.reader, request.app.state.policy, key)


@router.get("", summary="Notices by how they stand, newest first", dependencies=[requires("read-conclusions")])
async def list_conclusions(
    request: Request,
    response: Response,
    state: Annotated[list[State] | None, Query(description="held, doubtful, published or revoked")] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT, description="most entries of a page")] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=64, description="from the Link header of the page before")] = None,
) -> list[ListedConclusion]:
    """The notices that wait for somebody: held ones to be confirmed, doubtful ones to be reviewed; and all others."""
    meetings: LiveMeetings = request.app.state.meetings
    wanted: list[State] = state or ["held", "doubtful", "published", "revoked"]
    with refused(request.url.path):
        found = (await meetings.current()).listed(wanted, sequence_of(cursor), limit + 1)
    if len(found) > limit:
        link_next(request, response, found[limit - 1].arrived)
    return [listed(each) for each in found[:limit]]


@router.get(
    "/{meeting_id}",
    summary="A notice as it stands now",
    dependencies=[requires("read-conclusions")],
    response_class=Response,
    responses={200: {"model": StandingConclusion, "description": "ETag is its version"}},
)
async def get_conclusion(request: Request, meeting_id: Id) -> Response:
    """A notice with every correction in it, and its document's text, in which spans are counted."""
    amender: Amender = request.app.state.amender
    with refused(request.url.path):
        known = await amender.stands(meeting_id)
    return respond(request, standing_answer(known, preferred(request.headers.get("accept-language"))), known=known)
