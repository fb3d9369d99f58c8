"""The projector through misfortune, and the rebuilt register beside the live one."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
from nats.aio.client import Client
from sqlalchemy import text

from deploy.migrations.run import migrate_database
from services.tasks.register import tables
from services.tasks.replay import replay
from shared.database import engine
from shared.log.append import Entry, append
from shared.log.faults import AnotherLog
from shared.log.stream import STREAM, migrate
from tests.examples import conclusion, task_entry
from tests.house import ROLES
from tests.identity import signed
from tests.integration.tasks.test_register import notice, shown
from tests.processes import tasks
from tests.servers import PostgresServer, run_sql, settings_of


async def test_a_killed_projector_goes_on_where_it_stopped(
    log_client: Client, nats_url: str, tasks_database_url: str
) -> None:
    with tasks(nats_url, tasks_database_url) as service:
        for number in range(20):
            last = await append(log_client, notice(conclusion(50, number=f"{number}/TB")))
            if number in {5, 12}:
                service.kill()
                await asyncio.to_thread(service.start)
        async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed()) as http:
            assert len(await shown(http, "/v1/tasks", last, limit=1000)) == 1000
            assert len(await shown(http, "/v1/meetings", last)) == 20
    pool = engine(tasks_database_url, "tests")
    async with pool.connect() as connection:
        counted = (await connection.execute(text("SELECT count(*), max(sequence) FROM ledger.event"))).one()
    await pool.dispose()
    assert tuple(counted) == (last, last)


async def test_a_rebuilt_register_equals_the_live_one(
    log_client: Client, nats_url: str, tasks_database_url: str
) -> None:
    with tasks(nats_url, tasks_database_url) as service:
        await append(log_client, [Entry("broken", "log.task.broken", b"no event", 0), task_entry("left behind")])
        await append(log_client, notice(conclusion(30)))
        twice = Entry("twice", "log.meeting.twice", notice(conclusion(30))[-1].content, 0)
        last = await append(log_client, [twice, *notice(conclusion(5, number="113/TB"))])
        async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed()) as http:
            await shown(http, "/v1/tasks", last)
    told: list[tuple[int, int]] = []
    pool = engine(tasks_database_url, "tests")
    found = await replay(pool, settings_of(log_client), lambda done, of: told.append((done, of)))
    assert found.equal
    assert found.sequence == last
    assert told[-1] == (last, last)
    rows = {table.table: table.rebuilt_rows for table in found.tables}
    assert (rows["meeting"], rows["task"], rows["parked"]) == (2, 36, 2)
    async with pool.begin() as connection:
        await connection.execute(text("UPDATE register.task SET unit_name = 'Phòng khác' WHERE ordinal = 3"))
        await connection.execute(text("DELETE FROM register.directive WHERE ordinal = 4"))
    changed = await replay(pool, settings_of(log_client), lambda done, of: None)
    await pool.dispose()
    assert not changed.equal
    differing = {table.table: table for table in changed.tables if not table.equal}
    assert set(differing) == {"task", "directive"}
    assert len(differing["task"].only_live) == 2
    assert differing["directive"].live_rows == differing["directive"].rebuilt_rows - 2


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A migrated PostgreSQL that the test may kill."""
    with PostgresServer() as postgres:
        roles = [f"CREATE ROLE {role} LOGIN" for role in ROLES]
        asyncio.run(run_sql(postgres.url(), *roles, "CREATE DATABASE ketluan OWNER ketluan_owner"))
        asyncio.run(migrate_database(postgres.url("ketluan", "ketluan_owner")))
        yield postgres


async def test_a_register_that_was_dropped_is_made_again_beside_the_same_ledger(
    log_client: Client, nats_url: str, tasks_database_url: str, database_url: str
) -> None:
    with tasks(nats_url, tasks_database_url) as service:
        last = await append(log_client, notice(conclusion(30)))
        async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed()) as http:
            before = await shown(http, "/v1/tasks", last)
            service.stop()
            empty = f"TRUNCATE {', '.join(table.fullname for table in (*tables.STATES, tables.checkpoint))}"
            await run_sql(database_url, empty)
            await asyncio.to_thread(service.start)
            assert await shown(http, "/v1/tasks", last) == before
            service.stop()
            await run_sql(
                database_url,
                empty,
                "ALTER TABLE ledger.event DISABLE TRIGGER only_grows",
                "UPDATE ledger.event SET leaf_hash = content WHERE sequence = 7",
            )
            service.child = service.spawn(service.folder / "output")
            assert await _unready(http, "different bytes for event 7")


async def _unready(http: httpx.AsyncClient, reason: str) -> bool:
    """Whether the projector comes to say that this keeps it."""
    for _ in range(80):
        await asyncio.sleep(0.25)
        with suppress(httpx.TransportError):
            if reason in (await http.get("/readyz")).json()["checks"]["projector"]:
                return True
    return False


async def test_a_replay_of_another_log_is_refused(log_client: Client, nats_url: str, tasks_database_url: str) -> None:
    with tasks(nats_url, tasks_database_url) as service:
        last = await append(log_client, notice(conclusion(3)))
        async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed()) as http:
            await shown(http, "/v1/tasks", last)
    await log_client.jsm().delete_stream(STREAM)
    await migrate(log_client, replicas=1)
    pool = engine(tasks_database_url, "tests")
    with pytest.raises(AnotherLog):
        await replay(pool, settings_of(log_client), lambda done, of: None)
    await pool.dispose()


async def test_a_database_that_was_away_delays_and_loses_nothing(
    log_client: Client, nats_url: str, own_postgres: PostgresServer
) -> None:
    with tasks(nats_url, own_postgres.url("ketluan", "ketluan_tasks")) as service:
        await append(log_client, notice(conclusion(3)))
        own_postgres.kill()
        last = await append(log_client, notice(conclusion(3, number="113/TB")))
        async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed()) as http:
            refused = await http.get("/v1/tasks")
            assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
            assert "retry-after" in refused.headers
            assert (await http.get("/readyz")).status_code == 503
            await asyncio.to_thread(own_postgres.start)
            for _ in range(40):
                answer = await http.get("/v1/tasks", params={"min_sequence": last})
                if answer.status_code == 200:
                    break
                await asyncio.sleep(0.25)
            assert len(answer.json()) == 6


@pytest.mark.parametrize("running", [False, True])
async def test_another_log_behind_the_same_database_is_refused_and_nothing_is_written(
    log_client: Client, nats_url: str, tasks_database_url: str, running: bool
) -> None:
    with tasks(nats_url, tasks_database_url) as service:
        last = await append(log_client, notice(conclusion(3)))
        async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed()) as http:
            await shown(http, "/v1/tasks", last)
            if not running:
                service.stop()
            await log_client.jsm().delete_stream(STREAM)
            await migrate(log_client, replicas=1)
            await append(log_client, notice(conclusion(9, number="113/TB")))
            if not running:
                service.child = service.spawn(service.folder / "output")
            assert await _unready(http, "was made from the log of")
            assert len((await http.get("/v1/tasks")).json()) == 3


@pytest.mark.parametrize("count", [5000])
async def test_a_large_notice_comes_into_force_at_once(
    log_client: Client, nats_url: str, tasks_database_url: str, count: int
) -> None:
    entries = notice(conclusion(count))
    with tasks(nats_url, tasks_database_url) as service:
        async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed()) as http:
            for start in range(0, len(entries), 1000):
                assert await shown(http, "/v1/tasks", start, limit=1) == []
                last = await append(log_client, entries[start : start + 1000])
            (meeting,) = await shown(http, "/v1/meetings", last)
            assert meeting["task_count"] == count
            whole = await shown(http, f"/v1/meetings/{meeting['id']}", last)
            assert len(whole["tasks"]) == count
