"""Whatever is killed midway: no acknowledged event is lost, none is projected twice, nobody is told twice."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import httpx
import pytest
from sqlalchemy import text

from shared.database import engine
from shared.events.catalogue import CATALOGUE
from shared.events.inbox import NotificationDelivered, NotificationRequested
from shared.events.meeting import MeetingConcluded
from shared.log.connect import broker, connected
from shared.log.follow import Follower
from shared.log.record import Record
from shared.log.stream import stream_info
from shared.settings import NatsSettings
from tests.examples import conclusion
from tests.house import CHIEF, LEAD, House
from tests.identity import signed
from tests.servers import Server

NOTICES = 24
KILLED_AT = (6, 14)
QUIET_SECONDS = 1.0
PATIENCE_SECONDS = 60


@pytest.mark.parametrize("victim", ["intake", "tasks", "notify", "nats", "postgres"])
async def test_a_part_that_is_killed_midway_loses_nothing_and_doubles_nothing(house: House, victim: str) -> None:
    posted = await _post_all(house, victim)
    records = await _log_at_rest(house, delivered=2 * NOTICES)

    meetings = [each for each in map(_data, records) if isinstance(each, MeetingConcluded)]
    assert sorted(each.meeting_id for each in meetings) == sorted(posted)
    await _projected(house, records[-1].sequence)
    ledger, rows = await _database(house)
    assert ledger == [(record.sequence, record.content) for record in records]
    assert rows == (NOTICES, NOTICES * 3)

    requested = Counter(
        (each.person_id, each.meeting_id) for each in map(_data, records) if isinstance(each, NotificationRequested)
    )
    assert requested == {(person, meeting): 1 for person in (LEAD, CHIEF) for meeting in posted}
    delivered = [each.notification_id for each in map(_data, records) if isinstance(each, NotificationDelivered)]
    assert len(delivered) == len(set(delivered)) == 2 * NOTICES
    async with httpx.AsyncClient(timeout=30, headers=signed()) as http:
        for person in (LEAD, CHIEF):
            inbox = await http.get(f"{house.notify.url}/v1/inbox", params={"person": person, "limit": 200})
            assert sorted(item["meeting"]["id"] for item in inbox.json()) == sorted(posted)


async def _post_all(house: House, victim: str) -> list[str]:
    """Ids of the meetings that were acknowledged, while one part is killed twice and started again."""
    posted: list[str] = []
    returning: list[asyncio.Task[None]] = []
    async with httpx.AsyncClient(timeout=30, headers=signed()) as http:
        for number in range(NOTICES):
            if number in KILLED_AT:
                await asyncio.gather(*returning)
                returning.append(asyncio.create_task(_killed_and_started(house.part(victim))))
            posted.append(await _post(http, house, number))
    await asyncio.gather(*returning)
    return posted


async def _killed_and_started(part: Server) -> None:
    await asyncio.sleep(0.01)
    part.kill()
    await asyncio.sleep(0.3)
    await asyncio.to_thread(part.start)


async def _post(http: httpx.AsyncClient, house: House, number: int) -> str:
    """Posts a notice until it is acknowledged, as a patient integration does."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                answer = await http.post(
                    f"{house.intake.url}/v1/conclusions", json=conclusion(3, number=f"{number}/TB-SKHCN")
                )
            except httpx.TransportError:
                await asyncio.sleep(0.1)
                continue
            if answer.status_code == 201:
                return str(answer.json()["meeting"]["meeting_id"])
            assert answer.status_code == 503
            await asyncio.sleep(0.2)


async def _log_at_rest(house: House, delivered: int) -> Sequence[Record]:
    """The whole log, once it holds so many delivered notifications and has then been quiet for a second."""
    nats_broker = broker(NatsSettings(nats_url=house.nats.url), "tests")
    client = await connected(nats_broker)
    records: list[Record] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for batch in Follower(client, "tests").batches(0):
            records += batch
            if sum(isinstance(_data(record), NotificationDelivered) for record in records) < delivered:
                continue
            await asyncio.sleep(QUIET_SECONDS)
            if (await stream_info(client)).state.last_seq == records[-1].sequence:
                break
    await nats_broker.stop()
    return records


def _data(record: Record) -> object:
    return CATALOGUE.read(record.content).data


async def _projected(house: House, sequence: int) -> None:
    """Returns once the register holds the log up to a sequence."""
    async with asyncio.timeout(PATIENCE_SECONDS), httpx.AsyncClient(timeout=30, headers=signed()) as http:
        while True:
            answer = await http.get(f"{house.tasks.url}/v1/meetings", params={"min_sequence": sequence})
            if answer.status_code == 200:
                return
            assert answer.status_code == 503


async def _database(house: House) -> tuple[list[tuple[int, bytes]], tuple[int, int]]:
    """The ledger's events, and how many meetings and tasks in force the register holds."""
    pool = engine(house.postgres.url("ketluan", "ketluan_tasks"), "tests")
    async with pool.connect() as connection:
        events = await connection.execute(text("SELECT sequence, content FROM ledger.event ORDER BY sequence"))
        meetings = await connection.scalar(text("SELECT count(*) FROM register.meeting"))
        tasks = await connection.scalar(text("SELECT count(*) FROM register.task WHERE in_force"))
        ledger = [(row.sequence, row.content) for row in events]
    await pool.dispose()
    return ledger, (int(meetings or 0), int(tasks or 0))
