"""A steady load of posts, commands and alerts by patient clients, who write down every acknowledgement they get."""

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.examples import conclusion
from tests.faults.office import SERVICES, Office
from tests.faults.parts import Copy
from tests.house import LEAD
from tests.identity import as_person, signed

MOST_ANSWER_SECONDS = 15.0
DIRECTIVES = 2
_POST_EVERY, _COMMAND_EVERY, _READ_EVERY = 0.4, 0.25, 0.5
_AGAIN_SECONDS = 0.1
_HEALTH_SECONDS = 1.0
_FROZEN_SECONDS = 4.0
_PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Told:
    """What a command's sender was told: its words are in the task's event of this version."""

    task_id: str
    version: int
    note: str


@dataclass(frozen=True, slots=True)
class WorkDone:
    """At which moments of the monotonic clock a notice was posted, its task worked on, and its people told."""

    posted: float
    worked_on: float
    told: float


@dataclass
class Tally:
    """What clients saw. `refused` are the words of commands that came too late, `refusals` are answers that ask to try
    again, and copies that were not there; `wrong` are answers that nobody should get. `slowest` is the longest time, in
    seconds, until a service's answer."""

    meetings: dict[str, str] = field(default_factory=dict)
    tasks: list[str] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    refusals: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=dict)

    @property
    def acknowledged(self) -> int:
        """How many posts and commands were acknowledged."""
        return len(self.meetings) + len(self.told)


@dataclass
class Load:
    """Clients that go from copy to copy as through a gateway, past those that are `unready`, unless all are. `frozen`
    are copies that cannot be expected to answer, `out_of_time` those to which what was signed now is long over or yet
    to come."""

    office: Office
    random: random.Random
    tally: Tally = field(default_factory=Tally)
    frozen: set[str] = field(default_factory=set)
    unready: set[str] = field(default_factory=set)
    out_of_time: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._turns = {service: itertools.count(self.random.randrange(2)) for service in SERVICES}
        self._numbers = itertools.count(1)
        self._clients: dict[str, httpx.AsyncClient] = {}

    @asynccontextmanager
    async def steady(self) -> AsyncIterator[None]:
        """Runs the load for as long as the block lasts; what is under way then is brought to its end."""
        ending = asyncio.Event()
        working = [self._post, self._command, self._command, self._rivals, self._read]
        tasks = [asyncio.create_task(self._again(each, ending)) for each in working]
        looking = asyncio.create_task(self._look_at_health())
        try:
            yield
        finally:
            ending.set()
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await asyncio.gather(*tasks)
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    async def _look_at_health(self) -> None:
        """Asks every copy every second whether it is ready, as the gateway does, for ever."""
        while True:
            ready = await asyncio.gather(*(asyncio.to_thread(copy.ready) for copy in self.office.copies))
            self.unready = {copy.host.name for copy, good in zip(self.office.copies, ready, strict=True) if not good}
            await asyncio.sleep(_HEALTH_SECONDS)

    async def close(self) -> None:
        """Closes the clients' connections."""
        for client in self._clients.values():
            await client.aclose()

    async def work_done(self) -> WorkDone:
        """When a notice that is posted now is in force, a command on its task carried out, and its unit's lead told."""
        meeting = await self._posted()
        posted = time.monotonic()
        worked_on, told = await asyncio.gather(self._worked_on(meeting), self._told(meeting))
        return WorkDone(posted, worked_on, told)

    async def _again(self, work: Any, ending: asyncio.Event) -> None:
        while not ending.is_set():
            await work()

    async def _post(self) -> None:
        await self._posted()
        await asyncio.sleep(self.random.uniform(0, 2 * _POST_EVERY))

    async def _command(self) -> None:
        if self.tally.tasks:
            await self._carried_out(self.random.choice(self.tally.tasks), f"note-{next(self._numbers)}")
        await asyncio.sleep(self.random.uniform(0, 2 * _COMMAND_EVERY))

    async def _rivals(self) -> None:
        """Two people decide on one version of a task, at different copies, at the same moment."""
        if self.tally.tasks:
            task = self.random.choice(self.tally.tasks)
            version = await self._version(task)
            notes = [f"note-{next(self._numbers)}" for _ in range(2)]
            await asyncio.gather(*(self._carried_out(task, note, version) for note in notes))
        await asyncio.sleep(self.random.uniform(0, 4 * _COMMAND_EVERY))

    async def _read(self) -> None:
        answer = await self._ask("notify", "GET", "/v1/inbox", as_person(LEAD), params={"limit": 1})
        if answer.is_success and answer.json():
            newest = answer.json()[0]["sequence"]
            marked = await self._ask(
                "notify", "POST", f"/v1/inbox/{LEAD}/read", as_person(LEAD), json={"up_to": newest}
            )
            if not marked.is_success and marked.status_code != httpx.codes.PRECONDITION_FAILED:
                self._wrong(marked)
        await asyncio.sleep(self.random.uniform(0, 2 * _READ_EVERY))

    async def _posted(self) -> str:
        """The id of the meeting of a new notice, once it is acknowledged."""
        number = f"{next(self._numbers)}/TB-SKHCN"
        answer = await self._ask(
            "intake", "POST", "/v1/conclusions", signed(), json=conclusion(DIRECTIVES, number=number)
        )
        if answer.status_code not in {httpx.codes.OK, httpx.codes.CREATED}:
            self._wrong(answer)
            return ""
        body = answer.json()
        meeting: str = body["meeting"]["meeting_id"]
        self.tally.meetings[number] = meeting
        self.tally.tasks += [
            task["id"] for each in body["directives"] for who in each["assignees"] for task in who["tasks"]
        ]
        return meeting

    async def _worked_on(self, meeting: str) -> float:
        await self._carried_out(await self._first_task(meeting), f"note-{next(self._numbers)}")
        return time.monotonic()

    async def _told(self, meeting: str) -> float:
        while True:
            answer = await self._ask("notify", "GET", "/v1/inbox", as_person(LEAD), params={"limit": 200})
            if answer.is_success and any((each.get("meeting") or {}).get("id") == meeting for each in answer.json()):
                return time.monotonic()
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _first_task(self, meeting: str) -> str:
        while True:
            answer = await self._ask("tasks", "GET", "/v1/tasks", signed(), params={"meeting": meeting})
            if answer.is_success and answer.json():
                return str(answer.json()[0]["id"])
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _version(self, task: str) -> int:
        while True:
            answer = await self._ask("tasks", "GET", f"/v1/tasks/{task}", as_person(LEAD))
            if answer.is_success:
                return int(answer.json()["version"])
            if answer.status_code != httpx.codes.NOT_FOUND:
                self._wrong(answer)
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _carried_out(self, task: str, note: str, version: int | None = None) -> None:
        """Reports progress on a task, once; where a version is given, on that or not at all."""
        meant = version
        while True:
            at = meant if meant is not None else await self._version(task)
            headers = {**as_person(LEAD), "If-Match": f'"{at}"', "Idempotency-Key": note}
            answer = await self._ask("tasks", "POST", f"/v1/tasks/{task}/report-progress", headers, json={"note": note})
            if answer.is_success:
                self.tally.told.append(Told(task, int(answer.json()["version"]), note))
                return
            if answer.status_code != httpx.codes.PRECONDITION_FAILED:
                self._wrong(answer)
                return
            if meant is not None:
                self.tally.refused.add(note)
                return

    async def _ask(self, service: str, method: str, path: str, headers: dict[str, str], **body: Any) -> httpx.Response:
        """The answer of whichever copy gives one that is not 503, asked again and again with the same words."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                every = self.office.of(service)
                copies = [each for each in every if each.host.name not in self.unready] or every
                copy = copies[next(self._turns[service]) % len(copies)]
                began = time.monotonic()
                try:
                    answer = await self._client(copy).request(method, path, headers=headers, **body)
                except httpx.TimeoutException:
                    self._missed(f"{service} did not answer", copy.copy)
                except httpx.TransportError as error:
                    self.tally.refusals[f"{service} was not there ({type(error).__name__})"] += 1
                else:
                    seconds = max(self.tally.slowest.get(service, 0.0), time.monotonic() - began)
                    self.tally.slowest[service] = seconds
                    if answer.status_code == httpx.codes.UNAUTHORIZED and copy.host.name in self.out_of_time:
                        self.tally.refusals[f"401 {service}, whose clock is another"] += 1
                    elif answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                        return answer
                    else:
                        self._refused(service, answer)
                await asyncio.sleep(_AGAIN_SECONDS)

    def _client(self, copy: Copy) -> httpx.AsyncClient:
        """Who gets nothing from a copy that stands still asks again after a while."""
        patience = _FROZEN_SECONDS if copy.host.name in self.frozen else MOST_ANSWER_SECONDS
        key = f"{copy.url} {patience}"
        if key not in self._clients:
            self._clients[key] = httpx.AsyncClient(base_url=copy.url, timeout=httpx.Timeout(patience, connect=3))
        return self._clients[key]

    def _missed(self, what: str, copy: str) -> None:
        if copy in self.frozen:
            self.tally.refusals[what] += 1
        else:
            self.tally.wrong.append(f"{copy}: no answer within {MOST_ANSWER_SECONDS:.0f} s")

    def _refused(self, service: str, answer: httpx.Response) -> None:
        """A refusal is clear when it is a problem detail that names a code and says when to ask again."""
        try:
            code = answer.json()["code"]
        except (ValueError, KeyError, TypeError):
            code = None
        if code is None or "Retry-After" not in answer.headers:
            self._wrong(answer)
        self.tally.refusals[f"503 {service}: {code}"] += 1

    def _wrong(self, answer: httpx.Response) -> None:
        self.tally.wrong.append(
            f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:200]}"
        )
