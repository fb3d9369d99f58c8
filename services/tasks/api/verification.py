"""HTTP: whether the record is whole, and verifying it now."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from pydantic import BaseModel

from services.tasks.api.parameters import Id
from services.tasks.record import passes
from services.tasks.record.findings import Finding
from services.tasks.record.passes import Pass
from services.tasks.record.scrubber import Scrubber, standing
from shared.database import DatabaseUnavailable, translated
from shared.identity.guard import requires, while_allowed
from shared.language import Language, preferred
from shared.problems import DATABASE_AWAY, NotFound, Unavailable
from shared.streams import Item, live, resumed, wants_stream

router = APIRouter(prefix="/v1/record", tags=["record"])


class FindingView(Finding):
    """What is wrong, and in the reader's words what it means and what to do."""

    what: str


class VerificationView(BaseModel):
    """A verification: `state` is `running`, `sound`, `damaged` or `failed`."""

    state: str
    verification: Pass
    findings: list[FindingView]


class Standing(BaseModel):
    """How the record stands: `sound`, `damaged`, or `unknown` before anything was verified.

    `known_good` is the last event before everything that is wrong, None where nothing is; `last_sound_at` is when a
    verification last found nothing wrong as far as the first damaged event.
    """

    state: str
    known_good: int | None
    last_sound_at: dt.datetime | None
    findings: list[FindingView]
    verifications: list[Pass]


def install(app: FastAPI) -> None:
    """Adds the routes."""
    app.include_router(router)


async def _scrubber(request: Request) -> Scrubber:
    found: Scrubber = request.app.state.scrubber
    return found


Scrubbing = Annotated[Scrubber, Depends(_scrubber)]


@router.get(
    "/verification", summary="Whether log, ledger and register are whole", dependencies=[requires("verify-record")]
)
async def get_verification(request: Request, scrubber: Scrubbing) -> Standing:
    """How the record stands by what was found last. It is verified without end, and on demand."""
    try:
        found = await standing(scrubber.engine)
    except DatabaseUnavailable as fault:
        raise Unavailable(DATABASE_AWAY) from fault
    return Standing(
        state=found.state,
        known_good=min((each.known_good for each in found.findings if each.first), default=None),
        last_sound_at=found.last_sound_at,
        findings=[_finding(each, _language(request)) for each in found.findings],
        verifications=list(found.newest),
    )


@router.post(
    "/verifications",
    summary="Verifies the whole record now",
    status_code=202,
    dependencies=[requires("verify-record")],
)
async def post_verification(response: Response, scrubber: Scrubbing) -> Pass:
    """Begins a verification, or joins the one that goes on. `Location` tells where it is followed."""
    try:
        identity = await scrubber.ask()
        found = await verification_pass(scrubber, identity)
    except DatabaseUnavailable as fault:
        raise Unavailable(DATABASE_AWAY) from fault
    response.headers["Location"] = f"/v1/record/verifications/{identity}"
    return found


@router.get(
    "/verifications/{verification_id}",
    summary="How far a verification came, and what it found; live as a stream",
    responses={200: {"content": {"text/event-stream": {}}}},
    dependencies=[requires("verify-record")],
)
async def get_one(request: Request, verification_id: Id, scrubber: Scrubbing) -> VerificationView:
    """One verification. With `Accept: text/event-stream` each step comes as it happens, and the stream ends with it."""
    language = _language(request)
    try:
        found = await verification_pass(scrubber, verification_id)
    except DatabaseUnavailable as fault:
        raise Unavailable(DATABASE_AWAY) from fault
    if not wants_stream(request):
        return _view(found, language)
    ended = False

    async def fetch(after: int) -> list[Item]:
        nonlocal ended
        now = await verification_pass(scrubber, verification_id)
        ended = now.ended_at is not None
        place = 2 * now.compared + (2 if ended else 1)
        return [Item(place, _view(now, language).model_dump_json())] if place > after else []

    allowed, told = while_allowed(request, "verify-record"), False

    async def still() -> bool:
        nonlocal told
        over, told = told, ended
        return not over and await allowed()

    return live(fetch, resumed(request, 0), scrubber.told, still)  # type: ignore[return-value]


async def verification_pass(scrubber: Scrubber, identity: str) -> Pass:
    """One verification, as far as it came.

    Raises:
        NotFound: there is none of this id.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with translated():
        async with scrubber.engine.connect() as connection:
            found = await passes.pass_of(connection, identity)
    if found is None:
        raise NotFound(what=identity)
    return found


def _view(found: Pass, language: Language) -> VerificationView:
    views = [_finding(each, language) for each in found.findings]
    return VerificationView(state=found.state, verification=found, findings=views)


def _finding(finding: Finding, language: Language) -> FindingView:
    return FindingView(**finding.model_dump(), what=finding.words.to(language))


def _language(request: Request) -> Language:
    return preferred(request.headers.get("accept-language"))
