"""What the register shows once a notice was corrected, and that a rebuilt one shows the same."""

import datetime as dt
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from nats.aio.client import Client

from services.tasks.replay import replay
from shared.database import engine
from shared.events.catalogue import CATALOGUE
from shared.events.fields import Deadline, NamedPerson, UnitRef
from shared.events.meeting import Assignee, ConclusionCorrected, CorrectedFields, Directive, MeetingConcluded, TaskRef
from shared.events.task import DueDateSet, TaskAssigned, TaskCancelled, TaskReassigned
from shared.log.append import append, entry
from tests.examples import FINANCE, assigned, conclusion, envelope
from tests.integration.tasks.test_register import notice, shown
from tests.processes import ServiceProcess, tasks

KHTC = UnitRef(id=FINANCE.unit_id, name=FINANCE.name)


@pytest.fixture
def service(nats_url: str, tasks_database_url: str) -> Iterator[ServiceProcess]:
    """A running tasks service over an empty log and an empty database."""
    with tasks(nats_url, tasks_database_url) as process:
        yield process


@pytest.fixture
async def http(service: ServiceProcess) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service."""
    async with httpx.AsyncClient(base_url=service.url, timeout=30) as client:
        yield client


async def test_a_corrected_notice_is_shown_as_it_stands(
    http: httpx.AsyncClient, log_client: Client, tasks_database_url: str
) -> None:
    published = notice(conclusion(3))
    last = await append(log_client, published)
    concluded = CATALOGUE.read(published[-1].content).data
    assert isinstance(concluded, MeetingConcluded)
    meeting_id, (first, second, third) = concluded.meeting_id, concluded.directives
    ids = [each.assignees[0].tasks[0].id for each in (first, second, third)]
    late = Deadline(date=dt.date(2027, 1, 15))
    new = assigned("missed", meeting_id=meeting_id, directive_id=f"{meeting_id}-4", ordinal=4, unit=KHTC, deadline=None)
    missed = Directive(
        id=new.directive_id,
        ordinal=4,
        text="Rà soát tài sản công.",
        assignees=(Assignee(phrase="P.KHTC", tasks=(TaskRef(id=new.task_id, unit=KHTC),)),),
    )
    moved = Assignee(phrase="P.KHTC", tasks=(TaskRef(id=ids[1], unit=KHTC),))
    correction = ConclusionCorrected(
        meeting_id=meeting_id,
        reason="Đọc nhầm.",
        fields=CorrectedFields(number="99/TB-SKHCN", signed_by=NamedPerson(name="Lê Minh Châu")),
        directives=(second.model_copy(update={"assignees": (moved,), "deadline": late}), missed),
        withdrawn=(first.id,),
    )
    reassigned = TaskReassigned(task_id=ids[1], unit=KHTC, reason="Đọc nhầm.")
    due = DueDateSet(task_id=ids[1], deadline=late, reason="Đọc nhầm.")
    places = {task_id: last - 3 + place for place, task_id in enumerate(ids)}
    corrected = await append(
        log_client,
        [
            entry(envelope(f"task.{ids[0]}", _cancelled(ids[0]), version=2), places[ids[0]]),
            entry(envelope(f"task.{ids[1]}", reassigned, version=2), places[ids[1]]),
            entry(envelope(f"task.{ids[1]}", due, version=3), None),
            entry(envelope(f"task.{new.task_id}", _named(new)), 0),
            entry(envelope(f"meeting.{meeting_id}", correction, version=2), last),
        ],
    )
    whole = await shown(http, f"/v1/meetings/{meeting_id}", corrected)
    assert whole["number"] == "99/TB-SKHCN"
    by_id = {task["id"]: task for task in await shown(http, "/v1/tasks", corrected)}
    assert by_id[ids[0]]["status"] == "cancelled"
    assert (by_id[ids[1]]["unit"]["id"], by_id[ids[1]]["due"]["date"]) == (KHTC.id, "2027-01-15")
    assert by_id[new.task_id]["directive"]["text"] == "Rà soát tài sản công."
    assert await shown(http, "/v1/parked", corrected) == []
    pool = engine(tasks_database_url, "tests")
    found = await replay(pool, log_client, lambda done, of: None)
    await pool.dispose()
    assert found.equal


def _cancelled(task_id: str) -> TaskCancelled:
    return TaskCancelled(task_id=task_id, reason="Không phải nhiệm vụ.")


def _named(task: TaskAssigned) -> TaskAssigned:
    return task.model_copy(update={"text": "Rà soát tài sản công.", "phrase": "P.KHTC"})
