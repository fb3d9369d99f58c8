"""Opens the task of each period of a recurring one when its first day is there; any number of copies may."""

import asyncio
import datetime as dt
from zoneinfo import ZoneInfo

import structlog

from services.tasks.handlers import SOURCE
from services.tasks.reading import Reading, register
from services.tasks.register.series import Series, open_series
from services.tasks.register.standing import own_records, steps
from services.tasks.task.turns import assigned_turn, due_turns
from shared.database import DatabaseUnavailable, RowsRefused
from shared.events.catalogue import UnknownEvent
from shared.events.envelope import Chain, event_content
from shared.events.fields import derived_id
from shared.events.task import TaskAssigned
from shared.log.append import Entry, append
from shared.log.faults import LogFault
from shared.log.stream import BATCH_LIMIT, PREFIX

ACTOR = "service.tasks"

_PAUSE_SECONDS = 2.0
_LOOK_AGAIN_SECONDS = 60.0

log = structlog.get_logger()


async def open_turns(source: Reading) -> None:
    """Opens what is due, for ever: when the register moves on, and when a new day begins."""
    while True:
        woken = source.advanced.next()
        try:
            await open_due_turns(source, source.today().date)
        except (DatabaseUnavailable, RowsRefused, LogFault, UnknownEvent) as fault:
            log.warning("turns_not_opened", fault=str(fault))
        await asyncio.sleep(_PAUSE_SECONDS)
        await woken.wait(_LOOK_AGAIN_SECONDS)


async def open_due_turns(source: Reading, today: dt.date) -> int:
    """Opens every period's task that is due on a local day and not there yet. Gives how many those were.

    The ids of tasks and events are derived from series and period, so what another copy opens first is not opened
    again.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        LogUnavailable, LogRefused, Conflict: see `shared.log.append.append`; what was opened before stays.
        UnknownEvent: a newer release wrote of one of them, and opens what is due.
    """
    async with register(source) as connection:
        found = await open_series(connection)
    entries = [entry for series in found for entry in await _entries(source, series, today)]
    for first in range(0, len(entries), BATCH_LIMIT):
        await append(source.client, entries[first : first + BATCH_LIMIT])
    return len(entries)


async def _entries(source: Reading, series: Series, today: dt.date) -> list[Entry]:
    first = series.task.assigned_at.astimezone(ZoneInfo(source.zone)).date()
    turns = due_turns(series.task, first, today, series.opened)
    if not turns:
        return []
    async with register(source) as connection:
        records = await own_records(connection, series.task.id)
    origin, *_ = steps(records)
    if not isinstance(origin.data, TaskAssigned):
        raise AssertionError("the first step of a task is its assignment")
    chain = Chain(SOURCE, ACTOR, origin.correlation_id, origin.event_id, dt.datetime.now(dt.UTC))
    return [_entry(assigned_turn(series.task, origin.data, turn), chain) for turn in turns]


def _entry(turn: TaskAssigned, chain: Chain) -> Entry:
    aggregate = f"task.{turn.task_id}"
    event_id = derived_id("event", aggregate, 1)
    return Entry(event_id, PREFIX + aggregate, event_content(turn, turn.type, event_id, aggregate, chain), follows=0)
