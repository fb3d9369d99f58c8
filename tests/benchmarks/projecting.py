"""Projected events a second: from the log into ledger and register."""

import asyncio
import datetime as dt
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import asyncpg

from services.intake.conclude import Origin, conclude, published
from services.intake.conclusion import Conclusion
from services.intake.posted import posted_json
from shared.directory.directory import Directory
from shared.directory.resolution import Resolver
from shared.log.append import append
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.examples import OFFICE, conclusion
from tests.house import Servers
from tests.processes import tasks

_POLL_SECONDS = 0.02
_PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Projected:
    """How fast a log of so many events became ledger and register, durably committed."""

    events: int
    per_second: float
    tasks_bytes: int


def projecting(servers: Servers, notices: int, directives: int) -> Projected:
    """Fills a log with notices, then starts tasks and measures from its first commit to its last.

    Start-up is left out: it is the same for any number of events. Tasks is ready when it has read the log, so the
    watch begins before.
    """
    events = asyncio.run(_filled(servers.nats.url, notices, directives))
    url = servers.database("tasks")
    with ThreadPoolExecutor(1) as watch:
        per_second = watch.submit(asyncio.run, _measured(url, events))
        with tasks(servers.nats.url, url) as service:
            return Projected(events, per_second.result(), service.resident_bytes)


async def _filled(url: str, notices: int, directives: int) -> int:
    nats_broker = broker(NatsSettings(nats_url=url), "bench")
    client = await connected(nats_broker)
    directory = Directory()
    directory.apply(OFFICE)
    last = 0
    for number in range(notices):
        body = json.dumps(conclusion(directives, number=f"projecting-{number}/TB")).encode()
        what = posted_json(Conclusion.model_validate_json(body), body, None)
        meeting, assigned = conclude(what, Resolver(directory))
        last = await append(
            client, published(what, meeting, assigned, Origin("bench", "bench", dt.datetime.now(dt.UTC)))
        )
    await nats_broker.stop()
    return last


async def _measured(url: str, events: int) -> float:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    first: tuple[float, int] | None = None
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            sequence = int(await connection.fetchval("SELECT sequence FROM register.checkpoint") or 0)
            now = time.perf_counter()
            if first is None and sequence:
                first = (now, sequence)
            if first and sequence >= events:
                break
            await asyncio.sleep(_POLL_SECONDS)
    await connection.close()
    return (events - first[1]) / (now - first[0])
