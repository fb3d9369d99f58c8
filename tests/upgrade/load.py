"""People and programs that go on working while an installation is upgraded, each asking whichever copy is next."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

from tests.examples import conclusion
from tests.house import LEAD
from tests.identity import as_person, signed
from tests.processes import ServiceProcess

_AGAIN_SECONDS = 0.1
_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.15


@dataclass
class Load:
    """What is asked of the copies that `copies` names by their service.

    `meetings` are ids of notices that were acknowledged, `reports` the keys of commands that were, each with its task.
    `refusals` counts what was answered by 503, by its code, and `unexpected` holds every other answer that is not what
    was asked for.
    """

    copies: dict[str, Sequence[ServiceProcess]]
    meetings: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    reports: dict[str, str] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    unexpected: list[str] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _turns: "itertools.count[int]" = field(default_factory=itertools.count)

    @asynccontextmanager
    async def steady(self) -> AsyncIterator[None]:
        """Posts notices and reports progress for as long as the block lasts; what was begun is finished."""
        ended = asyncio.Event()
        async with httpx.AsyncClient(timeout=20) as http:
            working = [asyncio.create_task(self._until(ended, http, work)) for work in (self._post, self._report)]
            try:
                yield
            finally:
                ended.set()
                await asyncio.gather(*working)

    async def once(self) -> None:
        """Posts one notice and reports on one of its tasks."""
        async with httpx.AsyncClient(timeout=20) as http:
            before = len(self.tasks)
            await self._post(http)
            await self._report_on(http, self.tasks[before])

    async def _until(self, ended: asyncio.Event, http: httpx.AsyncClient, work: Any) -> None:
        while not ended.is_set():
            await work(http)
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _post(self, http: httpx.AsyncClient) -> None:
        body = conclusion(2, number=f"{next(self._numbers)}/TB-SKHCN")
        answer = await self._asked(http, "intake", "POST", "/v1/conclusions", headers=signed(), json=body)
        if self._is(answer, HTTPStatus.CREATED, HTTPStatus.OK):
            self.meetings.append(answer.json()["meeting"]["meeting_id"])
            found = answer.json()["directives"]
            self.tasks += [task["id"] for each in found for who in each["assignees"] for task in who["tasks"]]

    async def _report(self, http: httpx.AsyncClient) -> None:
        if self.tasks:
            number = next(self._numbers)
            await self._report_on(http, self.tasks[number % len(self.tasks)])

    async def _report_on(self, http: httpx.AsyncClient, task: str) -> None:
        number = next(self._numbers)
        key, address = f"key-{number}", f"/v1/tasks/{task}"
        while True:
            shown = await self._asked(http, "tasks", "GET", address, headers=as_person(LEAD))
            if shown.status_code == HTTPStatus.NOT_FOUND:
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            if not self._is(shown, HTTPStatus.OK):
                return
            headers = {**as_person(LEAD), "If-Match": shown.headers["ETag"], "Idempotency-Key": key}
            body = {"percent": number % 100, "note": key}
            done = await self._asked(http, "tasks", "POST", f"{address}/report-progress", headers=headers, json=body)
            if done.status_code == HTTPStatus.PRECONDITION_FAILED:
                continue
            if self._is(done, HTTPStatus.OK):
                self.reports[key] = task
            return

    async def _asked(
        self, http: httpx.AsyncClient, service: str, method: str, path: str, **asked: Any
    ) -> httpx.Response:
        """The first answer of any copy that is not 503."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                copies = self.copies[service]
                copy = copies[next(self._turns) % len(copies)]
                try:
                    answer = await http.request(method, copy.url + path, **asked)
                except httpx.TransportError:
                    self.refusals["no copy there"] += 1
                else:
                    if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                        return answer
                    self._refused(answer)
                await asyncio.sleep(_AGAIN_SECONDS)

    def _refused(self, answer: httpx.Response) -> None:
        named = answer.json().get("code") if "json" in answer.headers.get("content-type", "") else None
        if named and "retry-after" in answer.headers:
            self.refusals[named] += 1
        else:
            self._is(answer)

    def _is(self, answer: httpx.Response, *wanted: HTTPStatus) -> bool:
        if answer.status_code in wanted:
            return True
        request = answer.request
        self.unexpected.append(f"{request.method} {request.url}: {answer.status_code} {answer.text[:300]}")
        return False
