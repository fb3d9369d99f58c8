"""Runs a large body at its usual work: staff who listen, notices that come, commands and pages at a steady rate."""

import asyncio
import itertools
import json
import os
import random
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx

from deploy.embedded.folder import DataFolder
from shared.events.fields import UnitRef
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.benchmarks.listening import known, listen, register
from tests.benchmarks.steady_work.figures import DIRECTIVES, NOTICES_AN_HOUR, Look, Scale, Steady
from tests.examples import conclusion
from tests.house import Servers
from tests.identity import as_person, signed
from tests.processes import Gateway, ServiceProcess, intake, notify, tasks
from tests.servers import Server, free_port

_COMMANDS_A_SECOND, _PAGES_A_SECOND = 3.0, 5.0
_OPENED_AT_ONCE = 25
_PATIENCE_SECONDS = 60.0
_LOOKS, _LOOK_SECONDS = 100, 1.0
_HEARD = "a notice is heard of in an inbox, from POST on"
_LAG = re.compile(r'^ketluan_follower_lag_events\{follower="([^"]+)"\} (\S+)$', re.MULTILINE)


def steady(servers: Servers, scale: Scale, said: Callable[[str], None]) -> Steady:
    """Runs it against one copy of each service behind their gateway; `said` is told what is being done."""
    with ExitStack() as running:
        url = servers.nats.url
        port = free_port()
        public = {"PUBLIC_URL": f"http://127.0.0.1:{port}"}
        services = [
            running.enter_context(each)
            for each in (
                intake(url, **public),
                tasks(url, servers.database("tasks"), **public),
                notify(url, servers.database("notify"), **public),
            )
        ]
        gateway = Gateway(port=port, services={each.name: each.port for each in services})
        DataFolder(gateway.folder).gateway.mkdir()
        running.enter_context(gateway)
        return asyncio.run(_Body(servers, services, gateway, scale, said).measured())


class _Body:
    def __init__(
        self,
        servers: Servers,
        services: Sequence[ServiceProcess],
        gateway: Gateway,
        scale: Scale,
        said: Callable[[str], None],
    ) -> None:
        self._servers, self._services, self._gateway, self._scale, self._said = servers, services, gateway, scale, said
        self._found = Steady(scale)
        self._units = [UnitRef(id=f"unit-{number}", name=f"Đơn vị số {number:04}") for number in range(scale.units)]
        self._chance = random.Random(5)
        self._tasks: list[tuple[str, int]] = []
        self._to_do: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
        self._posted: dict[str, float] = {}
        self._early: dict[str, list[float]] = defaultdict(list)
        self._owed = 0

    async def measured(self) -> Steady:
        self._said("the directory is filled")
        nats_broker = broker(NatsSettings(nats_url=self._servers.nats.url), "bench")
        await register(await connected(nats_broker), self._units, self._scale.people, leads=self._scale.units)
        await nats_broker.stop()
        for service in self._services[1:]:
            async with asyncio.timeout(_PATIENCE_SECONDS * 5):
                await self._caught_up(service)
        await known(self._services[2], f"person-{self._scale.people - 1}")
        async with httpx.AsyncClient(
            base_url=self._gateway.url, timeout=_PATIENCE_SECONDS, limits=httpx.Limits(max_connections=None)
        ) as self._http:
            listening = await self._listened()
            self._began = time.perf_counter()
            async with asyncio.TaskGroup() as group:
                for often, work in (
                    (NOTICES_AN_HOUR / 3600, self._post),
                    (_COMMANDS_A_SECOND, self._command),
                    (_PAGES_A_SECOND, self._page),
                    (1 / max(_LOOK_SECONDS, self._scale.seconds / _LOOKS), self._look),
                ):
                    group.create_task(self._every(1 / often, work))
            await self._settled()
            for each in listening:
                if each.done():
                    self._found.wrong.append("a live connection ended")
                each.cancel()
            await asyncio.gather(*listening, return_exceptions=True)
        return self._found

    async def _caught_up(self, service: ServiceProcess) -> None:
        while max((await asyncio.to_thread(_lags, service)).values(), default=0):  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.5)

    async def _listened(self) -> list["asyncio.Task[None]"]:
        """Opens the live connections, and returns when all are open."""
        count, ready, opened = self._scale.listeners, asyncio.Event(), itertools.count(1)
        self._said(f"{count:,} people listen")

        def began() -> None:
            if next(opened) == count:
                ready.set()

        listening = []
        for number in range(count):
            listening.append(asyncio.create_task(listen(self._gateway.port, f"person-{number}", began, self._heard)))
            if number % _OPENED_AT_ONCE == 0:
                await asyncio.sleep(0.1)
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await ready.wait()
        return listening

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        """Begins a piece of work so often, whether or not the ones before have ended."""
        async with asyncio.TaskGroup() as group:
            for turn in itertools.count():
                at = turn * seconds
                if at >= self._scale.seconds:
                    return
                await asyncio.sleep(self._began + at - time.perf_counter())
                group.create_task(self._counted(work))

    async def _counted(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except (httpx.HTTPError, TimeoutError) as error:
            self._found.wrong.append(f"{work.__name__.strip('_')}: {error or type(error).__name__}")

    async def _post(self) -> None:
        number = len(self._posted) + 1
        chosen = self._chance.sample(range(self._scale.units), DIRECTIVES)
        body = conclusion(DIRECTIVES, number=f"{number}-{time.monotonic_ns()}/TB")
        for directive, place in zip(body["directives"], chosen, strict=True):
            directive["assignees"] = [self._units[place].name]
            directive["heading"] = f"Giao {self._units[place].name}"
        self._said(f"{time.perf_counter() - self._began:.0f} s, notice {number}, {len(self._found.wrong)} wrong")
        began = time.perf_counter()
        answer = await self._asked("a notice is posted", "POST", "/v1/conclusions", signed(), json=body)
        made = answer.json()
        meeting = made["meeting"]["meeting_id"]
        self._owed += sum(place < self._scale.listeners for place in chosen)
        self._posted[meeting] = began
        for at in self._early.pop(meeting, []):
            self._found.waited[_HEARD].append(at - began)
        for directive, place in zip(made["directives"], chosen, strict=True):
            for task in directive["assignees"][0]["tasks"]:
                self._to_do.put_nowait((task["id"], place))

    def _heard(self, line: bytes) -> None:
        at = time.perf_counter()
        notification = json.loads(line.removeprefix(b"data: "))
        meeting = (notification.get("meeting") or {}).get("id", "")
        if notification["category"] != "assignment":
            return
        if meeting in self._posted:
            began = self._posted[meeting]
            self._found.waited[_HEARD].append(at - began)
        else:
            self._early[meeting].append(at)

    async def _command(self) -> None:
        """A unit's lead takes note of a task, and reports on it; an older one where there is no new one."""
        if self._to_do.empty():
            return
        task, place = self._to_do.get_nowait()
        headers = as_person(f"person-{place}")
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not (now := await self._http.get(f"/v1/tasks/{task}", headers=headers)).is_success:  # noqa: ASYNC110
                await asyncio.sleep(0.2)  # another process projects
        version = now.headers["ETag"]
        address = f"/v1/tasks/{task}"
        is_new = now.json()["version"] == 1
        name, body = ("acknowledge", {}) if is_new else ("report-progress", {"percent": 10, "note": "Đang làm."})
        headers["If-Match"] = version
        await self._asked("a command is carried out", "POST", f"{address}/{name}", headers, json=body)
        if is_new:
            self._tasks.append((task, place))
            self._to_do.put_nowait((task, place))

    async def _page(self) -> None:
        number = self._chance.randrange(self._scale.people)
        address = self._chance.choice(["/work", "/inbox", "/board", "/meetings", "task"])
        if address == "task":
            if not self._tasks:
                return
            task, number = self._chance.choice(self._tasks)
            address = f"/tasks/{task}"
        headers = {**as_person(f"person-{number}"), "Accept": "text/html"}
        await self._asked("a page is opened", "GET", address, headers)

    async def _asked(
        self, what: str, method: str, path: str, headers: Mapping[str, str], json: object = None
    ) -> httpx.Response:
        began = time.perf_counter()
        answer = await self._http.request(method, path, headers=dict(headers), json=json)
        self._found.waited[what].append(time.perf_counter() - began)
        return answer.raise_for_status()

    async def _look(self) -> None:
        at = time.perf_counter() - self._began
        for service in self._services:
            lags = await asyncio.to_thread(_lags, service)
            self._found.looks[service.name].append(Look(at, *_held(service), max(lags.values(), default=0)))
        self._found.looks["gateway"].append(Look(at, *_held(self._gateway), 0))

    async def _settled(self) -> None:
        """Waits until everybody who listens and is owed a notification heard of it, and nobody is behind the log."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while len(self._found.waited[_HEARD]) < self._owed:  # noqa: ASYNC110 - others still count
                    await asyncio.sleep(0.2)
        except TimeoutError:
            self._found.wrong.append(f"{len(self._found.waited[_HEARD])} of {self._owed} heard of their notices")
        for service in self._services:
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await self._caught_up(service)
        await self._look()


def _held(server: Server) -> tuple[int, int]:
    """Bytes of memory and open descriptors of a process."""
    assert server.child is not None
    own = Path(f"/proc/{server.child.pid}")
    pages = int((own / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), len(os.listdir(own / "fd"))


def _lags(service: ServiceProcess) -> dict[str, int]:
    """How many events each follower of a service has not taken in."""
    metrics = httpx.get(f"{service.operations}/metrics", timeout=_PATIENCE_SECONDS, trust_env=False).text
    return {name: int(float(lag)) for name, lag in _LAG.findall(metrics)}
