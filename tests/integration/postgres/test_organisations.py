"""One PostgreSQL serves several organisations, and refuses each role whatever is not its own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from deploy.migrations.run import migrate_database
from deploy.postgres.roles import OWNER, SERVICES, Database, ServesOneOnly, bootstrap
from tests.servers import PostgresServer

OURS, THEIRS = Database("so-khcn"), Database("so-xay-dung")
TASKS, NOTIFY = OURS.services
ROLES = (OURS.owner, TASKS, NOTIFY)

NOBODYS = (
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('/')",
    "SELECT lo_import('/etc/passwd')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY (SELECT 1) TO '/tmp/ketluan-written'",
    "SELECT rolpassword FROM pg_authid",
    "SELECT passwd FROM pg_shadow",
    "SELECT * FROM pg_hba_file_rules",
    "SHOW data_directory",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    f"SET ROLE {THEIRS.owner}",
    f"SET ROLE {THEIRS.role(SERVICES[0])}",
    *(f"SET ROLE {kind}" for kind in SERVICES),
    "CREATE ROLE another LOGIN",
    "ALTER ROLE postgres PASSWORD 'guessed'",
    f"ALTER ROLE {THEIRS.owner} PASSWORD 'guessed'",
    "CREATE DATABASE another",
    f"DROP DATABASE {THEIRS.name}",
    f"ALTER DATABASE {THEIRS.name} SET timezone = 'UTC'",
    "ALTER SYSTEM SET fsync = off",
    "SELECT pg_reload_conf()",
    "SET log_statement = 'none'",
    "CREATE EXTENSION dblink",
    "CREATE FUNCTION public.f() RETURNS int LANGUAGE c AS 'libc', 'system'",
    "SELECT * FROM pg_create_physical_replication_slot('another')",
    "SELECT pg_switch_wal()",
    "CREATE SUBSCRIPTION another CONNECTION 'host=127.0.0.1' PUBLICATION all_tables",
)
"""What no role of an organisation may do, not even the one that migrates."""

NO_SERVICES = (
    f"SET ROLE {OURS.owner}",
    "CREATE SCHEMA another",
    "CREATE TABLE public.another (id int)",
    "CREATE TABLE register.another (id int)",
    "CREATE TABLE ledger.another (id int)",
    "CREATE TABLE notify.another (id int)",
    "CREATE FUNCTION register.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION notify.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "UPDATE ledger.event SET content = ''",
    "DELETE FROM ledger.event",
    "TRUNCATE ledger.event",
    "DROP TABLE ledger.event",
    "ALTER TABLE ledger.event ADD COLUMN another int",
    "ALTER TABLE ledger.event DISABLE TRIGGER ALL",
    "CREATE INDEX another ON ledger.event (sequence)",
    "UPDATE ledger.tile SET root = ''",
    "DELETE FROM ledger.checkpoint",
    "TRUNCATE ledger.checkpoint",
    "TRUNCATE register.task",
    "UPDATE alembic_version SET version_num = '0000'",
    "DROP SCHEMA register CASCADE",
    f"ALTER DATABASE {OURS.name} OWNER TO postgres",
)
"""What no service may do, though the owner of the tables could."""

OTHER_SERVICES = {
    TASKS: ("SELECT * FROM notify.contact", "INSERT INTO notify.copy DEFAULT VALUES", "DELETE FROM notify.lease"),
    NOTIFY: (
        "SELECT * FROM ledger.event",
        "INSERT INTO ledger.event DEFAULT VALUES",
        "SELECT * FROM register.task",
        "DELETE FROM register.lease",
        "SELECT * FROM record.verification",
        "CREATE TEMPORARY TABLE another (id int)",
    ),
}

REFUSED = (
    *((role, statement) for role in ROLES for statement in NOBODYS),
    *((role, statement) for role in (TASKS, NOTIFY) for statement in NO_SERVICES),
    *((role, statement) for role, statements in OTHER_SERVICES.items() for statement in statements),
)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL that serves two organisations, each made and migrated twice, as by two starts."""
    with PostgresServer() as found:
        for database in (OURS, THEIRS, OURS, THEIRS):
            asyncio.run(made(found, database))
        yield found


async def made(server: PostgresServer, database: Database) -> None:
    """Makes an organisation's roles, database and tables."""
    passwords = dict.fromkeys((database.owner, *database.services), "secret")
    await bootstrap(server.url(), passwords, database)
    if database.organisation:
        await migrate_database(server.url(database.name, database.owner))


@asynccontextmanager
async def connection(server: PostgresServer, role: str, database: str) -> AsyncIterator[asyncpg.Connection]:
    """A role's connection."""
    opened = await asyncpg.connect(server.url(database, role).replace("+asyncpg", ""))
    try:
        yield opened
    finally:
        await opened.close()


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_reaches_its_own_database_and_no_other(server: PostgresServer, role: str) -> None:
    async with connection(server, role, OURS.name) as own:
        assert await own.fetchval("SELECT current_database()") == OURS.name
    for other in (THEIRS.name, "postgres", "template1"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
            async with connection(server, role, other):
                pass


@pytest.mark.parametrize("role", ROLES)
async def test_everything_that_is_not_its_own_is_refused_to_a_role(server: PostgresServer, role: str) -> None:
    done = []
    async with connection(server, role, OURS.name) as own:
        for statement in (statement for refused, statement in REFUSED if refused == role):
            try:
                await own.execute(statement)
            except (
                asyncpg.InsufficientPrivilegeError,
                asyncpg.CantChangeRuntimeParamError,
                asyncpg.InvalidAuthorizationSpecificationError,
            ):
                continue
            done.append(statement)
    assert not done


async def test_a_service_does_its_own_work(server: PostgresServer) -> None:
    async with connection(server, TASKS, OURS.name) as tasks, connection(server, NOTIFY, OURS.name) as notify:
        await tasks.execute("INSERT INTO register.copy VALUES ('one', 1, now()); DELETE FROM register.copy")
        assert await tasks.fetchval("SELECT count(*) FROM ledger.event") == 0
        await notify.execute("INSERT INTO notify.copy VALUES ('one', 1, now()); DELETE FROM notify.copy")


async def test_what_another_organisation_does_is_neither_seen_nor_ended(server: PostgresServer) -> None:
    theirs = THEIRS.role(SERVICES[0])
    async with connection(server, theirs, THEIRS.name) as other, connection(server, TASKS, OURS.name) as own:
        await other.execute("SELECT 'secret'")
        (seen,) = await own.fetch("SELECT pid, query FROM pg_stat_activity WHERE usename = $1", theirs)
        assert seen["query"] == "<insufficient privilege>"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await own.execute(f"SELECT pg_terminate_backend({seen['pid']})")

        heard: list[str] = []
        await own.add_listener("appended", lambda *said: heard.append(said[-1]))
        await other.execute("NOTIFY appended, '1'")
        await other.execute("SELECT pg_advisory_lock(1)")
        assert await own.fetchval("SELECT pg_try_advisory_lock(1)")
        assert not heard


async def test_what_services_share_by_name_connects_nowhere(server: PostgresServer) -> None:
    for kind in SERVICES:
        with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match="not permitted to log in"):
            async with connection(server, kind, OURS.name):
                pass


async def test_an_organisation_without_a_name_finds_no_place_beside_those_that_have_one(server: PostgresServer) -> None:
    with pytest.raises(ServesOneOnly):
        await made(server, Database())
    async with connection(server, "postgres", "postgres") as superuser:
        assert not await superuser.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = $1", OWNER)


@pytest.mark.parametrize("identity", ["SO", "so khcn", "so_khcn", "-so", "so-", "s--o", "ő", "a" * 41, 'so"; DROP'])
def test_what_is_no_id_names_no_database(identity: str) -> None:
    with pytest.raises(ValueError, match="is no id"):
        Database(identity)
