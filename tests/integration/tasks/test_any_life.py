"""Random commands of random people, whose roles come and go, against the real service: it does what the rules say,
loses nothing, and a replay of all of it gives the same register."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from services.tasks.register.standing import Step, steps
from services.tasks.replay import Replay, replay
from services.tasks.task.authority import needed
from services.tasks.task.commands import COMMANDS
from services.tasks.task.decision import Facts, decide
from services.tasks.task.refusals import NotAllowed, Refusal
from services.tasks.task.state import Place, Task, evolve
from shared.database import engine
from shared.events.fields import NamedPerson, UnitRef
from shared.events.person import Role, RoleGranted, RoleRevoked
from shared.events.task import (
    CommentAdded,
    CompletionAccepted,
    CompletionReturned,
    CompletionSubmitted,
    CooperatorsChanged,
    DueDateSet,
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
    ProgressReported,
    ReminderIssued,
    TaskAcknowledged,
    TaskCancelled,
    TaskEvent,
    TaskReassigned,
    TaskReopened,
)
from shared.identity.caller import Caller
from shared.identity.permissions import Permission, allowed
from shared.log.connect import broker, connected
from shared.log.read import next_on
from shared.log.record import Record
from shared.settings import NatsSettings
from tests.examples import FINANCE, OFFICE
from tests.house import servers
from tests.integration.tasks.offices import PEOPLE, Offices, given_tasks, offices
from tests.integration.tasks.roles import caller, record_role, roles_over_time
from tests.servers import settings_of

TASKS, LIVES, COMMANDS_EACH = 40, 25, 20

FACTS = Facts(
    units={unit.unit_id: (UnitRef(id=unit.unit_id, name=unit.name), False) for unit in (OFFICE, FINANCE)},
    people={person: NamedPerson(name=name) for person, (name, _, _) in PEOPLE.items()},
)

_DAYS = st.sampled_from(["2020-01-01", "2026-12-05", "2027-01-15", "2099-12-31"])
_UNITS = st.sampled_from([OFFICE.unit_id, FINANCE.unit_id, "khong-co"])
_TEXT = st.sampled_from(["Vì cần.", "Đã làm.", "{x} % ' \" <b>"])
BODIES: dict[Permission, st.SearchStrategy[dict[str, Any]]] = {
    "acknowledge": st.just({}),
    "report-progress": st.fixed_dictionaries({}, optional={"percent": st.integers(0, 100), "note": _TEXT}),
    "submit-completion": st.fixed_dictionaries({"note": _TEXT}),
    "accept-completion": st.just({}),
    "return-completion": st.fixed_dictionaries({"reason": _TEXT}),
    "request-extension": st.fixed_dictionaries({"until": _DAYS, "reason": _TEXT}),
    "grant-extension": st.fixed_dictionaries({}, optional={"until": _DAYS}),
    "refuse-extension": st.fixed_dictionaries({"reason": _TEXT}),
    "set-deadline": st.fixed_dictionaries({"due": _DAYS | st.none(), "reason": _TEXT}),
    "reassign": st.fixed_dictionaries(
        {"reason": _TEXT}, optional={"unit": _UNITS, "person": st.sampled_from([*PEOPLE, "khong-co"])}
    ),
    "change-cooperators": st.fixed_dictionaries({"units": st.lists(_UNITS, unique=True), "reason": _TEXT}),
    "remind": st.just({}),
    "cancel": st.fixed_dictionaries({"reason": _TEXT}),
    "reopen": st.fixed_dictionaries({"reason": _TEXT}),
    "comment": st.fixed_dictionaries({"text": _TEXT}),
}

CHANGING: tuple[str, ...] = ("nam", "lan", "ha", "minh", "kiem", "tri")
"""Those whose roles come and go; the office goes on watching."""

BY_EVENT: dict[type, Permission] = {
    TaskAcknowledged: "acknowledge",
    ProgressReported: "report-progress",
    CompletionSubmitted: "submit-completion",
    CompletionAccepted: "accept-completion",
    CompletionReturned: "return-completion",
    ExtensionRequested: "request-extension",
    ExtensionGranted: "grant-extension",
    ExtensionRefused: "refuse-extension",
    DueDateSet: "set-deadline",
    TaskReassigned: "reassign",
    CooperatorsChanged: "change-cooperators",
    ReminderIssued: "remind",
    TaskCancelled: "cancel",
    TaskReopened: "reopen",
    CommentAdded: "comment",
}


@dataclass
class World:
    """Two copies of the service, tasks to act on, and what the test believes of each."""

    office: Offices
    database_url: str
    tasks: dict[str, Task] = field(default_factory=dict)
    people: dict[tuple[str, int], httpx.Client] = field(default_factory=dict)
    roles: dict[str, frozenset[Role]] = field(
        default_factory=lambda: {person: frozenset({role}) for person, (_, _, role) in PEOPLE.items()}
    )

    def change_role(self, person: str, role: Role) -> None:
        """Grants a role to somebody who lacks it, or revokes it; every copy knows it afterwards."""
        held = self.roles[person]
        change = RoleRevoked if role in held else RoleGranted
        asyncio.run(record_role(self.office, person, change(person_id=person, role=role)))
        self.roles[person] = held ^ {role}
        for service in self.office.services:
            # Before a key is refused that nobody knows, a copy hears the log to its end.
            stranger = {"Authorization": "Bearer klk_a_b"}
            assert httpx.get(f"{service.url}/v1/tasks", headers=stranger, timeout=30).status_code == 401

    def ask(self, person: str, copy: int, task_id: str, command: str, version: int, body: Any) -> httpx.Response:
        """The answer to somebody's command for a version, from one of the copies."""
        headers = {"If-Match": f'"{version}"'}
        return self.people[person, copy].post(f"/v1/tasks/{task_id}/{command}", json=body, headers=headers)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Servers and services of its own, for as long as the machine runs."""
    with servers() as both, offices(both.nats.url, both.database("tasks"), copies=2) as office, ExitStack() as open_:
        world = World(office, both.database("tasks"))
        for person in PEOPLE:
            for copy in (0, 1):
                headers = dict(office.as_(person, copy).headers)
                client = httpx.Client(base_url=office.services[copy].url, headers=headers, timeout=30)
                world.people[person, copy] = open_.enter_context(client)
        world.tasks = asyncio.run(_assigned(office))
        yield world


async def _assigned(office: Offices) -> dict[str, Task]:
    nats_broker = broker(NatsSettings(nats_url=office.nats_url), "tests")
    log = await connected(nats_broker)
    try:
        async with office.as_("chinh") as chinh:
            shown = await given_tasks(chinh, log, TASKS)
        return {task["id"]: (await _steps(log, task["id"]))[-1].after for task in shown}
    finally:
        await nats_broker.stop()


async def _steps(log: Any, task_id: str) -> list[Step]:
    records: list[Record] = []
    while record := await next_on(log, f"log.task.{task_id}", records[-1].sequence if records else 0):
        records.append(record)
    return steps(records)


def test_any_life_follows_the_rules(world: World) -> None:
    class Life(RuleBasedStateMachine):
        """Commands on the tasks of the world, each compared with what the pure rules say."""

        @initialize(task_id=st.sampled_from(sorted(world.tasks)))
        def choose(self, task_id: str) -> None:
            self.task_id = task_id

        @rule(
            person=st.sampled_from(CHANGING),
            role=st.sampled_from(["staff", "unit_lead", "office", "leader", "administrator"]),
        )
        def change_role(self, person: str, role: Role) -> None:
            world.change_role(person, role)

        @rule(
            asked=st.sampled_from(sorted(BODIES)).flatmap(lambda name: st.tuples(st.just(name), BODIES[name])),
            person=st.sampled_from(["lan", "lan", "chinh", "chinh", *PEOPLE]),
            copy=st.sampled_from([0, 1]),
            late=st.sampled_from([0, 0, 0, 0, 0, 1, -3]),
        )
        def act(self, asked: tuple[Permission, dict[str, Any]], person: str, copy: int, late: int) -> None:
            name, body = asked
            task, asking = world.tasks[self.task_id], caller(person, world.roles[person])
            answer = world.ask(person, copy, task.id, name, task.version - late, body)
            expected, event = _expected(task, asking, name, body, late)
            said = answer.json()
            assert (answer.status_code, said.get("code", "done")) == expected, (said, task)
            if event is not None:
                task = evolve(task, event, Place(said["sequence"], dt.datetime.now(dt.UTC), asking.actor))
                world.tasks[self.task_id] = task
            read = world.people["chinh", 1 - copy].get(f"/v1/tasks/{task.id}").json()
            assert _visible(read) == {
                "version": task.version,
                "status": task.status,
                "unit": task.unit.id,
                "percent": task.percent,
                "due": task.due.isoformat() if task.due else None,
                "pending_until": task.pending_until.isoformat() if task.pending_until else None,
                "lead": task.lead.name if task.lead else None,
                "cooperators": list(task.cooperator_unit_ids),
            }

    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=COMMANDS_EACH,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert asyncio.run(_allowed(world)) > LIVES
    assert asyncio.run(_replayed(world)).equal


def _expected(
    task: Task, caller: Caller, name: Permission, body: dict[str, Any], late: int
) -> tuple[tuple[int, str], TaskEvent | None]:
    """The status and the code of the answer, and the event that it records."""
    if not allowed(caller, name):
        return (403, "not-allowed"), None
    if not allowed(caller, "read-tasks", needed(task, caller)):
        return (404, "not-found"), None
    if late:
        return (412, "stale"), None
    command = COMMANDS[name].model_validate(body)
    try:
        return (200, "done"), decide(task, command, caller, _today(), FACTS)
    except NotAllowed as refusal:
        return (403, refusal.code), None
    except Refusal as refusal:
        of_request = refusal.code in {"unknown-unit", "unknown-person", "nothing-reported"}
        return (422 if of_request else 409, refusal.code), None


def _visible(read: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": read["version"],
        "status": read["status"],
        "unit": read["unit"]["id"],
        "percent": read["percent"],
        "due": read["due"]["date"] if read["due"] else None,
        "pending_until": read["pending_until"],
        "lead": read["lead"]["name"] if read["lead"] else None,
        "cooperators": [each["unit"] for each in read["cooperators"] if each["unit"]],
    }


def _today() -> dt.date:
    return dt.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()


async def _allowed(world: World) -> int:
    """Confirms that the log holds what was answered and nothing else, and that each event's actor was allowed to."""
    events = 0
    nats_broker = broker(NatsSettings(nats_url=world.office.nats_url), "tests")
    log = await connected(nats_broker)
    roles = {person: await roles_over_time(log, person) for person in PEOPLE}
    for task_id, believed in world.tasks.items():
        found = await _steps(log, task_id)
        assert found[-1].after.version == believed.version
        assert [step.after.version for step in found] == list(range(1, believed.version + 1))
        for step in found[1:]:
            assert step.before is not None
            person = step.place.actor.removeprefix("person.")
            held = next(held for since, held in reversed(roles[person]) if since < step.place.sequence)
            actor = caller(person, held)
            assert allowed(actor, BY_EVENT[type(step.data)], needed(step.before, actor))
            events += 1
    await nats_broker.stop()
    return events


async def _replayed(world: World) -> Replay:
    nats_broker = broker(NatsSettings(nats_url=world.office.nats_url), "tests")
    log, pool = await connected(nats_broker), engine(world.database_url, "tests")
    try:
        return await replay(pool, settings_of(log), lambda done, of: None)
    finally:
        await pool.dispose()
        await nats_broker.stop()
