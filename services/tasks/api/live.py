"""HTTP: that something changed of what somebody looks at, as it happens."""

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request
from pydantic import BaseModel

from services.tasks.api.parameters import IdFilter, TaskReader
from services.tasks.live import LiveRegister, Looked
from services.tasks.reading import LARGEST_SEQUENCE, Source, register
from services.tasks.register import queries, tasks
from services.tasks.sight import sight
from shared.database import DatabaseUnavailable
from shared.identity.guard import while_allowed
from shared.problems import DATABASE_AWAY, NotFound, Unavailable
from shared.streams import MEDIA_TYPE, Item, While, live, resumed, wants_stream

CHANGED = "changed"
_BETWEEN_SECONDS = 1.0

router = APIRouter(prefix="/v1")


class Shown(BaseModel):
    """How far the register holds the log."""

    sequence: int


def install(app: FastAPI) -> None:
    """Adds the route. The application's state holds the `LiveRegister` once it runs."""
    app.include_router(router)


@router.get(
    "/live",
    summary="That something changed: of a task, of a meeting, or of anything that the caller may see",
    responses={200: {"content": {MEDIA_TYPE: {}}}, 404: {"description": "There is no such task or meeting"}},
)
async def get_live(
    request: Request,
    caller: TaskReader,
    source: Source,
    task: IdFilter = None,
    meeting: IdFilter = None,
    after: Annotated[
        int | None, Query(ge=0, le=LARGEST_SEQUENCE, description="sequence behind which to begin; now without it")
    ] = None,
) -> Shown:
    """With `Accept: text/event-stream` an event `changed` with the log's sequence whenever it looks different; what
    changes more often than once a second is told together. Otherwise how far the register holds the log."""
    changing: LiveRegister = request.app.state.live
    looked = Looked(task, meeting)
    try:
        async with register(source) as found:
            if task and not await tasks.find_task(found, task, sight(caller), source.today()):
                raise NotFound(what=f"/v1/tasks/{task}")
            if meeting and not await queries.find_meeting(found, meeting, sight(caller)):
                raise NotFound(what=f"/v1/meetings/{meeting}")
            if not wants_stream(request):
                return Shown(sequence=await queries.register_sequence(found))
    except DatabaseUnavailable as fault:
        raise Unavailable(DATABASE_AWAY) from fault
    permitted = while_allowed(request, "read-tasks", "own")
    begin = resumed(request, changing.position if after is None else after)
    answer = live(_Onlooker(request, changing, looked, permitted, begin).look, begin, changing.moved, permitted)
    answer.body_iterator = _counted(changing, looked, answer.body_iterator)
    return answer  # type: ignore[return-value]


@dataclass
class _Onlooker:
    """Somebody who looks, and how far they were told."""

    request: Request
    changing: LiveRegister
    looked: Looked
    permitted: While
    position: int
    told_at: float = 0.0
    is_new: bool = True

    async def look(self, _: int) -> Sequence[Item]:
        """What changed since the last look, as one item."""
        if self.looked.task_id is None:
            await asyncio.sleep(max(0.0, self.told_at + _BETWEEN_SECONDS - time.monotonic()))
        if not await self.permitted():
            return ()
        # Who may see what is asked anew each time: the directory may have moved somebody meanwhile.
        seen = sight(self.request.state.caller)
        look = self.changing.missed if self.is_new and self.position < self.changing.position else self.changing.newest
        newest, self.position = await look(self.looked, seen, self.position)
        self.is_new = False
        if newest is None:
            return ()
        self.told_at = time.monotonic()
        return (Item(newest, Shown(sequence=newest).model_dump_json(), CHANGED),)


async def _counted(
    changing: LiveRegister, looked: Looked, parts: AsyncIterable[str | bytes | memoryview]
) -> AsyncIterator[str | bytes | memoryview]:
    with changing.looking(looked):
        async for part in parts:
            yield part
