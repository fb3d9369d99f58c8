"""A running tasks service over a directory of two units and the people that the life of a task needs."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
from nats.aio.client import Client

from shared.events.person import PersonPlaced, Role
from shared.log.append import append
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.conftest import empty_database, empty_log
from tests.examples import FINANCE, OFFICE, conclusion
from tests.house import register_person, register_units
from tests.identity import as_person
from tests.integration.tasks.test_register import notice, shown
from tests.processes import ServiceProcess, tasks
from tests.servers import NatsServer, PostgresServer

PEOPLE: dict[str, tuple[str, str, Role]] = {
    "nam": ("Đỗ Văn Nam", OFFICE.unit_id, "staff"),
    "lan": ("Trần Thị Lan", OFFICE.unit_id, "unit_lead"),
    "ha": ("Phạm Thu Hà", FINANCE.unit_id, "staff"),
    "chinh": ("Phạm Văn Chính", FINANCE.unit_id, "office"),
    "minh": ("Lê Minh Châu", FINANCE.unit_id, "leader"),
    "kiem": ("Vũ Thị Kiểm", FINANCE.unit_id, "auditor"),
    "tri": ("Hồ Quản Trị", FINANCE.unit_id, "administrator"),
}
"""Who works where, and as what. The tasks of the examples are the office's (van-phong)."""

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Offices:
    """What a test of commands needs: one or two copies of the service, and the log."""

    services: Sequence[ServiceProcess]
    nats_url: str

    def as_(self, person: str, copy: int = 0) -> httpx.AsyncClient:
        """Somebody who asks one of the copies."""
        return httpx.AsyncClient(base_url=self.services[copy].url, headers=as_person(person), timeout=30)


@contextmanager
def offices(nats_url: str, database_url: str, copies: int = 1, **settings: str) -> Iterator[Offices]:
    """Everything running, everybody registered."""
    asyncio.run(_peopled(nats_url))
    started = [tasks(nats_url, database_url, **settings) for _ in range(copies)]
    try:
        for each in started:
            each.start()
        yield Offices(started, nats_url)
    finally:
        for each in started:
            each.stop()


@contextmanager
def office_for_all(nats: NatsServer, postgres: PostgresServer) -> Iterator[Offices]:
    """One service over an empty log, for all tests of a file: each looks at tasks of its own."""
    asyncio.run(empty_log(nats.url))
    with (
        empty_database(postgres) as database,
        offices(nats.url, postgres.url(database, "ketluan_tasks")) as running,
    ):
        yield running


async def _peopled(url: str) -> None:
    nats_broker = broker(NatsSettings(nats_url=url), "tests")
    client = await connected(nats_broker)
    await register_units(client)
    for person, (name, unit, role) in PEOPLE.items():
        await register_person(client, person, name, PersonPlaced(person_id=person, unit_id=unit), role)
    await nats_broker.stop()


async def given_tasks(
    http: httpx.AsyncClient, log: Client, directives: int = 1, **directive: Any
) -> list[dict[str, Any]]:
    """Tasks of a new notice, as the register shows them, without the turns that may be open by then. Each directive
    has these fields besides its own."""
    body = conclusion(directives, number=f"{next(_numbers)}-{uuid4().hex[:6]}/TB-SKHCN")
    body["directives"] = [{**each, **directive} for each in body["directives"]]
    entries = notice(body)
    last = await append(log, entries)
    found: list[dict[str, Any]] = await shown(http, "/v1/tasks", last, meeting=_meeting(entries[-1].subject))
    own = {entry.subject.rpartition(".")[2] for entry in entries}
    return [each for each in found if each["id"] in own]


def _meeting(subject: str) -> str:
    return subject.rpartition(".")[2]


async def ask(
    http: httpx.AsyncClient, task: dict[str, Any] | str, command: str, version: int | None = None, **body: Any
) -> httpx.Response:
    """The answer to a command that is meant for the version that is there now, or for a given one."""
    task_id = task if isinstance(task, str) else task["id"]
    if version is None:
        current = await http.get(f"/v1/tasks/{task_id}")
        assert current.status_code == 200, current.text
        version = current.json()["version"]
    return await http.post(f"/v1/tasks/{task_id}/{command}", json=body, headers={"If-Match": f'"{version}"'})


def said(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code of an answer, or the status of the task in it."""
    body = answer.json()
    return answer.status_code, body.get("code") or body["status"]
