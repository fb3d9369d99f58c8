"""A parent body and two organisations below it, each with an account and a database of its own, on one server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest
from nats.aio.client import Client
from pydantic import SecretStr

from deploy.migrations.run import migrate_log
from deploy.nats.cluster import Keys, accounts
from deploy.nats.permissions import REPAIR, USERS
from deploy.nats.witness import witness_users
from shared.log.connect import broker, connected
from shared.nkey import new_seed, public_key
from shared.settings import NatsSettings
from tests.conftest import empty_database
from tests.processes import ServiceProcess, tasks
from tests.servers import NatsServer, PostgresServer

PARENT, SCIENCE, HEALTH = "ubnd-tinh", "so-khcn", "so-y-te"
CHILDREN = (SCIENCE, HEALTH)
NAMES = {SCIENCE: "Sở Khoa học và Công nghệ", HEALTH: "Sở Y tế"}


@dataclass
class Province:
    """The server, the seed of each (organisation, user), and the tasks service of each organisation."""

    server: NatsServer
    seeds: dict[tuple[str, str], str]
    services: dict[str, ServiceProcess] = field(default_factory=dict)

    @asynccontextmanager
    async def client(self, organisation: str, user: str) -> AsyncIterator[Client]:
        """A connection to the account of an organisation."""
        nats_broker = broker(self.settings(organisation, user), "tests")
        try:
            yield await connected(nats_broker)
        finally:
            await nats_broker.stop()

    def settings(self, organisation: str, user: str) -> NatsSettings:
        """How a user reaches the account of an organisation."""
        seed = SecretStr(self.seeds[organisation, user])
        children = CHILDREN if organisation == PARENT else ()
        return NatsSettings(nats_url=self.server.url, nats_user=user, nats_seed=seed, children=children)


@pytest.fixture(scope="module")
def province(postgres_server: PostgresServer) -> Iterator[Province]:
    """All of them, running."""
    organisations = (PARENT, *CHILDREN)
    seeds = {(each, user.name): new_seed() for each in organisations for user in (*USERS, REPAIR)}
    of_witness = {user.name: public_key(new_seed()) for user in witness_users(organisations)}
    of_organisations = {
        each: {user: public_key(seed) for (whose, user), seed in seeds.items() if whose == each}
        for each in organisations
    }
    keys = Keys(of_organisations, of_witness, public_key(new_seed()), dict.fromkeys(CHILDREN, PARENT))
    with ExitStack() as running:
        server = running.enter_context(NatsServer(extra=accounts(keys)))
        found = Province(server, seeds)
        for each in organisations:
            asyncio.run(migrate_log(found.settings(each, "owner")))
            database = running.enter_context(empty_database(postgres_server))
            told = {"NATS_USER": "tasks", "NATS_SEED": seeds[each, "tasks"]}
            if each == PARENT:
                told["CHILDREN"] = '["so-khcn", "so-y-te"]'
            else:
                told |= {"SHARES_SUMMARY": "true", "ORGANISATION_NAME": NAMES[each]}
                told["PUBLIC_URL"] = f"https://{each}.example.vn"
            url = postgres_server.url(database, "ketluan_tasks")
            found.services[each] = running.enter_context(tasks(server.url, url, **told))
        yield found
