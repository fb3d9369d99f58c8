"""What intake's routes have in common."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Path, Request, Response
from pydantic import BaseModel

from services.intake.posted import JSON_TYPE
from services.intake.standing import Standing
from shared.events.fields import TOKEN
from shared.language import preferred
from shared.preconditions import entity_tag

Id = Annotated[str, Path(pattern=TOKEN)]


def respond(
    request: Request,
    body: BaseModel,
    status: HTTPStatus = HTTPStatus.OK,
    headers: dict[str, str] | None = None,
    known: Standing | None = None,
) -> Response:
    """An answer in the reader's language, with the version of the notice where there is one."""
    language = preferred(request.headers.get("accept-language"))
    spoken = {"Content-Language": language, "Vary": "Accept-Language"}
    versioned = {"ETag": entity_tag(known.version)} if known else {}
    return Response(body.model_dump_json(), status, (headers or {}) | spoken | versioned, JSON_TYPE)
