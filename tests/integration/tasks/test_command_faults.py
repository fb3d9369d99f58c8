"""Commands while a part of the system is away: nothing is done twice, nothing that was promised is lost."""

import asyncio
from collections.abc import Iterator

import asyncpg
import httpx
import pytest
from nats.aio.client import Client

from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.house import Servers, servers
from tests.integration.tasks.offices import Offices, given_tasks, offices, said

_KEYED = {"If-Match": '"1"', "Idempotency-Key": "once"}


@pytest.fixture(scope="module")
def both() -> Iterator[Servers]:
    """Servers that the tests may hold up and kill."""
    with servers() as running:
        yield running


@pytest.fixture(scope="module")
def office(both: Servers) -> Iterator[Offices]:
    """One running service."""
    with offices(both.nats.url, both.database("tasks")) as running:
        yield running


async def assigned(office: Offices, http: httpx.AsyncClient) -> str:
    """The address of a new task."""
    nats_broker = broker(NatsSettings(nats_url=office.nats_url), "tests")
    log: Client = await connected(nats_broker)
    (task,) = await given_tasks(http, log)
    await nats_broker.stop()
    return f"/v1/tasks/{task['id']}"


async def test_what_is_recorded_but_not_shown_yet_is_answered_as_accepted(both: Servers, office: Offices) -> None:
    async with office.as_("lan") as lan:
        task = await assigned(office, lan)
        holder = await asyncpg.connect(both.database("tasks").replace("+asyncpg", ""))
        async with holder.transaction():
            await holder.execute("SELECT 1 FROM register.checkpoint FOR UPDATE")
            answer = await lan.post(f"{task}/report-progress", json={"percent": 30}, headers=_KEYED)
            assert (answer.status_code, answer.json()["version"], answer.json()["percent"]) == (202, 2, 30)
            assert (await lan.get(task)).json()["version"] == 1
        await holder.close()
        for _ in range(40):
            if (await lan.get(task)).json()["version"] == 2:
                break
            await asyncio.sleep(0.25)
        again = await lan.post(f"{task}/report-progress", json={"percent": 30}, headers=_KEYED)
        assert (again.status_code, again.json()) == (200, answer.json())


async def test_a_log_that_is_away_records_nothing_and_the_same_request_is_done_once(
    both: Servers, office: Offices
) -> None:
    async with office.as_("lan") as lan:
        task = await assigned(office, lan)
        both.nats.kill()
        away = await lan.post(f"{task}/comment", json={"text": "Ý kiến."}, headers=_KEYED)
        assert said(away) == (503, "unavailable")
        assert "retry-after" in away.headers
        await asyncio.to_thread(both.nats.start)
        for _ in range(60):
            answer = await lan.post(f"{task}/comment", json={"text": "Ý kiến."}, headers=_KEYED)
            if answer.status_code != 503:
                break
            await asyncio.sleep(0.5)
        assert (answer.status_code, answer.json()["version"]) == (200, 2)
        history = (await lan.get(f"{task}/history")).json()
        assert [entry["type"] for entry in history].count("ketluan.CommentAdded.v1") == 1
