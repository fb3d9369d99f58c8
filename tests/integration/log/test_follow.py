"""Followers read every event once, in order, whatever happens to the server."""

import asyncio
from collections.abc import AsyncIterator

from nats.aio.client import Client

from shared.log.append import append
from shared.log.connect import broker, connected
from shared.log.follow import Follower
from shared.log.record import Record
from shared.log.stream import STREAM, migrate
from shared.settings import NatsSettings
from tests.examples import task_entry
from tests.servers import NatsServer

PATIENCE = 20


async def read(follower: Follower, after: int, until: int) -> list[Record]:
    """The records behind one sequence up to another."""
    records: list[Record] = []
    async with asyncio.timeout(PATIENCE):
        async for batch in follower.batches(after):
            records.extend(batch)
            if records[-1].sequence >= until:
                break
    return records


async def test_everything_is_read_once_and_in_order(log_client: Client) -> None:
    entries = [task_entry(str(number)) for number in range(2500)]
    for start in range(0, 2500, 1000):
        await append(log_client, entries[start : start + 1000])
    records = await read(Follower(log_client, "tests"), 0, 2500)
    assert [record.sequence for record in records] == list(range(1, 2501))
    assert [record.content for record in records] == [each.content for each in entries]


async def test_reading_begins_behind_the_position(log_client: Client) -> None:
    await append(log_client, [task_entry(str(number)) for number in range(10)])
    assert [record.sequence for record in await read(Follower(log_client, "tests"), 7, 10)] == [8, 9, 10]


async def test_only_the_wanted_subjects_are_read(log_client: Client) -> None:
    entries = [task_entry(str(number)) for number in range(5)]
    await append(log_client, entries)
    follower = Follower(log_client, "tests", subjects=(entries[1].subject, entries[3].subject))
    assert [record.sequence for record in await read(follower, 0, 4)] == [2, 4]


async def test_a_deleted_consumer_is_replaced_and_nothing_is_missed_or_repeated(log_client: Client) -> None:
    follower = Follower(log_client, "tests")
    await append(log_client, [task_entry("before")])
    batches = follower.batches(0)
    first = await anext(batches)
    for consumer in await log_client.jsm().consumers_info(STREAM):
        await log_client.jsm().delete_consumer(STREAM, consumer.name)
    await append(log_client, [task_entry("after")])
    async with asyncio.timeout(PATIENCE):
        second = await anext(batches)
    await batches.aclose()
    assert [record.sequence for record in (*first, *second)] == [1, 2]


async def test_a_killed_server_delays_a_follower_and_nothing_more() -> None:
    with NatsServer() as server:
        nats_broker = broker(NatsSettings(nats_url=server.url), "tests")
        client = await connected(nats_broker)
        await migrate(client, replicas=1)
        await append(client, [task_entry(str(number)) for number in range(10)])
        batches = Follower(client, "tests").batches(0)
        sequences = [record.sequence for record in await anext(batches)]
        server.kill()
        waiting = asyncio.create_task(_next(batches))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(server.start)
        await _append_once_back(client)
        async with asyncio.timeout(PATIENCE):
            sequences += await waiting
        await batches.aclose()
        await nats_broker.stop()
    assert sequences == list(range(1, 12))


async def test_a_missing_event_is_an_alarm_and_nothing_behind_it_is_read(log_client: Client) -> None:
    await append(log_client, [task_entry(str(number)) for number in range(3)])
    follower = Follower(log_client, "tests")
    follower.position = 0
    assert [record.sequence for record in await read(follower, 0, 3)] == [1, 2, 3]
    manager = log_client.jsm()
    await manager.delete_stream(STREAM)
    await manager.add_stream(name=STREAM, subjects=["log.>"], allow_direct=True, allow_atomic=True)
    await append(log_client, [task_entry(str(number)) for number in range(3)])
    await manager.delete_msg(STREAM, 2)
    batches = follower.batches(0)
    assert [record.sequence for record in await anext(batches)] == [1]
    waiting = asyncio.create_task(_next(batches))
    await asyncio.sleep(1.5)
    assert not waiting.done()
    assert follower.fault == "the log must hold event 2, but event 3 came next"
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def _next(batches: AsyncIterator[object]) -> list[int]:
    batch = await anext(batches)
    assert isinstance(batch, list)
    return [record.sequence for record in batch]


async def _append_once_back(client: Client) -> None:
    async with asyncio.timeout(PATIENCE):
        while not client.is_connected:  # noqa: ASYNC110 - nats-py offers no event for it
            await asyncio.sleep(0.05)
    await append(client, [task_entry("after")])
