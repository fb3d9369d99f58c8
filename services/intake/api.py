"""HTTP: conclusions come in here."""

import datetime as dt
from http import HTTPStatus
from typing import Annotated, Any

import anyio.to_thread
import structlog
from fastapi import APIRouter, FastAPI, Header, Query, Request, Response
from pydantic.json_schema import models_json_schema

from services.intake.answer import ConcludedMeeting, answer
from services.intake.body import JSON_TYPE, TEXT_TYPE, idempotency_key, posted
from services.intake.conclude import MOST_TASKS, Origin, TooManyTasks
from services.intake.conclusion import Conclusion
from services.intake.publication import EventsTooLarge, KeyTaken, NumberTaken, PublicationRefused, Publisher
from services.intake.refusals import (
    LOG_AWAY,
    LOG_REFUSES,
    AnotherBody,
    AnotherNotice,
    MoreBytes,
    MoreTasks,
    TooLarge,
)
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.log.faults import LogFault, LogRefused
from shared.problems import Problem, Unavailable

LARGEST_JSON = 4 * 1024 * 1024
LARGEST_TEXT = 2 * 1024 * 1024
"""Bytes. MeetingConcluded carries a text twice, as document and as directives, and must stay below NATS's 8 MiB."""

_THREAD_FROM = 32 * 1024
router = APIRouter()
log = structlog.get_logger()


def install(app: FastAPI) -> None:
    """Adds the routes and describes the body in the application's OpenAPI."""
    app.include_router(router)
    generated = app.openapi

    def openapi() -> dict[str, Any]:
        description = generated()
        _, schemas = models_json_schema([(Conclusion, "validation")], ref_template="#/components/schemas/{model}")
        description["components"]["schemas"] |= schemas["$defs"]
        return description

    app.openapi = openapi  # type: ignore[method-assign]


@router.post(
    "/v1/conclusions",
    status_code=HTTPStatus.CREATED,
    summary="Publish the conclusions of a meeting",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                JSON_TYPE: {"schema": {"$ref": "#/components/schemas/Conclusion"}},
                TEXT_TYPE: {
                    "schema": {"type": "string", "description": "the notice itself, in UTF-8"},
                    "example": "THÔNG BÁO\nKết luận của Giám đốc Sở tại cuộc họp giao ban\n\n1. Văn phòng Sở\n"
                    "- Hoàn thiện quy chế làm việc, trình Giám đốc Sở ký trước ngày 05/12/2026.\n",
                },
            },
        }
    },
    response_class=Response,
    responses={
        201: {"model": ConcludedMeeting, "description": "The meeting is in force; Location names it"},
        200: {"model": ConcludedMeeting, "description": "A dry run: what would be published. Nothing was."},
        400: {"description": "The body is not UTF-8, or the Idempotency-Key has no usable form"},
        409: {"description": "Another notice of this issuer, number and year is in force"},
        413: {"description": "The body is larger than 4 MiB, or as text than 2 MiB"},
        415: {"description": "Neither JSON nor plain text in UTF-8"},
        422: {"description": "Fields that cannot be used, or a key that was used for another notice"},
        503: {"description": "The log does not answer; nothing is in force; Retry-After says when to ask again"},
    },
)
async def post_conclusion(
    request: Request,
    caller: Annotated[Caller, requires("publish-conclusions")],
    dry_run: Annotated[bool, Query(description="answer what would be published, and publish nothing")] = False,
    idempotency_key_header: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
) -> Response:
    """Publishes a notice's conclusions: all of them, once.

    The same notice again, or the same Idempotency-Key, gives the first answer with `Idempotency-Replayed: true`.
    """
    key = idempotency_key(idempotency_key_header)
    media_type, charset = _content_type(content_type)
    body = await _body(request, LARGEST_TEXT if media_type == TEXT_TYPE else LARGEST_JSON)
    if media_type == TEXT_TYPE and len(body) > _THREAD_FROM:
        what = await anyio.to_thread.run_sync(posted, media_type, charset, body, key)
    else:
        what = posted(media_type, charset, body, key)
    publisher: Publisher = request.app.state.publisher
    origin = Origin(caller.actor, request.state.request_id, dt.datetime.now(dt.UTC))
    try:
        publication = await (publisher.preview(what, origin) if dry_run else publisher.publish(what, origin))
    except NumberTaken as refused:
        raise _refusal(AnotherNotice, refused) from refused
    except KeyTaken as refused:
        raise _refusal(AnotherBody, refused) from refused
    except TooManyTasks as refused:
        raise MoreTasks(most=MOST_TASKS) from refused
    except EventsTooLarge as refused:
        raise MoreBytes from refused
    except LogRefused as fault:
        log.error("log_refused", fault=str(fault))
        raise Unavailable(LOG_REFUSES) from fault
    except LogFault as fault:
        raise Unavailable(LOG_AWAY) from fault
    headers = {} if dry_run else {"Location": f"/v1/meetings/{publication.meeting.meeting_id}"}
    if publication.repeated:
        headers["Idempotency-Replayed"] = "true"
    status = HTTPStatus.OK if dry_run else HTTPStatus.CREATED
    return Response(answer(publication, dry_run=dry_run).model_dump_json(), status, headers, JSON_TYPE)


async def _body(request: Request, most: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLarge(most=most // 1024 // 1024)
    return bytes(body)


def _refusal(problem: type[Problem], refused: PublicationRefused) -> Problem:
    meeting = refused.meeting_id
    return problem(extra={"meeting": f"/v1/meetings/{meeting}"}, meeting_id=meeting)


def _content_type(header: str) -> tuple[str, str]:
    """The media type and the charset, both in lower case; "" where not given. Source: RFC 9110, section 8.3."""
    media_type, *parameters = (part.strip().lower() for part in header.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset":
            return media_type, value.strip().strip('"')
    return media_type, ""
