"""What is done to the log's files, its stream and its backups: found, told, and mended from the ledger."""

import datetime as dt
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import nats
import pytest

from services.tasks.ledger.leaf import LEAF_HASH_IN_SQL
from services.tasks.record.judgement import Proof
from services.tasks.record.kinds import Kind
from services.tasks.record.repair.later import keep_aside
from services.tasks.record.repair.log_side import STAGED, STAGING
from services.tasks.record.repair.plan import planned
from shared.log.append import append
from shared.log.bulk import present
from shared.log.record import Record
from shared.log.stream import STREAM, check, definition, migrate
from tests.examples import task_entry
from tests.integration.record.damaged import Damageable
from tests.servers import PostgresServer, run_sql


def _flip(path: Path, sought: bytes) -> None:
    """Changes one bit of what is sought in a file."""
    content = bytearray(path.read_bytes())
    content[content.index(sought)] ^= 1
    path.write_bytes(content)


async def _mended(record: Damageable) -> None:
    """Confirms that the log is repaired, verified, and as it must be."""
    compared = await record.verified()
    assert compared.verification.findings == ()
    assert compared.verification.checkpoint == 300
    async with record.log() as client:
        state = await check(client, 1)
        assert state.created == compared.ledger.stream
    await record.take_in()
    assert await record.findings() == ()


async def test_a_bit_that_flips_on_the_disk_is_named_and_mended(record: Damageable) -> None:
    before = [each async for some in present(record.settings, 1, 350) for each in some]
    record.nats.stop()
    (block,) = record.blocks()
    _flip(block, (await record.content(120))[20:90])
    record.nats.start()
    (found,) = await record.findings()
    assert (found.kind, found.side, found.first, found.last) == (Kind.GAP_IN_LOG, "log", 120, 120)
    assert found.proof is Proof.CHECKPOINT
    assert found.known_good == 119
    assert found.events[0].subject == before[119].subject
    plan, done = await record.repaired()
    assert plan.rewrites_log
    assert not done.again
    after = [each async for some in present(record.settings, 1, 350) for each in some]
    assert after == before
    await _mended(record)


async def test_a_log_that_lost_its_end_is_restored_with_what_came_later(record: Damageable) -> None:
    record.nats.kill()
    (block,) = record.blocks()
    _flip(block, (await record.content(200))[20:90])
    for index in block.parent.glob("index.db"):
        index.unlink()
    record.nats.start()
    async with record.log() as client:
        await append(client, [task_entry("later-1"), task_entry("later-2")])
    found = await record.findings()
    assert {(each.kind, each.first, each.last, each.proof) for each in found} == {
        (Kind.ALTERED_IN_LOG, 200, 201, Proof.CHECKPOINT),
        (Kind.TRUNCATED_LOG, 202, 300, Proof.CHECKPOINT),
        (Kind.TRUNCATED_LOG, 301, 350, Proof.LEAF),
    }
    _, done = await record.repaired()
    assert [each.subject for each in done.again] == [task_entry("later-1").subject, task_entry("later-2").subject]
    assert not done.left
    await _mended(record)


async def test_a_stream_whose_limit_was_lowered_is_restored(record: Damageable) -> None:
    client = await nats.connect(record.nats.url)
    config = definition(1)
    config.max_msgs, config.discard = 5, nats.js.api.DiscardPolicy.OLD
    await client.jsm().update_stream(config)
    await client.close()
    found = await record.findings()
    assert {(each.kind, each.first, each.last) for each in found if each.first} == {
        (Kind.GAP_IN_LOG, 1, 300),
        (Kind.GAP_IN_LOG, 301, 345),
    }
    assert Kind.LOG_SETTINGS in {each.kind for each in found}
    await record.repaired()
    await _mended(record)


@pytest.mark.parametrize("anew", [False, True])
async def test_a_stream_that_was_deleted_is_restored(record: Damageable, anew: bool) -> None:
    client = await nats.connect(record.nats.url)
    await client.jsm().delete_stream(STREAM)
    if anew:
        await migrate(client, 1)
        await append(client, [task_entry("later")])
    await client.close()
    kinds = {each.kind for each in await record.findings()}
    assert kinds >= ({Kind.LOG_RECREATED, Kind.ALTERED_IN_LOG} if anew else {Kind.LOG_MISSING, Kind.TRUNCATED_LOG})
    _, done = await record.repaired()
    assert len(done.again) == int(anew)
    await _mended(record)


async def test_a_repair_that_was_broken_off_goes_on(record: Damageable) -> None:
    aside = record.folder / "aside.jsonl"
    pending = task_entry("pending")
    keep_aside(aside, [Record(351, pending.subject, dt.datetime.now(dt.UTC), pending.content)])
    client = await nats.connect(record.nats.url)
    await client.jsm().delete_stream(STREAM)
    await client.jsm().add_stream(name=STAGING, subjects=[f"{STAGED}>"])
    await client.jetstream().publish(f"{STAGED}log.task.half", b"half")
    await client.close()
    _, done = await record.repaired()
    assert [each.subject for each in done.again] == [pending.subject]
    assert not aside.exists()
    await _mended(record)


async def test_an_old_backup_of_the_log_is_recognised_and_completed(record: Damageable, tmp_path: Path) -> None:
    store = record.nats.folder / "store"
    record.nats.stop()
    shutil.copytree(store, tmp_path / "backup")
    record.nats.start()
    await record.grow("after-the-backup", 30)
    record.nats.stop()
    shutil.rmtree(store)
    shutil.move(tmp_path / "backup", store)
    record.nats.start()
    (found,) = await record.findings()
    assert (found.kind, found.first, found.last) == (Kind.TRUNCATED_LOG, 351, 380)
    await record.repaired()
    await _mended(record)


async def test_an_old_backup_of_the_ledger_only_has_to_catch_up(
    record: Damageable, postgres_server: PostgresServer, database_name: str
) -> None:
    backup = f"{database_name}_backup"
    await run_sql(postgres_server.url(), f"CREATE DATABASE {backup} TEMPLATE {database_name}")
    await record.grow("after-the-backup", 30)
    await record.sign()
    restored = replace(record, service=postgres_server.url(backup, "ketluan_tasks"))
    found = (await restored.verified()).verification
    assert found.findings == ()
    assert (found.events, found.ledger_last, found.log_last) == (350, 350, 381)
    await restored.take_in()
    assert {each.kind for each in await restored.findings()} == {Kind.LOST_CHECKPOINT}
    await replace(restored, owner=postgres_server.url(backup, "postgres")).repaired()
    assert await restored.findings() == ()
    await run_sql(postgres_server.url(), f"DROP DATABASE {backup} WITH (FORCE)")


async def test_a_stream_that_was_filled_again_gets_its_times_back(record: Damageable) -> None:
    before = [each async for some in present(record.settings, 1, 350) for each in some]
    await _filled_again(record, before)
    assert {each.side for each in await record.findings()} == {"log"}
    await record.repaired()
    assert [each async for some in present(record.settings, 1, 350) for each in some] == before
    await _mended(record)


async def test_a_history_rewritten_on_both_sides_is_shown_and_touched_by_nobody(record: Damageable) -> None:
    before = [each async for some in present(record.settings, 1, 350) for each in some]
    await record.altered(
        "UPDATE ledger.event SET content = content || '\\x20' WHERE sequence = 40",
        f"UPDATE ledger.event SET leaf_hash = {LEAF_HASH_IN_SQL} WHERE sequence = 40",
    )
    false = await record.content(40)
    await _filled_again(record, [each._replace(content=false) if each.sequence == 40 else each for each in before])
    assert (Kind.LOST, 40, 40) in {(each.kind, each.first, each.last) for each in await record.findings()}
    await record.altered("DELETE FROM ledger.tile")
    assert (Kind.CONTRADICTED, 1, 300) in {(each.kind, each.first, each.last) for each in await record.findings()}
    plan = planned(await record.verified())
    assert plan.blocked
    assert not plan.rows


async def _filled_again(record: Damageable, events: Sequence[Record]) -> None:
    """Puts a stream with these events in the place of the log, as an administrator can."""
    client = await nats.connect(record.nats.url)
    await client.jsm().delete_stream(STREAM)
    await migrate(client, 1)
    for each in events:
        await client.jetstream().publish(each.subject, each.content)
    await client.close()
