"""The stream is made by its migration alone, and a service that finds it changed does not start."""

import pytest
from nats.aio.client import Client

from shared.log.faults import StreamDrift
from shared.log.stream import STREAM, check, definition, migrate


async def test_migrating_again_changes_nothing(log_client: Client) -> None:
    before = await check(log_client, replicas=1)
    assert await migrate(log_client, replicas=1) == f"stream {STREAM} is as it must be"
    assert await check(log_client, replicas=1) == before


async def test_a_limit_that_would_delete_history_is_drift(log_client: Client) -> None:
    await log_client.jsm().update_stream(definition(1).evolve(max_msgs=5))
    with pytest.raises(StreamDrift, match="max_msgs: is 5, must be -1"):
        await check(log_client, replicas=1)
    with pytest.raises(StreamDrift, match="not touched"):
        await migrate(log_client, replicas=1)


async def test_a_missing_stream_is_drift_that_says_what_to_run(log_client: Client) -> None:
    await log_client.jsm().delete_stream(STREAM)
    with pytest.raises(StreamDrift, match="ketluan migrate"):
        await check(log_client, replicas=1)
