"""HTTP: tasks and their history."""

from fastapi import APIRouter, FastAPI, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.as_of import AskedAsOf, NotYet
from services.tasks.api.filters import WantedTasks
from services.tasks.api.parameters import Cursor, Id, Limit, TaskReader
from services.tasks.reading import Connection, Reading, Source
from services.tasks.register import tasks
from services.tasks.register.as_of import AsOf
from services.tasks.register.history import task_history
from services.tasks.register.tasks import Sight
from services.tasks.register.views import HistoryEntry, TaskView
from services.tasks.sight import sight
from shared.pagination import DEFAULT_LIMIT, link_next, sequence_of
from shared.preconditions import entity_tag
from shared.problems import NotFound

router = APIRouter(prefix="/v1")


def install(app: FastAPI) -> None:
    """Adds the routes."""
    app.include_router(router)


@router.get("/tasks", summary="Tasks in force, in the order of their assignment")
async def get_tasks(
    request: Request,
    response: Response,
    caller: TaskReader,
    source: Source,
    found: Connection,
    wanted: WantedTasks,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> list[TaskView]:
    """Tasks that fit every filter given, as they stand or stood; of the past, a unit's people see what was theirs then
    and still is."""
    listed = await tasks.list_tasks(found, wanted, sight(caller), source.today(), sequence_of(cursor) or 0, limit)
    if len(listed) == limit:
        link_next(request, response, listed[-1].assigned_sequence)
    return listed


@router.get("/tasks/{task_id}", summary="One task")
async def get_task(
    task_id: Id, response: Response, caller: TaskReader, source: Source, found: Connection, as_of: AskedAsOf = None
) -> TaskView:
    """A task as it is now, its version as ETag; or as it was, for whoever may see it now."""
    task = await task_as_of(found, task_id, sight(caller), source, as_of)
    response.headers["ETag"] = entity_tag(task.version)
    return task


@router.get("/tasks/{task_id}/history", summary="Everything that happened to a task")
async def get_history(task_id: Id, caller: TaskReader, source: Source, found: Connection) -> list[HistoryEntry]:
    """The events of the task and of its meeting, and who was told, in the log's order."""
    return await task_history(found, await task_as_of(found, task_id, sight(caller), source))


async def task_as_of(
    found: AsyncConnection, task_id: str, seen: Sight, source: Reading, as_of: AsOf | None = None
) -> TaskView:
    """One task that the caller may see.

    Raises:
        NotFound: there is none.
        NotYet: it was not there then.
    """
    task = await tasks.find_task(found, task_id, seen, source.today(), as_of)
    if task is not None:
        return task
    if as_of and await tasks.find_task(found, task_id, seen, source.today()):
        raise NotYet(f"/v1/tasks/{task_id}", as_of)
    raise NotFound(what=f"/v1/tasks/{task_id}")
