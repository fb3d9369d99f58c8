"""Files beside the log: kept once, whole, given back as they came, and only by those who may."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats.errors
import pytest
from nats.aio.client import Client

from deploy.migrations.run import migrate_log
from shared.log.connect import broker, connected
from shared.log.faults import LogFault, LogUnavailable, StreamDrift
from shared.log.objects import (
    LARGEST_BYTES,
    Bucket,
    Description,
    ObjectDamaged,
    ObjectWriter,
    bucket_definition,
    described,
    fetched,
    migrate_buckets,
    object_stream,
    stored,
)
from shared.settings import NatsSettings
from tests.servers import GuardedNatsServer, NatsServer

MIB = 1024 * 1024


async def messages(client: Client) -> int:
    """How many messages hold documents."""
    return (await client.jsm().stream_info(object_stream("documents"))).state.messages


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, MIB + 1, 25 * MIB])
async def test_a_file_of_any_size_comes_back_as_it_was(log_client: Client, size: int) -> None:
    content = os.urandom(size)
    sha256 = await stored(log_client, "documents", content)
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert await fetched(log_client, "documents", sha256) == content


async def test_the_same_file_is_kept_once_however_many_bring_it_at_once(log_client: Client) -> None:
    content = os.urandom(3 * MIB)
    before = await messages(log_client)
    assert len(set(await asyncio.gather(*(stored(log_client, "documents", content) for _ in range(8))))) == 1
    await stored(log_client, "documents", content)
    assert await messages(log_client) == before + 4


async def test_files_that_come_at_once_are_all_kept_also_those_that_were_there(log_client: Client) -> None:
    contents = [os.urandom(1000 + size) for size in range(80)]
    await stored(log_client, "documents", contents[3])
    writer = ObjectWriter(log_client, "documents")
    kept = await asyncio.gather(*(writer.stored(each) for each in [*contents, contents[5], os.urandom(3 * MIB)]))
    assert kept[:80] == [hashlib.sha256(each).hexdigest() for each in contents]
    for content, sha256 in zip(contents, kept, strict=False):
        assert await fetched(log_client, "documents", sha256) == content


async def test_each_who_brings_a_file_hears_that_the_log_is_away() -> None:
    with NatsServer() as own:
        await migrate_log(NatsSettings(nats_url=own.url))
        async with _connection(NatsSettings(nats_url=own.url)) as client:
            own.kill()
            writer = ObjectWriter(client, "documents")
            kept = await asyncio.gather(*(writer.stored(bytes([n])) for n in range(3)), return_exceptions=True)
            await asyncio.to_thread(own.start)
            await until_connected(client)
    assert [type(each) for each in kept] == [LogUnavailable] * 3


async def test_a_file_that_nobody_brought_is_not_there(log_client: Client) -> None:
    sha256 = await stored(log_client, "documents", b"a notice")
    assert await fetched(log_client, "attachments", sha256) is None
    assert await fetched(log_client, "documents", "0" * 64) is None


async def test_any_nats_client_can_read_a_file_as_an_object(log_client: Client) -> None:
    content = os.urandom(2 * MIB + 5)
    sha256 = await stored(log_client, "documents", content)
    store = await log_client.jetstream().object_store("documents")
    assert (await store.get(sha256)).data == content


async def test_a_file_is_described_without_its_bytes(log_client: Client) -> None:
    stated, unstated = os.urandom(MIB + 1), os.urandom(10)
    first = await stored(log_client, "documents", stated, "application/pdf")
    second = await stored(log_client, "documents", unstated)
    assert await described(log_client, "documents", first) == Description(MIB + 1, "application/pdf")
    assert await described(log_client, "documents", second) == Description(10, None)
    assert await described(log_client, "documents", "0" * 64) is None
    bucket = await log_client.jetstream().object_store("documents")
    assert (await bucket.get(first)).data == stated


async def test_a_file_that_lost_a_part_is_not_handed_out(log_client: Client) -> None:
    sha256 = await stored(log_client, "documents", os.urandom(2 * MIB))
    last = (await log_client.jsm().stream_info(object_stream("documents"))).state.last_seq
    await log_client.jsm().delete_msg(object_stream("documents"), last - 1)
    with pytest.raises(ObjectDamaged, match="missing"):
        await fetched(log_client, "documents", sha256)


async def test_a_file_larger_than_any_notice_is_refused(log_client: Client) -> None:
    with pytest.raises(ValueError, match="at most"):
        await stored(log_client, "documents", bytes(LARGEST_BYTES + 1))


async def test_a_bucket_that_forgets_is_drift(log_client: Client) -> None:
    assert await migrate_buckets(log_client, 1) == [
        "stream OBJ_documents is as it must be",
        "stream OBJ_attachments is as it must be",
        "stream OBJ_retired is as it must be",
    ]
    await log_client.jsm().update_stream(bucket_definition("documents", 1).evolve(max_age=3600))
    try:
        with pytest.raises(StreamDrift, match="max_age"):
            await migrate_buckets(log_client, 1)
    finally:
        await log_client.jsm().update_stream(bucket_definition("documents", 1))


async def test_each_service_keeps_files_of_its_own_kind_only() -> None:
    with GuardedNatsServer() as server:
        await migrate_log(server.settings("owner"))
        own: tuple[tuple[str, Bucket, Bucket], ...] = (
            ("intake", "documents", "attachments"),
            ("tasks", "attachments", "documents"),
        )

        async def keeps(name: str, bucket: Bucket, other: Bucket) -> None:
            async with _connection(server.settings(name)) as client:
                content = name.encode() * MIB
                assert await fetched(client, bucket, await stored(client, bucket, content)) == content
                with pytest.raises(LogFault):
                    await stored(client, other, content)
                with pytest.raises(nats.errors.TimeoutError):
                    await client.jsm().delete_msg(object_stream(bucket), 1)

        # A refusal is an answer that never comes: both wait for theirs at once.
        await asyncio.gather(*(keeps(*each) for each in own))


async def until_connected(client: Client) -> None:
    """Waits for a connection to come back: one that is away is not closed in order."""
    async with asyncio.timeout(20):
        while not client.is_connected:  # noqa: ASYNC110 - nats-py offers no event for it
            await asyncio.sleep(0.05)


@asynccontextmanager
async def _connection(settings: NatsSettings) -> AsyncIterator[Client]:
    nats_broker = broker(settings, "tests")
    try:
        yield await connected(nats_broker)
    finally:
        await nats_broker.stop()
