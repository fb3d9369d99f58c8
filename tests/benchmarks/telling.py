"""One notice that concerns thousands of people: until it is decided whom to tell, and until every inbox holds it."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
from nats.aio.client import Client
from sqlalchemy import make_url

from shared.events.catalogue import EventData
from shared.events.envelope import Envelope
from shared.events.fields import UnitRef, derived_id
from shared.events.meeting import MeetingConcluded
from shared.events.person import PersonPlaced, PersonRegistered, RoleGranted
from shared.events.unit import UnitRegistered
from shared.log.append import append, entry
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.house import Servers
from tests.processes import ServiceProcess, notify
from tests.unit.notify.examples import directive, notice

_BATCH = 500
_PATIENCE_SECONDS = 60
_PAUSE_SECONDS = 0.01

_HELD = {
    "position": "SELECT sequence FROM notify.checkpoint WHERE reader = 'notify'",
    "causes": "SELECT count(*) FROM notify.cause",
    "notifications": "SELECT count(*) FROM notify.notification",
}


@dataclass(frozen=True, slots=True)
class ToldMany:
    """Seconds from the notice's append until it was decided whom to tell, and until every inbox held it; the bytes
    that notify holds afterwards."""

    people: int
    planned_seconds: float
    told_seconds: float
    resident: int


def telling(servers: Servers, people: int) -> ToldMany:
    """Publishes a notice to this many units, each of which one person leads."""
    return asyncio.run(_telling(servers.nats.url, servers.database("notify"), people))


async def _telling(url: str, database: str, people: int) -> ToldMany:
    nats_broker = broker(NatsSettings(nats_url=url), "bench")
    client = await connected(nats_broker)
    dsn = make_url(database).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(dsn)
    try:
        units = [UnitRef(id=f"u{number}", name=f"Đơn vị {number}") for number in range(people)]
        position = await peopled(client, units)
        with notify(url, database) as service:
            return await _measured(client, connection, service, notice(directive(1, *units)), position)
    finally:
        await connection.close()
        await nats_broker.stop()


async def _measured(
    client: Client, connection: asyncpg.Connection, service: ServiceProcess, meeting: MeetingConcluded, position: int
) -> ToldMany:
    people = len(meeting.directives[0].assignees[0].tasks)
    async with asyncio.timeout(_PATIENCE_SECONDS):
        await until(connection, "position", position)
        started = time.perf_counter()
        await append_each(client, [(f"meeting.{meeting.meeting_id}", meeting)], 1)
        await until(connection, "causes", 1)
        planned = time.perf_counter() - started
        await until(connection, "notifications", people)
        told = time.perf_counter() - started
    return ToldMany(people, planned, told, service.resident_bytes)


async def until(connection: asyncpg.Connection, what: str, count: int) -> None:
    """Returns once notify holds so much: a `position` in the log, `causes` or `notifications`."""
    while (await connection.fetchval(_HELD[what]) or 0) < count:  # noqa: ASYNC110 - of another process
        await asyncio.sleep(_PAUSE_SECONDS)


async def peopled(client: Client, units: Sequence[UnitRef]) -> int:
    """A directory with these units and a lead for each; gives the log's last sequence."""
    await append_each(
        client, ((f"unit.{unit.id}", UnitRegistered(unit_id=unit.id, name=unit.name)) for unit in units), 1
    )
    last = 0
    kinds: tuple[Sequence[PersonRegistered | PersonPlaced | RoleGranted], ...] = (
        [PersonRegistered(person_id=f"lead-{unit.id}", name=f"Người phụ trách {unit.name}") for unit in units],
        [PersonPlaced(person_id=f"lead-{unit.id}", unit_id=unit.id) for unit in units],
        [RoleGranted(person_id=f"lead-{unit.id}", role="unit_lead") for unit in units],
    )
    follows: dict[str, int] = {}
    for version, events in enumerate(kinds, 1):
        last = await append_each(client, ((f"person.{data.person_id}", data) for data in events), version, follows)
    return last


async def append_each(
    client: Client, events: Iterable[tuple[str, EventData]], version: int, follows: dict[str, int] | None = None
) -> int:
    """Appends one event for each of these aggregates, each behind the last of its own in `follows`."""
    listed, tails, last = list(events), follows if follows is not None else {}, 0
    for begin in range(0, len(listed), _BATCH):
        part = listed[begin : begin + _BATCH]
        entries = [entry(_envelope(subject, data, version), tails.get(subject, 0)) for subject, data in part]
        last = await append(client, entries)
        tails.update({subject: last - len(part) + 1 + place for place, (subject, _) in enumerate(part)})
    return last


def _envelope(subject: str, data: EventData, version: int) -> Envelope:
    return Envelope(
        id=derived_id(subject, version),
        source="/tests",
        type=data.type,
        subject=subject,
        time=datetime.now(UTC),
        actor="client.tests",
        correlationid="bench",
        causationid="bench",
        aggregateversion=version,
        data=data.model_dump(mode="json"),
    )
