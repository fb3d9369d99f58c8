"""A PostgreSQL is lost and its standby takes its place, under services that nobody starts anew."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from nats.aio.client import Client
from sqlalchemy import text

from deploy.certificates import Pair, issue, new_authority
from deploy.migrations.run import migrate_database
from shared.database import DatabaseUnavailable, engine, listening, translated
from shared.database_address import Address
from shared.log.append import append
from tests.examples import conclusion
from tests.house import ROLES
from tests.identity import signed
from tests.integration.tasks.test_register import notice, shown
from tests.postgres_pair import Streaming, pair
from tests.processes import tasks
from tests.servers import run_sql

AUTHORITY = new_authority("tests")
SECONDS_OF_FAILOVER = 10.0


def certified(authority: Pair) -> dict[str, str]:
    """Files of a server that proves to be 127.0.0.1."""
    proof = issue(authority, ["127.0.0.1"])
    return {"ssl_cert": proof.certificate, "ssl_key": proof.key}


@pytest.fixture
def both() -> Iterator[tuple[Streaming, Streaming]]:
    """A migrated primary and its standby, over TLS; what the primary acknowledges, the standby has on disk."""
    with pair(certified(AUTHORITY), ssl="on") as (primary, standby):
        roles = [f"CREATE ROLE {role} LOGIN" for role in ROLES]
        synchronous = ("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
        asyncio.run(run_sql(primary.url(), *roles, "CREATE DATABASE ketluan OWNER ketluan_owner", *synchronous))
        asyncio.run(migrate_database(primary.url("ketluan", "ketluan_owner")))
        yield primary, standby


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """The file of the authority that signed both servers' certificates."""
    path = tmp_path / "authority.pem"
    path.write_text(AUTHORITY.certificate)
    return path


def address(both: tuple[Streaming, Streaming], role: str) -> str:
    """Both servers as one address, the standby first: whoever takes it for the primary fails at once."""
    primary, standby = both
    return f"postgresql+asyncpg://{role}@127.0.0.1:{standby.port},127.0.0.1:{primary.port}/ketluan"


async def test_services_go_on_with_the_promoted_standby_and_lost_nothing(
    log_client: Client, nats_url: str, both: tuple[Streaming, Streaming], authority: Path
) -> None:
    primary, standby = both
    url = address(both, "ketluan_tasks")
    trusted = str(Address.parse(url).verified_by(str(authority)))
    with tasks(nats_url, url, KETLUAN_DATABASE_CA=str(authority)) as service:
        async with (
            httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed()) as http,
            listening(trusted, "anything") as signal,
        ):
            last = await append(log_client, notice(conclusion(3)))
            assert len(await shown(http, "/v1/tasks", last)) == 3
            before = service.child

            primary.kill()
            lost = time.monotonic()
            await asyncio.to_thread(standby.promote)
            last = await append(log_client, notice(conclusion(4, number="113/TB")))
            assert len(await shown(http, "/v1/tasks", last)) == 7
            assert time.monotonic() - lost < SECONDS_OF_FAILOVER
            assert service.child is before

            heard = signal.next()
            await run_sql(standby.url("ketluan"), "NOTIFY anything")
            assert await heard.wait(SECONDS_OF_FAILOVER)


async def test_a_standby_is_never_written_to_and_is_named(both: tuple[Streaming, Streaming]) -> None:
    pool = engine(f"postgresql+asyncpg://ketluan_tasks@127.0.0.1:{both[1].port}/ketluan", "tests")
    with pytest.raises(DatabaseUnavailable, match=f"127.0.0.1:{both[1].port} is a standby"), translated():
        async with pool.connect():
            pass
    await pool.dispose()


async def test_a_server_that_cannot_prove_its_name_is_told_nothing(
    both: tuple[Streaming, Streaming], tmp_path: Path
) -> None:
    another = tmp_path / "another.pem"
    another.write_text(new_authority("another").certificate)
    trusted = Address.parse(address(both, "ketluan_tasks")).verified_by(str(another))
    pool = engine(str(trusted), "tests")
    with pytest.raises(DatabaseUnavailable, match="does not prove its name"), translated():
        async with pool.connect():
            pass
    await pool.dispose()


async def test_connections_are_encrypted_and_let_go_of_whoever_is_gone(
    both: tuple[Streaming, Streaming], authority: Path
) -> None:
    pool = engine(str(Address.parse(address(both, "ketluan_tasks")).verified_by(str(authority))), "tests")
    async with pool.connect() as connection:
        encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        assert (await connection.execute(text(encrypted))).scalar_one()
        for setting in ("idle_in_transaction_session_timeout", "tcp_user_timeout", "client_connection_check_interval"):
            assert (await connection.execute(text(f"SHOW {setting}"))).scalar_one() not in {"0", "0ms"}
    await pool.dispose()


async def test_a_frozen_client_gives_its_locks_to_the_next(both: tuple[Streaming, Streaming]) -> None:
    url = both[0].url("ketluan", "ketluan_tasks")
    pool = engine(url, "tests")
    async with pool.connect() as frozen, pool.connect() as following:
        await frozen.execute(text("SET idle_in_transaction_session_timeout = '300ms'"))
        await frozen.execute(text("LOCK TABLE register.lease IN ACCESS EXCLUSIVE MODE"))
        waited = time.monotonic()
        await following.execute(text("SELECT * FROM register.lease"))
        assert time.monotonic() - waited < SECONDS_OF_FAILOVER
        with pytest.raises((DatabaseUnavailable, asyncpg.PostgresError)), translated():
            await frozen.execute(text("SELECT 1"))
        await frozen.invalidate()
    await pool.dispose()
