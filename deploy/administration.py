"""A connection to the log for what an administrator does at the command line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nats.aio.client import Client

from shared.log.connect import broker, connected
from shared.log.stream import check
from shared.settings import NatsSettings


@asynccontextmanager
async def log_of(settings: NatsSettings) -> AsyncIterator[Client]:
    """A connection to the log.

    Raises:
        StreamDrift, LogUnavailable, LogRefused: the log is not as it must be, does not answer, or refuses.
    """
    nats_broker = broker(settings, "ketluan-administration")
    try:
        client = await connected(nats_broker)
        await check(client, settings.nats_replicas)
        yield client
    finally:
        await nats_broker.stop()
