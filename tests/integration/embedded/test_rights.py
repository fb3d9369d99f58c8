"""What the servers let each of their users do."""

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest

from deploy.postgres.roles import DATABASE, OWNER, SERVICES, bootstrap
from tests.servers import PostgresServer

PASSWORDS = dict.fromkeys((OWNER, *SERVICES), "secret")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL whose roles and database were made twice, as by two starts."""
    with PostgresServer() as found:
        for _ in range(2):
            asyncio.run(bootstrap(found.url(), PASSWORDS))
        yield found


async def rights(server: PostgresServer, role: str) -> dict[str, bool]:
    """What a role may do with the database."""
    connection = await asyncpg.connect(server.url(DATABASE).replace("+asyncpg", ""))
    try:
        return {
            right: await connection.fetchval("SELECT has_database_privilege($1, $2, $3)", role, DATABASE, right)
            for right in ("CONNECT", "TEMPORARY", "CREATE")
        }
    finally:
        await connection.close()


async def test_only_the_role_that_rebuilds_has_temporary_tables(server: PostgresServer) -> None:
    assert await rights(server, "ketluan_tasks") == {"CONNECT": True, "TEMPORARY": True, "CREATE": False}
    assert await rights(server, "ketluan_notify") == {"CONNECT": True, "TEMPORARY": False, "CREATE": False}


async def test_a_right_that_was_given_before_is_taken_back(server: PostgresServer) -> None:
    connection = await asyncpg.connect(server.url().replace("+asyncpg", ""))
    await connection.execute(f"GRANT TEMPORARY ON DATABASE {DATABASE} TO ketluan_notify")
    await connection.close()

    await bootstrap(server.url(), PASSWORDS)

    assert not (await rights(server, "ketluan_notify"))["TEMPORARY"]
