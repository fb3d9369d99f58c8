"""While copies come and go two of them may append the same decisions: nobody is told twice."""

import asyncio
import datetime as dt
from collections import Counter
from typing import Any

from nats.aio.client import Client
from sqlalchemy import insert

from services.notify import tables
from services.notify.outbox import Outbox, outbox_row
from shared.database import engine
from shared.events.catalogue import CATALOGUE
from shared.events.fields import derived_id
from shared.events.inbox import NotificationRequested
from shared.log.append import append, entry
from shared.log.read import next_on
from tests.examples import envelope

AT = dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC)


async def test_what_another_copy_appended_in_part_is_not_appended_again(
    log_client: Client, notify_database_url: str
) -> None:
    asked = [_asked("chinh", "one"), _asked("chinh", "two"), _asked("lan", "one")]
    rows = [outbox_row(each, correlation_id="r", causation_id="c", at=AT) for each in asked]
    last = 0
    for version, (row, data) in enumerate(zip(rows[:2], asked[:2], strict=True), start=1):
        told = envelope("inbox.chinh", data, version=version).model_copy(update={"id": row["event_id"]})
        last = await append(log_client, [entry(told, last)])
    pool = engine(notify_database_url, "tests")
    async with pool.begin() as connection:
        await connection.execute(insert(tables.outbox), rows)
    await _append_until_projected(Outbox(pool, log_client, lambda sequence: asyncio.sleep(0)))
    await pool.dispose()
    found, sequence = list[Any](), 0
    while record := await next_on(log_client, "log.inbox.*", sequence):
        found.append(CATALOGUE.read(record.content).envelope.id)
        sequence = record.sequence
    assert Counter(found) == Counter(row["event_id"] for row in rows)


async def _append_until_projected(outbox: Outbox) -> None:
    """Lets an outbox append until it waits for what it appended to be projected, which nobody does here."""
    waits = asyncio.Event()

    async def reached(_: int) -> None:
        waits.set()
        await asyncio.Event().wait()

    outbox.reached = reached
    running = asyncio.create_task(outbox.run())
    async with asyncio.timeout(20):
        await waits.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def _asked(person: str, name: str) -> NotificationRequested:
    return NotificationRequested(
        notification_id=derived_id("notification", person, name),
        person_id=person,
        rule="meeting-concluded",
        reasons=("overseer",),
        channels=("inbox",),
    )
