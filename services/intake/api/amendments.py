"""HTTP: a person confirms, reviews, corrects or revokes a notice."""

import datetime as dt
from collections.abc import Awaitable
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from fastapi import Request as HttpRequest

from services.intake.amendment import Amended, Amender, Request
from services.intake.answer import StandingConclusion, standing_answer
from services.intake.api.parts import Id, respond
from services.intake.api.refused import refused
from services.intake.body import LARGEST_JSON
from services.intake.changes import Confirmation, Correction, Revocation
from services.intake.conclude import Origin
from services.intake.refusals import NothingToChange
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.language import preferred
from shared.preconditions import versions

router = APIRouter(prefix="/v1/conclusions/{meeting_id}", max_body_size=LARGEST_JSON)

IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="the version that the request was made for, from the ETag")
]

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": StandingConclusion, "description": "The notice as it stands now; ETag is its version"},
    400: {"description": "The body cannot be read"},
    409: {"description": "The notice is not in a state for this, or the number is taken"},
    412: {"description": "The notice was changed since; `version` says which it is now"},
    413: {"description": "The change would be larger than the log takes"},
    422: {"description": "Fields, directives or units that cannot be used"},
    428: {"description": "If-Match is missing"},
}


@router.post("/confirm", summary="Confirm a held notice", response_class=Response, responses=_RESPONSES)
async def confirm(
    request: HttpRequest,
    meeting_id: Id,
    caller: Annotated[Caller, requires("review-conclusions")],
    changes: Confirmation | None = None,
    if_match: IfMatch = None,
) -> Response:
    """Puts a held notice in force, with the changes that the body makes, and publishes its tasks."""
    changes = changes or Confirmation()
    asked = _asked(request, caller, meeting_id, if_match, changes.model_dump_json(exclude_unset=True).encode())
    return await _answered(request, _amender(request).confirm(asked, changes))


@router.post("/review", summary="Mark a notice as reviewed", response_class=Response, responses=_RESPONSES)
async def review(
    request: HttpRequest,
    meeting_id: Id,
    caller: Annotated[Caller, requires("review-conclusions")],
    if_match: IfMatch = None,
) -> Response:
    """Notes that a person went through the doubts; what was wrong is corrected by corrections."""
    return await _answered(request, _amender(request).review(_asked(request, caller, meeting_id, if_match, b"")))


@router.post("/corrections", summary="Correct a notice in force", response_class=Response, responses=_RESPONSES)
async def correct(
    request: HttpRequest,
    meeting_id: Id,
    caller: Annotated[Caller, requires("correct-conclusions")],
    correction: Correction,
    if_match: IfMatch = None,
) -> Response:
    """Changes what the notice says of itself or of its directives, and does to the tasks what follows: all at once."""
    asked = _asked(request, caller, meeting_id, if_match, correction.model_dump_json(exclude_unset=True).encode())
    if correction.changes_nothing():
        raise NothingToChange
    return await _answered(request, _amender(request).correct(asked, correction))


@router.post(
    "/revocation", summary="Revoke a notice", response_class=Response, responses=_RESPONSES, max_body_size=LARGEST_JSON
)
async def revoke(
    request: HttpRequest,
    meeting_id: Id,
    caller: Annotated[Caller, requires("revoke-conclusions")],
    revocation: Revocation,
    if_match: IfMatch = None,
) -> Response:
    """Cancels every task of the notice that is not cancelled, and revokes it; a held notice is discarded."""
    asked = _asked(request, caller, meeting_id, if_match, revocation.model_dump_json().encode())
    return await _answered(request, _amender(request).revoke(asked, revocation))


def _amender(request: HttpRequest) -> Amender:
    found: Amender = request.app.state.amender
    return found


def _asked(request: HttpRequest, caller: Caller, meeting_id: str, if_match: str | None, body: bytes) -> Request:
    origin = Origin(caller.actor, request.state.request_id, dt.datetime.now(dt.UTC))
    return Request(meeting_id, max(versions(if_match), default=0), body, origin)


async def _answered(request: HttpRequest, amending: Awaitable[Amended]) -> Response:
    with refused(request.url.path):
        amended = await amending
    headers = {"Idempotency-Replayed": "true"} if amended.repeated else {}
    body = standing_answer(amended.known, preferred(request.headers.get("accept-language")))
    return respond(request, body, HTTPStatus.OK, headers, amended.known)
