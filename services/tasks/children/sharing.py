"""Says this organisation's summary to its parent body: when something changed, and every minute all the same."""

import asyncio
import datetime as dt

import nats.errors
import structlog
from nats.aio.client import Client
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.tasks.children.summary import SharedSummary
from services.tasks.ledger.store import root_at, size_of
from services.tasks.reading import Reading
from services.tasks.register import tables
from services.tasks.register.summary import summarise
from services.tasks.register.tasks import TaskFilter
from services.tasks.timeliness import Day
from shared.database import DatabaseUnavailable, RowsRefused, translated
from shared.log.children import SHARED
from shared.log.faults import LogFault
from shared.log.faults import translated as translated_log

_PAUSE_SECONDS = 2.0
_AGAIN_SECONDS = 60.0

log = structlog.get_logger()


async def share_summary(source: Reading, engine: AsyncEngine, name: str, address: str) -> None:
    """Says the summary for ever. A parent that is away hears the next one."""
    while True:
        woken = source.advanced.next()
        try:
            await say(source.client, await own_summary(engine, source.today(), name, address))
        except (DatabaseUnavailable, RowsRefused, LogFault) as fault:
            log.warning("summary_not_shared", fault=str(fault))
        await asyncio.sleep(_PAUSE_SECONDS)
        await woken.wait(_AGAIN_SECONDS)


async def own_summary(engine: AsyncEngine, today: Day, name: str, address: str) -> SharedSummary:
    """The figures of the whole board, and the state of the record on which they rest, from one look at the tables.

    Raises:
        DatabaseUnavailable, RowsRefused: see `shared.database.translated`.
    """
    with translated():
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            async with connection.begin():
                size = await size_of(connection)
                matrix = await summarise(connection, TaskFilter(), None, None, today, 1)
                return SharedSummary(
                    name=name,
                    address=address,
                    at=dt.datetime.now(dt.UTC),
                    sequence=size,
                    root=(await root_at(connection, size)).hex(),
                    meetings=await connection.scalar(select(func.count()).select_from(tables.meeting)) or 0,
                    tasks=dict(matrix.total.tasks),
                )


async def say(client: Client, summary: SharedSummary) -> None:
    """Says a summary to whoever may hear it, which the servers' configuration knows.

    Raises:
        LogUnavailable: no server is reached.
    """
    with translated_log():
        if not client.is_connected:
            raise nats.errors.ConnectionClosedError
        await client.publish(SHARED, summary.model_dump_json().encode())
