"""Many people at one task, and two copies of the service: one wins each version, and nobody's change is lost."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from services.tasks.replay import replay
from shared.database import engine
from tests.integration.tasks.offices import Offices, ask, given_tasks, offices
from tests.servers import settings_of

PEOPLE, ROUNDS = 50, 3


@pytest.fixture
def two(nats_url: str, tasks_database_url: str) -> Iterator[Offices]:
    """Two copies of the service over one log and one database."""
    with offices(nats_url, tasks_database_url, copies=2) as running:
        yield running


async def test_fifty_people_at_one_task_win_one_version_each(
    two: Offices, log_client: Client, tasks_database_url: str
) -> None:
    async with AsyncExitStack() as stack:
        people = [await stack.enter_async_context(two.as_("lan", copy=n % 2)) for n in range(PEOPLE)]
        (task,) = await given_tasks(people[0], log_client)
        answers: list[httpx.Response] = []
        for _ in range(ROUNDS):
            version = (await people[0].get(f"/v1/tasks/{task['id']}")).json()["version"]
            answers += await asyncio.gather(
                *(
                    ask(person, task, "report-progress", version=version, note=f"Người thứ {number}")
                    for number, person in enumerate(people)
                )
            )
        history = (await people[0].get(f"/v1/tasks/{task['id']}/history")).json()
        read = (await people[1].get(f"/v1/tasks/{task['id']}")).json()
    assert Counter(answer.status_code for answer in answers) == {200: ROUNDS, 412: (PEOPLE - 1) * ROUNDS}
    won = [answer.json()["version"] for answer in answers if answer.status_code == 200]
    assert won == [2, 3, 4]
    assert read["version"] == 4
    assert [entry["type"] for entry in history].count("ketluan.ProgressReported.v1") == ROUNDS
    for answer in answers:
        if answer.status_code == 412:
            assert answer.json()["since"][0]["actor"] == "person.lan"
    pool = engine(tasks_database_url, "tests")
    assert (await replay(pool, settings_of(log_client), lambda done, of: None)).equal
    await pool.dispose()


async def test_everybody_who_tries_again_is_heard_in_the_end(two: Offices, log_client: Client) -> None:
    async def insist(person: httpx.AsyncClient, task: dict[str, Any], text: str) -> None:
        for _ in range(100):
            answer = await ask(person, task, "comment", text=text)
            if answer.status_code == 200:
                return
            assert answer.status_code == 412, answer.text

    async with AsyncExitStack() as stack:
        people = [await stack.enter_async_context(two.as_("lan", copy=n % 2)) for n in range(12)]
        (task,) = await given_tasks(people[0], log_client)
        async with asyncio.timeout(60):
            await asyncio.gather(*(insist(person, task, f"Ý kiến {n}") for n, person in enumerate(people)))
        history = (await people[0].get(f"/v1/tasks/{task['id']}/history")).json()
    said = [entry["data"]["text"] for entry in history if entry["type"] == "ketluan.CommentAdded.v1"]
    assert sorted(said) == sorted(f"Ý kiến {n}" for n in range(12))


async def test_a_change_by_one_copy_is_read_from_the_other(two: Offices, log_client: Client) -> None:
    async with two.as_("lan", copy=0) as one, two.as_("lan", copy=1) as other:
        (task,) = await given_tasks(one, log_client)
        for percent in range(1, 6):
            writer, reader = (one, other) if percent % 2 else (other, one)
            assert (await ask(writer, task, "report-progress", percent=percent)).status_code == 200
            assert (await reader.get(f"/v1/tasks/{task['id']}")).json()["percent"] == percent
