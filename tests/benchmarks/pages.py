"""The pages at a million events: how long the server takes for each, what travels, and how soon a key is answered."""

import asyncio
import datetime as dt
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from playwright.async_api import async_playwright

from tests.benchmarks.million import Answered
from tests.benchmarks.years import UNITS
from tests.browser.office import signed_in
from tests.identity import as_person, signed
from tests.processes import Gateway, ServiceProcess
from tests.programs import CHROMIUM, installed

ROUNDS = 20
MOST_MILLISECONDS, MOST_BYTES, MOST_UNTIL_PAINT = 100, 130_000, 200
_LEAD = "person-7-0"
_FILES = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_HEADERS = {"Accept": "text/html", "Accept-Encoding": "gzip"}
_HEARD = """() => {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries()) {
      if (interactionId) {
        window.longest = Math.max(window.longest, duration);
      }
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
}"""
_KEYS = ("j", "j", "j", "k", "?", "Escape", "/", "k", "e", "Tab")


@dataclass(frozen=True, slots=True)
class Shown:
    """One page: milliseconds of its answers, the bytes of its first look with style and script as they travel, and the
    milliseconds from the slowest of some keys to what it changed on the screen; None where that was not measured."""

    answered: Answered
    travelled: int
    until_paint: float | None = None


def _addresses(http: httpx.Client, today: dt.date) -> Mapping[str, Callable[[], str]]:
    """What is looked at, by what it is called; each time another unit, task or day."""
    chance = random.Random(3)
    tasks = http.get("/v1/tasks", params={"limit": 100}).raise_for_status().json()
    meetings = http.get("/v1/meetings", params={"limit": 20}).raise_for_status().json()

    def task() -> dict[str, Any]:
        found: dict[str, Any] = chance.choice(tasks)
        return found

    def day() -> dt.date:
        return today - dt.timedelta(days=chance.randint(1, 900))

    last = meetings[0]["sequence"]
    return {
        "meetings": lambda: "/meetings",
        "a meeting": lambda: f"/meetings/{chance.choice(meetings)['id']}",
        "a task": lambda: f"/tasks/{task()['id']}",
        "results and more time": lambda: "/queue",
        "unresolved units": lambda: "/queue/units",
        "parked events": lambda: "/queue/parked",
        "search, words of many tasks": lambda: "/search?q=kế hoạch giải ngân",
        "the board": lambda: "/board",
        "the report": lambda: "/report",
        "the log": lambda: "/record",
        "an event of the log": lambda: f"/record/events/{chance.randint(1, last)}",
        "a task in time": lambda: f"/record/tasks/{task()['id']}",
        "the board in time": lambda: f"/record/board?as_of={day()}",
        "verification": lambda: "/record/verification",
        "checkpoints": lambda: "/record/checkpoints",
        "units": lambda: "/directory/units",
        "a unit": lambda: f"/directory/units/unit-{chance.randrange(UNITS)}",
        "people": lambda: "/directory/people",
        "health": lambda: "/health",
    }


def showing(service: ServiceProcess, today: dt.date, rounds: int = ROUNDS) -> list[Shown]:
    """Opens each page so many times, one after the other: as whoever may open all, and a unit's own as its lead."""
    everybody = signed("office", "leader", "auditor", "administrator")
    with _gateway(service) as url, httpx.Client(timeout=60, headers=_HEADERS, trust_env=False) as http:
        http.base_url = httpx.URL(service.url)
        http.headers.update(everybody)
        addresses = _addresses(http, today)
        found = [_shown(http, url, what, ask, rounds) for what, ask in addresses.items()]
        http.headers.update(as_person(_LEAD))
        for what, address in {"a unit's work": "/work", "the board, to a unit's lead": "/board"}.items():
            found.append(_shown(http, url, what, lambda address=address: address, rounds))  # type: ignore[misc]
        painted = asyncio.run(_until_paint(url, {"a unit's work": "/work", "meetings": "/meetings"}))
    return [Shown(each.answered, each.travelled, painted.get(each.answered.what)) for each in found]


@contextmanager
def _gateway(service: ServiceProcess) -> Iterator[str]:
    """Where people come in; the other services are away."""
    with Gateway(services=dict.fromkeys(("intake", "tasks", "notify"), service.port)) as gateway:
        yield gateway.url


def _shown(http: httpx.Client, url: str, what: str, ask: Callable[[], str], rounds: int) -> Shown:
    taken = []
    for number in range(rounds + 3):
        address = ask()
        started = time.perf_counter()
        answer = http.get(address)
        if number >= 3:  # the first ones prepare statements and warm caches
            taken.append((time.perf_counter() - started) * 1000)
        answer.raise_for_status()
    files = dict.fromkeys(_FILES.findall(answer.text))
    travelled = sum(_on_the_wire(http, url + each) for each in (address, *files))
    return Shown(Answered(what, sorted(taken)), travelled)


def _on_the_wire(http: httpx.Client, address: str) -> int:
    with http.stream("GET", address) as answer:
        return sum(map(len, answer.iter_raw()))


async def _until_paint(url: str, addresses: Mapping[str, str]) -> dict[str, float]:
    """The slowest of some keys on each page. Source: Event Timing API, interaction to next paint."""
    chromium = installed(CHROMIUM, "no Chromium on this machine")
    found = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = await (await signed_in(browser, url, _LEAD)).new_page()
        for what, address in addresses.items():
            await page.goto(address)
            await page.evaluate(_HEARD)
            for key in _KEYS:
                await page.keyboard.press(key)
                await page.wait_for_timeout(100)
            found[what] = float(await page.evaluate("window.longest"))
        await browser.close()
    return found
