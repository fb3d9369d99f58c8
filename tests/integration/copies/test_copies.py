"""Copies of a service under load, while those that work are killed or stand still: nothing is lost or doubled."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

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
from shared.log.follow import Follower
from shared.log.record import Record
from shared.log.stream import stream_info
from tests.examples import FINANCE, OFFICE, conclusion
from tests.house import CHIEF, LEAD, register_person, register_units
from tests.identity import as_person, signed
from tests.integration.copies.fleet import EachInTurn, Fleet, fleet
from tests.mail_sink import MailSink

_PATIENCE_SECONDS = 30.0
_TAKEOVER_SECONDS = 10.0
_BETWEEN_SECONDS = 0.15
_ADDRESSES = {LEAD: "lan@so.example", CHIEF: "chinh@so.example"}


@pytest.fixture
def sink() -> Iterator[MailSink]:
    """A mail server."""
    with MailSink() as server:
        yield server


class Office:
    """People who work by requests that come to another copy each time, and never give up."""

    def __init__(self, copies: Fleet, stack: AsyncExitStack) -> None:
        self.posted: dict[str, float] = {}
        self.acknowledged: set[str] = set()
        self._numbers = iter(range(1, 10_000))
        self._stack = stack
        self._clients = {name: self._client(EachInTurn(each)) for name, each in copies.copies.items()}

    def _client(self, transport: EachInTurn) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=transport, base_url="http://copies", timeout=2, headers=signed())

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
        notice = conclusion(1, number=f"{next(self._numbers)}/TB")
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


async def test_copies_that_are_killed_or_stand_still_are_replaced_and_nothing_is_lost_or_doubled(
    log_client: Client, nats_url: str, tasks_database_url: str, notify_database_url: str, sink: MailSink
) -> None:
    await _people(log_client)
    mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(sink.port), "SMTP_SECURITY": "none"}
    with fleet(nats_url, tasks_database_url, notify_database_url, **mail) as copies:
        async with AsyncExitStack() as stack:
            office = Office(copies, stack)
            await office.begin()
            for person_id, address in _ADDRESSES.items():
                given = await office.ask("notify", "PUT", f"/v1/contacts/{person_id}", json={"mail": address})
                assert given.is_success, given.text
            working = asyncio.create_task(office.work())
            stopped = [copies.working(name) for name in ("tasks", "notify")]
            await asyncio.sleep(1)

            for each in stopped:
                each.kill()
            killed = await _taken_over(office)
            for each in stopped:
                await asyncio.to_thread(each.start)

            stopped = [copies.working(name) for name in ("tasks", "notify")]
            for each in stopped:
                each.pause()
            try:
                paused = await _taken_over(office)
            finally:
                for each in stopped:
                    each.resume()
            await asyncio.sleep(1)
            working.cancel()
            await asyncio.wait([working])
            if not working.cancelled():
                working.result()
            print(f"taken over {killed:.1f} s behind a kill, {paused:.1f} s behind a standstill")  # noqa: T201

            records = await _log_at_rest(log_client, len(office.posted))
            assert max(killed, paused) < _TAKEOVER_SECONDS
            for name in ("tasks", "notify"):
                copies.working(name)
            for _ in range(2):
                for person_id in (LEAD, CHIEF):
                    assert sorted(await office.told(person_id)) == sorted(office.posted)
    _confirm(records, office)
    await _confirm_database(tasks_database_url, records, office)
    letters = Counter((each.to, each.message_id) for each in sink.taken)
    assert {to for to, _ in letters} == set(_ADDRESSES.values())
    # Whose sending is broken off may come twice, with the same id: one to a person, for each time that one was stopped.
    assert sum(letters.values()) - len(letters) <= 2 * len(_ADDRESSES)


async def _people(client: Client) -> None:
    await register_units(client)
    for person_id, unit, role in ((LEAD, OFFICE, "unit_lead"), (CHIEF, FINANCE, "office")):
        await register_person(
            client, person_id, person_id, PersonPlaced(person_id=person_id, unit_id=unit.unit_id), role
        )


async def _taken_over(office: Office) -> float:
    """In how many seconds something new is in the register, and both people were told of it."""
    began = time.monotonic()
    meeting_id = await office.post()
    await _until(lambda: _tells(office, meeting_id))
    return time.monotonic() - began


async def _tells(office: Office, meeting_id: str) -> bool:
    return all([meeting_id in await office.told(person_id) for person_id in (LEAD, CHIEF)])


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not await condition():  # noqa: ASYNC110 - of other processes
            await asyncio.sleep(0.1)


async def _log_at_rest(client: Client, meetings: int) -> list[Record]:
    """The whole log, once both people were told of every meeting in the inbox and by mail, and it was quiet."""
    records: list[Record] = []
    async with asyncio.timeout(_PATIENCE_SECONDS):
        async for batch in Follower(client, "tests").batches(0):
            records += batch
            if sum(isinstance(_data(record), NotificationDelivered) for record in records) >= 4 * meetings:
                await asyncio.sleep(1)
                if (await stream_info(client)).state.last_seq == records[-1].sequence:
                    break
    return records


def _data(record: Record) -> object:
    return CATALOGUE.read(record.content).data


def _confirm(records: list[Record], office: Office) -> None:
    events = [_data(record) for record in records]
    assert sorted(each.meeting_id for each in events if isinstance(each, MeetingConcluded)) == sorted(office.posted)
    acknowledged = [each.task_id for each in events if isinstance(each, TaskAcknowledged)]
    assert sorted(acknowledged) == sorted(office.acknowledged)
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


async def _confirm_database(url: str, records: list[Record], office: Office) -> None:
    pool = engine(url, "tests")
    async with pool.connect() as connection:
        ledger = (await connection.execute(text("SELECT sequence, content FROM ledger.event ORDER BY sequence"))).all()
        done = await connection.scalar(text("SELECT count(*) FROM register.task WHERE version = 2 AND in_force"))
    await pool.dispose()
    assert [tuple(row) for row in ledger] == [(record.sequence, record.content) for record in records]
    assert done == len(office.posted)
