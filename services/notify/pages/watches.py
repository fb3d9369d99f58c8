"""Beginning and ending to watch a task, from the page of the task."""

from typing import Annotated

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.notify.api.source import Source
from services.notify.api.watches import TaskId, delete_watch, put_watch
from services.notify.pages.own import Person, own
from shared.identity.places import own_page
from shared.web.forms import filled, see
from shared.web.routing import page_router

_LARGEST_FORM = 8 * 1024

router = page_router()

Owner = Annotated[Person, own("change-preferences")]


@router.post("/inbox/watches/{task_id}", max_body_size=_LARGEST_FORM)
async def post_watch(request: Request, source: Source, owner: Owner, task_id: TaskId) -> RedirectResponse:
    """From now on one hears of everything that happens to the task; leads to the page that `next` names, or to it."""
    await put_watch(request, Response(), source, owner.caller, owner.id, task_id)
    return see(request, await _next(request, task_id), said="watched")


@router.post("/inbox/watches/{task_id}/end", max_body_size=_LARGEST_FORM)
async def post_end_of_watch(request: Request, source: Source, owner: Owner, task_id: TaskId) -> RedirectResponse:
    """From now on one hears of it only where it concerns one otherwise."""
    await delete_watch(request, Response(), source, owner.caller, owner.id, task_id)
    return see(request, await _next(request, task_id), said="unwatched")


async def _next(request: Request, task_id: str) -> str:
    wanted = (await filled(request)).get("next")
    return own_page(wanted) if isinstance(wanted, str) else f"/tasks/{task_id}"
