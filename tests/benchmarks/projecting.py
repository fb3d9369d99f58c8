"""Projected events a second: from the log into ledger and register, and what they say behind it."""

import asyncio
import datetime as dt
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import asyncpg

from services.intake.conclude import Origin, conclude, published
from services.intake.conclusion import Conclusion
from services.intake.posted import posted_json
from services.tasks.register import tables
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
    words_per_second: float
    tasks_bytes: int


def projecting(servers: Servers, notices: int, directives: int) -> Projected:
    """Fills a log with notices, then starts tasks and measures from its first commit to its last.

    Start-up is left out: it is the same for any number of events. Tasks is ready when it has read the log, so the
    watch begins before.
    """
    events = asyncio.run(_filled(servers.nats.url, notices, directives))
    url = servers.database("tasks")
    with ThreadPoolExecutor(1) as watch:
        measured = watch.submit(asyncio.run, _measured(url, events))
        with tasks(servers.nats.url, url) as service:
            return Projected(events, *measured.result(), service.resident_bytes)


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


async def _measured(url: str, events: int) -> tuple[float, float]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    async with asyncio.timeout(_PATIENCE_SECONDS):
        register = await _rate(connection, tables.REGISTER, events)
        words = await _rate(connection, tables.WORDS, events)
    await connection.close()
    return register, words


async def _rate(connection: "asyncpg.Connection[Any]", reader: str, events: int) -> float:
    first: tuple[float, int] | None = None
    position = "SELECT sequence FROM register.checkpoint WHERE reader = $1"
    while True:
        sequence = int(await connection.fetchval(position, reader) or 0)
        now = time.perf_counter()
        if first is None and sequence:
            first = (now, sequence)
        if first and sequence >= events:
            return (events - first[1]) / (now - first[0])
        await asyncio.sleep(_POLL_SECONDS)
