"""HTTP: files go in before they are handed in with a report or a result, and come out as downloads."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Path, Request, Response

from services.tasks.attachments.kinds import TAKEN, safe_name
from services.tasks.attachments.store import content_of, handed_in
from services.tasks.attachments.taking import FILES_AWAY, Kept, NotTaken, TooLarge, taken
from services.tasks.reading import Source, register
from services.tasks.sight import sight
from shared.database import DatabaseUnavailable
from shared.events.fields import Digest
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.identity.sessions import FORM_TYPES
from shared.log.faults import LogFault
from shared.log.objects import ObjectDamaged
from shared.problems import DATABASE_AWAY, NotFound, Unavailable

router = APIRouter(prefix="/v1")


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
    is_browser = hasattr(request.state, "form_token")
    if is_browser and request.headers.get("content-type", "").startswith(FORM_TYPES):
        raise NotTaken  # it may have been read for the form's token, and holds no file as such
    most: int = request.app.state.largest_attachment
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > most:
            raise TooLarge(most=most)
    kept = await taken(source.client, bytes(content), most)
    response.headers["Location"] = f"/v1/attachments/{kept.sha256}"
    return kept


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
