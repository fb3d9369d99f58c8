"""What was: as it was known then, as we now know that it was, what changed since, and why."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from shared.events.catalogue import EventData
from shared.events.envelope import Envelope
from shared.events.fields import Deadline, UnitRef
from shared.events.meeting import ConclusionCorrected, CorrectedFields, Directive
from shared.events.person import PersonPlaced, PersonRegistered, RoleGranted
from shared.events.task import CommentAdded, CompletionSubmitted, DueDateSet, ProgressReported, TaskReassigned
from shared.log.append import append, entry
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.examples import FINANCE, OFFICE, envelope
from tests.identity import signed
from tests.integration.tasks.offices import PEOPLE, Offices
from tests.integration.tasks.past import Past, directive, morning
from tests.integration.tasks.test_corrections import replayed_as_live
from tests.integration.tasks.test_register import shown
from tests.integration.tasks.test_summary import ago, counts, traced
from tests.processes import tasks


@pytest.fixture
def office(nats_url: str, tasks_database_url: str) -> Iterator[Offices]:
    """A running service, with a directory that is sixty days old."""
    asyncio.run(_peopled(nats_url))
    with tasks(nats_url, tasks_database_url) as service:
        yield Offices([service], nats_url)


async def _peopled(url: str) -> None:
    nats_broker = broker(NatsSettings(nats_url=url), "tests")
    client = await connected(nats_broker)
    for unit in (OFFICE, FINANCE):
        await append(client, [entry(_long_ago(f"unit.{unit.unit_id}", unit), 0)])
    for person in ("chinh", "ha", "lan"):
        name, unit_id, role = PEOPLE[person]
        last = 0
        history: tuple[EventData, ...] = (
            PersonRegistered(person_id=person, name=name),
            PersonPlaced(person_id=person, unit_id=unit_id),
            RoleGranted(person_id=person, role=role),
        )
        for version, data in enumerate(history, start=1):
            last = await append(client, [entry(_long_ago(f"person.{person}", data, version), last)])
    await nats_broker.stop()


def _long_ago(aggregate: str, data: EventData, version: int = 1) -> Envelope:
    return envelope(aggregate, data, version=version).model_copy(update={"time": morning(ago(60))})


async def corrected(past: Past, meeting: dict[str, Any], task: dict[str, Any], due: dt.date, day: dt.date) -> None:
    """A correction on a day: the notice has another number, and orders the task by another deadline."""
    deadline = Deadline(date=due, phrase=f"trước ngày {due:%d/%m/%Y}", rule="before-date")
    whole = Directive.model_validate(
        {
            "id": task["directive"]["id"],
            "ordinal": 1,
            "text": task["directive"]["text"],
            "assignees": [{"phrase": OFFICE.name, "tasks": [{"id": task["id"], "unit": task["unit"]}]}],
            "deadline": deadline,
        }
    )
    redated = DueDateSet(task_id=task["id"], deadline=deadline, reason="Đọc nhầm.")
    right = ConclusionCorrected(
        meeting_id=meeting["id"],
        reason="Đọc nhầm.",
        fields=CorrectedFields(number="99/TB-SKHCN"),
        directives=(whole,),
    )
    request = {"time": morning(day), "correlationid": "correction-1", "actor": "person.chinh"}
    of_task = envelope(f"task.{task['id']}", redated, version=task["version"] + 1).model_copy(update=request)
    of_notice = envelope(f"meeting.{meeting['id']}", right, version=2).model_copy(update=request)
    past.last = await append(past.client, [entry(of_task, task["sequence"]), entry(of_notice, meeting["sequence"])])
    past.stands(task["id"], task["version"] + 1, past.last - 1)


async def lived(http: httpx.AsyncClient, log: Client) -> tuple[Past, str, str, str, int]:
    """A notice of forty days ago, misread: its number and a deadline are corrected fifteen days ago. One task went
    to another unit twelve days ago, and one was handed in eighteen days ago, which was entered ten days ago. Gives the
    log, the meeting, both tasks and the sequence before the correction."""
    past = Past(log)
    misread, moved = await past.notice(
        ago(40), directive("Rà soát.", ago(20)), directive("Tổng hợp."), number="1/TB-SKHCN"
    )
    await past.happens(ago(30), ProgressReported(task_id=misread, percent=40))
    before = past.last
    task = await shown(http, f"/v1/tasks/{misread}", past.last)
    meeting = await shown(http, f"/v1/meetings/{task['meeting']['id']}", past.last)
    await corrected(past, meeting, task, ago(5), ago(15))
    finance = UnitRef(id=FINANCE.unit_id, name=FINANCE.name)
    await past.happens(ago(12), TaskReassigned(task_id=moved, unit=finance, reason="Đúng việc."))
    await past.happens(ago(10), CommentAdded(task_id=moved, text="Đã nhận."))
    await past.happens(ago(18), CompletionSubmitted(task_id=misread, note="Đã làm."))
    await shown(http, f"/v1/tasks/{misread}", past.last)
    return past, meeting["id"], misread, moved, before


def stood(task: dict[str, Any]) -> tuple[str, str, str | None]:
    """What matters here of a task."""
    return task["status"], task["timeliness"], task["due"] and task["due"]["date"]


async def test_what_was_known_then_differs_from_what_we_now_know_held_then(
    office: Offices, log_client: Client, tasks_database_url: str
) -> None:
    async with httpx.AsyncClient(base_url=office.services[0].url, timeout=30, headers=signed()) as http:
        past, meeting, misread, _, before = await lived(http, log_client)
        task, day = f"/v1/tasks/{misread}", str(ago(17))

        known = await shown(http, task, past.last, as_of=day)
        assert stood(known) == ("in_progress", "overdue", str(ago(20)))
        assert known["meeting"]["number"] == "1/TB-SKHCN"
        assert (known["as_of"]["sense"], known["as_of"]["sequence"]) == ("known", before)
        held = await shown(http, task, past.last, as_of=day, sense="held")
        assert stood(held) == ("submitted", "in_time", str(ago(5)))
        assert held["meeting"]["number"] == "99/TB-SKHCN"
        assert (held["as_of"]["sense"], held["as_of"]["sequence"]) == ("held", past.last)
        assert known["as_of"]["words"]["vi"] != held["as_of"]["words"]["vi"]
        at_that_event = await shown(http, task, past.last, as_of=before)
        assert stood(at_that_event) == ("in_progress", "in_time", str(ago(20)))

        assert (await shown(http, f"/v1/meetings/{meeting}", past.last, as_of=day))["number"] == "1/TB-SKHCN"
        (listed,) = await shown(http, "/v1/meetings", past.last, as_of=day, sense="held")
        assert listed["number"] == "99/TB-SKHCN"
        rolled = await shown(http, f"/v1/directives/{held['directive']['id']}", past.last, as_of=day, sense="held")
        assert (rolled["status"], rolled["late"]) == ("submitted", False)

        for sense, cells in (
            ("known", {"open_overdue": 1, "no_deadline": 1}),
            ("held", {"open_in_time": 1, "no_deadline": 1}),
        ):
            board = await shown(http, "/v1/board", past.last, as_of=day, sense=sense)
            assert counts(board["total"]) == cells
            await traced(http, board)
            by_meeting = await shown(http, "/v1/summary", past.last, as_of=day, sense=sense, by="meeting")
            assert counts(by_meeting["total"]) == cells
        on_that_day = await shown(http, "/v1/summary", past.last, on=day)
        assert counts(on_that_day["total"]) == {"open_in_time": 1, "no_deadline": 1}
    assert await replayed_as_live(log_client, tasks_database_url)


async def test_an_unusable_moment_is_named_and_one_before_a_task_says_so(office: Offices, log_client: Client) -> None:
    async with httpx.AsyncClient(base_url=office.services[0].url, timeout=30, headers=signed()) as http:
        past, _, misread, moved, before = await lived(http, log_client)
        unusable = {
            "yesterday": "as-of",
            "2026-13-40": "as-of",
            "2026-06-30T17:00:00": "as-of",
            str(past.last + 1): "beyond-the-log",
            "9" * 30: "as-of",
            str(ago(-2)): "to-come",
        }
        for given, code in unusable.items():
            answer = await http.get("/v1/board", params={"as_of": given})
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code), given
        twice = await http.get("/v1/tasks", params={"as_of": "1", "on": str(ago(3))})
        assert twice.json()["errors"][0]["code"] == "as-of-twice"
        backwards = await http.get("/v1/board/changes", params={"from": past.last, "to": before})
        assert backwards.json()["errors"][0]["code"] == "backwards"
        early = await http.get(f"/v1/tasks/{misread}", params={"as_of": str(ago(41))})
        assert (early.status_code, early.json()["code"]) == (404, "not-yet")
        assert (await http.get("/v1/tasks", params={"as_of": 0})).json() == []
        offset = {"as_of": f"{ago(17)}T23:00:00+07:00"}
        assert (await http.get(f"/v1/tasks/{misread}", params=offset)).json()["status"] == "in_progress"

        async with office.as_("ha") as ha, office.as_("lan") as lan:
            then = {"as_of": str(ago(14))}
            assert [task["id"] for task in (await ha.get("/v1/tasks")).json()] == [moved]
            assert (await ha.get("/v1/tasks", params=then)).json() == []
            assert (await ha.get(f"/v1/tasks/{moved}", params=then)).json()["unit"]["id"] == OFFICE.unit_id
            assert [task["id"] for task in (await lan.get("/v1/tasks", params=then)).json()] == [misread]
            assert (await lan.get(f"/v1/tasks/{moved}", params=then)).status_code == 404


async def test_what_changed_comes_with_its_events_and_goes_back_to_the_sentence(
    office: Offices, log_client: Client
) -> None:
    async with httpx.AsyncClient(base_url=office.services[0].url, timeout=30, headers=signed()) as http:
        past, meeting, misread, moved, before = await lived(http, log_client)
        period = {"from": str(before), "to": str(past.last)}
        task = await shown(http, f"/v1/tasks/{misread}/changes", past.last, **period)
        assert (task["from"]["sequence"], task["to"]["sequence"], task["began"]) == (before, past.last, False)
        changed = {change["field"]: change for change in task["changes"]}
        assert set(changed) == {"status", "deadline", "acknowledged_at", "submitted_at", "submitted_by"}
        assert (changed["status"]["before"], changed["status"]["after"]) == ("in_progress", "submitted")
        assert changed["deadline"]["after"]["date"] == str(ago(5))
        (event,) = changed["deadline"]["events"]
        assert (event["type"], event["actor_name"]) == ("ketluan.DueDateSet.v1", "Phạm Văn Chính")
        assert (await shown(http, f"/v1/tasks/{misread}/changes", past.last, **{"from": past.last}))["changes"] == []

        notice = await shown(http, f"/v1/meetings/{meeting}/changes", past.last, **period)
        assert [(each["field"], each["before"], each["after"]) for each in notice["changes"]] == [
            ("number", "1/TB-SKHCN", "99/TB-SKHCN")
        ]
        assert {each["task_id"] for each in notice["tasks"]} == {misread, moved}
        first = await http.get("/v1/board/changes", params={"from": "0", "limit": 1})
        assert [each["task_id"] for each in first.json()["tasks"]] == [misread]
        second = await http.get(first.links["next"]["url"])
        assert [each["task_id"] for each in second.json()["tasks"]] == [moved]
        units = {unit["unit"]: unit["counts"] for unit in first.json()["units"]}
        assert units[FINANCE.unit_id] == {"no_deadline": [0, 1]}

        why = await shown(http, f"/v1/tasks/{misread}/why", past.last)
        assert [link["link"] for link in why["chain"]] == ["this", "correction", "assignment", "notice"]
        decided = {each["field"]: each for each in why["because"]}
        assert decided["status"]["event"]["type"] == "ketluan.CompletionSubmitted.v1"
        assert "before-date" in decided["deadline"]["rule"]["en"]
        assert why["source"]["directive"]["text"] == "Rà soát."
        assert why["source"]["document"] == f"/v1/documents/{why['source']['document_sha256']}"
        by_sequence = await http.get(f"/v1/events/{event['sequence']}/why")
        by_id = await http.get(f"/v1/events/{event['id']}/why")
        assert by_sequence.json() == by_id.json()
        assert (await http.get("/v1/events/nobody/why")).status_code == 404
        assert (await http.get(f"/v1/events/{'9' * 40}/why")).status_code == 404

        steps = await shown(http, f"/v1/tasks/{misread}/steps", past.last)
        assert [
            (step["event"]["type"].split(".")[1], [each["field"] for each in step["changed"]]) for step in steps
        ] == [
            ("TaskAssigned", ["status", "unit", "deadline"]),
            ("MeetingConcluded", []),
            ("ProgressReported", ["status", "percent"]),
            ("DueDateSet", ["deadline"]),
            ("ConclusionCorrected", []),
            ("CompletionSubmitted", ["status", "acknowledged_at", "submitted_at", "submitted_by"]),
        ]
