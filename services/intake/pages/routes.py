"""Routes of the pages: the notices that wait, posting one, and going through how it was read."""

from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse

from services.intake.api.refused import refused
from services.intake.meetings import LiveMeetings
from services.intake.pages import posting, review
from services.intake.pages.said import SAID
from services.intake.standing import State
from shared import vocabulary
from shared.identity.guard import requires
from shared.pagination import cursor as cursor_of
from shared.pagination import sequence_of
from shared.web import pages as frame
from shared.web.pages import Pages, shown
from shared.web.routing import page_router

_NOTICES = 30
_WAITING: tuple[State, ...] = ("held", "doubtful")

router = page_router()


def install(app: FastAPI, zone: str) -> None:
    """Adds the pages, and has refusals and faults shown as pages too. `zone` is an IANA name."""
    frame.install(app, Pages(zone, [Path(__file__).parent / "templates"], SAID))
    for each in (router, posting.router, review.router):
        app.include_router(each)


@router.get("/conclusions", dependencies=[requires("read-conclusions")])
async def show_conclusions(
    request: Request,
    state: Annotated[list[State] | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
) -> HTMLResponse:
    """The notices of some states, newest first: those that wait for somebody, where the address names none."""
    meetings: LiveMeetings = request.app.state.meetings
    wanted = tuple(dict.fromkeys(state or _WAITING))
    with refused(request.url.path):
        found = (await meetings.current()).listed(wanted, sequence_of(cursor), _NOTICES + 1)
    listed = found[:_NOTICES]
    return shown(
        request,
        "conclusions.html",
        notices=listed,
        wanted=wanted,
        waiting=_WAITING,
        states=vocabulary.CONCLUSION_STATES,
        older=cursor_of(listed[-1].arrived) if len(found) > _NOTICES else None,
        newest=cursor is None,
    )
