"""What should never stand in the log, put there by somebody with the right to write: named, and in nobody's way."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from services.tasks.record.verification import Sources, verify
from services.tasks.replay import replay
from shared.database import engine
from shared.events.person import PersonPlaced
from shared.log.append import Entry, append
from tests.examples import FINANCE, OFFICE, assigned, conclusion, envelope, task_entry
from tests.house import CHIEF, LEAD, register_person, register_units
from tests.identity import as_person, signed
from tests.integration.notify.conftest import until
from tests.processes import ServiceProcess, intake, notify, tasks
from tests.servers import settings_of

_LARGEST = 8 * 1024 * 1024 - 4096


@dataclass(frozen=True, slots=True)
class Copies:
    """One copy of each service on one log."""

    intake: ServiceProcess
    tasks: ServiceProcess
    notify: ServiceProcess


@pytest.fixture
def copies(nats_url: str, tasks_database_url: str, notify_database_url: str) -> Iterator[Copies]:
    """They run."""
    with ExitStack() as running:
        yield Copies(
            running.enter_context(intake(nats_url)),
            running.enter_context(tasks(nats_url, tasks_database_url)),
            running.enter_context(notify(nats_url, notify_database_url)),
        )


def strange(name: str, **changes: Any) -> Entry:
    """The event that would begin a task, with members of its envelope changed, on that task's own subject."""
    own = json.loads(task_entry(name).content)
    return Entry(name, f"log.task.{own['data']['task_id']}", json.dumps(own | changes).encode(), 0)


def raw(name: str, content: bytes) -> Entry:
    """Any bytes on the subject of a task."""
    return Entry(name, f"log.task.{name}", content, 0)


def twice_named(name: str) -> Entry:
    """A task's first event that names its actor twice."""
    own = strange(name)
    return Entry(name, own.subject, own.content.replace(b'"actor":', b'"actor": "x", "actor":', 1), 0)


POISON = (
    raw("empty", b""),
    raw("bytes", b"\xff\x00\xfe"),
    raw("list", b"[]"),
    raw("deep", b'{"data":' * 20_000),
    raw("large", b'{"data":"' + b"x" * _LARGEST + b'"}'),
    strange("no-cloud-event", specversion="0.3"),
    strange("no-time", time="yesterday"),
    strange("breaks-rules", data={"task_id": 7}),
    strange("another-subject", subject="task.another"),
    strange("out-of-turn", aggregateversion=7),
    strange("far-out-of-turn", aggregateversion=10**40),
    strange("not-a-number", data={"confidence": float("nan")}),
    twice_named("twice-named"),
    strange("never-heard-of", type="ketluan.TaskDreamtOf.v7"),
    strange("newer", type="ketluan.TaskAssigned.v2"),
)


async def told_nothing(*_: object) -> None:
    """Progress that nobody looks at."""


async def test_strange_events_are_named_and_everything_else_goes_on(
    copies: Copies, log_client: Client, tasks_database_url: str
) -> None:
    await register_units(log_client)
    for person, unit, role in ((LEAD, OFFICE, "unit_lead"), (CHIEF, FINANCE, "office")):
        await register_person(log_client, person, person, PersonPlaced(person_id=person, unit_id=unit.unit_id), role)
    places = [await append(log_client, [each]) for each in POISON]
    async with httpx.AsyncClient(timeout=20, headers=signed()) as http:
        posted = await http.post(f"{copies.intake.url}/v1/conclusions", json=conclusion(2))
        assert posted.status_code == 201
        meeting = posted.json()["meeting"]["meeting_id"]

        async def told() -> Any:
            inbox = await http.get(f"{copies.notify.url}/v1/inbox", params={"person": LEAD})
            return [each["meeting"]["id"] for each in inbox.json()] == [meeting]

        assert await until(told)

        async def in_force() -> Any:
            return (await http.get(f"{copies.tasks.url}/v1/tasks", params={"meeting": meeting})).json()

        shown = await until(in_force)
        assert len(shown) == 2
        done = await http.post(
            f"{copies.tasks.url}/v1/tasks/{shown[0]['id']}/acknowledge",
            headers={**as_person(LEAD), "If-Match": '"1"'},
            json={},
        )
        assert done.status_code == 200

        parked = (await http.get(f"{copies.tasks.url}/v1/parked", params={"limit": 100})).json()
        assert [each["sequence"] for each in parked] == places
        reasons = {each["subject"]: each["reason"] for each in parked}
        assert "says that it is event 7 of its task, and is event 1" in reasons[POISON[9].subject]
        assert "does not know ketluan.TaskAssigned.v2" in reasons[POISON[-1].subject]
        aside = (await http.get(f"{copies.notify.url}/v1/notifications/parked", params={"limit": 100})).json()
        assert {each["sequence"] for each in aside} >= set(places) - {*places[9:11]}
        for copy in (copies.intake, copies.tasks, copies.notify):
            ready = await http.get(f"{copy.url}/readyz")
            assert (ready.status_code, copy.name) == (200, copy.name)
        assert f"{len(POISON)} not applied" in (await http.get(f"{copies.tasks.url}/readyz")).json()["notes"]["parked"]
        assert (await http.get(f"{copies.tasks.url}/v1/events", params={"limit": 1000})).status_code == 200

    pool = engine(tasks_database_url, "tests")
    again = await replay(pool, settings_of(log_client), lambda done, of: None)
    assert again.equal
    compared = await verify(Sources(settings_of(log_client), log_client, pool), told_nothing)
    assert compared.verification.findings == ()
    await pool.dispose()


async def test_nobody_is_let_in_or_turned_away_by_what_only_a_newer_release_knows(
    copies: Copies, log_client: Client
) -> None:
    await register_units(log_client)
    for person, unit, role in ((LEAD, OFFICE, "unit_lead"), (CHIEF, FINANCE, "office")):
        await register_person(log_client, person, person, PersonPlaced(person_id=person, unit_id=unit.unit_id), role)
    record = await log_client.jetstream().get_last_msg("LOG", f"log.person.{CHIEF}")
    assert record.data
    assert record.seq
    newer = json.loads(record.data) | {"id": "newer", "type": "ketluan.RoleRevoked.v2", "aggregateversion": 4}
    await append(log_client, [Entry("newer", f"log.person.{CHIEF}", json.dumps(newer).encode(), record.seq)])
    async with httpx.AsyncClient(timeout=20) as http:
        for copy, path in (
            (copies.tasks, "/v1/tasks"),
            (copies.notify, "/v1/inbox"),
            (copies.intake, "/v1/conclusions"),
        ):

            async def refused(address: str = copy.url + path) -> httpx.Response | None:
                answer = await http.get(address, headers=as_person(CHIEF))
                return answer if answer.status_code == 503 else None

            answer = await until(refused)
            assert answer is not None, copy.output[-2000:]
            assert (answer.json()["code"], answer.headers["retry-after"]) == ("newer-release", "2")
            assert (await http.get(copy.url + path, headers=as_person(LEAD))).status_code in {200, 403}


async def test_a_command_on_what_a_newer_release_wrote_is_answered_by_503_and_not_guessed(
    copies: Copies, log_client: Client
) -> None:
    await register_units(log_client)
    await register_person(log_client, LEAD, LEAD, PersonPlaced(person_id=LEAD, unit_id=OFFICE.unit_id), "unit_lead")
    async with httpx.AsyncClient(timeout=20, headers=signed()) as http:
        posted = await http.post(f"{copies.intake.url}/v1/conclusions", json=conclusion(1))
        task = posted.json()["directives"][0]["assignees"][0]["tasks"][0]["id"]
        address = f"{copies.tasks.url}/v1/tasks/{task}"

        async def there() -> bool:
            return (await http.get(address)).status_code == 200

        assert await until(there)
        last = await log_client.jetstream().get_last_msg("LOG", f"log.task.{task}")
        newer = envelope(f"task.{task}", assigned("x"), version=2).model_dump(mode="json")
        newer |= {"type": "ketluan.TaskReassigned.v2"}
        await append(log_client, [Entry(newer["id"], f"log.task.{task}", json.dumps(newer).encode(), last.seq or 0)])
        headers = {**as_person(LEAD), "If-Match": '"1"', "Idempotency-Key": "once"}

        async def refused() -> httpx.Response | None:
            answer = await http.post(f"{address}/acknowledge", headers=headers, json={})
            return answer if answer.status_code == 503 else None

        answer = await until(refused)
        assert answer is not None
        assert answer.json()["code"] == "newer-release"
        tail = await log_client.jetstream().get_last_msg("LOG", f"log.task.{task}")
        assert json.loads(tail.data or b"")["type"] == "ketluan.TaskReassigned.v2"
