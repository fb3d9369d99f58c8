"""Checkpoints are issued over what was read again, and never against one that was issued before."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from nats.aio.client import Client
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.tasks.ledger import issued, store, tables
from services.tasks.ledger.checkpoint import Checkpoint, checkpoint_of
from services.tasks.ledger.growth import grown
from services.tasks.ledger.issuing import Contradiction, Issuer, NotYet
from services.tasks.ledger.keyring import act, announced, keyring, rotated
from services.tasks.ledger.keys import KeyUnusable, SigningKey, keep_key, new_signing_key, signature_is_right
from services.tasks.ledger.leaf import leaf_hash
from services.tasks.ledger.note import confirmed
from services.tasks.ledger.recheck import RecordAltered
from shared.database import RowsRefused, engine, translated
from shared.log.append import append
from shared.log.read import read_from
from shared.log.stream import STREAM, stream_info
from tests.examples import task_entry
from tests.servers import PostgresServer, run_sql

NAME = "ketluan.example.vn/v1/record"


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    made = new_signing_key(NAME)
    keep_key(made, tmp_path / "key")
    return made


@pytest.fixture
async def pool(tasks_database_url: str) -> AsyncIterator[AsyncEngine]:
    made = engine(tasks_database_url, "tests")
    yield made
    await made.dispose()


@pytest.fixture
async def issuer(pool: AsyncEngine, log_client: Client, tmp_path: Path, key: SigningKey) -> Issuer:
    await announced(log_client, key, act("tests", "/tests"))
    return Issuer(pool, log_client, tmp_path / "key", tmp_path / "told")


async def happened(client: Client, pool: AsyncEngine, first: int, count: int) -> int:
    """Appends so many events, and copies all of the log into the ledger, as the projector does. Gives its size."""
    await append(client, [task_entry(f"{number}") for number in range(first, first + count)])
    return await copied(client, pool)


async def copied(client: Client, pool: AsyncEngine) -> int:
    last = (await stream_info(client)).state.last_seq
    async with pool.begin() as connection:
        begun = await store.size_of(connection)
        found = [await read_from(client, STREAM, {"seq": sequence}) for sequence in range(begun + 1, last + 1)]
        rows = [(each.sequence, each.subject, each.stored_at, each.content, leaf_hash(each)) for each in found if each]
        names = ("sequence", "subject", "stored_at", "content", "leaf_hash")
        if rows:
            await connection.execute(insert(tables.event), [dict(zip(names, row, strict=True)) for row in rows])
    return last


async def issue(issuer: Issuer) -> tuple[issued.Issued, bool]:
    return await issuer.issue(act("tests", "/tests"))


async def test_what_is_signed_is_kept_told_filed_and_signed_once(
    issuer: Issuer, log_client: Client, pool: AsyncEngine, key: SigningKey, tmp_path: Path
) -> None:
    with pytest.raises(NotYet):
        await issue(issuer)
    size = await happened(log_client, pool, 0, 300)
    first, is_new = await issue(issuer)
    assert is_new
    text_ = confirmed(first.note.encode(), [key.verifier], signature_is_right)
    found = checkpoint_of(text_)
    assert (found.origin, found.size) == (NAME, size)
    assert (await issue(issuer)) == (first, False)
    assert await copied(log_client, pool) == size + 1, "one event tells of the checkpoint"
    assert (await issue(issuer)) == (first, False), "a checkpoint is nothing that happened"
    async with pool.connect() as connection:
        assert await issued.kept(connection) == await issued.told(connection) == [first]
        assert await store.root_at(connection, size) == first.root
    while await grown(pool):
        pass
    larger = await happened(log_client, pool, 300, 300)
    second, _ = await asyncio.gather(issue(issuer), issue(issuer))
    assert second[0].size == larger
    assert (tmp_path / "told" / "checkpoint").read_text() == second[0].note
    assert (tmp_path / "told" / f"checkpoint-{size}").read_text() == first.note
    ring = await keyring(log_client)
    assert [each.verifier for each in ring.keys] == [key.verifier]


async def test_the_first_one_is_issued_soon_and_then_one_every_so_often_if_anything_happened(
    issuer: Issuer, log_client: Client, pool: AsyncEngine
) -> None:
    issuer.every, issuer.look_again_seconds = dt.timedelta(hours=1), 0.05
    await happened(log_client, pool, 0, 5)
    work = asyncio.create_task(issuer.run())
    for count in (1, 2):
        async with asyncio.timeout(10):
            while len(await kept_in(pool)) < count:  # noqa: ASYNC110 - another process may be the one that issues
                await asyncio.sleep(0.05)
        await copied(log_client, pool)
        await asyncio.sleep(0.5)
        assert len(await kept_in(pool)) == count, "nothing but a checkpoint happened"
        await happened(log_client, pool, 5 * count, 5)
        if count == 1:
            await asyncio.sleep(0.3)
            assert len(await kept_in(pool)) == 1, "the next one's time has not come yet"
            issuer.every = dt.timedelta(seconds=0.2)
    work.cancel()


async def kept_in(pool: AsyncEngine) -> list[issued.Issued]:
    async with pool.connect() as connection:
        return await issued.kept(connection)


async def test_several_copies_issue_one(
    issuer: Issuer, log_client: Client, pool: AsyncEngine, tmp_path: Path, key: SigningKey
) -> None:
    await happened(log_client, pool, 0, 20)
    await issue(issuer)
    await happened(log_client, pool, 20, 20)
    copies = [Issuer(pool, log_client, tmp_path / "key") for _ in range(4)]
    given = await asyncio.gather(*(issue(copy) for copy in copies))
    assert len({each.size for each, _ in given}) == 1
    assert sum(is_new for _, is_new in given) == 1
    await copied(log_client, pool)
    async with pool.connect() as connection:
        assert len(await issued.told(connection)) == 2


async def test_what_was_signed_and_not_told_is_told_later_and_once(
    issuer: Issuer, log_client: Client, pool: AsyncEngine, key: SigningKey
) -> None:
    await happened(log_client, pool, 0, 10)
    first, _ = await issue(issuer)
    size = await happened(log_client, pool, 10, 10)
    async with pool.begin() as connection:
        root = await store.root_at(connection, size)
        note = key.signed(str(Checkpoint(NAME, size, root)))
        untold = replace(first, size=size, root=root, note=note)
        await issued.keep(connection, [untold])
    assert await issue(issuer) == (untold, False)
    assert await issue(issuer) == (untold, False)
    await copied(log_client, pool)
    async with pool.connect() as connection:
        assert await issued.told(connection) == [first, untold]


async def test_a_database_made_anew_learns_the_checkpoints_from_the_log(
    issuer: Issuer, log_client: Client, pool: AsyncEngine, postgres_server: PostgresServer, database_name: str
) -> None:
    await happened(log_client, pool, 0, 10)
    first, _ = await issue(issuer)
    await copied(log_client, pool)
    await run_sql(
        postgres_server.url(database_name), "SET session_replication_role = replica", "DELETE FROM ledger.checkpoint"
    )
    assert await issue(issuer) == (first, False)
    async with pool.connect() as connection:
        assert await issued.kept(connection) == [first]


HARM = {
    "bytes": "UPDATE ledger.event SET content = set_byte(content, 40, get_byte(content, 40) # 1) WHERE sequence = 7",
    "subject": "UPDATE ledger.event SET subject = subject || 'x' WHERE sequence = 7",
    "leaf": "UPDATE ledger.event SET leaf_hash = set_byte(leaf_hash, 0, get_byte(leaf_hash, 0) # 1) WHERE sequence = 9",
    "missing": "DELETE FROM ledger.event WHERE sequence = 7",
    "tile": "UPDATE ledger.tile SET hashes = set_byte(hashes, 9, get_byte(hashes, 9) # 1)",
    "root of a tile": "UPDATE ledger.tile SET root = set_byte(root, 9, get_byte(root, 9) # 1)",
    "checkpoint": "UPDATE ledger.checkpoint SET root = set_byte(root, 9, get_byte(root, 9) # 1)",
    "note": "UPDATE ledger.checkpoint SET note = replace(note, 'ketluan', 'ketiuan')",
}
REWRITTEN = (
    "UPDATE ledger.event SET content = set_byte(content, 40, get_byte(content, 40) # 1) WHERE sequence = 300",
    "UPDATE ledger.event SET leaf_hash = sha256('\\x00'::bytea || int8send(sequence) "
    "|| int2send(octet_length(subject)::int2) || convert_to(subject, 'UTF8') || sha256(content)) WHERE sequence = 300",
)


async def test_nothing_is_signed_over_a_ledger_that_was_altered(
    issuer: Issuer, log_client: Client, pool: AsyncEngine, postgres_server: PostgresServer, database_name: str
) -> None:
    administrator, unguarded = postgres_server.url(database_name), "SET session_replication_role = replica"
    await happened(log_client, pool, 0, 310)
    first, _ = await issue(issuer)
    while await grown(pool):
        pass
    await happened(log_client, pool, 310, 10)
    for name, harm in HARM.items():
        table = "checkpoint" if "checkpoint" in harm else "tile" if "tile" in harm else "event"
        await run_sql(administrator, f"CREATE TABLE sound AS SELECT * FROM ledger.{table}")
        await run_sql(administrator, unguarded, harm)
        with pytest.raises(RecordAltered):
            await issue(issuer)
        assert await issuer.note(), name
        mended = (f"DELETE FROM ledger.{table}", f"INSERT INTO ledger.{table} SELECT * FROM sound", "DROP TABLE sound")
        await run_sql(administrator, unguarded, *mended)
    await run_sql(administrator, "CREATE TABLE sound AS SELECT * FROM ledger.event", unguarded, *REWRITTEN)
    with pytest.raises(Contradiction) as refused:
        await issue(issuer)
    assert first.root.hex() in str(refused.value), "the checkpoint that it contradicts is named"
    mended = ("DELETE FROM ledger.event", "INSERT INTO ledger.event SELECT * FROM sound", "DROP TABLE sound")
    await run_sql(administrator, unguarded, *mended)
    second, is_new = await issue(issuer)
    assert is_new
    assert second.size > first.size
    assert await issuer.note() is None


async def test_a_rotated_key_signs_nothing_more_and_its_checkpoints_stay(
    issuer: Issuer, log_client: Client, pool: AsyncEngine, key: SigningKey, tmp_path: Path
) -> None:
    await happened(log_client, pool, 0, 10)
    first, _ = await issue(issuer)
    new = new_signing_key(NAME)
    ring = await rotated(log_client, key, new, "Đến hạn.", act("tests", "/tests"))
    assert ring == await rotated(log_client, key, new, "Đến hạn.", act("tests", "/tests")), (
        "doing it again does nothing"
    )
    assert [(each.endorsed, each.retired is None) for each in ring.keys] == [(False, False), (True, True)]
    await copied(log_client, pool)
    with pytest.raises(KeyUnusable):
        await issue(issuer)
    keep_key(new, tmp_path / "new")
    issuer.key_file = tmp_path / "new"
    second, _ = await issue(issuer)
    assert confirmed(second.note.encode(), [new.verifier], signature_is_right)
    assert (first.key_id, second.key_id) == (key.verifier.key_id, new.verifier.key_id)
    stranger = await rotated(log_client, None, new_signing_key(NAME), "Mất khoá.", act("tests", "/tests"))
    assert [each.endorsed for each in stranger.keys] == [False, True, False]


@pytest.mark.parametrize("role", ["ketluan_tasks", "ketluan_owner"])
async def test_tiles_and_checkpoints_only_grow(
    issuer: Issuer,
    log_client: Client,
    pool: AsyncEngine,
    postgres_server: PostgresServer,
    database_name: str,
    role: str,
) -> None:
    await happened(log_client, pool, 0, 5)
    await issue(issuer)
    harming = engine(postgres_server.url(database_name, role), "tests")
    for table, column in (("checkpoint", "size"), ("tile", "level")):
        for harm in (
            f"UPDATE ledger.{table} SET {column} = 9",
            f"DELETE FROM ledger.{table}",
            f"TRUNCATE ledger.{table}",
        ):
            with pytest.raises(RowsRefused), translated():
                async with harming.begin() as connection:
                    await connection.execute(text(harm))
    await harming.dispose()
    async with pool.connect() as connection:
        assert (await connection.execute(select(tables.checkpoint))).one()
