"""Page: how the services do, what each thing is for, and what to do where one is not well."""

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from services.tasks.pages.health.words import CHECKS, NOTES, SERVICES, unnamed
from services.tasks.reading import Reading
from shared.health import Health
from shared.identity.guard import requires
from shared.log.faults import LogFault
from shared.log.stream import stream_info
from shared.web.pages import shown
from shared.web.routing import page_router

_OWN = "tasks"

router = page_router()


def install(app: FastAPI) -> None:
    """Adds the routes."""
    app.include_router(router)


@router.get("/health", dependencies=[requires("read-health")])
async def show_health(request: Request) -> HTMLResponse:
    """This service as it is, and the places of the others, which the browser asks for itself."""
    health: Health = request.app.state.health
    own = await health.standing()
    return shown(
        request,
        "health.html",
        services=SERVICES,
        checks={**CHECKS, _OWN: {name: CHECKS[_OWN].get(name) or unnamed(name) for name in own.checks}},
        notes={**NOTES, _OWN: {name: NOTES[_OWN].get(name) or unnamed(name) for name in health.notes}},
        own_name=_OWN,
        own=own,
        last=await _last(request),
    )


async def _last(request: Request) -> int | None:
    """The log's last sequence; None while it does not answer."""
    source: Reading = request.app.state.reading
    try:
        return (await stream_info(source.client)).state.last_seq
    except LogFault:
        return None
