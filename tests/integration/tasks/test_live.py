"""What changes is told to whoever looks at it and may see it, and to nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count

import httpx
import pytest
from nats.aio.client import Client

from shared.events.inbox import NotificationRequested, TaskMention
from shared.events.person import PersonLeft
from shared.log.append import append, entry
from shared.log.read import last_on
from tests.examples import envelope
from tests.integration.tasks.offices import Offices, ask, given_tasks, office_for_all
from tests.servers import NatsServer, PostgresServer

_QUIET_SECONDS = 1.5
_PATIENCE_SECONDS = 10.0

_people = count(1)


@pytest.fixture(scope="module")
def office(nats_server: NatsServer, postgres_server: PostgresServer) -> Iterator[Offices]:
    """One running service."""
    with office_for_all(nats_server, postgres_server) as running:
        yield running


@pytest.fixture(scope="module")
def nats_url(office: Offices) -> str:
    """Address of the server with that office's log."""
    return office.nats_url


class Heard:
    """What a stream told so far: the sequences of changes. `ended` once the service ended it."""

    def __init__(self) -> None:
        self.sequences: list[int] = []
        self.ended = False

    async def listen(self, answer: httpx.Response) -> None:
        """Takes in what comes."""
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                self.sequences.append(json.loads(line.removeprefix("data: "))["sequence"])
        self.ended = True

    async def until(self, sequence: int) -> None:
        """Returns once a change at this sequence, or behind it, was told."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not self.sequences or self.sequences[-1] < sequence:  # noqa: ASYNC110 - a test may look again
                await asyncio.sleep(0.02)


@asynccontextmanager
async def looking(office: Offices, person: str, **asked: str | int) -> AsyncIterator[Heard]:
    """What somebody hears who looks, while the block lasts."""
    heard = Heard()
    async with office.as_(person) as http:
        headers = {"Accept": "text/event-stream"}
        async with http.stream("GET", "/v1/live", params=asked, headers=headers, timeout=None) as answer:
            assert answer.status_code == 200
            listening = asyncio.create_task(heard.listen(answer))
            # The first words of a stream say that it is there.
            await asyncio.sleep(0.3)
            try:
                yield heard
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)


async def test_a_change_is_told_to_whoever_looks_at_it_and_may_see_it(office: Offices, log_client: Client) -> None:
    async with office.as_("chinh") as chinh, office.as_("ha") as ha:
        task, other = await given_tasks(chinh, log_client, 2)
        assert (await ha.get(f"/v1/live?task={task['id']}")).status_code == 404
        assert (await ha.get(f"/v1/live?meeting={task['meeting']['id']}")).status_code == 404
        async with (
            looking(office, "chinh", task=task["id"]) as one,
            looking(office, "nam", task=other["id"]) as another,
            looking(office, "kiem", meeting=task["meeting"]["id"]) as of_meeting,
            looking(office, "lan") as of_unit,
            looking(office, "ha") as elsewhere,
        ):
            sequence = (await ask(chinh, task, "comment", text="Nhớ gửi.")).json()["sequence"]
            for heard in (one, of_meeting, of_unit):
                await heard.until(sequence)
            await asyncio.sleep(_QUIET_SECONDS)
            assert (another.sequences, elsewhere.sequences) == ([], [])


async def test_what_was_missed_is_told_and_what_comes_at_once_is_told_together(
    office: Offices, log_client: Client
) -> None:
    async with office.as_("chinh") as chinh:
        task, other, *more = await given_tasks(chinh, log_client, 6)
        sequence = (await ask(chinh, task, "remind")).json()["sequence"]
        assert (await chinh.get("/v1/live")).json()["sequence"] >= sequence
        async with (
            looking(office, "chinh", task=task["id"], after=sequence - 1) as missed,
            looking(office, "chinh", task=task["id"], after=sequence) as knows,
            looking(office, "chinh", task=other["id"], after=sequence - 1) as untouched,
            looking(office, "minh") as everything,
        ):
            await missed.until(sequence)
            sequences = [(await ask(chinh, each, "remind")).json()["sequence"] for each in more]
            await everything.until(sequences[-1])
            assert len(everything.sequences) < len(sequences)
            assert (missed.sequences, knows.sequences, untouched.sequences) == ([sequence], [], [])


async def test_who_looks_at_a_task_hears_that_somebody_was_told_of_it(office: Offices, log_client: Client) -> None:
    async with office.as_("chinh") as chinh:
        task, other = await given_tasks(chinh, log_client, 2)
        person = f"an-{next(_people)}-{task['id'][:8]}"
        told = NotificationRequested(
            notification_id=f"n-{person}",
            person_id=person,
            rule="r",
            reasons=("watcher",),
            tasks=(TaskMention(task_id=task["id"], reason="watcher"),),
            channels=("inbox",),
        )
        async with (
            looking(office, "lan", task=task["id"]) as one,
            looking(office, "lan", task=other["id"]) as another,
            looking(office, "lan") as of_unit,
        ):
            await one.until(await append(log_client, [entry(envelope(f"inbox.{person}", told), 0)]))
            await asyncio.sleep(_QUIET_SECONDS)
            assert (another.sequences, of_unit.sequences) == ([], [])


async def test_a_stream_ends_when_its_reader_may_see_nothing_more(office: Offices, log_client: Client) -> None:
    async with looking(office, "nam") as heard:
        left = envelope("person.nam", PersonLeft(person_id="nam"), version=4)
        await append(log_client, [entry(left, await _last(log_client, "person.nam"))])
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not heard.ended:  # noqa: ASYNC110 - a test may look again
                await asyncio.sleep(0.05)


async def _last(log_client: Client, aggregate: str) -> int:
    record = await last_on(log_client, f"log.{aggregate}")
    assert record is not None
    return record.sequence
