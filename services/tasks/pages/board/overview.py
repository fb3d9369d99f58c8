"""The board: how the tasks of each unit or meeting stand to their deadlines, at a glance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Literal, cast

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from services.tasks.api.as_of import AskedAsOf
from services.tasks.api.filters import query_of
from services.tasks.api.parameters import AssignedFrom, AssignedTo, IdFilter, TaskReader
from services.tasks.pages.board.chart import chart
from services.tasks.reading import Connection, Source
from services.tasks.register.figures import ALL_BUT_CANCELLED, DONE_KINDS, OPEN_KINDS, Figure, figure
from services.tasks.register.foremost import foremost
from services.tasks.register.summary import Counted, Kind, summarise
from services.tasks.register.tasks import TaskFilter, day_of, find_tasks
from services.tasks.register.trend import Trend
from services.tasks.sight import sight
from shared.identity.permissions import allowed
from shared.language import Words
from shared.vocabulary import STATUS, TIMELINESS
from shared.web import wording
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

KIND_WORDS: Mapping[Kind, Words] = {
    **{cast("Kind", name): words for name, words in TIMELINESS.items()},
    "done_without_deadline": Words("hoàn thành, không có hạn", "done without deadline"),
}
"""What is counted, as the board calls it."""

_AT_A_GLANCE, _ALL, _REPEATED = 20, 1_000, 5

By = Literal["unit", "meeting"]

router = page_router()


@dataclass(frozen=True, slots=True)
class Line:
    """A unit or a meeting with its figures; `bar` is where each part of its bar begins and its width, in percent."""

    key: str
    name: str
    wanted: TaskFilter
    figures: Mapping[Kind, Figure]
    bar: Sequence[tuple[Kind, float, float]]


@router.get("/board")
async def show_board(
    request: Request,
    caller: TaskReader,
    source: Source,
    found: Connection,
    as_of: AskedAsOf = None,
    unit: IdFilter = None,
    assigned_from: AssignedFrom = None,
    assigned_to: AssignedTo = None,
    by: Annotated[By, Query()] = "unit",
    whole: Annotated[bool, Query(alias="all")] = False,
) -> HTMLResponse:
    """Totals, a line for each unit or meeting, what is ordered again and again, and what the last months brought."""
    wanted = TaskFilter(unit=unit, assigned_from=assigned_from, assigned_to=assigned_to, as_of=as_of)
    today, seen = source.today(), sight(caller)
    matrix = await summarise(found, wanted, by, seen, today, _ALL if whole else _AT_A_GLANCE)
    on_day = day_of(wanted, today)
    repeated = replace(wanted, carried_over=True, is_open=True, **ALL_BUT_CANCELLED)
    first = await foremost(found, repeated, seen, today, "most repeated", _REPEATED)
    kept: Trend = request.app.state.trend
    late = matrix.total.tasks["overdue"]
    months = [] if as_of or assigned_from or assigned_to else await kept.months(found, unit, seen, today, late)
    return shown(
        request,
        "board.html",
        by=by,
        wanted=wanted,
        on_day=on_day,
        has_children=bool(request.app.state.children.organisations) and allowed(caller, "read-children"),
        total=_figures(matrix.total, wanted),
        lines=lines(matrix.rows, wanted, by),
        left_out=matrix.left_out,
        repeated=await find_tasks(found, first.ids, on_day, as_of),
        repeated_wanted=repeated,
        months=months,
        chart=chart(months) if months else None,
        open_kinds=OPEN_KINDS,
        done_kinds=DONE_KINDS,
        kind_words=KIND_WORDS,
        status_words=STATUS,
        deadline=partial(wording.deadline, today=on_day.date, language=language_of(request)),
        listed=lambda of: address(request, "/board/tasks", of),
        query=query_of,
        changed=partial(replace, wanted),
        board=lambda of, by=by, whole=False: board_address(request, of, by, whole),
    )


def lines(rows: Sequence[Counted], wanted: TaskFilter, by: By) -> list[Line]:
    """A line for each row, those with most at risk first."""
    found = []
    widest = max((sum(row.tasks[kind] for kind in OPEN_KINDS) for row in rows), default=0)
    for row in sorted(rows, key=lambda row: [-row.tasks[kind] for kind in OPEN_KINDS]):
        key = str(row.key)
        own = replace(wanted, unit=key) if by == "unit" else replace(wanted, meeting=key)
        found.append(Line(key, row.name or key, own, _figures(row, own), parts_of_bar(row.tasks, widest)))
    return found


def parts_of_bar(tasks: Mapping[Kind, int], widest: int) -> list[tuple[Kind, float, float]]:
    """The parts of a bar: where each begins and how wide it is, in percent; what is not there has no part."""
    parts: list[tuple[Kind, float, float]] = []
    begin = 0.0
    for kind in OPEN_KINDS:
        width = 100 * tasks[kind] / widest if widest else 0.0
        if width:
            parts.append((kind, round(begin, 2), round(width, 2)))
        begin += width
    return parts


def address(request: Request, path: str, wanted: TaskFilter) -> str:
    """The address of a page about the tasks that fit a filter, in the language of this one."""
    query = query_of(wanted)
    if language_of(request) == "en":
        query = f"{query}&lang=en" if query else "lang=en"
    return f"{path}?{query}" if query else path


def board_address(request: Request, wanted: TaskFilter, by: By, whole: bool) -> str:
    """The address of another view of the board."""
    found = address(request, "/board", wanted)
    for asked in [*(["by=meeting"] if by == "meeting" else []), *(["all=true"] if whole else [])]:
        found += f"{'&' if '?' in found else '?'}{asked}"
    return found


def _figures(counted: Counted, wanted: TaskFilter) -> dict[Kind, Figure]:
    return {kind: figure(counted, kind, wanted) for kind in (*OPEN_KINDS, *DONE_KINDS)}
