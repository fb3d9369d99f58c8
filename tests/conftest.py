"""What tests of every kind share: one nats-server and one PostgreSQL for the whole run, an empty log and database each.

Fixtures for a test to ask for:

- `nats_url`: address of a server whose log is empty and as its migration makes it.
- `log_client`: a nats-py client of that server, by the way that services connect.
- `database_url`: address of a migrated, empty database, as the role that owns it.
- `tasks_database_url`, `notify_database_url`: the same database as the role of that service.
- `nats_server`, `postgres_server`: the servers themselves, which last for the whole run. A test that kills one starts
  its own: `with NatsServer() as server: …`.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import nats
import nats.js.errors
import pytest
from nats.aio.client import Client
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from deploy.migrations.run import migrate_database
from shared.log import schedules
from shared.log.connect import broker, connected
from shared.log.objects import BUCKETS, migrate_buckets, object_stream
from shared.log.stream import STREAM, migrate
from shared.settings import NatsSettings
from tests.house import ROLES
from tests.servers import NatsServer, PostgresServer, run_sql

_TESTS = Path(__file__).parent
_SHARING = ("integration/containers", "integration/embedded", "browser")
"""Folders whose tests share an installation, which is made once."""

TEMPLATE = "ketluan_template"
"""Name of a migrated, empty database of `postgres_server`, to copy from."""

_numbers = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first."""
    items.sort(key=_order)


class TogetherInOneProcess(LoadScopeScheduling):  # type: ignore[misc] # xdist brings no types
    """Of several processes that run tests, one runs those of a file, and those of a folder that share an
    installation."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return next((folder for folder in _SHARING if file.startswith(f"tests/{folder}")), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> TogetherInOneProcess:
    """How tests are given to several processes; see `make test`."""
    return TogetherInOneProcess(config, log)


@pytest.fixture(scope="session")
def nats_server() -> Iterator[NatsServer]:
    """The nats-server of the whole run."""
    with NatsServer() as server:
        yield server


@pytest.fixture
def nats_url(nats_server: NatsServer) -> str:
    """Address of a server that holds an empty log."""
    asyncio.run(empty_log(nats_server.url))
    return nats_server.url


@pytest.fixture
async def log_client(nats_url: str) -> AsyncIterator[Client]:
    """A connection to the empty log."""
    nats_broker = broker(NatsSettings(nats_url=nats_url), "tests")
    try:
        yield await connected(nats_broker)
    finally:
        await nats_broker.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The PostgreSQL of the whole run, with the roles, and a migrated database to copy from."""
    with PostgresServer() as server:
        asyncio.run(make_database(server, TEMPLATE))
        yield server


@pytest.fixture
def database_name(postgres_server: PostgresServer) -> Iterator[str]:
    """Name of a migrated and empty database."""
    with empty_database(postgres_server) as name:
        yield name


@pytest.fixture
def database_url(postgres_server: PostgresServer, database_name: str) -> str:
    """Address of a migrated and empty database, as its owner."""
    return postgres_server.url(database_name, "ketluan_owner")


@pytest.fixture
def tasks_database_url(postgres_server: PostgresServer, database_name: str) -> str:
    """Address of the same database, with the rights of the service tasks."""
    return postgres_server.url(database_name, "ketluan_tasks")


@pytest.fixture
def notify_database_url(postgres_server: PostgresServer, database_name: str) -> str:
    """Address of the same database, with the rights of the service notify."""
    return postgres_server.url(database_name, "ketluan_notify")


@contextmanager
def empty_database(server: PostgresServer) -> Iterator[str]:
    """A migrated and empty database of `postgres_server`, for as long as the block lasts; its name."""
    name = f"ketluan_{next(_numbers)}"
    create = f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER ketluan_owner"
    asyncio.run(run_sql(server.url(), create))
    yield name
    asyncio.run(run_sql(server.url(), f"DROP DATABASE {name} WITH (FORCE)"))


async def make_database(server: PostgresServer, name: str) -> None:
    """Makes the roles and a migrated, empty database on a new server."""
    roles = [f"CREATE ROLE {role} LOGIN" for role in ROLES]
    await run_sql(server.url(), *roles, f"CREATE DATABASE {name} OWNER ketluan_owner")
    await migrate_database(server.url(name, "ketluan_owner"))


async def empty_log(url: str) -> None:
    """Takes the log of a server and its files away, and makes an empty one."""
    client = await nats.connect(url)
    try:
        for stream in (STREAM, schedules.STREAM):
            with suppress(nats.js.errors.NotFoundError):
                await client.jsm().delete_stream(stream)
        for bucket in map(object_stream, BUCKETS):
            with suppress(nats.js.errors.NotFoundError):
                # Few tests write to them, and to make one takes longer than to look.
                if (await client.jsm().stream_info(bucket)).state.messages:
                    await client.jsm().delete_stream(bucket)
        await migrate(client, replicas=1)
        await migrate_buckets(client, replicas=1)
        await schedules.migrate_schedules(client, replicas=1)
    finally:
        await client.close()


def _order(item: pytest.Item) -> int:
    file = item.path.relative_to(_TESTS).as_posix()
    return next(
        (place for place, folder in enumerate((*_SHARING, "journey", "integration")) if file.startswith(folder)), 9
    )
