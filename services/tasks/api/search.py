"""HTTP: tasks found by words, written with their marks or without."""

from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request, Response

from services.tasks.api.parameters import Cursor, Limit, TaskReader
from services.tasks.reading import Connection, Source
from services.tasks.register.search import search_tasks
from services.tasks.register.views import TaskView
from services.tasks.sight import sight
from shared.pagination import DEFAULT_LIMIT, link_next, sequence_of

_AS_WRITTEN = 1 << 62

router = APIRouter(prefix="/v1")


def install(app: FastAPI) -> None:
    """Adds the route."""
    app.include_router(router)


@router.get("/search", summary="Tasks by words of their text, unit, document number and people")
async def get_search(
    request: Request,
    response: Response,
    caller: TaskReader,
    source: Source,
    found: Connection,
    q: Annotated[
        str, Query(min_length=1, max_length=200, description="words; one without marks means any that has its letters")
    ],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> list[TaskView]:
    """Tasks that hold every word: first those that hold them as they were written, and the newest first."""
    place = sequence_of(cursor)
    after = None if place is None else (bool(place & _AS_WRITTEN), place & ~_AS_WRITTEN)
    tasks = await search_tasks(found, q, sight(caller), source.today(), after, limit)
    if len(tasks) == limit:
        as_written, last = tasks[-1]
        link_next(request, response, last.assigned_sequence | (_AS_WRITTEN if as_written else 0))
    return [task for _, task in tasks]
