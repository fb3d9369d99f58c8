"""Two copies of tasks and of notify, and an intake, behind what stands in for a gateway: each is asked in turn."""

import http.client
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count

import httpx

from tests.processes import ServiceProcess, intake, notify, tasks

COPIES = 2
_PATIENCE_SECONDS = 20.0
_LEFT_SECONDS = 5.0


class EachInTurn(httpx.AsyncBaseTransport):
    """Sends each request to the next of several copies, and to the one behind it where nothing listens. Who did not
    answer in time is asked nothing for a while, as by a gateway that looks after their health."""

    def __init__(self, copies: Sequence[ServiceProcess]) -> None:
        self._copies = copies
        self._silent: dict[int, float] = {}
        self._turns = count()
        self._transport = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As httpx wants it.

        Raises:
            httpx.TransportError: no copy answers, or one broke off.
        """
        first = next(self._turns)
        for turn in range(first, first + len(self._copies)):
            copy = self._copies[turn % len(self._copies)]
            if self._silent.get(copy.port, 0.0) > time.monotonic():
                continue
            request.url = request.url.copy_with(host="127.0.0.1", port=copy.port)
            try:
                return await self._transport.handle_async_request(request)
            except httpx.ConnectError:
                continue
            except httpx.TimeoutException:
                self._silent[copy.port] = time.monotonic() + _LEFT_SECONDS
                raise
        raise httpx.ConnectError("no copy listens")

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._transport.aclose()


@dataclass
class Fleet:
    """Copies of each service, by its name."""

    copies: dict[str, list[ServiceProcess]] = field(default_factory=dict)

    def working(self, name: str, besides: Sequence[ServiceProcess] = ()) -> ServiceProcess:
        """The copy of a service that projects, once one does; the others say of themselves that they stand by. Those
        that are left out are not asked."""
        asked = [copy for copy in self.copies[name] if copy not in besides]
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            at_work = [copy for copy in asked if "projector" not in _notes(copy)]
            if len(at_work) == 1:
                return at_work[0]
            time.sleep(0.1)
        raise AssertionError(f"not one copy of {name} projects: {[_notes(copy) for copy in asked]}")


@contextmanager
def fleet(nats_url: str, tasks_database: str, notify_database: str, **settings: str) -> Iterator[Fleet]:
    """An intake, which keeps nothing, and so many copies of the others, for as long as the block lasts."""
    made = {
        "intake": [intake(nats_url)],
        "tasks": [tasks(nats_url, tasks_database, **settings) for _ in range(COPIES)],
        "notify": [notify(nats_url, notify_database, **settings) for _ in range(COPIES)],
    }
    every = [copy for copies in made.values() for copy in copies]
    with ExitStack() as running:
        for copy in every:
            copy.start_soon()
            running.callback(copy.__exit__, None, None, None)
        for copy in every:
            copy.wait()
        yield Fleet(made)


def _notes(copy: ServiceProcess) -> dict[str, str]:
    """What /readyz notes; where it does not answer, that it does not project."""
    connection = http.client.HTTPConnection("127.0.0.1", copy.port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        found = json.loads(connection.getresponse().read())
        notes: dict[str, str] = found["notes"]
        return notes if found["ready"] else notes | {"projector": "not ready"}
    except (OSError, http.client.HTTPException):
        return {"projector": "does not answer"}
    finally:
        connection.close()
