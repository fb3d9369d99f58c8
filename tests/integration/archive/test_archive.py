"""The whole log goes into files and out of them into another server, and nothing is lost on the way."""

import asyncio
import datetime as dt
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from nats.aio.client import Client

from deploy.archive.confirming import confirm
from deploy.archive.export import export
from deploy.archive.folder import Archive, ArchiveDamaged, Tree
from deploy.archive.restoring import AnotherHistory, restore
from services.tasks.ledger.checkpoint import Checkpoint
from services.tasks.ledger.issued import AGGREGATE
from services.tasks.ledger.keyring import act, announced
from services.tasks.ledger.keys import SigningKey, new_signing_key
from shared.events.ledger import CheckpointIssued
from shared.log.append import append, entry
from shared.log.bulk import records
from shared.log.connect import broker, connected
from shared.log.objects import BUCKETS, fetched, migrate_buckets, object_stream, stored
from shared.log.record import Record
from shared.log.stream import state_of, stream_info
from shared.settings import NatsSettings
from tests.conftest import empty_log
from tests.examples import envelope, task_entry
from tests.servers import NatsServer, settings_of

KEY = new_signing_key("ketluan.example.vn/v1/record")
NOTICE, RESULT = b"Th\xc3\xb4ng b\xc3\xa1o" * 100_000, b"%PDF-1.7"
_PIECE = 200


class Broken(Exception):
    """A break in the middle, as a power cut would make one."""


def breaks_at(count: int) -> Callable[[int, int], None]:
    """Is told how far it is, and ends it there."""

    def told(done: int, _: int) -> None:
        if done >= count:
            raise Broken

    return told


def never(_done: int, _of: int) -> None:
    """Is told how far it is."""


async def everything(client: Client) -> list[Record]:
    last = state_of(await stream_info(client)).last_sequence
    return [each async for found in records(settings_of(client), 1, last) for each in found]


async def signed(client: Client, key: SigningKey) -> None:
    """Signs the log as it is."""
    await announced(client, key, act("tests", "/ketluan/tests"))
    tree = Tree()
    for each in await everything(client):
        tree.take(each)
    note = key.signed(str(Checkpoint(key.name, tree.size, tree.root())))
    data = CheckpointIssued(key_id=key.verifier.key_id, size=tree.size, root=tree.root().hex(), note=note)
    await append(client, [entry(envelope(AGGREGATE, data), 0)])


@pytest.fixture
async def full(log_client: Client) -> Client:
    """A log of some 1,200 events with a checkpoint in the middle, and two files, which are all that are kept."""
    for bucket in BUCKETS:
        await log_client.jsm().delete_stream(object_stream(bucket))
    await migrate_buckets(log_client, 1)
    await append(log_client, [task_entry(f"before {number}") for number in range(650)])
    await signed(log_client, KEY)
    await append(log_client, [task_entry(f"behind {number}") for number in range(550)])
    await stored(log_client, "documents", NOTICE, "text/plain")
    await stored(log_client, "attachments", RESULT)
    return log_client


@pytest.fixture(scope="module")
def other_server() -> Iterator[NatsServer]:
    """Another server than that of the log."""
    with NatsServer() as server:
        yield server


@pytest.fixture
async def other(other_server: NatsServer) -> AsyncIterator[Client]:
    """The empty log of another server."""
    await empty_log(other_server.url)
    nats_broker = broker(NatsSettings(nats_url=other_server.url), "tests")
    try:
        yield await connected(nats_broker)
    finally:
        await nats_broker.stop()


async def test_the_log_moves_to_another_server_however_often_it_is_broken_off(
    full: Client, other: Client, tmp_path: Path
) -> None:
    archive, here, there = Archive(tmp_path / "archive"), settings_of(full), settings_of(other)
    for at in (1, 600):
        with pytest.raises(Broken):
            await export(here, full, archive, breaks_at(at), _PIECE)
        with pytest.raises(ArchiveDamaged, match="ketluan export"):
            confirm(archive, never)
    whole = await export(here, full, archive, never, _PIECE)
    assert (whole.events, whole.files) == (1202, 2)
    assert confirm(archive, never, [KEY.verifier]) == whole
    with pytest.raises(ArchiveDamaged, match="no known key"):
        confirm(archive, never, [new_signing_key(KEY.name).verifier])

    with pytest.raises(Broken):
        await restore(there, other, archive, breaks_at(1000), [KEY.verifier])
    assert 0 < state_of(await stream_info(other)).last_sequence < 1202
    await restore(there, other, archive, never)
    assert await everything(other) == await everything(full)
    assert (
        await fetched(other, "documents", next(e.sha256 for e in archive.files() if e.bucket == "documents")) == NOTICE
    )
    await restore(there, other, archive, never)
    assert state_of(await stream_info(other)).last_sequence == 1202

    # What the other log holds more than the archive is another history, and a longer export of it goes on.
    await append(other, [task_entry("moved on")])
    with pytest.raises(AnotherHistory):
        await restore(there, other, archive, never)
    assert (await export(there, other, archive, never, _PIECE)).events == 1203


async def test_a_log_with_another_history_is_left_as_it_is(full: Client, other: Client, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    await export(settings_of(full), full, archive, never, _PIECE)
    await append(other, [task_entry("its own")])
    with pytest.raises(AnotherHistory, match="event 1"):
        await restore(settings_of(other), other, archive, never)
    assert state_of(await stream_info(other)).last_sequence == 1
    with pytest.raises(ArchiveDamaged, match="another one"):
        await export(settings_of(other), other, archive, never, _PIECE)


async def test_no_changed_bit_of_an_archive_passes(full: Client, tmp_path: Path) -> None:
    archive, source = Archive(tmp_path / "archive"), random.Random(6)
    await export(settings_of(full), full, archive, never, 2000)
    files = [path for path in archive.folder.rglob("*") if path.is_file()]
    assert len(files) == 6
    for path in files:
        content = path.read_bytes()
        for _ in range(15):
            harmed = bytearray(content)
            harmed[source.randrange(len(content))] ^= 1 << source.randrange(8)
            path.write_bytes(harmed)
            with pytest.raises(ArchiveDamaged):
                confirm(archive, never)
        path.unlink()
        with pytest.raises(ArchiveDamaged):
            confirm(archive, never)
        path.write_bytes(content)
    assert confirm(archive, never).events == 1202


async def test_the_command_line_exports_and_imports(full: Client, other: Client, tmp_path: Path) -> None:
    for command, client in (("export", full), ("import", other)):
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "deploy.cli", command, str(tmp_path / "archive")],
            env={"KETLUAN_NATS_URL": settings_of(client).nats_url, "PATH": ""},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "1,202" in done.stdout
    assert [each.content for each in await everything(other)] == [each.content for each in await everything(full)]
    assert dt.datetime.now(dt.UTC) - (await everything(other))[0].stored_at > dt.timedelta(seconds=0.5)
