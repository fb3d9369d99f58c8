"""Copies of a service under load, while those that work are killed or stand still: nothing is lost or doubled."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count

import httpx
import pytest
from nats.aio.client import Client
from sqlalchemy import text

from shared.database import engine
from shared.events.catalogue import CATALOGUE
from shared.events.inbox import NotificationDelivered, NotificationRequested
from shared.events.meeting import MeetingConcluded
from shared.events.person import PersonPlaced
from shared.events.task import TaskAcknowledged
from shared.log.connect import broker, connected
from shared.log.follow import Follower
from shared.log.record import Record
from shared.log.stream import stream_info
from shared.settings import NatsSettings
from tests.conftest import empty_database, empty_log
from tests.examples import FINANCE, OFFICE, conclusion
from tests.house import CHIEF, LEAD, register_person, register_units
from tests.identity import as_person, signed
from tests.integration.copies.fleet import EachInTurn, Fleet, fleet
from tests.mail_sink import MailSink
from tests.processes import ServiceProcess
from tests.servers import NatsServer, PostgresServer

_PATIENCE_SECONDS = 60.0
_TAKEOVER_SECONDS = 10.0
_BETWEEN_SECONDS = 0.15
_NUMBERS = count(1)
_ADDRESSES = {LEAD: "lan@so.example", CHIEF: "chinh@so.example"}


@dataclass(frozen=True, slots=True)
class House:
    """Copies of the services on an empty log and database, where two people are known and reached by mail."""

    copies: Fleet
    sink: MailSink
    nats_url: str
    database_url: str


@pytest.fixture(scope="module")
def house(nats_server: NatsServer, postgres_server: PostgresServer) -> Iterator[House]:
    """One house for all tests of this file."""
    asyncio.run(empty_log(nats_server.url))
    asyncio.run(_people(nats_server.url))
    with empty_database(postgres_server) as name, MailSink() as sink:
        tasks, notify = (postgres_server.url(name, f"ketluan_{service}") for service in ("tasks", "notify"))
        mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(sink.port), "SMTP_SECURITY": "none"}
        with fleet(nats_server.url, tasks, notify, **mail) as copies:
            notify_url = copies.copies["notify"][0].url
            for person_id, address in _ADDRESSES.items():
                told = httpx.put(f"{notify_url}/v1/contacts/{person_id}", json={"mail": address}, headers=signed())
                assert told.is_success, told.text
            yield House(copies, sink, nats_server.url, tasks)


class Office:
    """People who work by requests that come to another copy each time, and never give up."""

    def __init__(self, copies: Fleet, stack: AsyncExitStack) -> None:
        self.posted: dict[str, float] = {}
        self.acknowledged: set[str] = set()
        self._stack = stack
        self._clients = {name: self._client(EachInTurn(each)) for name, each in copies.copies.items()}

    def _client(self, transport: EachInTurn) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=transport, base_url="http://copies", timeout=4, headers=signed())

    async def begin(self) -> None:
        """Opens the connections."""
        for each in self._clients.values():
            await self._stack.enter_async_context(each)

    async def ask(self, service: str, method: str, path: str, **asked: object) -> httpx.Response:
        """An answer that is no "not now"."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = await self._clients[service].request(method, path, **asked)  # type: ignore[arg-type]
            except httpx.TransportError:
                continue
            if answer.status_code != 503:
                assert answer.status_code < 500, answer.text
                return answer
            await asyncio.sleep(0.1)
        raise AssertionError(f"{method} {path} was never answered")

    async def work(self) -> None:
        """Posts a notice, and takes note of its task as its unit, for ever."""
        while True:
            await self.post()
            await asyncio.sleep(_BETWEEN_SECONDS)

    async def post(self) -> str:
        """Posts one notice with one task, which its unit acknowledges. Gives the meeting's id."""
        notice = conclusion(1, number=f"{next(_NUMBERS)}/TB")
        answer = (await self.ask("intake", "POST", "/v1/conclusions", json=notice)).json()
        meeting_id, sequence = answer["meeting"]["meeting_id"], answer["sequence"]
        self.posted[meeting_id] = time.monotonic()
        found = await self.ask("tasks", "GET", "/v1/tasks", params={"meeting": meeting_id, "min_sequence": sequence})
        (task,) = found.json()
        headers = {"If-Match": f'"{task["version"]}"', "Idempotency-Key": "once", **as_person(LEAD)}
        done = await self.ask("tasks", "POST", f"/v1/tasks/{task['id']}/acknowledge", headers=headers)
        assert done.status_code in {200, 202}, done.text
        # Whichever copy answers next shows what the one before it took.
        if done.status_code == 200:
            shown = (await self.ask("tasks", "GET", f"/v1/tasks/{task['id']}")).json()
            assert shown["version"] == task["version"] + 1
        self.acknowledged.add(task["id"])
        return str(meeting_id)

    async def told(self, person_id: str) -> list[str]:
        """The meetings of which a person's inbox tells."""
        answer = await self.ask("notify", "GET", "/v1/inbox", params={"person": person_id, "limit": 200})
        return [item["meeting"]["id"] for item in answer.json()]


async def test_what_one_copy_projects_is_heard_live_from_the_other(house: House) -> None:
    working = await asyncio.to_thread(house.copies.working, "notify")
    (other,) = (copy for copy in house.copies.copies["notify"] if copy is not working)
    async with AsyncExitStack() as stack:
        office = await stack.enter_async_context(at_work(house))
        web = await stack.enter_async_context(httpx.AsyncClient(base_url=other.url, headers=signed(), timeout=15))
        listening = web.stream("GET", f"/v1/inbox?person={LEAD}", headers={"Accept": "text/event-stream"})
        stream = await stack.enter_async_context(listening)
        lines = stream.aiter_lines()
        await anext(lines)
        meeting_id = await office.post()
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while meeting_id not in await anext(lines):
                continue


async def test_a_verification_is_followed_to_its_end_on_another_copy(house: House) -> None:
    first, second = house.copies.copies["tasks"]
    async with httpx.AsyncClient(headers=signed("auditor"), timeout=15) as web:
        begun = await web.post(f"{first.url}/v1/record/verifications")
        place = f"{second.url}{begun.headers['Location']}"
        async with web.stream("GET", place, headers={"Accept": "text/event-stream"}) as stream:
            told = [line async for line in stream.aiter_lines() if line.startswith("data:")]
        assert '"state":"sound"' in told[-1].replace(" ", "")


async def test_copies_that_are_killed_or_stand_still_are_replaced_and_nothing_is_lost_or_doubled(house: House) -> None:
    copies = house.copies
    async with at_work(house) as office:
        working = asyncio.create_task(office.work())
        stopped = await _working(copies)
        for each in stopped:
            each.kill()
        killed = await _replaced(copies, stopped)
        await _goes_on(office)
        for each in stopped:
            each.start_soon()
        for each in stopped:
            await asyncio.to_thread(each.wait)

        stopped = await _working(copies)
        for each in stopped:
            each.pause()
        try:
            paused = await _replaced(copies, stopped)
            await _goes_on(office)
        finally:
            for each in stopped:
                each.resume()
        await asyncio.sleep(1)
        working.cancel()
        await asyncio.wait([working])
        if not working.cancelled():
            working.result()
        print(f"taken over {killed:.1f} s behind a kill, {paused:.1f} s behind a standstill")  # noqa: T201
        assert max(killed, paused) < _TAKEOVER_SECONDS

        records = await _log_at_rest(house.nats_url)
        meetings = [each.meeting_id for each in map(_data, records) if isinstance(each, MeetingConcluded)]
        assert set(meetings) >= set(office.posted)
        await _working(copies)
        for _ in copies.copies["notify"]:
            for person_id in (LEAD, CHIEF):
                assert sorted(await office.told(person_id)) == sorted(meetings)
    _confirm(records, office)
    await _confirm_database(house.database_url, records)
    letters = Counter((each.to, each.message_id) for each in house.sink.taken)
    assert {to for to, _ in letters} == set(_ADDRESSES.values())
    # A letter whose sending is broken off may come twice, with the same id: one to a person for each copy that stopped.
    assert sum(letters.values()) - len(letters) <= 2 * len(_ADDRESSES)


@asynccontextmanager
async def at_work(house: House) -> AsyncIterator[Office]:
    """People with connections to the copies."""
    async with AsyncExitStack() as stack:
        office = Office(house.copies, stack)
        await office.begin()
        yield office


async def _working(copies: Fleet) -> list[ServiceProcess]:
    return [await asyncio.to_thread(copies.working, name) for name in ("tasks", "notify")]


async def _people(url: str) -> None:
    async with _connected(url) as client:
        await register_units(client)
        for person_id, unit, role in ((LEAD, OFFICE, "unit_lead"), (CHIEF, FINANCE, "office")):
            place = PersonPlaced(person_id=person_id, unit_id=unit.unit_id)
            await register_person(client, person_id, person_id, place, role)


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Client]:
    nats_broker = broker(NatsSettings(nats_url=url), "tests")
    try:
        yield await connected(nats_broker)
    finally:
        await nats_broker.stop()


async def _replaced(copies: Fleet, stopped: list[ServiceProcess]) -> float:
    """In how many seconds others project in the place of those that were stopped."""
    began = time.monotonic()
    for name in ("tasks", "notify"):
        await asyncio.to_thread(copies.working, name, stopped)
    return time.monotonic() - began


async def _goes_on(office: Office) -> None:
    """Returns when something new is in the register, and both people were told of it."""
    meeting_id = await office.post()
    await _until(lambda: _tells(office, meeting_id))


async def _tells(office: Office, meeting_id: str) -> bool:
    return all([meeting_id in await office.told(person_id) for person_id in (LEAD, CHIEF)])


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not await condition():  # noqa: ASYNC110 - of other processes
            await asyncio.sleep(0.1)


async def _log_at_rest(url: str) -> list[Record]:
    """The whole log, once both people were told of every meeting in the inbox and by mail, and it was quiet."""
    records: list[Record] = []
    async with _connected(url) as client, asyncio.timeout(_PATIENCE_SECONDS):
        async for batch in Follower(client, "tests").batches(0):
            records += batch
            meetings = sum(isinstance(_data(record), MeetingConcluded) for record in records)
            if sum(isinstance(_data(record), NotificationDelivered) for record in records) >= 4 * meetings:
                await asyncio.sleep(1)
                if (await stream_info(client)).state.last_seq == records[-1].sequence:
                    break
    return records


def _data(record: Record) -> object:
    return CATALOGUE.read(record.content).data


def _confirm(records: list[Record], office: Office) -> None:
    events = [_data(record) for record in records]
    for kind, of in ((MeetingConcluded, "meeting_id"), (TaskAcknowledged, "task_id")):
        assert set(Counter(getattr(each, of) for each in events if isinstance(each, kind)).values()) == {1}
    assert office.acknowledged <= {each.task_id for each in events if isinstance(each, TaskAcknowledged)}
    told = Counter(
        (each.person_id, each.meeting_id, each.rule)
        for each in events
        if isinstance(each, NotificationRequested) and each.category == "assignment"
    )
    assert set(told.values()) == {1}
    delivered = Counter(
        (each.notification_id, each.channel) for each in events if isinstance(each, NotificationDelivered)
    )
    assert set(delivered.values()) == {1}


async def _confirm_database(url: str, records: list[Record]) -> None:
    pool = engine(url, "tests")
    async with pool.connect() as connection:
        ledger = (await connection.execute(text("SELECT sequence, content FROM ledger.event ORDER BY sequence"))).all()
        versions = (await connection.scalars(text("SELECT version FROM register.task WHERE in_force"))).all()
    await pool.dispose()
    assert [tuple(row) for row in ledger] == [(record.sequence, record.content) for record in records]
    acknowledged = sum(isinstance(_data(record), TaskAcknowledged) for record in records)
    assert Counter(versions)[2] == acknowledged
