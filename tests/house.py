"""Servers and services together: migrated servers for whoever measures, and the whole house for whoever travels."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from nats.aio.client import Client

from deploy.migrations.run import migrate_database, migrate_log
from shared.events.catalogue import EventData
from shared.events.person import PersonPlaced, PersonRegistered, RoleGranted
from shared.log.append import append, entry
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.examples import FINANCE, OFFICE, envelope
from tests.processes import ServiceProcess, intake, notify, tasks
from tests.servers import NatsServer, PostgresServer, Server, run_sql

ROLES = ("ketluan_owner", "ketluan_tasks", "ketluan_notify")

LEAD, CHIEF = "lan", "chinh"
"""The lead of the responsible unit, and the chief of office, who oversees every notice."""


@dataclass(frozen=True, slots=True)
class Servers:
    """A nats-server that syncs every write and a PostgreSQL with fsync on, both migrated and empty."""

    nats: NatsServer
    postgres: PostgresServer

    def database(self, service: str) -> str:
        """The database's address for a service."""
        return self.postgres.url("ketluan", f"ketluan_{service}")


@dataclass(frozen=True, slots=True)
class House:
    """Everything that runs, each part by its name. The directory holds two units, a unit's lead and a chief."""

    nats: NatsServer
    postgres: PostgresServer
    intake: ServiceProcess
    tasks: ServiceProcess
    notify: ServiceProcess

    def part(self, name: str) -> Server:
        """One of them."""
        part: Server = getattr(self, name)
        return part


@contextmanager
def log_server() -> Iterator[NatsServer]:
    """A nats-server with an empty log."""
    with NatsServer() as server:
        asyncio.run(migrate_log(NatsSettings(nats_url=server.url)))
        yield server


@contextmanager
def servers() -> Iterator[Servers]:
    """Both servers."""
    with log_server() as nats, PostgresServer(durable=True) as postgres:
        roles = [f"CREATE ROLE {role} LOGIN" for role in ROLES]
        asyncio.run(run_sql(postgres.url(), *roles, "CREATE DATABASE ketluan OWNER ketluan_owner"))
        asyncio.run(migrate_database(postgres.url("ketluan", "ketluan_owner")))
        yield Servers(nats, postgres)


@contextmanager
def whole_house() -> Iterator[House]:
    """Two servers, three services, two units and two people."""
    with ExitStack() as running:
        both = running.enter_context(servers())
        asyncio.run(peopled(both.nats.url))
        yield House(
            both.nats,
            both.postgres,
            running.enter_context(intake(both.nats.url)),
            running.enter_context(tasks(both.nats.url, both.database("tasks"))),
            running.enter_context(notify(both.nats.url, both.database("notify"))),
        )


async def peopled(url: str) -> None:
    """Puts two units, a unit's lead and a chief into the directory."""
    nats_broker = broker(NatsSettings(nats_url=url), "tests")
    client = await connected(nats_broker)
    await register_units(client)
    await register_person(
        client, LEAD, "Trần Thị Lan", PersonPlaced(person_id=LEAD, unit_id=OFFICE.unit_id), "unit_lead"
    )
    await register_person(
        client, CHIEF, "Phạm Văn Chính", PersonPlaced(person_id=CHIEF, unit_id=FINANCE.unit_id), "office"
    )
    await nats_broker.stop()


async def register_units(client: Client) -> None:
    """Puts the two units of the examples into the directory."""
    await append(client, [entry(envelope(f"unit.{unit.unit_id}", unit), 0) for unit in (OFFICE, FINANCE)])


async def register_person(client: Client, person_id: str, name: str, place: PersonPlaced, role: str) -> None:
    """Puts a person with a place and a role into the directory."""
    history: tuple[EventData, ...] = (
        PersonRegistered(person_id=person_id, name=name),
        place,
        RoleGranted.model_validate({"person_id": person_id, "role": role}),
    )
    last = 0
    for version, data in enumerate(history, start=1):
        last = await append(client, [entry(envelope(f"person.{person_id}", data, version=version), last)])
