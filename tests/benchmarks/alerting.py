"""From the POST of a notice of 24 directives to the alert in an inbox, as a browser that listens sees it."""

import asyncio
import json
import time
from dataclasses import dataclass

import httpx

from shared.events.person import PersonPlaced
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.examples import FINANCE, OFFICE, conclusion
from tests.house import Servers, register_person, register_units
from tests.processes import ServiceProcess, intake, notify, tasks

_WARM_UP = 10
_PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Alerted:
    """Milliseconds from POST to inbox, in order, and the bytes that each service holds afterwards."""

    milliseconds: list[float]
    resident: dict[str, int]

    def percentile(self, share: float) -> float:
        """The time that this share of the alerts did not exceed."""
        return self.milliseconds[min(len(self.milliseconds) - 1, int(share * len(self.milliseconds)))]


def alerting(servers: Servers, notices: int) -> Alerted:
    """Posts notices one after the other while a reader listens to an inbox."""
    url = servers.nats.url
    asyncio.run(_peopled(url))
    with (
        intake(url) as intake_service,
        tasks(url, servers.database("tasks")) as tasks_service,
        notify(url, servers.database("notify")) as notify_service,
    ):
        times = asyncio.run(_measured(intake_service, notify_service, notices))
        services = (intake_service, tasks_service, notify_service)
        return Alerted(sorted(times[_WARM_UP:]), {each.name: each.resident_bytes for each in services})


async def _peopled(url: str) -> None:
    nats_broker = broker(NatsSettings(nats_url=url), "bench")
    client = await connected(nats_broker)
    await register_units(client)
    for number in range(20):
        person, unit = f"p{number}", (OFFICE, FINANCE)[number % 2]
        place = PersonPlaced(person_id=person, unit_id=unit.unit_id)
        await register_person(client, person, f"Người {number}", place, "unit_lead")
    await nats_broker.stop()


async def _measured(intake_service: ServiceProcess, notify_service: ServiceProcess, notices: int) -> list[float]:
    times: list[float] = []
    arrived: asyncio.Queue[str] = asyncio.Queue()
    async with httpx.AsyncClient(timeout=None) as http, asyncio.TaskGroup() as group:
        listener = group.create_task(_listen(http, f"{notify_service.url}/v1/inbox?person=p0", arrived))
        for number in range(notices + _WARM_UP):
            body = conclusion(24, number=f"alerting-{number}/TB")
            started = time.perf_counter()
            answer = await http.post(f"{intake_service.url}/v1/conclusions", json=body)
            meeting = answer.json()["meeting"]["meeting_id"]
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while await arrived.get() != meeting:
                    pass
            times.append((time.perf_counter() - started) * 1000)
        listener.cancel()
    return times


async def _listen(http: httpx.AsyncClient, url: str, arrived: "asyncio.Queue[str]") -> None:
    async with http.stream("GET", url, headers={"Accept": "text/event-stream"}) as answer:
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                arrived.put_nowait(json.loads(line.removeprefix("data: "))["meeting"]["id"])
