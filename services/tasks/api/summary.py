"""HTTP: the timeliness matrix, each figure with the address of the tasks that it counts."""

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Query
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.as_of import AskedAsOf, AskedAsOfOrOn
from services.tasks.api.parameters import AssignedFrom, AssignedTo, IdFilter, Limit, TaskReader
from services.tasks.reading import Connection, Source
from services.tasks.register.summary import By, Counted, Kind, summarise
from services.tasks.register.tasks import Sight, TaskFilter, day_of
from services.tasks.register.views import AsOfView, as_of_view
from services.tasks.sight import sight
from services.tasks.timeliness import Day
from shared.pagination import DEFAULT_LIMIT

_ALL_UNITS = 10_000

Parameters = Mapping[str, str | list[str]]

FIGURES: Mapping[str, tuple[tuple[Kind, ...], Parameters]] = {
    "done_on_time": (("done_on_time",), {"timeliness": "done_on_time"}),
    "done_late": (("done_late",), {"timeliness": "done_late"}),
    "open_in_time": (("in_time", "due_soon"), {"timeliness": ["in_time", "due_soon"]}),
    "open_overdue": (("overdue",), {"timeliness": "overdue"}),
    "no_deadline": (("no_deadline", "done_without_deadline"), {"timeliness": "no_deadline"}),
    "due_soon": (("due_soon",), {"timeliness": "due_soon"}),
    "done_without_deadline": (("done_without_deadline",), {"timeliness": "no_deadline", "status": "done"}),
    "cancelled": (("cancelled",), {"status": "cancelled"}),
}
"""What each figure counts, and by which filter of the list the same tasks are found."""


class Figure(BaseModel):
    """A figure, and the address of the tasks that it counts."""

    count: int
    tasks: str


class Cells(BaseModel):
    """Five cells that hold each task once, two that look into them, and apart from them what was cancelled.

    `due_soon` is part of `open_in_time`, and `done_without_deadline` of `no_deadline`.
    """

    done_on_time: Figure
    done_late: Figure
    open_in_time: Figure
    open_overdue: Figure
    no_deadline: Figure
    due_soon: Figure
    done_without_deadline: Figure
    cancelled: Figure


class SummaryRow(Cells):
    """One unit, one meeting, or one month (YYYY-MM) in which tasks were assigned."""

    key: str
    name: str


class Summary(BaseModel):
    """How tasks stand on a day. `rows_left_out` counts rows behind the limit; `total` counts their tasks too."""

    as_of: AsOfView | None = None
    on: dt.date
    due_soon_until: dt.date
    by: By | None
    total: Cells
    rows: tuple[SummaryRow, ...]
    rows_left_out: int


router = APIRouter(prefix="/v1")


def install(app: FastAPI) -> None:
    """Adds the route."""
    app.include_router(router)


@router.get("/summary", summary="How tasks stand to their deadlines: on time, late, in time, overdue, without one")
async def get_summary(
    caller: TaskReader,
    source: Source,
    found: Connection,
    asked: AskedAsOfOrOn,
    unit: IdFilter = None,
    meeting: IdFilter = None,
    assigned_from: AssignedFrom = None,
    assigned_to: AssignedTo = None,
    by: Annotated[By | None, Query(description="what the rows are; without it there is only the total")] = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Summary:
    """Counts the tasks that the caller may see, as they stand today, stood as of a moment, or will stand on a day."""
    wanted = TaskFilter(
        unit=unit,
        meeting=meeting,
        assigned_from=assigned_from,
        assigned_to=assigned_to,
        as_of=asked.as_of,
        on=asked.on,
    )
    return await summary(found, wanted, by, sight(caller), source.today(), limit)


@router.get("/board", summary="All units at a glance, those with most at risk first")
async def get_board(caller: TaskReader, source: Source, found: Connection, as_of: AskedAsOf = None) -> Summary:
    """How the tasks of every unit stand to their deadlines, now or as of a moment: the summary by unit, whole."""
    return await summary(found, TaskFilter(as_of=as_of), "unit", sight(caller), source.today(), _ALL_UNITS)


async def summary(
    found: AsyncConnection, wanted: TaskFilter, by: By | None, seen: Sight, today: Day, limit: int
) -> Summary:
    """The matrix with the address of each figure's tasks."""
    matrix = await summarise(found, wanted, by, seen, today, limit)
    filters = _parameters(wanted)
    day = day_of(wanted, today)
    return Summary(
        as_of=as_of_view(wanted.as_of) if wanted.as_of else None,
        on=day.date,
        due_soon_until=day.due_soon_until,
        by=by,
        total=Cells.model_validate(_figures(matrix.total, filters)),
        rows=tuple(_row(row, by, filters) for row in matrix.rows if by),
        rows_left_out=matrix.left_out,
    )


def _parameters(wanted: TaskFilter) -> dict[str, str]:
    """The filter as parameters of the list."""
    given: dict[str, object] = {
        "unit": wanted.unit,
        "meeting": wanted.meeting,
        "from": wanted.assigned_from,
        "to": wanted.assigned_to,
        "on": wanted.on,
    }
    if as_of := wanted.as_of:
        given |= {"as_of": as_of.asked, "sense": as_of.sense}
    return {name: str(value) for name, value in given.items() if value is not None}


def _row(counted: Counted, by: By, filters: Mapping[str, str]) -> SummaryRow:
    if isinstance(counted.key, dt.date):
        first = counted.key
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        period = {
            "from": max(filters.get("from", ""), str(first)),
            "to": min(filters.get("to", str(last)), str(last)),
        }
        key, name = f"{first:%Y-%m}", f"{first:%m/%Y}"
        return SummaryRow.model_validate({"key": key, "name": name, **_figures(counted, {**filters, **period})})
    name = counted.name or str(counted.key)
    figures = _figures(counted, {**filters, by: str(counted.key)})
    return SummaryRow.model_validate({"key": counted.key, "name": name, **figures})


def _figures(counted: Counted, filters: Mapping[str, str]) -> dict[str, Figure]:
    return {
        name: Figure(
            count=sum(counted.tasks[kind] for kind in kinds),
            tasks=f"/v1/tasks?{urlencode({**filters, **parameters}, doseq=True)}",
        )
        for name, (kinds, parameters) in FIGURES.items()
    }
