"""HTTP: notices as they arrived, byte for byte."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response

from services.intake.api.refused import refused
from services.intake.meetings import LiveMeetings
from services.intake.posted import TEXT_TYPE
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.identity.permissions import Reach, allowed
from shared.log.objects import fetched
from shared.problems import NotFound

router = APIRouter(prefix="/v1/documents")

_SUFFIXES = {
    "application/json": "json",
    TEXT_TYPE: "txt",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/tiff": "tif",
}


@router.get(
    "/{sha256}",
    summary="A notice as it arrived",
    response_class=Response,
    responses={
        200: {
            "description": "The very bytes, to be saved as a file",
            "content": {media_type: {} for media_type in _SUFFIXES},
        }
    },
)
async def get_document(
    request: Request,
    sha256: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")],
    caller: Annotated[Caller, requires("read-documents")],
) -> Response:
    """The bytes that a notice was posted in, by their SHA-256, for whoever may read the notice."""
    meetings: LiveMeetings = request.app.state.meetings
    with refused(request.url.path):
        current = await meetings.current()
        needed: Reach = "involved" if current.concerns(sha256, caller.unit_ids) else "all"
        known = current.documents.get(sha256) if allowed(caller, "read-documents", needed) else None
        content = await fetched(request.app.state.client, "documents", sha256) if known else None
    if known is None or content is None:
        raise NotFound(what=request.url.path)
    name = known.name or f"{sha256[:16]}.{_SUFFIXES.get(known.media_type, 'bin')}"
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=31536000, immutable",
        "ETag": f'"{sha256}"',
    }
    return Response(content, headers=headers, media_type=known.media_type)
