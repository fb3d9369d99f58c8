"""HTTP: conclusions come in here."""

import datetime as dt
from http import HTTPStatus
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, FastAPI, Header, Query, Request, Response
from pydantic.json_schema import models_json_schema

from services.intake.answer import ConcludedMeeting, answer
from services.intake.body import JSON_TYPE, TEXT_TYPE, idempotency_key, posted
from services.intake.conclude import Origin
from services.intake.conclusion import Conclusion
from services.intake.publication import MOST_TASKS, KeyTaken, NoticeTooLarge, NumberTaken, PublicationRefused, Publisher
from shared.language import Words
from shared.log.faults import LogFault
from shared.problems import Problem, Unavailable

LARGEST_JSON = 4 * 1024 * 1024
LARGEST_TEXT = 2 * 1024 * 1024
"""Bytes. MeetingConcluded carries a text twice, as document and as directives, and must stay below NATS's 8 MiB."""

_THREAD_FROM = 32 * 1024
_ACTOR = "integration"

router = APIRouter()


class AnotherNotice(Problem):
    """A notice of this issuer, number and year is in force, and says something else."""

    status = HTTPStatus.CONFLICT
    code = "number-taken"
    title = Words("Số thông báo này đã có", "There is a notice of this number")
    detail = Words(
        "Cơ quan, số và năm này đã có một thông báo với nội dung khác: /v1/meetings/{meeting_id}. "
        "Thông báo đó giữ nguyên và chưa có gì mới được ghi nhận. Kiểm tra lại số, hoặc mở thông báo đã có.",
        "A notice of this issuer, number and year says something else: /v1/meetings/{meeting_id}. "
        "It stays as it is and nothing new was recorded. Check the number, or open the notice that is there.",
    )


class AnotherBody(Problem):
    """The Idempotency-Key was used for another notice."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "idempotency-key-reused"
    title = Words("Idempotency-Key đã dùng cho thông báo khác", "The Idempotency-Key was used for another notice")
    detail = Words(
        "Khóa này thuộc về /v1/meetings/{meeting_id}. Chưa có gì mới được ghi nhận. Dùng khóa khác cho thông báo này.",
        "This key belongs to /v1/meetings/{meeting_id}. Nothing new was recorded. Use another key for this notice.",
    )


class TooLarge(Problem):
    """The body is larger than intake takes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too-large"
    title = Words("Nội dung gửi lên quá lớn", "What was sent is too large")
    detail = Words(
        "Nhiều nhất {most} MiB. Chưa có gì được ghi nhận. Tách thông báo thành nhiều phần rồi gửi từng phần.",
        "At most {most} MiB are taken. Nothing was recorded. Split the notice and send it in parts.",
    )


class TooManyTasks(Problem):
    """The notice would become more tasks than one notice may."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "too-many-tasks"
    title = Words("Thông báo tạo ra quá nhiều nhiệm vụ", "The notice would become too many tasks")
    detail = Words(
        "Thông báo này thành {tasks} nhiệm vụ; một thông báo nhận nhiều nhất {most} nhiệm vụ và 64 MiB sự kiện. "
        "Chưa có gì được ghi nhận. Tách thông báo, hoặc giao cho ít đơn vị hơn.",
        "This notice becomes {tasks} tasks; one notice may become {most} tasks and 64 MiB of events at most. "
        "Nothing was recorded. Split it, or name fewer units.",
    )


LOG_AWAY = Words("Không nối được tới sổ ghi sự kiện (NATS).", "The event log (NATS) does not answer.")


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
    if len(body) > _THREAD_FROM:
        what = await anyio.to_thread.run_sync(posted, media_type, charset, body, key)
    else:
        what = posted(media_type, charset, body, key)
    publisher: Publisher = request.app.state.publisher
    origin = Origin(_ACTOR, request.state.request_id, dt.datetime.now(dt.UTC))
    try:
        publication = await (publisher.preview(what, origin) if dry_run else publisher.publish(what, origin))
    except NumberTaken as refused:
        raise _refusal(AnotherNotice, refused) from refused
    except KeyTaken as refused:
        raise _refusal(AnotherBody, refused) from refused
    except NoticeTooLarge as refused:
        raise TooManyTasks(tasks=refused.tasks, most=MOST_TASKS) from refused
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
