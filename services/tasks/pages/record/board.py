"""The page of the whole board at any moment, and what is different of it since an earlier one."""

import datetime as dt
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.changes import asked_period
from services.tasks.api.parameters import Cursor, IdFilter
from services.tasks.pages.record.asking import AskedMoment, AskedStep, asked_moment
from services.tasks.pages.record.differing import Change, Showing, changes_of
from services.tasks.pages.record.matrix import COLUMNS, Column, cells, rows, tasks_behind
from services.tasks.pages.record.travel import STEPS, along_time, moved, time_of
from services.tasks.pages.record.travel import asked as asked_about
from services.tasks.reading import Connection, Reading, Source
from services.tasks.register.as_of import AsOf, Sense
from services.tasks.register.changes import changed_ids, tasks_changed
from services.tasks.register.moments import beginning
from services.tasks.register.summary import summarise
from services.tasks.register.tasks import Sight, TaskFilter, list_tasks
from services.tasks.register.views import TaskView
from services.tasks.register.views_of_pasts import TaskChanges
from services.tasks.sight import sight
from shared import vocabulary
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.language import Words
from shared.pagination import cursor as cursor_of
from shared.pagination import sequence_of
from shared.problems import Invalid
from shared.web.forms import see
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_UNITS = 100
_TASKS = 30
_EARLIER = (
    Words("1 ngày trước đó", "1 day before"),
    Words("1 tuần trước đó", "1 week before"),
    Words("1 tháng trước đó", "1 month before"),
    Words("đầu sổ ghi", "the beginning of the log"),
)

router = page_router()


@router.get("/record/board")
async def show_board_then(
    request: Request,
    caller: Annotated[Caller, requires("read-log")],
    source: Source,
    found: Connection,
    as_of: AskedMoment = None,
    sense: Sense = "known",
    since: Annotated[str | None, Query(alias="from", max_length=40)] = None,
    step: AskedStep = None,
    unit: IdFilter = None,
    figure: Column | None = None,
    cursor: Cursor = None,
) -> Response:
    """Units by timeliness, as they stood; with `from`, each figure beside the one that it was then."""
    now = dt.datetime.now(dt.UTC)
    began = await beginning(found) or now
    if step is not None:
        chosen = {"sense": sense} | ({"as_of": asked_about(time_of(step, began, now))} if step < STEPS else {})
        return see(request, f"/record/board?{urlencode(chosen | ({'from': since} if since else {}))}")
    seen, today = sight(caller), source.today()
    asked = await asked_moment(source, found, as_of, sense)
    period, refusal = await _period(source, found, since, as_of if asked.as_of else None)
    before = (await asked_moment(source, found, since, sense, "from")).as_of if period else None
    matrix = await summarise(found, TaskFilter(as_of=asked.as_of), "unit", seen, today, _UNITS)
    former = await summarise(found, TaskFilter(as_of=before), "unit", seen, today, _UNITS) if before else None
    listed = await _listed(found, tasks_behind(figure, unit, asked.as_of), seen, source, cursor)
    wrong = refusal or asked.refusal
    return shown(
        request,
        "record_board.html",
        wrong.status if wrong else HTTPStatus.OK,
        columns=COLUMNS,
        total=cells(matrix.total, former.total if former else None, is_compared=former is not None),
        rows=rows(matrix, former),
        left_out=matrix.left_out,
        travel=along_time(began, now, asked.as_of, source.zone),
        asked=asked,
        before=before,
        earlier=_earlier(asked.as_of.time if asked.as_of else now, began, source.zone),
        changed=await _changed(found, period, seen, source.zone) if period else (),
        most_changed=_TASKS,
        listed=listed[:_TASKS] if unit or figure else [],
        more=cursor_of(listed[_TASKS - 1].assigned_sequence) if len(listed) > _TASKS else None,
        unit=unit,
        figure=figure,
        sense=sense,
        kept={"sense": sense} | ({"from": since} if before and since else {}),
        since=since or "",
        told=wrong.told(language_of(request)) if wrong else None,
        vocabulary=vocabulary,
    )


async def _period(
    source: Reading, found: AsyncConnection, since: str | None, until: str | None
) -> tuple[tuple[AsOf, AsOf] | None, Invalid | None]:
    """The two moments that are compared, each as it was known then; or why they cannot be."""
    if not since:
        return None, None
    try:
        return await asked_period(source, found, since, until), None
    except Invalid as refusal:
        return None, refusal


async def _listed(
    found: AsyncConnection, wanted: TaskFilter, seen: Sight, source: Reading, cursor: str | None
) -> list[TaskView]:
    """The tasks behind a figure, one more than are shown; none where no figure is asked about."""
    if not (wanted.unit or wanted.timeliness or wanted.status):
        return []
    return await list_tasks(found, wanted, seen, source.today(), sequence_of(cursor) or 0, _TASKS + 1)


async def _changed(
    found: AsyncConnection, period: tuple[AsOf, AsOf], seen: Sight, zone: str
) -> list[tuple[TaskChanges, list[Change]]]:
    """Tasks that changed between two moments, the first of them, with what did."""
    ids = await changed_ids(found, *period, seen, 0, _TASKS)
    changed = await tasks_changed(found, [task_id for _, task_id in ids], *period)
    return [(each, changes_of(each.changes, Showing(zone))) for each in changed]


def _earlier(at: dt.datetime, began: dt.datetime, zone: str) -> list[tuple[Words, str]]:
    """Moments to compare with, as far as the log reaches back."""
    moments = (at - dt.timedelta(days=1), at - dt.timedelta(weeks=1), moved(at, zone, months=-1), began)
    named = zip(_EARLIER, moments, strict=True)
    return [(words, asked_about(moment)) for words, moment in named if moment >= began]
