"""People of the offices whose roles come and go."""

from nats.aio.client import Client

from shared.events.catalogue import CATALOGUE
from shared.events.person import Role, RoleGranted, RoleRevoked
from shared.identity.caller import Caller
from shared.log.append import append, entry
from shared.log.connect import broker, connected
from shared.log.read import last_on, next_on
from shared.settings import NatsSettings
from tests.examples import envelope
from tests.integration.tasks.offices import PEOPLE, Offices


def caller(person: str, roles: frozenset[Role]) -> Caller:
    """Somebody of the offices who holds these roles."""
    name, unit, _ = PEOPLE[person]
    return Caller(f"person.{person}", name, person, roles, frozenset({unit}))


async def roles_over_time(log: Client, person: str) -> list[tuple[int, frozenset[Role]]]:
    """Which roles somebody held from which sequence of the log on."""
    found: list[tuple[int, frozenset[Role]]] = [(0, frozenset())]
    while record := await next_on(log, f"log.person.{person}", found[-1][0]):
        held, data = found[-1][1], CATALOGUE.read(record.content).data
        if isinstance(data, RoleGranted):
            held |= {data.role}
        elif isinstance(data, RoleRevoked):
            held -= {data.role}
        found.append((record.sequence, held))
    return found


async def record_role(office: Offices, person: str, change: RoleGranted | RoleRevoked) -> None:
    """Puts a change of somebody's roles into the log."""
    nats_broker = broker(NatsSettings(nats_url=office.nats_url), "tests")
    log = await connected(nats_broker)
    last = await last_on(log, f"log.person.{person}")
    assert last is not None
    version = CATALOGUE.read(last.content).envelope.aggregateversion + 1
    await append(log, [entry(envelope(f"person.{person}", change, version=version), last.sequence)])
    await nats_broker.stop()
