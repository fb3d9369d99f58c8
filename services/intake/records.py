"""What decisions about notices and their tasks rest on: their events, read from the log's leader."""

import asyncio
from collections.abc import Iterable

from nats.aio.client import Client

from services.intake.standing import Standing, standing
from services.intake.taskstate import TaskStanding, task_standing
from shared.events.catalogue import CATALOGUE
from shared.events.meeting import ConclusionIdentified
from shared.log.read import last_on, next_on
from shared.log.record import Record
from shared.log.retired import completed
from shared.log.stream import PREFIX

_AT_ONCE = 32


async def events_of(client: Client, aggregate: str) -> list[Record]:
    """Every event of an aggregate such as `task.4c1f…`, in order.

    Raises:
        LogUnavailable, LogRefused: see `shared.log.read.next_on`.
    """
    found: list[Record] = []
    while record := await next_on(client, PREFIX + aggregate, found[-1].sequence if found else 0):
        found.append(record)
    return await completed(client, found)


async def stands(client: Client, meeting_id: str) -> Standing | None:
    """The notice of this id, or the one that got the number which makes this id; None where there is none.

    Raises:
        UnreadableEvent: one of its events cannot be read.
        LogUnavailable, LogRefused: see `shared.log.read.next_on`.
    """
    records = await events_of(client, f"meeting.{meeting_id}")
    if not records:
        return None
    first = CATALOGUE.read(records[0].content).data
    if isinstance(first, ConclusionIdentified) and len(records) == 1 and first.concluded_as != meeting_id:
        records = await events_of(client, f"meeting.{first.concluded_as}")
    return standing(records)


async def tasks_standing(client: Client, task_ids: Iterable[str]) -> dict[str, TaskStanding]:
    """How tasks stand, by id; one that the log does not hold is left out.

    Raises:
        UnreadableEvent: an event of one of them cannot be read.
        LogUnavailable, LogRefused: see `shared.log.read.last_on`.
    """
    room = asyncio.Semaphore(_AT_ONCE)

    async def one(task_id: str) -> TaskStanding | None:
        async with room:
            last = await last_on(client, f"{PREFIX}task.{task_id}")
            if last is None:
                return None
            alone = CATALOGUE.read(last.content).envelope.aggregateversion == 1
            return task_standing([last] if alone else await events_of(client, f"task.{task_id}"))

    ids = list(dict.fromkeys(task_ids))
    found = await asyncio.gather(*(one(task_id) for task_id in ids))
    return {task_id: state for task_id, state in zip(ids, found, strict=True) if state}
