"""Clusters of three real nats-servers: one of several organisations with all that production has, and a plain one."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import nats.js.errors
import pytest
from nats.aio.client import Client

from deploy.migrations.run import migrate_log, migrate_witnessed
from deploy.nats import witness
from shared.log import schedules
from shared.log.connect import broker, connected
from shared.log.stream import STREAM
from shared.settings import NatsSettings
from tests.cluster import NatsCluster

ORGANISATIONS = ("so-khcn", "so-tai-chinh", "so-y-te")
"""Of which the last one is for a test that harms its log."""


@pytest.fixture(scope="session")
def organisations() -> Iterator[NatsCluster]:
    """A cluster of three organisations and the witness, by TLS alone, as its migrations make it."""
    with NatsCluster(organisations=ORGANISATIONS, encrypted=True) as cluster:
        asyncio.run(_migrated(cluster))
        yield cluster


@pytest.fixture(scope="session")
def three_nodes() -> Iterator[NatsCluster]:
    """A cluster that asks nobody who it is."""
    with NatsCluster() as cluster:
        yield cluster


@pytest.fixture
def nats_url(three_nodes: NatsCluster) -> str:
    """Addresses of a cluster that holds an empty log of three replicas."""
    asyncio.run(_emptied(three_nodes))
    return three_nodes.url


@pytest.fixture
async def log_client(nats_url: str) -> AsyncIterator[Client]:
    """A connection to the empty log."""
    async with connection(NatsSettings(nats_url=nats_url)) as client:
        yield client


@asynccontextmanager
async def connection(settings: NatsSettings) -> AsyncIterator[Client]:
    """A connection, by the way that services connect, for as long as the block lasts."""
    nats_broker = broker(settings, "tests")
    try:
        yield await connected(nats_broker)
    finally:
        await nats_broker.stop()


async def _migrated(cluster: NatsCluster) -> None:
    for organisation in cluster.organisations:
        await migrate_log(cluster.settings(organisation, "owner"))
        await migrate_witnessed(cluster.settings("witness", witness.OWNER), organisation)


async def _emptied(cluster: NatsCluster) -> None:
    async with connection(cluster.settings()) as client:
        for stream in (STREAM, schedules.STREAM):
            with suppress(nats.js.errors.NotFoundError):
                await client.jsm().delete_stream(stream)
    await migrate_log(cluster.settings())
