"""Reading much of the log at once gives what reading it one by one gives."""

import pytest
from nats.aio.client import Client

from shared.log.append import append
from shared.log.bulk import present, records
from shared.log.faults import LogUnavailable
from shared.log.follow import Follower
from shared.log.record import Record
from shared.settings import NatsSettings
from tests.examples import task_entry


async def test_every_event_comes_once_and_as_it_is(log_client: Client, nats_url: str) -> None:
    await append(log_client, [task_entry(f"bulk-{number}") for number in range(1000)])
    await append(log_client, [task_entry(f"more-{number}") for number in range(500)])
    settings = NatsSettings(nats_url=nats_url)
    found = [each async for some in records(settings, 3, 1400) for each in some]
    assert [each.sequence for each in found] == list(range(3, 1401))
    followed: list[Record] = []
    async for batch in Follower(log_client, "tests").batches(2):
        followed += batch
        if followed[-1].sequence >= 1400:
            break
    assert followed[: len(found)] == found


async def test_a_log_that_ends_too_early_is_no_whole_one(log_client: Client, nats_url: str) -> None:
    await append(log_client, [task_entry(f"bulk-{number}") for number in range(10)])
    settings = NatsSettings(nats_url=nats_url)
    assert len([each async for some in present(settings, 1, 20) for each in some]) == 10
    with pytest.raises(LogUnavailable, match="ends at event 10"):
        async for _ in records(settings, 1, 20):
            pass
