"""HTTP: which tasks a request asks for, and the same again as an address."""

import datetime as dt
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from services.tasks.api.as_of import AskedAsOfOrOn
from services.tasks.api.parameters import AskedDay, AssignedFrom, AssignedTo, IdFilter
from services.tasks.register.tasks import TaskFilter
from services.tasks.task.state import Status
from services.tasks.timeliness import Timeliness


async def wanted_tasks(
    asked: AskedAsOfOrOn,
    unit: IdFilter = None,
    meeting: IdFilter = None,
    directive: IdFilter = None,
    series: IdFilter = None,
    status: Annotated[Status | None, Query(description="how far the work is")] = None,
    timeliness: Annotated[
        tuple[Timeliness, ...], Query(description="how the task stands to its deadline; several mean any of them")
    ] = (),
    due_from: Annotated[dt.date | None, Query(description="first deadline wanted")] = None,
    due_to: Annotated[dt.date | None, Query(description="last deadline wanted")] = None,
    assigned_from: AssignedFrom = None,
    assigned_to: AssignedTo = None,
    done_from: Annotated[
        AskedDay | None, Query(description="first local day on which the result of work that is done was handed in")
    ] = None,
    done_to: Annotated[AskedDay | None, Query(description="the last such day")] = None,
    is_open: Annotated[
        bool | None, Query(alias="open", description="whether the work still has to come to an end")
    ] = None,
    carried_over: Annotated[
        bool | None, Query(description="whether the task repeats one that was still open when it was ordered again")
    ] = None,
) -> TaskFilter:
    """The filter that a request's parameters make.

    Raises:
        Invalid: the moment that it asks about cannot be used.
    """
    return TaskFilter(
        unit=unit,
        meeting=meeting,
        status=status,
        timeliness=timeliness,
        due_from=due_from,
        due_to=due_to,
        directive=directive,
        series=series,
        assigned_from=assigned_from,
        assigned_to=assigned_to,
        as_of=asked.as_of,
        on=asked.on,
        carried_over=carried_over,
        is_open=is_open,
        done_from=done_from,
        done_to=done_to,
    )


WantedTasks = Annotated[TaskFilter, Depends(wanted_tasks)]


def query_of(wanted: TaskFilter) -> str:
    """The parameters that ask for the same tasks again, as of the same moment."""
    given: dict[str, object] = {
        "unit": wanted.unit,
        "meeting": wanted.meeting,
        "directive": wanted.directive,
        "series": wanted.series,
        "status": wanted.status,
        "timeliness": wanted.timeliness or None,
        "due_from": wanted.due_from,
        "due_to": wanted.due_to,
        "from": wanted.assigned_from,
        "to": wanted.assigned_to,
        "done_from": wanted.done_from,
        "done_to": wanted.done_to,
        "open": None if wanted.is_open is None else str(wanted.is_open).lower(),
        "carried_over": None if wanted.carried_over is None else str(wanted.carried_over).lower(),
        "on": wanted.on,
        "as_of": wanted.as_of.asked if wanted.as_of else None,
        "sense": wanted.as_of.sense if wanted.as_of and wanted.as_of.sense != "known" else None,
    }
    return urlencode({name: value for name, value in given.items() if value is not None}, doseq=True)
