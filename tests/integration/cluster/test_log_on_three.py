"""What the log promises on one server, it promises on a cluster of three: the same tests, on three replicas."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from nats.aio.client import Client

from shared.log.append import append
from shared.log.faults import LogUnavailable, StreamDrift
from shared.log.stream import check, migrate, stream_info
from tests.cluster import NatsCluster, held_still
from tests.examples import task_entry
from tests.integration.cluster.conftest import connection
from tests.integration.log.test_append import (  # noqa: F401 - they are run here, by the fixtures of this folder
    test_a_batch_is_stored_in_the_order_given,
    test_an_event_that_follows_one_in_a_batch_is_left_out_with_it,
    test_another_event_in_its_place_is_a_conflict_and_the_whole_batch_is_left_out,
    test_appending_the_same_again_stores_nothing_and_gives_the_same_place,
    test_of_forty_writers_that_race_for_one_place_one_wins,
    test_what_an_earlier_attempt_left_out_is_completed,
)
from tests.integration.log.test_bulk import test_every_event_comes_once_and_as_it_is  # noqa: F401
from tests.integration.log.test_follow import (  # noqa: F401
    test_a_deleted_consumer_is_replaced_and_nothing_is_missed_or_repeated,
    test_everything_is_read_once_and_in_order,
)
from tests.integration.log.test_schedules import (  # noqa: F401
    test_a_schedule_is_moved_or_taken_away_only_as_it_was_read,
)

Answer = TypeVar("Answer")


async def test_a_log_of_one_replica_is_drift_where_three_are_wanted(log_client: Client) -> None:
    assert await migrate(log_client, 3) == "stream LOG is as it must be"
    with pytest.raises(StreamDrift, match="num_replicas: is 3, must be 1"):
        await check(log_client, 1)


async def test_writing_goes_on_when_the_leader_dies_and_nothing_that_was_acknowledged_is_lost(
    three_nodes: NatsCluster, log_client: Client
) -> None:
    await append(log_client, [task_entry("before")])
    leader = three_nodes.leader("LOG")
    leader.kill()
    try:
        async with connection(three_nodes.settings()) as client:
            # Both the log and the cluster itself may have to choose who leads.
            stored = await _once_it_answers(lambda: append(client, [task_entry("behind")]))
            assert stored == 2
            assert (await _once_it_answers(lambda: stream_info(client))).state.messages == 2
    finally:
        await asyncio.to_thread(three_nodes.start)


async def test_without_a_quorum_nothing_is_acknowledged_and_with_it_writing_goes_on(
    three_nodes: NatsCluster, log_client: Client
) -> None:
    await append(log_client, [task_entry("before")])
    where = log_client.connected_url
    assert where is not None
    ours = next(node for node in three_nodes.nodes if node.port == where.port)
    others = [node for node in three_nodes.nodes if node is not ours]
    with held_still(*others), pytest.raises(LogUnavailable):
        await append(log_client, [task_entry("during")])
    await _once_it_answers(lambda: append(log_client, [task_entry("during"), task_entry("behind")]))
    info = await stream_info(log_client)
    assert info.state.messages == 3


async def _once_it_answers(asked: Callable[[], Awaitable[Answer]]) -> Answer:
    """What the log answers once it does, which must be soon."""
    async with asyncio.timeout(15):
        while True:
            try:
                return await asked()
            except LogUnavailable:
                await asyncio.sleep(0.1)
