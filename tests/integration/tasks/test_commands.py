"""Commands by HTTP: what each answers, who may, and what becomes of those who come too late."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from services.tasks.replay import replay
from shared.database import engine
from shared.events.meeting import ConclusionRevoked
from shared.events.person import PersonLeft, PersonRegistered
from shared.events.task import TaskCancelled
from shared.log.append import Entry, append, entry
from shared.log.read import last_on
from tests.examples import envelope
from tests.integration.tasks.offices import PEOPLE, Offices, ask, given_tasks, offices, said
from tests.integration.tasks.test_register import shown
from tests.servers import settings_of


@pytest.fixture
def office(nats_url: str, tasks_database_url: str) -> Iterator[Offices]:
    """One running service."""
    with offices(nats_url, tasks_database_url) as running:
        yield running


async def test_a_task_lives_from_its_acknowledgement_to_its_acceptance(
    office: Offices, log_client: Client, tasks_database_url: str
) -> None:
    async with office.as_("lan") as lan, office.as_("chinh") as chinh:
        (task,) = await given_tasks(chinh, log_client)
        assert said(await ask(lan, task, "acknowledge")) == (200, "not_started")
        reported = await ask(lan, task, "report-progress", percent=40, note="Đã dự thảo.")
        assert said(reported) == (200, "in_progress")
        assert (reported.headers["etag"], reported.json()["percent"]) == ('"3"', 40)
        assert said(await ask(lan, task, "request-extension", until="2026-12-31", reason="Chờ ý kiến.")) == (
            200,
            "in_progress",
        )
        granted = await ask(chinh, task, "grant-extension")
        assert granted.json()["due"] | {"confidence": None} == {
            "date": "2026-12-31",
            "time": None,
            "baseline": "2026-12-05",
            "phrase": None,
            "rule": None,
            "confidence": None,
        }
        assert said(await ask(lan, task, "submit-completion", note="Xong.")) == (200, "submitted")
        assert said(await ask(chinh, task, "return-completion", reason="Thiếu phụ lục.")) == (200, "in_progress")
        await ask(lan, task, "submit-completion", note="Đã bổ sung.")
        assert said(await ask(chinh, task, "accept-completion")) == (200, "done")
        history = (await chinh.get(f"/v1/tasks/{task['id']}/history")).json()
    own = [entry for entry in history if entry["subject"] == f"task.{task['id']}"]
    assert [entry["actor"] for entry in own[1:]] == [
        f"person.{who}" for who in ("lan", "lan", "lan", "chinh", "lan", "chinh", "lan", "chinh")
    ]
    pool = engine(tasks_database_url, "tests")
    assert (await replay(pool, settings_of(log_client), lambda done, of: None)).equal
    await pool.dispose()


async def test_what_was_done_can_be_read_at_once(office: Offices, log_client: Client) -> None:
    async with office.as_("lan") as lan:
        (task,) = await given_tasks(lan, log_client)
        for percent in range(1, 11):
            answered = await ask(lan, task, "report-progress", percent=percent)
            read = await lan.get(f"/v1/tasks/{task['id']}")
            assert (read.json(), read.headers["etag"]) == (answered.json(), answered.headers["etag"])


async def test_a_command_for_no_version_is_refused(office: Offices, log_client: Client) -> None:
    async with office.as_("lan") as lan:
        (task,) = await given_tasks(lan, log_client)
        for headers in ({}, {"If-Match": "*"}):
            answer = await lan.post(f"/v1/tasks/{task['id']}/acknowledge", headers=headers)
            assert said(answer) == (428, "precondition-required")
        answer = await lan.post(f"/v1/tasks/{task['id']}/acknowledge", headers={b"If-Match": '"một"'.encode()})
        assert said(answer) == (412, "stale")
        answer = await lan.post(f"/v1/tasks/{task['id']}/acknowledge", headers={"If-Match": 'W/"1"'})
        assert said(answer) == (200, "not_started")


async def test_a_body_larger_than_any_command_is_refused_before_it_is_read(office: Offices, log_client: Client) -> None:
    async with office.as_("lan") as lan, httpx.AsyncClient(base_url=office.services[0].url) as nobody:
        (task,) = await given_tasks(lan, log_client)
        for person in (lan, nobody):
            answer = await person.post(f"/v1/tasks/{task['id']}/comment", json={"text": "x" * 400_000})
            assert said(answer) == (413, "too-large")
            assert "Không có gì thay đổi" in answer.json()["detail"]
        assert said(await ask(lan, task, "comment", text="ý" * 20_000)) == (200, "not_started")


async def test_who_comes_too_late_is_told_who_changed_what(office: Offices, log_client: Client) -> None:
    async with office.as_("lan") as lan, office.as_("chinh") as chinh:
        (task,) = await given_tasks(lan, log_client)
        await ask(lan, task, "report-progress", percent=30)
        await ask(chinh, task, "set-deadline", due="2026-12-20", reason="Lãnh đạo đồng ý.")
        late = await ask(lan, task, "acknowledge", version=1)
        assert said(late) == (412, "stale")
        assert late.headers["etag"] == '"3"'
        assert [(each["version"], each["event"], each["actor"], each["changed"]) for each in late.json()["since"]] == [
            (2, "ProgressReported", "person.lan", ["status", "percent"]),
            (3, "DueDateSet", "person.chinh", ["deadline"]),
        ]
        assert [each["actor_name"] for each in late.json()["since"]] == ["Trần Thị Lan", "Phạm Văn Chính"]
        assert (await lan.get(f"/v1/tasks/{task['id']}")).json()["version"] == 3


async def test_the_same_key_gives_the_first_answer(office: Offices, log_client: Client) -> None:
    async with office.as_("lan") as lan:
        (task,) = await given_tasks(lan, log_client)
        address, headers = f"/v1/tasks/{task['id']}/report-progress", {"If-Match": '"1"', "Idempotency-Key": "k-1"}
        first = await lan.post(address, json={"percent": 20}, headers=headers)
        await ask(lan, task, "report-progress", percent=50)
        again = await lan.post(address, json={"percent": 20}, headers=headers)
        assert (again.status_code, again.json()) == (200, first.json())
        assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
        other = await lan.post(address, json={"percent": 21}, headers=headers)
        assert said(other) == (422, "idempotency-key-taken")
        assert (await lan.get(f"/v1/tasks/{task['id']}")).json()["version"] == 3


async def test_a_key_of_somebody_else_is_another_key(office: Offices, log_client: Client) -> None:
    async with office.as_("lan") as lan, office.as_("nam") as nam:
        (task,) = await given_tasks(lan, log_client)
        for version, person in enumerate((lan, nam), start=1):
            headers = {"If-Match": f'"{version}"', "Idempotency-Key": "1"}
            answer = await person.post(f"/v1/tasks/{task['id']}/comment", json={"text": "Ý kiến."}, headers=headers)
            assert (answer.status_code, answer.json()["version"]) == (200, version + 1)


async def test_a_key_sent_ten_times_at_once_is_recorded_once(office: Offices, log_client: Client) -> None:
    async with office.as_("lan") as lan:
        (task,) = await given_tasks(lan, log_client)
        headers = {"If-Match": '"1"', "Idempotency-Key": '"k-2"'}
        answers = await asyncio.gather(
            *(
                lan.post(f"/v1/tasks/{task['id']}/comment", json={"text": f"Ý {number % 2}"}, headers=headers)
                for number in range(10)
            )
        )
        read = (await lan.get(f"/v1/tasks/{task['id']}")).json()
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200] * 5 + [422] * 5
    assert read["version"] == 2
    assert sum("idempotency-replayed" not in answer.headers for answer in answers if answer.status_code == 200) == 1


@pytest.mark.parametrize("command", ["accept-completion", "set-deadline", "cancel"])
async def test_a_units_people_cannot_decide_over_themselves(office: Offices, log_client: Client, command: str) -> None:
    async with office.as_("lan") as lan:
        (task,) = await given_tasks(lan, log_client)
        body: dict[str, Any] = {} if command == "accept-completion" else {"reason": "Xin."}
        answer = await ask(lan, task, command, **body, **({"due": None} if command == "set-deadline" else {}))
    assert said(answer) == (403, "not-allowed")
    assert "văn phòng" in answer.json()["detail"]


async def test_another_units_people_do_not_see_the_task_at_all(office: Offices, log_client: Client) -> None:
    async with office.as_("lan") as lan, office.as_("ha") as ha:
        (task,) = await given_tasks(lan, log_client)
        assert said(await ha.get(f"/v1/tasks/{task['id']}")) == (404, "not-found")
        assert said(await ask(ha, task, "comment", version=1, text="Ý kiến.")) == (404, "not-found")
        assert (await ha.get("/v1/tasks")).json() == []
        assert (await ha.get("/v1/meetings")).json() == []
        assert said(await ha.get(f"/v1/meetings/{task['meeting']['id']}")) == (404, "not-found")


async def test_who_cooperates_may_report_and_comment_and_no_more(office: Offices, log_client: Client) -> None:
    async with office.as_("ha") as ha, office.as_("chinh") as chinh:
        (task,) = await given_tasks(chinh, log_client, cooperators=["Phòng Kế hoạch - Tài chính"])
        assert said(await ask(ha, task, "report-progress", note="Đã gửi số liệu.")) == (200, "in_progress")
        refused = await ask(ha, task, "submit-completion", note="Xong.")
        assert said(refused) == (403, "not-allowed")
        assert "Văn phòng Sở" in refused.json()["detail"]
        await ask(chinh, task, "change-cooperators", units=[], reason="Không cần nữa.")
        assert said(await ha.get(f"/v1/tasks/{task['id']}")) == (404, "not-found")


async def test_a_reassigned_task_goes_over_to_the_other_unit(office: Offices, log_client: Client) -> None:
    async with office.as_("lan") as lan, office.as_("ha") as ha, office.as_("chinh") as chinh:
        (task,) = await given_tasks(chinh, log_client)
        await ask(lan, task, "acknowledge")
        moved = await ask(chinh, task, "reassign", unit="ke-hoach-tai-chinh", person="ha", reason="Đúng chức năng.")
        assert (moved.json()["unit"]["name"], moved.json()["lead"]["name"], moved.json()["acknowledged_at"]) == (
            "Phòng Kế hoạch - Tài chính",
            "Phạm Thu Hà",
            None,
        )
        assert said(await lan.get(f"/v1/tasks/{task['id']}")) == (404, "not-found")
        assert said(await ask(ha, task, "acknowledge")) == (200, "not_started")
        assert said(await ask(chinh, task, "reassign", unit="khong-co", reason="Thử.")) == (422, "unknown-unit")


async def test_a_task_is_led_by_nobody_who_left_and_by_whoever_came_back(office: Offices, log_client: Client) -> None:
    async with office.as_("chinh") as chinh:
        (task,) = await given_tasks(chinh, log_client)
        left = envelope("person.nam", PersonLeft(person_id="nam"), version=4)
        back = envelope("person.nam", PersonRegistered(person_id="nam", name="Đỗ Văn Nam"), version=5)
        newest = await last_on(log_client, "log.person.nam")
        assert newest is not None
        sequence = await append(log_client, [entry(left, newest.sequence)])
        await shown(chinh, f"/v1/tasks/{task['id']}", sequence)
        assert said(await ask(chinh, task, "reassign", person="nam", reason="Thử.")) == (422, "unknown-person")
        await shown(chinh, f"/v1/tasks/{task['id']}", await append(log_client, [entry(back, sequence)]))
        assert said(await ask(chinh, task, "reassign", person="nam", reason="Đã về.")) == (200, "not_started")


async def test_a_rule_that_is_broken_is_named_in_the_readers_language(office: Offices, log_client: Client) -> None:
    async with office.as_("chinh") as chinh:
        (task,) = await given_tasks(chinh, log_client)
        refused = await ask(chinh, task, "accept-completion")
        assert said(refused) == (409, "nothing-submitted")
        assert refused.json()["detail"] == "Chưa có kết quả nào chờ duyệt. Chưa có gì thay đổi."
        chinh.headers["Accept-Language"] = "en"
        english = await ask(chinh, task, "accept-completion")
        assert english.json()["detail"] == "No result waits for acceptance. Nothing was changed."


async def test_nobody_who_only_watches_changes_anything(office: Offices, log_client: Client) -> None:
    async with office.as_("chinh") as chinh:
        (task,) = await given_tasks(chinh, log_client)
    for watcher in ("kiem", "tri"):
        async with office.as_(watcher) as http:
            assert (await http.get(f"/v1/tasks/{task['id']}")).status_code == 200
            assert said(await ask(http, task, "comment", text="Ý kiến.")) == (403, "not-allowed")
    assert {PEOPLE[who][2] for who in ("kiem", "tri")} == {"auditor", "administrator"}


async def test_a_task_of_a_revoked_notice_stays_cancelled(office: Offices, log_client: Client) -> None:
    async with office.as_("chinh") as chinh:
        (task,) = await given_tasks(chinh, log_client)
        meeting = task["meeting"]["id"]
        last = await append(
            log_client,
            [
                entry(
                    envelope(f"task.{task['id']}", TaskCancelled(task_id=task["id"], reason="Thu hồi."), version=2),
                    task["sequence"],
                ),
                entry(
                    envelope(
                        f"meeting.{meeting}", ConclusionRevoked(meeting_id=meeting, reason="Ban hành nhầm."), version=2
                    ),
                    (await shown(chinh, f"/v1/meetings/{meeting}", task["sequence"]))["sequence"],
                ),
            ],
        )
        found = await shown(chinh, f"/v1/tasks/{task['id']}", last)
        assert (found["status"], found["meeting"]["revoked_at"] is None) == ("cancelled", False)
        assert said(await ask(chinh, task, "reopen", reason="Làm lại.")) == (409, "no-longer-ordered")


async def test_a_task_whose_last_event_cannot_be_read_says_so(office: Offices, log_client: Client) -> None:
    async with office.as_("lan") as lan, office.as_("chinh") as chinh:
        (task,) = await given_tasks(lan, log_client)
        subject = f"log.task.{task['id']}"
        last = await append(log_client, [Entry(f"strange-{task['id']}", subject, b"no event", task["sequence"])])
        answers = [await ask(lan, task, "comment", version=1, text="Ý kiến.") for _ in range(2)]
        parked = await shown(chinh, "/v1/parked", last)
        told = answers[0].json()["detail"]
        assert [said(answer) for answer in answers] == [(409, "task-unreadable")] * 2
        assert subject in [event["subject"] for event in parked]
        assert "Không có gì bị mất" in told
        assert "/v1/parked" in told
        later = await ask(lan, task, "comment", text="Ý kiến.")
        assert said(later) == (409, "task-unreadable")
