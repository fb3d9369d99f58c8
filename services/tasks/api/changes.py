"""HTTP: what was different between two moments, with the events that made it so."""

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.as_of import moment
from services.tasks.api.parameters import Cursor, Id, Limit, MeetingReader, TaskReader
from services.tasks.api.tasks import task_as_of
from services.tasks.reading import Connection, Source
from services.tasks.register import queries, tasks
from services.tasks.register.as_of import AsOf
from services.tasks.register.changes import changed_ids, notice_changed, tasks_changed
from services.tasks.register.summary import Counted, summarise
from services.tasks.register.tasks import Sight, TaskFilter
from services.tasks.register.views import as_of_view
from services.tasks.register.views_of_pasts import (
    BoardDifference,
    MeetingDifference,
    TaskDifference,
    UnitDifference,
)
from services.tasks.sight import sight
from services.tasks.timeliness import Day
from shared.language import Words
from shared.pagination import DEFAULT_LIMIT, link_next, sequence_of
from shared.problems import FieldProblem, Invalid, NotFound

_ALL_UNITS = 10_000
_BACKWARDS = Words("phải trước to (sự kiện {to})", "must lie before to (event {to})")

router = APIRouter(prefix="/v1")


def install(app: FastAPI) -> None:
    """Adds the routes."""
    app.include_router(router)


async def asked_period(
    source: Source,
    found: Connection,
    since: Annotated[
        str, Query(alias="from", max_length=40, description="the earlier moment: a sequence, a time or a local day")
    ],
    until: Annotated[
        str | None, Query(alias="to", max_length=40, description="the later moment; without it, now")
    ] = None,
) -> tuple[AsOf, AsOf]:
    """The two moments, each as it was known then.

    Raises:
        Invalid: one cannot be used, or they stand the wrong way round.
    """
    last = str(await queries.register_sequence(found))
    first, second = (
        await moment(source, found, "from", since, "known"),
        await moment(source, found, "to", last if until is None else until, "known"),
    )
    if first.sequence > second.sequence:
        raise Invalid(errors=[FieldProblem("from", "backwards", _BACKWARDS, {"to": second.sequence})])
    return first, second


Period = Annotated[tuple[AsOf, AsOf], Depends(asked_period)]


@router.get("/tasks/{task_id}/changes", summary="What is different of a task between two moments")
async def get_task_changes(
    task_id: Id, caller: TaskReader, source: Source, found: Connection, period: Period
) -> TaskDifference:
    """Each field that differs, with the events that changed it; for whoever may see the task now."""
    task = await task_as_of(found, task_id, sight(caller), source, period[1])
    changed = await tasks_changed(found, [task_id], *period)
    about = {"task_id": task_id, "assigned_sequence": task.assigned_sequence, "text": task.directive.text}
    nothing = {**about, "unit": task.unit.name, "began": False, "changes": ()}
    return TaskDifference.model_validate(_between(period) | (changed[0].model_dump() if changed else nothing))


@router.get("/meetings/{meeting_id}/changes", summary="What is different of a meeting between two moments")
async def get_meeting_changes(
    meeting_id: Id, caller: MeetingReader, source: Source, found: Connection, period: Period
) -> MeetingDifference:
    """Its notice and its tasks, each field that differs with the events that changed it."""
    seen, (since, until) = sight(caller), period
    after = await queries.find_meeting(found, meeting_id, seen, until)
    if after is None:
        raise NotFound(what=f"/v1/meetings/{meeting_id}")
    before = await queries.find_meeting(found, meeting_id, seen, since)
    changes = await notice_changed(
        found, meeting_id, before.model_dump() if before else None, after.model_dump(), since, until
    )
    given = await tasks.meeting_tasks(found, meeting_id, seen, source.today(), as_of=until)
    return MeetingDifference.model_validate(
        _between(period)
        | {
            "meeting_id": meeting_id,
            "began": before is None,
            "changes": changes,
            "tasks": await tasks_changed(found, [task.id for task in given], since, until),
        }
    )


@router.get("/board/changes", summary="What is different on the board between two moments")
async def get_board_changes(
    request: Request,
    response: Response,
    caller: TaskReader,
    source: Source,
    found: Connection,
    period: Period,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> BoardDifference:
    """Units whose figures differ, and a page of the tasks that changed. A unit's people see those of their unit."""
    seen = sight(caller)
    ids = await changed_ids(found, *period, seen, sequence_of(cursor) or 0, limit)
    if len(ids) == limit:
        link_next(request, response, ids[-1][0])
    return BoardDifference.model_validate(
        _between(period)
        | {
            "units": await _units(found, period, seen, source.today()),
            "tasks": await tasks_changed(found, [task_id for _, task_id in ids], *period),
        }
    )


async def _units(
    found: AsyncConnection, period: tuple[AsOf, AsOf], seen: Sight, today: Day
) -> tuple[UnitDifference, ...]:
    then, now = [
        {
            str(row.key): row
            for row in (await summarise(found, TaskFilter(as_of=as_of), "unit", seen, today, _ALL_UNITS)).rows
        }
        for as_of in period
    ]
    differences = []
    for unit in sorted({*then, *now}):
        before, after = then.get(unit), now.get(unit)
        counts = {
            kind: (was, is_)
            for kind in (after or before or _NOTHING).tasks
            if (was := before.tasks[kind] if before else 0) != (is_ := after.tasks[kind] if after else 0)
        }
        if counts:
            name = (after or before or _NOTHING).name or unit
            differences.append(UnitDifference(unit=unit, name=name, counts=dict(counts)))
    return tuple(differences)


_NOTHING = Counted(None, None, {})


def _between(period: tuple[AsOf, AsOf]) -> dict[str, object]:
    since, until = period
    return {"from": as_of_view(since), "to": as_of_view(until)}
