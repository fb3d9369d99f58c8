"""HTTP: the timeliness matrix, each figure with the address of the tasks that it counts."""

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Query
from pydantic import BaseModel

from services.tasks.api.parameters import AssignedFrom, AssignedTo, IdFilter, Limit, OnDay, TaskReader
from services.tasks.reading import Connection, Source
from services.tasks.register.summary import By, Counted, Kind, summarise
from services.tasks.register.tasks import TaskFilter, day_of
from services.tasks.sight import sight
from shared.pagination import DEFAULT_LIMIT

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
    unit: IdFilter = None,
    meeting: IdFilter = None,
    assigned_from: AssignedFrom = None,
    assigned_to: AssignedTo = None,
    on: OnDay = None,
    by: Annotated[By | None, Query(description="what the rows are; without it there is only the total")] = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Summary:
    """Counts the tasks that the caller may see, as they stand today or stood at the end of a past day."""
    today = source.today()
    wanted = TaskFilter(unit=unit, meeting=meeting, assigned_from=assigned_from, assigned_to=assigned_to, on=on)
    matrix = await summarise(found, wanted, by, sight(caller), today, limit)
    given = {"unit": unit, "meeting": meeting, "from": assigned_from, "to": assigned_to, "on": on}
    filters = {name: str(value) for name, value in given.items() if value is not None}
    day = day_of(wanted, today)
    return Summary(
        on=day.date,
        due_soon_until=day.due_soon_until,
        by=by,
        total=Cells.model_validate(_figures(matrix.total, filters)),
        rows=tuple(_row(row, by, filters) for row in matrix.rows if by),
        rows_left_out=matrix.left_out,
    )


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
