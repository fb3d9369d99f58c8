"""The office under test: a log on three nats-servers, PostgreSQL, two copies of each service, a mail server."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field

from nats.aio.client import Client

from deploy.migrations.run import migrate_database, migrate_log
from shared.events.person import PersonPlaced
from shared.log.connect import broker, connected
from shared.log.faults import LogFault
from shared.log.stream import stream_info
from shared.settings import NatsSettings
from tests.examples import FINANCE, OFFICE
from tests.faults.machine import Host, Machine
from tests.faults.parts import Copy, Database, Node, Part
from tests.house import CHIEF, LEAD, ROLES, register_person, register_units
from tests.mail_sink import MailSink
from tests.servers import Server, run_sql

NODES, COPIES = 3, 2
SERVICES = ("intake", "tasks", "notify")
PEOPLE = (LEAD, CHIEF)
_PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.05
_ALIVE_SECONDS = 1.0
_IMPATIENT = {
    "MAIL_SECONDS": "5",
    "DELIVERY_MARGIN_SECONDS": "2",
    "DELIVERY_RETRY_SECONDS": "0.5",
    "CIRCUIT_SECONDS": "0.5",
}


@dataclass
class Office:
    """Everything that runs. A part that dies is started again at once, as any supervisor does, unless it is `down`."""

    machine: Machine
    nodes: Sequence[Node]
    database: Database
    copies: Sequence[Copy]
    sink: MailSink
    down: set[str] = field(default_factory=set)
    restarts: int = 0

    @property
    def parts(self) -> Sequence[Part]:
        """All that may suffer."""
        return [*self.nodes, self.database, *self.copies]

    @property
    def settings(self) -> NatsSettings:
        """How the log is reached from outside of it."""
        return NatsSettings(nats_url=",".join(node.url for node in self.nodes), nats_replicas=len(self.nodes))

    def of(self, service: str) -> Sequence[Copy]:
        """The copies of a service."""
        return [each for each in self.copies if each.name == service]

    def hosts(self, parts: Sequence[Part]) -> list[Host]:
        """Where they run."""
        return [each.host for each in parts]

    def url(self, service: str) -> str:
        """The database's address for a service, or for `owner`."""
        return self.database.url("ketluan", f"ketluan_{service}")

    @contextmanager
    def without(self, *parts: Part) -> Iterator[None]:
        """Kills parts and leaves them dead for as long as the block lasts."""
        names = {part.host.name for part in parts}
        self.down |= names
        for part in parts:
            part.kill()
        try:
            yield
        finally:
            for part in parts:
                part.child = part.spawn(part.folder / "output")
            self.down -= names

    async def keep(self) -> None:
        """Starts again what died or says that it is not alive, for ever."""
        for turn in itertools.count():
            for part in self.parts:
                if part.host.name in self.down:
                    continue
                if part.child is None or part.child.poll() is not None:
                    part.child = part.spawn(part.folder / "output")
                    self.restarts += 1
                elif turn % int(_ALIVE_SECONDS / _LOOK_SECONDS) == 0 and not await asyncio.to_thread(part.is_alive):
                    part.kill()
            await asyncio.sleep(_LOOK_SECONDS)

    async def leader(self) -> Node:
        """The node that leads the log's stream.

        Raises:
            TimeoutError: there was none for a minute.
        """
        async with asyncio.timeout(_PATIENCE_SECONDS), self.log() as client:
            while True:
                with suppress(LogFault):
                    info = await stream_info(client)
                    found = [node for node in self.nodes if info.cluster and info.cluster.leader == node.name]
                    if found:
                        return found[0]
                await asyncio.sleep(_LOOK_SECONDS)

    @asynccontextmanager
    async def log(self) -> AsyncIterator[Client]:
        """A connection to the log from outside."""
        nats_broker = broker(self.settings, "faults")
        try:
            yield await connected(nats_broker)
        finally:
            await nats_broker.stop()


@asynccontextmanager
async def office(machine: Machine) -> AsyncIterator[Office]:
    """An office whose directory holds two units, a unit's lead and a chief, for as long as the block lasts."""
    async with AsyncExitStack() as running:
        hosts = [machine.host(f"nats-{number}") for number in range(1, NODES + 1)]
        nodes = [Node(host=host, peers=[each for each in hosts if each != host]) for host in hosts]
        database = Database(host=machine.host("postgres"), network=machine.network)
        await asyncio.gather(*(_run(running, server) for server in (*nodes, database)))
        sink = MailSink(host=machine.address)
        await _run(running, sink)
        made = Office(machine, nodes, database, [], sink)
        await asyncio.gather(_peopled(made), _migrated(database))
        made.copies = [_copy(made, name, number) for name in SERVICES for number in range(1, COPIES + 1)]
        for number in range(COPIES):
            # All at once they would take one another's processors, and none would be there in time.
            await asyncio.gather(*(_run(running, copy) for copy in made.copies[number::COPIES]))
        keeping = asyncio.create_task(made.keep())
        try:
            yield made
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)


async def _run(running: AsyncExitStack, server: Server) -> None:
    await asyncio.to_thread(server.__enter__)
    running.callback(server.__exit__, None, None, None)


def _copy(made: Office, name: str, number: int) -> Copy:
    host = made.machine.host(f"{name}-{number}")
    settings = {
        "HOST": host.address,
        "NATS_URL": made.settings.nats_url,
        "NATS_REPLICAS": str(made.settings.nats_replicas),
    }
    if name != "intake":
        settings["DATABASE_URL"] = made.url(name)
    if name == "notify":
        settings |= {"SMTP_HOST": made.machine.address, "SMTP_PORT": str(made.sink.port), "SMTP_SECURITY": "none"}
        settings |= {"MAIL_FROM": "ketluan@haivan.example", **_IMPATIENT}
    return Copy(name=name, host=host, settings=settings)


async def _migrated(database: Database) -> None:
    roles = [f"CREATE ROLE {role} LOGIN" for role in ROLES]
    await run_sql(database.url(), *roles, "CREATE DATABASE ketluan OWNER ketluan_owner")
    await migrate_database(database.url("ketluan", "ketluan_owner"))
    known = ", ".join(f"('{name}', '{name}@haivan.example', now())" for name in PEOPLE)
    address = database.url("ketluan", "ketluan_notify")
    await run_sql(address, f"INSERT INTO notify.contact (person_id, mail, changed_at) VALUES {known}")


async def _peopled(made: Office) -> None:
    """Makes the log, once the cluster has a leader, and everybody in it."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            try:
                await migrate_log(made.settings)
                break
            except LogFault:
                await asyncio.sleep(_LOOK_SECONDS)
    async with made.log() as client:
        await register_units(client)
        people = (LEAD, "Trần Thị Lan", OFFICE, "unit_lead"), (CHIEF, "Phạm Văn Chính", FINANCE, "office")
        for person, name, unit, role in people:
            await register_person(client, person, name, PersonPlaced(person_id=person, unit_id=unit.unit_id), role)
