"""The page of what is found by words: tasks, and the meetings and units of that name."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from services.tasks.api.parameters import Cursor, IdFilter, TaskReader
from services.tasks.api.search import cursor_behind, place_of
from services.tasks.pages.known import directory_of
from services.tasks.pages.marking import marked
from services.tasks.reading import Connection, Source
from services.tasks.register.search import search_meetings, search_tasks
from services.tasks.register.tasks import TaskFilter
from services.tasks.register.views import MeetingView
from services.tasks.register.words import bare, words
from services.tasks.sight import sight
from services.tasks.task.state import Status
from services.tasks.timeliness import Timeliness
from shared import vocabulary
from shared.directory.directory import Unit
from shared.identity.caller import Caller
from shared.web import wording
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_TASKS = 20
_MEETINGS = 5
_UNITS = 5

router = page_router()


@router.get("/search")
async def show_found(
    request: Request,
    caller: TaskReader,
    source: Source,
    found: Connection,
    q: Annotated[str, Query(max_length=200)] = "",
    unit: IdFilter = None,
    status: Annotated[Status | None, Query()] = None,
    timeliness: Annotated[Timeliness | None, Query()] = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """What is found, and nothing where nothing is asked for."""
    today = source.today()
    among = TaskFilter(unit=unit, status=status, timeliness=(timeliness,) if timeliness else ())
    tasks = await search_tasks(found, q, sight(caller), today, place_of(cursor), _TASKS + 1, among)
    meetings: Sequence[MeetingView] = ()
    if cursor is None and among == TaskFilter():
        meetings = await search_meetings(found, q, sight(caller), _MEETINGS)
    units = _units(request, caller)
    return shown(
        request,
        "search.html",
        q=q.strip(),
        tasks=tasks[:_TASKS],
        meetings=meetings,
        units_found=_named(units, q) if cursor is None else (),
        units=units,
        unit=unit,
        status=status,
        timeliness=timeliness,
        is_filtered=among != TaskFilter(),
        first=cursor is None,
        more=cursor_behind(tasks[_TASKS - 1]) if len(tasks) > _TASKS else None,
        marked=marked,
        vocabulary=vocabulary,
        deadline=partial(wording.deadline, today=today.date, language=language_of(request)),
    )


def _units(request: Request, caller: Caller) -> list[Unit]:
    """The units by which a caller may ask, by name: all open ones, or their own."""
    seen, known = sight(caller), directory_of(request).units.values()
    found = (unit for unit in known if not unit.closed and (seen is None or unit.id in seen))
    return sorted(found, key=lambda unit: unit.name)


def _named(units: Sequence[Unit], asked: str) -> list[Unit]:
    """The units in one of whose names all words stand, whatever their marks may be."""
    wanted = {bare(word) for word in words(asked)}
    found = (unit for unit in units if wanted and any(wanted <= set(map(bare, words(name))) for name in unit.names))
    return list(found)[:_UNITS]
