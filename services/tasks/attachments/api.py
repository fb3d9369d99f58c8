"""HTTP: files go in before they are handed in with a report or a result, and come out as downloads."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Path, Request, Response
from pydantic import BaseModel

from services.tasks.attachments.kinds import TAKEN, media_type_of, safe_name
from services.tasks.attachments.store import content_of, handed_in, keep
from services.tasks.reading import Source, register
from services.tasks.sight import sight
from shared.database import DatabaseUnavailable
from shared.events.fields import Digest
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.language import Words
from shared.log.faults import LogFault
from shared.log.objects import ObjectDamaged
from shared.problems import DATABASE_AWAY, NotFound, Problem, Unavailable

FILES_AWAY = Words("Kho tệp chưa trả lời.", "The store of files does not answer.")

router = APIRouter(prefix="/v1")


class TooLarge(Problem):
    """The file is larger than is taken."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too-large"
    title = Words("Tệp quá lớn", "The file is too large")
    detail = Words(
        "Nhiều nhất {most} byte một tệp. Tệp không được lưu. Nén hoặc tách tệp rồi gửi lại.",
        "A file has {most} bytes at most. It was not kept. Make it smaller, or split it, and send it again.",
    )


class NotTaken(Problem):
    """The file is of a kind that is not taken."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "unsupported-media-type"
    title = Words("Không nhận loại tệp này", "This kind of file is not taken")
    detail = Words(
        "Chỉ nhận PDF, ảnh PNG, JPEG, TIFF, tệp Word, Excel, PowerPoint không có macro, và văn bản UTF-8; loại tệp "
        "được xác định theo nội dung. Tệp không được lưu.",
        "PDF, PNG, JPEG, TIFF, Word, Excel and PowerPoint files without macros, and text in UTF-8 are taken; the kind "
        "is told by what the file holds. It was not kept.",
    )


class Kept(BaseModel):
    """A file that can now be handed in. `size` is in bytes."""

    sha256: str
    media_type: str
    size: int


def install(app: FastAPI, largest_bytes: int) -> None:
    """Adds the routes. A file may hold at most so many bytes."""
    app.state.largest_attachment = largest_bytes
    app.include_router(router)


@router.post(
    "/attachments",
    status_code=HTTPStatus.CREATED,
    summary="Upload a file, to be handed in with a report or a result",
    dependencies=[requires("attach")],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TAKEN},
        }
    },
    responses={
        413: {"description": "The file is larger than is taken"},
        415: {"description": "A kind of file that is not taken"},
    },
)
async def post_attachment(request: Request, response: Response, source: Source) -> Kept:
    """Keeps a file under its SHA-256; the same file again is kept once. Its kind is told by its bytes."""
    most: int = request.app.state.largest_attachment
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > most:
            raise TooLarge(most=most)
    media_type = media_type_of(bytes(content))
    if media_type is None:
        raise NotTaken
    try:
        sha256 = await keep(source.client, bytes(content), media_type)
    except LogFault as fault:
        raise Unavailable(FILES_AWAY) from fault
    response.headers["Location"] = f"/v1/attachments/{sha256}"
    return Kept(sha256=sha256, media_type=media_type, size=len(content))


@router.get(
    "/attachments/{sha256}",
    summary="A file that was handed in with a task",
    response_class=Response,
    responses={200: {"content": {kind: {} for kind in TAKEN}}},
)
async def get_attachment(
    sha256: Annotated[Digest, Path()], caller: Annotated[Caller, requires("read-tasks")], source: Source
) -> Response:
    """The file's bytes, as a download, for whoever may see a task that it was handed in with."""
    try:
        async with register(source) as connection:
            found = await handed_in(connection, sha256, sight(caller))
        content = await content_of(source.client, sha256) if found else None
    except DatabaseUnavailable as fault:
        raise Unavailable(DATABASE_AWAY) from fault
    except ObjectDamaged:
        raise
    except LogFault as fault:
        raise Unavailable(FILES_AWAY) from fault
    if found is None or content is None:
        raise NotFound(what=f"/v1/attachments/{sha256}")
    name = quote(safe_name(found.name, found.media_type), safe="")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
        "ETag": f'"{sha256}"',
    }
    return Response(content, media_type=found.media_type, headers=headers)
