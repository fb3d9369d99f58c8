"""Corrected notices in the register: fields entered later, directives that were missed, such that are none, and tasks
to which a correction does several things at once."""

from collections.abc import Iterator

import httpx
import pytest
from nats.aio.client import Client

from services.tasks.replay import replay
from shared.database import engine
from shared.events.catalogue import EventData
from shared.events.fields import Deadline, UnitRef
from shared.events.meeting import Assignee, ConclusionCorrected, CorrectedFields, Directive, TaskRef
from shared.events.task import DueDateSet, TaskAssigned, TaskCancelled, TaskReassigned
from shared.log.append import Entry, append, entry
from shared.log.stream import stream_info
from tests.examples import FINANCE, conclusion, envelope
from tests.identity import as_person
from tests.integration.tasks.offices import Offices, ask, given_tasks, offices, said
from tests.integration.tasks.test_register import notice, shown
from tests.processes import intake
from tests.servers import settings_of


@pytest.fixture
def office(nats_url: str, tasks_database_url: str) -> Iterator[Offices]:
    """One running service."""
    with offices(nats_url, tasks_database_url) as running:
        yield running


def of_task(task_id: str, data: EventData, follows: int | None, version: int = 2) -> Entry:
    """An event of a task, behind a sequence of its own subject, or behind the one before it in the same batch."""
    return entry(envelope(f"task.{task_id}", data, version=version), follows)


OTHER_UNIT = UnitRef(id=FINANCE.unit_id, name=FINANCE.name)
LATER = "2027-03-01"


async def replayed_as_live(log: Client, database_url: str) -> bool:
    """Whether the register that is rebuilt from the log is the live one."""
    pool = engine(database_url, "tests")
    try:
        return (await replay(pool, settings_of(log), lambda done, of: None)).equal
    finally:
        await pool.dispose()


async def test_a_corrected_notice_shows_as_it_stands_now(
    office: Offices, log_client: Client, tasks_database_url: str
) -> None:
    async with office.as_("chinh") as chinh, office.as_("ha") as ha:
        first, second, third = await given_tasks(chinh, log_client, 3)
        meeting_id = first["meeting"]["id"]
        meeting = await shown(chinh, f"/v1/meetings/{meeting_id}", third["sequence"])
        missed = Directive(
            id=f"{meeting_id}-4",
            ordinal=4,
            text="Bố trí kinh phí.",
            assignees=(Assignee(phrase="P.KHTC", tasks=(TaskRef(id="missed", unit=OTHER_UNIT),)),),
        )
        added = TaskAssigned(
            task_id="missed",
            meeting_id=meeting_id,
            directive_id=missed.id,
            ordinal=4,
            text=missed.text,
            phrase="P.KHTC",
            unit=OTHER_UNIT,
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
    assert await replayed_as_live(log_client, tasks_database_url)


async def misread_and_corrected(nats_url: str) -> str:
    """Id of the one task of a notice, to which intake gave another unit and another deadline in one correction."""
    with intake(nats_url) as service:
        async with httpx.AsyncClient(base_url=service.url, headers=as_person("chinh"), timeout=30) as chinh:
            posted = await chinh.post("/v1/conclusions", json=conclusion(1))
            assert posted.status_code == 201, posted.text
            (directive,) = posted.json()["directives"]
            change = {"assignees": [{"phrase": FINANCE.name}], "deadline": {"date": LATER}}
            corrected = await chinh.post(
                f"/v1/conclusions/{posted.json()['meeting']['meeting_id']}/corrections",
                json={"reason": "Đọc nhầm đơn vị và hạn.", "directives": [{"id": directive["id"], **change}]},
                headers={"If-Match": '"1"'},
            )
    assert corrected.status_code == 200, corrected.text
    task_id: str = directive["assignees"][0]["tasks"][0]["id"]
    return task_id


async def test_a_task_that_a_correction_reassigns_and_redates_shows_both(
    office: Offices, nats_url: str, log_client: Client, tasks_database_url: str
) -> None:
    task_id = await misread_and_corrected(nats_url)
    last = (await stream_info(log_client)).state.last_seq
    async with office.as_("lan") as lan, office.as_("ha") as ha, office.as_("chinh") as chinh:
        task = await shown(ha, f"/v1/tasks/{task_id}", last)
        assert (task["unit"]["id"], task["version"], task["sequence"]) == (FINANCE.unit_id, 3, last - 1)
        assert (task["due"]["date"], task["due"]["baseline"]) == (LATER, "2026-12-05")
        assert (await lan.get(f"/v1/tasks/{task_id}")).status_code == 404
        assert (await lan.get("/v1/tasks")).json() == []
        assert [each["id"] for each in (await ha.get("/v1/tasks", params={"due_from": LATER})).json()] == [task_id]
        rows = (await chinh.get("/v1/summary", params={"by": "unit"})).json()["rows"]
        assert [(row["key"], row["open_in_time"]["count"]) for row in rows] == [(FINANCE.unit_id, 1)]
        history = (await chinh.get(f"/v1/tasks/{task_id}/history")).json()
        assert [each["type"].split(".")[1] for each in history[2:]] == [
            "TaskReassigned",
            "DueDateSet",
            "ConclusionCorrected",
        ]
        late = await ask(ha, task_id, "acknowledge", version=1)
        assert said(late) == (412, "stale")
        assert [(each["version"], each["event"], each["changed"]) for each in late.json()["since"]] == [
            (2, "TaskReassigned", ["unit"]),
            (3, "DueDateSet", ["deadline"]),
        ]
        assert (await ask(ha, task_id, "acknowledge")).json()["version"] == 4
    assert await replayed_as_live(log_client, tasks_database_url)


@pytest.mark.parametrize("refused_beside", [False, True])
async def test_a_whole_life_that_arrives_in_one_batch_is_shown_as_it_ended(
    office: Offices, log_client: Client, tasks_database_url: str, refused_beside: bool
) -> None:
    (service,) = office.services
    service.stop()
    assigned, meeting = notice(conclusion(1))
    last = await append(log_client, [assigned, meeting])
    if refused_beside:
        await append(log_client, [Entry("twice", "log.meeting.twice", meeting.content, 0)])
    task_id = assigned.subject.rpartition(".")[2]
    moved = TaskReassigned(task_id=task_id, unit=OTHER_UNIT, reason="Sửa.")
    redated = DueDateSet(task_id=task_id, deadline=Deadline.model_validate({"date": LATER}), reason="Sửa.")
    cancelled = TaskCancelled(task_id=task_id, reason="Không phải chỉ đạo.")
    corrected = ConclusionCorrected(meeting_id=meeting.subject.rpartition(".")[2], reason="Sửa.")
    last = await append(
        log_client,
        [
            of_task(task_id, moved, last - 1),
            of_task(task_id, redated, None, version=3),
            of_task(task_id, cancelled, None, version=4),
            entry(envelope(f"meeting.{corrected.meeting_id}", corrected, version=2), last),
        ],
    )
    service.start()
    async with office.as_("chinh") as chinh:
        task = await shown(chinh, f"/v1/tasks/{task_id}", last)
        assert (task["unit"]["id"], task["due"]["date"], task["status"], task["version"]) == (
            FINANCE.unit_id,
            LATER,
            "cancelled",
            4,
        )
        parked = [each["subject"] for each in (await chinh.get("/v1/parked")).json()]
        assert parked == ["log.meeting.twice"] * refused_beside
    assert await replayed_as_live(log_client, tasks_database_url)
