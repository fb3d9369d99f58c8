"""Puts the pages of the tasks service together: each area has its own module."""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse

from services.tasks.api.parameters import MeetingReader
from services.tasks.pages import (
    children,
    clients,
    commands,
    meetings,
    parked,
    queue,
    report,
    search,
    task,
    unresolved,
    work,
)
from services.tasks.pages.board import routes as board
from services.tasks.pages.directory import routes as directory
from services.tasks.pages.health import routes as health
from services.tasks.pages.record import routes as record
from services.tasks.pages.said import SAID
from shared.web import assets
from shared.web import pages as frame
from shared.web.forms import see
from shared.web.pages import Pages
from shared.web.routing import page_router
from shared.web.sections import home_of

router = page_router()


def install(app: FastAPI, zone: str) -> None:
    """Adds the routes, the files that pages need, and pages for refusals and faults. `zone` is an IANA name."""
    frame.install(app, Pages(zone, [Path(__file__).parent / "templates"], SAID))
    app.include_router(router)
    for each in (meetings, task, commands, work, queue, unresolved, parked, search):
        app.include_router(each.router)
    board.install(app)
    app.include_router(report.router)
    app.include_router(children.router)
    record.install(app)
    directory.install(app)
    app.include_router(clients.router)
    health.install(app)
    assets.install(app)


@router.get("/")
async def show_home(request: Request, caller: MeetingReader) -> RedirectResponse:
    """The page where a caller of this role begins."""
    return see(request, home_of(caller))
