"""HTTP: the tasks of which a person wants to hear everything."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel

from services.notify.api.problems import LOG_AWAY
from services.notify.api.source import PersonId, Reading, Source, decider, owner
from services.notify.chosen import list_watched
from services.notify.deadlines import find_owners
from services.notify.handlers import Busy
from shared.events.fields import TOKEN
from shared.identity.caller import Caller
from shared.identity.permissions import Reach, allowed
from shared.problems import NotFound, Unavailable

router = APIRouter(prefix="/v1")

TaskId = Annotated[str, Path(pattern=TOKEN)]
Watcher = Annotated[Caller, owner("change-preferences")]


class Watched(BaseModel):
    """A task that a person watches."""

    task_id: str


@router.get("/people/{person_id}/watches", summary="Which tasks a person watches")
async def get_watches(source: Source, caller: Watcher, person_id: PersonId) -> list[Watched]:
    """All of them, by their ids."""
    return [Watched(task_id=task_id) for task_id in await list_watched(source.engine, person_id)]


@router.put("/people/{person_id}/watches/{task_id}", status_code=HTTPStatus.NO_CONTENT, summary="Watch a task")
async def put_watch(
    request: Request, response: Response, source: Source, caller: Watcher, person_id: PersonId, task_id: TaskId
) -> None:
    """From now on the person hears of everything that happens to it, as long as they may see it."""
    await _visible(source, caller, task_id)
    await _watch(request, response, source, caller, person_id, task_id, begin=True)


@router.delete(
    "/people/{person_id}/watches/{task_id}", status_code=HTTPStatus.NO_CONTENT, summary="Watch a task no more"
)
async def delete_watch(
    request: Request, response: Response, source: Source, caller: Watcher, person_id: PersonId, task_id: TaskId
) -> None:
    """From now on the person hears of it only where it concerns them otherwise. Again, it changes nothing."""
    await _watch(request, response, source, caller, person_id, task_id, begin=False)


async def _watch(
    request: Request,
    response: Response,
    source: Reading,
    caller: Caller,
    person_id: str,
    task_id: str,
    *,
    begin: bool,
) -> None:
    try:
        shown = await source.door.watch(decider(request, caller), person_id, task_id, begin=begin)
    except Busy as busy:
        raise Unavailable(LOG_AWAY) from busy
    if not shown:
        response.status_code = HTTPStatus.ACCEPTED


async def _visible(source: Reading, caller: Caller, task_id: str) -> None:
    """What somebody may not see is not there."""
    owners = await find_owners(source.engine, task_id)
    needed: Reach = "all"
    if owners and owners.responsible in caller.unit_ids:
        needed = "responsible"
    elif owners and caller.unit_ids & owners.cooperating:
        needed = "involved"
    if owners is None or not allowed(caller, "read-tasks", needed):
        raise NotFound(what=f"/v1/tasks/{task_id}")
