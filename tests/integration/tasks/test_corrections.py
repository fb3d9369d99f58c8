"""Corrected notices in the register: fields entered later, directives that were missed, and such that are none."""

from collections.abc import Iterator

import pytest
from nats.aio.client import Client

from services.tasks.replay import replay
from shared.database import engine
from shared.events.catalogue import EventData
from shared.events.fields import Deadline, UnitRef
from shared.events.meeting import Assignee, ConclusionCorrected, CorrectedFields, Directive, TaskRef
from shared.events.task import DueDateSet, TaskAssigned, TaskCancelled
from shared.log.append import Entry, append, entry
from tests.examples import FINANCE, envelope
from tests.integration.tasks.offices import Offices, given_tasks, offices
from tests.integration.tasks.test_register import shown


@pytest.fixture
def office(nats_url: str, tasks_database_url: str) -> Iterator[Offices]:
    """One running service."""
    with offices(nats_url, tasks_database_url) as running:
        yield running


def of_task(task_id: str, data: EventData, follows: int, version: int = 2) -> Entry:
    """An event of a task, behind a sequence of its own subject."""
    return entry(envelope(f"task.{task_id}", data, version=version), follows)


async def test_a_corrected_notice_shows_as_it_stands_now(
    office: Offices, log_client: Client, tasks_database_url: str
) -> None:
    async with office.as_("chinh") as chinh, office.as_("ha") as ha:
        first, second, third = await given_tasks(chinh, log_client, 3)
        meeting_id = first["meeting"]["id"]
        meeting = await shown(chinh, f"/v1/meetings/{meeting_id}", third["sequence"])
        unit = UnitRef(id=FINANCE.unit_id, name=FINANCE.name)
        missed = Directive(
            id=f"{meeting_id}-4",
            ordinal=4,
            text="Bố trí kinh phí.",
            assignees=(Assignee(phrase="P.KHTC", tasks=(TaskRef(id="missed", unit=unit),)),),
        )
        added = TaskAssigned(
            task_id="missed",
            meeting_id=meeting_id,
            directive_id=missed.id,
            ordinal=4,
            text=missed.text,
            phrase="P.KHTC",
            unit=unit,
        )
        corrected = ConclusionCorrected(
            meeting_id=meeting_id,
            reason="Đọc sót.",
            fields=CorrectedFields(number="999/TB-SKHCN"),
            directives=(missed,),
            withdrawn=(first["directive"]["id"],),
        )
        later = DueDateSet(
            task_id=second["id"], deadline=Deadline.model_validate({"date": "2027-03-01"}), reason="Sửa."
        )
        last = await append(
            log_client,
            [
                of_task(
                    first["id"], TaskCancelled(task_id=first["id"], reason="Không phải chỉ đạo."), first["sequence"]
                ),
                of_task(second["id"], later, second["sequence"]),
                of_task("missed", added, 0, version=1),
                entry(envelope(f"meeting.{meeting_id}", corrected, version=2), meeting["sequence"]),
            ],
        )
        whole = await shown(chinh, f"/v1/meetings/{meeting_id}", last)
        assert (whole["number"], whole["directive_count"], whole["task_count"]) == ("999/TB-SKHCN", 3, 4)
        assert [(task["status"], task["directive"]["withdrawn"]) for task in whole["tasks"]] == [
            ("cancelled", True),
            ("not_started", False),
            ("not_started", False),
            ("not_started", False),
        ]
        assert whole["tasks"][1]["due"] | {"confidence": 1} == {
            "date": "2027-03-01",
            "time": None,
            "baseline": "2026-12-05",
            "phrase": None,
            "rule": None,
            "confidence": 1,
        }
        assert [task["id"] for task in (await ha.get("/v1/tasks")).json()] == ["missed"]
    pool = engine(tasks_database_url, "tests")
    assert (await replay(pool, log_client, lambda done, of: None)).equal
    await pool.dispose()
