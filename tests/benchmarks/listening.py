"""One notice to thousands of people, of whom many listen to their inboxes: how soon they hear, and what it takes."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx
from nats.aio.client import Client

from shared.events.catalogue import EventData
from shared.events.fields import UnitRef
from shared.events.person import PersonPlaced, PersonRegistered, RoleGranted
from shared.events.unit import UnitRegistered
from shared.log.append import append, entry
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.examples import envelope
from tests.house import Servers
from tests.identity import as_person
from tests.processes import ServiceProcess, notify
from tests.unit.notify.examples import directive, notice

_UNITS = 50
_BATCH = 500
_AT_ONCE = 50
_LONGEST_LINE = 2**20
_PATIENCE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Listened:
    """Seconds from appending a notice until each listener heard of it, in order, and the bytes that notify holds:
    before anybody listened, while all did, and after the notices."""

    seconds: list[float]
    before: int
    listening: int
    afterwards: int

    def percentile(self, share: float) -> float:
        """The time that this share of the listeners did not exceed."""
        return self.seconds[min(len(self.seconds) - 1, int(share * len(self.seconds)))]


def listening(servers: Servers, people: int, listeners: int, notices: int) -> Listened:
    """Opens so many live inboxes and tells so many people of notices, one after the other."""
    with notify(servers.nats.url, servers.database("notify")) as service:
        return asyncio.run(_measured(servers, service, people, listeners, notices))


async def _measured(servers: Servers, service: ServiceProcess, people: int, listeners: int, notices: int) -> Listened:
    nats_broker = broker(NatsSettings(nats_url=servers.nats.url), "bench")
    client = await connected(nats_broker)
    units = [UnitRef(id=f"unit-{number}", name=f"Đơn vị {number}") for number in range(_UNITS)]
    await register(client, units, people)
    await known(service, f"person-{people - 1}")
    before = service.resident_bytes
    heard: asyncio.Queue[float] = asyncio.Queue()
    ready: asyncio.Queue[int] = asyncio.Queue()

    def began() -> None:
        ready.put_nowait(1)

    def told(_: bytes) -> None:
        heard.put_nowait(time.perf_counter())

    seconds: list[float] = []
    async with asyncio.timeout(_PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        tabs = []
        for number in range(listeners):
            tabs.append(group.create_task(listen(service.port, f"person-{number}", began, told)))
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0.1)
        for _ in range(listeners):
            await ready.get()
        open_ = service.resident_bytes
        for number in range(notices):
            name = f"to-all-{number}"
            directives = [directive(place, unit, meeting_id=name) for place, unit in enumerate(units, start=1)]
            telling = envelope(f"meeting.{name}", notice(*directives, meeting_id=name))
            started = time.perf_counter()
            await append(client, [entry(telling, 0)])
            seconds += [await heard.get() - started for _ in range(listeners)]
        afterwards = service.resident_bytes
        for tab in tabs:
            tab.cancel()
    await nats_broker.stop()
    return Listened(sorted(seconds), before, open_, afterwards)


async def known(service: ServiceProcess, person_id: str) -> None:
    """Returns once the service knows this person, and so everybody who was registered before."""
    async with httpx.AsyncClient(base_url=service.url, headers=as_person(person_id), timeout=10) as http:
        while (await http.get("/v1/inbox/unread")).status_code != httpx.codes.OK:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.5)


async def register(client: Client, units: Sequence[UnitRef], people: int, leads: int = 0) -> None:
    """Puts units and people, spread evenly over them, into the directory; the first `leads` of the people lead."""
    for unit in units:
        registered = UnitRegistered(unit_id=unit.id, name=unit.name)
        await append(client, [entry(envelope(f"unit.{unit.id}", registered), 0)])
    for begin in range(0, people, _BATCH):
        names = [f"person-{number}" for number in range(begin, min(begin + _BATCH, people))]
        first = 0
        for version in (1, 2, 3):
            batch = [
                entry(
                    envelope(
                        f"person.{name}",
                        _history(name, units[number % len(units)].id, is_lead=number < leads)[version - 1],
                        version=version,
                    ),
                    first + place if first else 0,
                )
                for place, (number, name) in enumerate(zip(range(begin, people), names, strict=False))
            ]
            first = await append(client, batch) - len(batch) + 1


def _history(name: str, unit_id: str, *, is_lead: bool) -> tuple[EventData, EventData, EventData]:
    return (
        PersonRegistered(person_id=name, name=name),
        PersonPlaced(person_id=name, unit_id=unit_id),
        RoleGranted(person_id=name, role="unit_lead" if is_lead else "staff"),
    )


async def listen(port: int, person_id: str, ready: Callable[[], None], heard: Callable[[bytes], None]) -> None:
    """Reads a live inbox, from when it is `ready` on: what is `heard` is each notification as a line.

    It reads the stream as bytes: thousands of clients would be measured rather than the service.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=_LONGEST_LINE)
    headers = {"Host": f"127.0.0.1:{port}", "Accept": "text/event-stream", **as_person(person_id)}
    lines = ["GET /v1/inbox HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    writer.write("\r\n".join(lines).encode())
    try:
        begun = False
        while line := await reader.readline():
            if line.startswith(b"event: unread") and not begun:
                begun = True
                ready()
            elif b'"task_count"' in line:
                heard(line)
    finally:
        writer.close()
