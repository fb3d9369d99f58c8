"""At a million events: how fast lists, summaries and searches are answered, and commands over open connections."""

import asyncio
import datetime as dt
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import asyncpg
import httpx
from nats.aio.client import Client

from shared.log.connect import broker, connected
from shared.log.stream import BATCH_LIMIT
from shared.settings import NatsSettings
from tests.benchmarks.years import UNITS, Published, Years
from tests.house import Servers
from tests.identity import as_person, signed
from tests.processes import ServiceProcess, tasks
from tests.servers import run_sql

EVENTS = 1_000_000
CONNECTIONS = 100
ROUNDS = 40
_COMMANDS_A_SECOND = 20
_COMMANDS = 400
_PATIENCE_SECONDS = 1800

Progress = Callable[[int], None]
"""Is told how many events are there by now."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Milliseconds that answers to one kind of question took, in order."""

    what: str
    milliseconds: Sequence[float]

    def percentile(self, share: float) -> float:
        """The time within which this share was answered."""
        return self.milliseconds[min(len(self.milliseconds) - 1, int(len(self.milliseconds) * share))]


async def fill(url: str, events: int, told: Progress) -> None:
    """Puts some years of an office into an empty log, in atomic batches."""
    nats_broker = broker(NatsSettings(nats_url=url), "bench")
    client = await connected(nats_broker)
    given = Years(dt.datetime.now(dt.UTC)).events(events)
    done = 0
    while batch := list(islice(given, BATCH_LIMIT)):
        await _store(client, batch)
        done += len(batch)
        told(done)
    await nats_broker.stop()


async def _store(client: Client, batch: Sequence[Published]) -> None:
    token = client.new_inbox().rpartition(".")[2]
    *others, (subject, content) = batch
    for place, (each, bytes_) in enumerate(others, start=1):
        await client.publish(each, bytes_, headers={"Nats-Batch-Id": token, "Nats-Batch-Sequence": str(place)})
    headers = {"Nats-Batch-Id": token, "Nats-Batch-Sequence": str(len(batch)), "Nats-Batch-Commit": "1"}
    answer = json.loads((await client.request(subject, content, timeout=60, headers=headers)).data)
    if "error" in answer:
        raise RuntimeError(str(answer["error"]))


@contextmanager
def projected(servers: Servers, events: int, told: Progress) -> Iterator[ServiceProcess]:
    """The tasks service, once its register holds the whole log and its tables are vacuumed."""
    service = tasks(servers.nats.url, servers.database("tasks"))
    service.prepare()
    service.child = service.spawn(service.folder / "output")
    try:
        asyncio.run(_register_holds(servers.database("tasks"), events, told))
        asyncio.run(run_sql(servers.postgres.url("ketluan"), "VACUUM (ANALYZE)", "CHECKPOINT"))
        yield service
    finally:
        service.stop()


async def _register_holds(url: str, events: int, told: Progress) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while (
            sequence := int(
                await connection.fetchval("SELECT min(sequence) FROM register.checkpoint HAVING count(*) = 2") or 0
            )
        ) < events:
            told(sequence)
            await asyncio.sleep(0.5)
    told(events)
    await connection.close()


def questions(today: dt.date, events: int) -> Mapping[str, Callable[[], str]]:
    """What is asked of a log of so many events, by what it is called; each time another unit, day or word."""
    chance = random.Random(1)

    def unit() -> str:
        return f"unit-{chance.randrange(UNITS)}"

    def day() -> dt.date:
        return today - dt.timedelta(days=chance.randint(1, 900))

    def word() -> str:
        return chance.choice(("kế hoạch giải ngân", "ke hoach giai ngan", "cửa hàng xăng dầu", "thuy san", "đất đai"))

    return {
        "list, all": lambda: f"/v1/tasks?limit=100&due_from={day()}",
        "list, of a unit": lambda: f"/v1/tasks?unit={unit()}",
        "list, not started": lambda: "/v1/tasks?status=not_started",
        "list, overdue": lambda: "/v1/tasks?timeliness=overdue",
        "list, due soon in a unit": lambda: f"/v1/tasks?timeliness=due_soon&unit={unit()}",
        "list, done late in a unit": lambda: f"/v1/tasks?timeliness=done_late&unit={unit()}",
        "list, carried over": lambda: "/v1/tasks?carried_over=true&status=in_progress",
        "list, overdue on a past day": lambda: f"/v1/tasks?timeliness=overdue&on={day()}&limit=50",
        "summary, all": lambda: "/v1/summary",
        "summary, all by unit": lambda: "/v1/summary?by=unit",
        "summary, a unit by month": lambda: f"/v1/summary?by=month&unit={unit()}",
        "summary, a period by meeting": lambda: f"/v1/summary?by=meeting&from={today - dt.timedelta(days=60)}",
        "summary, a past day by unit": lambda: f"/v1/summary?by=unit&on={day()}",
        "board": lambda: "/v1/board",
        "board, as it was known on a past day": lambda: f"/v1/board?as_of={day()}",
        "board, as it held on a past day": lambda: f"/v1/board?as_of={day()}&sense=held",
        "board, as of an event": lambda: f"/v1/board?as_of={chance.randint(1, events)}",
        "list, as it was known on a past day": lambda: f"/v1/tasks?as_of={day()}",
        "search, words of many tasks": lambda: f"/v1/search?q={word()}&limit=50",
        "search, words of few tasks": lambda: f"/v1/search?q=rà soát {unit()[5:]} xăng dầu chậm tiến độ&limit=50",
        "search, a notice's number": lambda: f"/v1/search?q={chance.randrange(4000)}/TB-UBND",
    }


def answering(service: ServiceProcess, today: dt.date, events: int, rounds: int = ROUNDS) -> list[Answered]:
    """Asks each question so many times, one after the other, and a unit's lead some of them too."""
    found = []
    with httpx.Client(base_url=service.url, timeout=60) as http:
        for what, ask in questions(today, events).items():
            found.append(_asked(http, what, ask, signed(), rounds))
        own = as_person("person-7-0")
        for what in ("list, overdue", "summary, all", "search, words of many tasks"):
            found.append(_asked(http, f"{what}; to a unit's lead", questions(today, events)[what], own, rounds))
    return found


def asking_of_pasts(service: ServiceProcess, today: dt.date, events: int, rounds: int = ROUNDS) -> list[Answered]:
    """Asks for the board as it was so many times."""
    with httpx.Client(base_url=service.url, timeout=60) as http:
        return [
            _asked(http, f"{what}, of {events:,} events", ask, signed(), rounds)
            for what, ask in questions(today, events).items()
            if what.startswith("board, as")
        ]


def _asked(http: httpx.Client, what: str, ask: Callable[[], str], who: Mapping[str, str], rounds: int) -> Answered:
    taken = []
    for number in range(rounds + 3):
        address = ask()
        started = time.perf_counter()
        answer = http.get(address, headers=who)
        if number >= 3:  # the first ones prepare statements and warm caches
            taken.append((time.perf_counter() - started) * 1000)
        answer.raise_for_status()
    return Answered(what, sorted(taken))


async def commanding(service: ServiceProcess) -> Answered:
    """Acknowledges and reports on tasks of their own over a hundred open connections, so many a second in all."""
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    taken: list[float] = []
    async with httpx.AsyncClient(base_url=service.url, timeout=60, headers=signed(), limits=limits) as http:
        found = (await http.get("/v1/tasks", params={"status": "not_started", "limit": 1000})).json()
        await asyncio.gather(*(http.get("/healthz") for _ in range(CONNECTIONS)))

        async def command(place: int, task: dict[str, Any]) -> None:
            await asyncio.sleep(place / _COMMANDS_A_SECOND)
            name, body = _next(task)
            started = time.perf_counter()
            headers = {"If-Match": f'"{task["version"]}"'}
            answer = await http.post(f"/v1/tasks/{task['id']}/{name}", json=body, headers=headers)
            taken.append((time.perf_counter() - started) * 1000)
            answer.raise_for_status()

        await asyncio.gather(*(command(place, task) for place, task in enumerate(found[:_COMMANDS])))
    what = f"command, {_COMMANDS_A_SECOND} a second over {CONNECTIONS} connections"
    return Answered(what, sorted(taken))


def _next(task: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    if task["acknowledged_at"] is None:
        return "acknowledge", {}
    return "report-progress", {"percent": 10, "note": "Đã bắt đầu."}
