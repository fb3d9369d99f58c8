"""Pages of verification: how the record stands, verifying it now, and what a verification found."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from services.tasks.api.parameters import Id
from services.tasks.api.verification import Scrubbing, post_verification, verification_pass
from services.tasks.record.scrubber import standing
from shared.database import DatabaseUnavailable
from shared.identity.guard import requires
from shared.language import Words
from shared.problems import DATABASE_AWAY, Unavailable
from shared.web.forms import see
from shared.web.pages import shown
from shared.web.routing import page_router

ORIGINS = {
    "continuous": Words("tự động, liên tục", "by itself, without end"),
    "request": Words("theo yêu cầu", "on request"),
    "command": Words("bằng lệnh ketluan verify", "by ketluan verify"),
}
"""Why the record was verified."""

STATES = {
    "running": Words("đang kiểm chứng", "under way"),
    "sound": Words("nguyên vẹn", "whole"),
    "damaged": Words("có hư hỏng", "damaged"),
    "failed": Words("không làm được", "could not be done"),
    "unknown": Words("chưa kiểm chứng lần nào", "not verified yet"),
}
"""How a verification, or the record, stands."""

SIDES = {
    "log": Words("nhật ký", "the log"),
    "ledger": Words("sổ cái", "the ledger"),
    "register": Words("sổ theo dõi", "the register"),
}
"""Which copy of the record is damaged."""

router = page_router()


@router.get("/record/verification", dependencies=[requires("verify-record")])
async def show_standing(request: Request, scrubber: Scrubbing) -> HTMLResponse:
    """How the record stands by what was found last, and the newest verifications."""
    with _answering():
        found = await standing(scrubber.engine)
    return shown(
        request,
        "record_verification.html",
        standing=found,
        origins=ORIGINS,
        states=STATES,
        sides=SIDES,
        pace=scrubber.pace,
    )


@router.post("/record/verifications", dependencies=[requires("verify-record")])
async def verify_now(request: Request, scrubber: Scrubbing) -> Response:
    """Verifies the whole record now, or joins whoever asked for it before."""
    begun = await post_verification(Response(), scrubber)
    return see(request, f"/record/verifications/{begun.id}")


@router.get("/record/verifications/{verification_id}", dependencies=[requires("verify-record")])
async def show_verification(request: Request, verification_id: Id, scrubber: Scrubbing) -> HTMLResponse:
    """How far a verification came, as it goes on, and what it proved."""
    with _answering():
        found = await verification_pass(scrubber, verification_id)
    return shown(request, "record_verifying.html", found=found, origins=ORIGINS, states=STATES, sides=SIDES)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except DatabaseUnavailable as fault:
        raise Unavailable(DATABASE_AWAY) from fault
