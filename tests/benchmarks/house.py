"""The servers and services that are measured: durable as in production."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from deploy.migrations.run import migrate_database, migrate_log
from shared.settings import NatsSettings
from tests.servers import NatsServer, PostgresServer, run_sql

ROLES = ("ketluan_owner", "ketluan_tasks", "ketluan_notify")


@dataclass(frozen=True, slots=True)
class House:
    """A nats-server that syncs every write and a PostgreSQL with fsync on, both migrated."""

    nats: NatsServer
    postgres: PostgresServer

    def database(self, service: str) -> str:
        """The database's address for a service."""
        return self.postgres.url("ketluan", f"ketluan_{service}")


@contextmanager
def log_server() -> Iterator[NatsServer]:
    """A nats-server with an empty log."""
    with NatsServer() as server:
        asyncio.run(migrate_log(NatsSettings(nats_url=server.url)))
        yield server


@contextmanager
def house() -> Iterator[House]:
    """Both servers, empty."""
    with log_server() as server, PostgresServer(durable=True) as postgres:
        roles = [f"CREATE ROLE {role} LOGIN" for role in ROLES]
        asyncio.run(run_sql(postgres.url(), *roles, "CREATE DATABASE ketluan OWNER ketluan_owner"))
        asyncio.run(migrate_database(postgres.url("ketluan", "ketluan_owner")))
        yield House(server, postgres)
