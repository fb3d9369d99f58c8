"""A register made anew beside the live one, and put in its place while people read."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass

import httpx
import pytest
from nats.aio.client import Client
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.tasks.rebuild.swap import AnotherRebuild, alone, build, change_places
from services.tasks.replay import replay, stream_state
from shared.database import engine
from shared.log.append import append
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.conftest import TEMPLATE, empty_log
from tests.examples import conclusion
from tests.identity import signed
from tests.integration.tasks.test_register import notice, shown
from tests.processes import ServiceProcess, tasks
from tests.servers import NatsServer, PostgresServer, run_sql, settings_of


@dataclass(frozen=True, slots=True)
class Running:
    """A running tasks service, and its database's address for its owner and for the service."""

    service: ServiceProcess
    owner: str
    tasks: str


@pytest.fixture(scope="module")
def running(nats_server: NatsServer, postgres_server: PostgresServer) -> Iterator[Running]:
    """One for all tests of this file: a register that was rebuilt is rebuilt again."""
    asyncio.run(empty_log(nats_server.url))
    create = f"CREATE DATABASE rebuild TEMPLATE {TEMPLATE} OWNER ketluan_owner"
    asyncio.run(run_sql(postgres_server.url(), create))
    urls = [postgres_server.url("rebuild", f"ketluan_{role}") for role in ("owner", "tasks")]
    with tasks(nats_server.url, urls[1]) as process:
        yield Running(process, *urls)
    asyncio.run(run_sql(postgres_server.url(), "DROP DATABASE rebuild WITH (FORCE)"))


@pytest.fixture
async def client(running: Running, nats_server: NatsServer) -> AsyncIterator[Client]:
    """A connection to its log."""
    nats_broker = broker(NatsSettings(nats_url=nats_server.url), "tests")
    try:
        yield await connected(nats_broker)
    finally:
        await nats_broker.stop()


def unheard(done: int, of: int) -> None:
    """Nobody watches the progress."""


async def built(owner: AsyncEngine, client: Client, last: int) -> None:
    """A shadow register up to an event."""
    settings = settings_of(client)
    await build(owner, settings, (await stream_state(settings)).created, last, unheard)


async def test_a_damaged_register_is_replaced_while_people_read(running: Running, client: Client) -> None:
    first = await append(client, notice(conclusion(40)))
    owner, pool = engine(running.owner, "tests"), engine(running.tasks, "tests")
    async with httpx.AsyncClient(base_url=running.service.url, timeout=30, headers=signed()) as http:
        before = len(await shown(http, "/v1/tasks", first, limit=1000)) - 40
        await run_sql(running.owner, "UPDATE register.task SET unit_name = 'Phòng khác'")
        await built(owner, client, first)
        later = await append(client, notice(conclusion(20, number="113/TB")))
        await shown(http, "/v1/tasks", later)
        answers: set[tuple[int, int]] = set()

        async def read() -> None:
            while True:
                answer = await http.get("/v1/tasks", params={"limit": 1000})
                answers.add((answer.status_code, len(answer.json())))

        reader = asyncio.create_task(read())
        await asyncio.sleep(0.2)
        assert await change_places(owner) == later
        last = await append(client, notice(conclusion(3, number="114/TB")))
        reader.cancel()
        with suppress(asyncio.CancelledError):
            await reader
        assert answers == {(200, before + 60)}
        found = await shown(http, "/v1/tasks", last, limit=1000)
        assert len(found) == before + 63
        assert "Phòng khác" not in {task["unit"]["name"] for task in found}
    assert (await replay(pool, settings_of(client), unheard)).equal
    async with pool.connect() as connection:
        schemas = set(await connection.scalars(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'register%'")))
    assert schemas == {"register"}
    await owner.dispose()
    await pool.dispose()


async def test_the_register_in_its_place_has_the_same_tables_keys_indexes_and_rights(
    running: Running, client: Client
) -> None:
    last = await append(client, notice(conclusion(3, number="115/TB")))
    owner = engine(running.owner, "tests")
    async with httpx.AsyncClient(base_url=running.service.url, timeout=30, headers=signed()) as http:
        await shown(http, "/v1/tasks", last)
    before = await _shape(owner)
    assert len(before) > 100
    await built(owner, client, last)
    await change_places(owner)
    assert await _shape(owner) == before
    await owner.dispose()


async def _shape(owner: AsyncEngine) -> set[tuple[str, ...]]:
    statement = """
        SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text,
            coalesce(pg_get_expr(d.adbin, d.adrelid), '') || a.attgenerated::text || a.attnum
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d
            ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'register'::regnamespace AND c.relkind IN ('r', 'p')
            AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL SELECT 'table', relname, relkind::text, reloptions::text, relacl::text, pg_get_userbyid(relowner)
        FROM pg_class WHERE relnamespace = 'register'::regnamespace
        UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'register'
        UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
        FROM pg_constraint WHERE connamespace = 'register'::regnamespace
        UNION ALL SELECT 'schema', nspname, nspacl::text, pg_get_userbyid(nspowner), '', ''
        FROM pg_namespace WHERE nspname = 'register'
    """
    async with owner.connect() as connection:
        return {tuple(row) for row in await connection.execute(text(statement))}


async def test_a_rebuild_that_was_broken_off_leaves_the_live_register_and_the_next_one_cleans_up(
    running: Running, client: Client
) -> None:
    last = await append(client, notice(conclusion(30, number="116/TB")))
    owner = engine(running.owner, "tests")
    async with httpx.AsyncClient(base_url=running.service.url, timeout=30, headers=signed()) as http:
        before = await shown(http, "/v1/tasks", last, limit=1000)
        settings = settings_of(client)

        def broken(done: int, of: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await build(owner, settings, "", last, broken)
        await run_sql(running.owner, "CREATE SCHEMA register_former", "CREATE TABLE register_former.task (id text)")
        async with alone(owner):
            with pytest.raises(AnotherRebuild):
                async with alone(owner):
                    pass
            await built(owner, client, last)
            assert await change_places(owner) == last
        assert await shown(http, "/v1/tasks", last, limit=1000) == before
    await owner.dispose()
