"""HTTP: the log as it grows, what it may hold, and what could not be applied."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse

from services.tasks.api.parameters import Cursor, Limit
from services.tasks.reading import LARGEST_SEQUENCE, Connection, MinSequence, Reading, Source, connected
from services.tasks.register import queries
from services.tasks.register.views import EventView, ParkedView
from shared.database import translated
from shared.events.asyncapi import asyncapi
from shared.identity.guard import requires, while_allowed
from shared.pagination import DEFAULT_LIMIT, link_next, sequence_of
from shared.streams import Fetch, Item, live, resumed, wants_stream

_STREAM_PAGE = 100

router = APIRouter(prefix="/v1")


def install(app: FastAPI) -> None:
    """Adds the routes."""
    app.include_router(router)


@router.get(
    "/events",
    summary="The log, from the ledger; live as a stream",
    responses={200: {"content": {"text/event-stream": {}}}},
    dependencies=[requires("read-log")],
)
async def get_events(
    request: Request,
    source: Source,
    after: Annotated[int, Query(ge=0, le=LARGEST_SEQUENCE, description="sequence behind which to begin")] = 0,
    limit: Limit = DEFAULT_LIMIT,
    min_sequence: MinSequence = None,
) -> list[EventView]:
    """Events in order. With `Accept: text/event-stream` each comes as it happens; Last-Event-ID goes on behind it."""
    if wants_stream(request):
        return live(_fetch(source), resumed(request, after), source.advanced, while_allowed(request, "read-log"))  # type: ignore[return-value]
    async with connected(source, min_sequence) as found:
        events = await queries.list_events(found, after, limit)
    response = JSONResponse([event.model_dump(mode="json") for event in events])
    if events:
        address = request.url.include_query_params(after=events[-1].sequence)
        response.headers["Link"] = f'<{address.path}?{address.query}>; rel="next"'
    return response  # type: ignore[return-value]


@router.get(
    "/asyncapi.json",
    summary="The log's description for readers over NATS (AsyncAPI 3.0)",
    dependencies=[requires("read-descriptions")],
)
async def get_asyncapi() -> dict[str, Any]:
    """Every type of event that the log may hold."""
    return asyncapi()


@router.get("/parked", summary="Events that could not be applied", dependencies=[requires("read-parked")])
async def get_parked(
    request: Request, response: Response, found: Connection, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> list[ParkedView]:
    """Events that the ledger holds and the register does not show, each with the reason."""
    parked = await queries.list_parked(found, sequence_of(cursor) or 0, limit)
    if len(parked) == limit:
        link_next(request, response, parked[-1].sequence)
    return parked


def _fetch(source: Reading) -> Fetch:
    async def events(after: int) -> Sequence[Item]:
        with translated():
            async with source.engine.connect() as found:
                found_events = await queries.list_events(found, after, _STREAM_PAGE)
        return [Item(event.sequence, event.model_dump_json()) for event in found_events]

    return events
