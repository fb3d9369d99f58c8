"""The whole house for a journey: servers and services of its own, which the test may kill."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from nats.aio.client import Client

from deploy.migrations.run import migrate_database, migrate_log
from shared.events.catalogue import EventData
from shared.events.person import PersonPlaced, PersonRegistered, RoleGranted
from shared.log.append import append, entry
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.conftest import _ROLES
from tests.examples import FINANCE, OFFICE, envelope
from tests.processes import ServiceProcess, intake, notify, tasks
from tests.servers import NatsServer, PostgresServer, Server, run_sql

LEAD, CHIEF = "lan", "chinh"
"""The lead of the responsible unit, and the chief of office, who oversees every notice."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything that runs, each part by its name."""

    nats: NatsServer
    postgres: PostgresServer
    intake: ServiceProcess
    tasks: ServiceProcess
    notify: ServiceProcess

    def part(self, name: str) -> Server:
        """One of them."""
        part: Server = getattr(self, name)
        return part


@pytest.fixture
def house() -> Iterator[House]:
    """Two servers and three services, with a directory of two units and two people."""
    with ExitStack() as running:
        nats = running.enter_context(NatsServer())
        postgres = running.enter_context(PostgresServer(durable=True))
        roles = [f"CREATE ROLE {role} LOGIN" for role in _ROLES]
        asyncio.run(run_sql(postgres.url(), *roles, "CREATE DATABASE ketluan OWNER ketluan_owner"))
        asyncio.run(migrate_database(postgres.url("ketluan", "ketluan_owner")))
        asyncio.run(migrate_log(NatsSettings(nats_url=nats.url)))
        asyncio.run(_people(nats.url))
        yield House(
            nats,
            postgres,
            running.enter_context(intake(nats.url)),
            running.enter_context(tasks(nats.url, postgres.url("ketluan", "ketluan_tasks"))),
            running.enter_context(notify(nats.url, postgres.url("ketluan", "ketluan_notify"))),
        )


async def _people(url: str) -> None:
    nats_broker = broker(NatsSettings(nats_url=url), "tests")
    client = await connected(nats_broker)
    await append(client, [entry(envelope(f"unit.{unit.unit_id}", unit), 0) for unit in (OFFICE, FINANCE)])
    await _person(
        client,
        LEAD,
        PersonRegistered(person_id=LEAD, name="Trần Thị Lan"),
        PersonPlaced(person_id=LEAD, unit_id=OFFICE.unit_id, position="Chánh Văn phòng"),
        RoleGranted(person_id=LEAD, role="unit_lead"),
    )
    await _person(
        client,
        CHIEF,
        PersonRegistered(person_id=CHIEF, name="Phạm Văn Chính"),
        PersonPlaced(person_id=CHIEF, unit_id=FINANCE.unit_id),
        RoleGranted(person_id=CHIEF, role="office"),
    )
    await nats_broker.stop()


async def _person(client: Client, person: str, *history: EventData) -> None:
    last = 0
    for version, data in enumerate(history, start=1):
        last = await append(client, [entry(envelope(f"person.{person}", data, version=version), last)])
