"""HTTP: tasks found by words, written with their marks or without."""

from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request, Response

from services.tasks.api.parameters import Cursor, Limit, TaskReader
from services.tasks.reading import Connection, Source
from services.tasks.register.search import search_tasks
from services.tasks.register.views import TaskView
from services.tasks.sight import sight
from shared.pagination import DEFAULT_LIMIT, link_next, sequence_of
from shared.pagination import cursor as cursor_of

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
    tasks = await search_tasks(found, q, sight(caller), source.today(), place_of(cursor), limit)
    if len(tasks) == limit:
        link_next(request, response, _place(tasks[-1]))
    return [task for _, task in tasks]


def place_of(cursor: str | None) -> tuple[bool, int] | None:
    """The place that a cursor stands for, as `search_tasks` takes it.

    Raises:
        Invalid: it is no cursor.
    """
    place = sequence_of(cursor)
    return None if place is None else (bool(place & _AS_WRITTEN), place & ~_AS_WRITTEN)


def cursor_behind(found: tuple[bool, TaskView]) -> str:
    """The cursor of what comes behind a task that was found."""
    return cursor_of(_place(found))


def _place(found: tuple[bool, TaskView]) -> int:
    as_written, task = found
    return task.assigned_sequence | (_AS_WRITTEN if as_written else 0)
