"""From the POST of a notice to the notification in an inbox, as a browser that listens sees it."""

import asyncio
import json
import time
from dataclasses import dataclass

import httpx

from shared.events.person import PersonPlaced
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.benchmarks.posting import posted, requests
from tests.examples import FINANCE, OFFICE, conclusion
from tests.house import Servers, register_person, register_units
from tests.identity import signed
from tests.processes import ServiceProcess, intake, notify, tasks

_WARM_UP = 10
_USUAL, _LARGE = 24, 999
_PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Notified:
    """Milliseconds from POST to inbox, in order, and the bytes that each service holds afterwards.

    `resident` is after notices of 24 directives, `resident_after_large` after those of 999 that came behind them.
    """

    milliseconds: list[float]
    resident: dict[str, int]
    resident_after_large: dict[str, int]

    def percentile(self, share: float) -> float:
        """The time that this share of the notifications did not exceed."""
        return self.milliseconds[min(len(self.milliseconds) - 1, int(share * len(self.milliseconds)))]


def notifying(servers: Servers, notices: int, large_notices: int) -> Notified:
    """Posts notices of 24 directives one after the other while a reader listens to an inbox, then some of 999."""
    url = servers.nats.url
    asyncio.run(_peopled(url))
    with (
        intake(url) as intake_service,
        tasks(url, servers.database("tasks")) as tasks_service,
        notify(url, servers.database("notify")) as notify_service,
    ):
        services = (intake_service, tasks_service, notify_service)
        times = asyncio.run(_measured(intake_service, notify_service, notices + _WARM_UP))
        resident = {each.name: each.resident_bytes for each in services}
        asyncio.run(_posted_at_once(intake_service, notify_service, large_notices))
        resident_after_large = {each.name: each.resident_bytes for each in services}
        return Notified(sorted(times[_WARM_UP:]), resident, resident_after_large)


async def _peopled(url: str) -> None:
    nats_broker = broker(NatsSettings(nats_url=url), "bench")
    client = await connected(nats_broker)
    await register_units(client)
    for number in range(20):
        person, unit = f"p{number}", (OFFICE, FINANCE)[number % 2]
        place = PersonPlaced(person_id=person, unit_id=unit.unit_id)
        await register_person(client, person, f"Người {number}", place, "unit_lead")
    await nats_broker.stop()


async def _posted_at_once(intake_service: ServiceProcess, notify_service: ServiceProcess, notices: int) -> None:
    """Returns once somebody's inbox holds all of these large notices, which came over many connections together."""
    arrived: asyncio.Queue[str] = asyncio.Queue()
    async with httpx.AsyncClient(timeout=None, headers=signed()) as http, asyncio.TaskGroup() as group:
        url = f"{notify_service.url}/v1/inbox?person=p0"
        newest = (await http.get(url)).json()[0]["sequence"]
        listener = group.create_task(_listen(http, f"{url}&after={newest}", arrived))
        await posted(intake_service.port, requests(notices, _LARGE, "large"))
        async with asyncio.timeout(_PATIENCE_SECONDS):
            for _ in range(notices):
                await arrived.get()
        listener.cancel()


async def _measured(intake_service: ServiceProcess, notify_service: ServiceProcess, notices: int) -> list[float]:
    times: list[float] = []
    arrived: asyncio.Queue[str] = asyncio.Queue()
    async with httpx.AsyncClient(timeout=None, headers=signed()) as http, asyncio.TaskGroup() as group:
        listener = group.create_task(_listen(http, f"{notify_service.url}/v1/inbox?person=p0", arrived))
        for number in range(notices):
            body = conclusion(_USUAL, number=f"usual-{number}/TB")
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
            if line.startswith("data: ") and (meeting := json.loads(line.removeprefix("data: ")).get("meeting")):
                arrived.put_nowait(meeting["id"])
