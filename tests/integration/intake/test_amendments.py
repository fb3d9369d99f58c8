"""What becomes of a notice that was misread, lacks its number, or is no longer in force; and of its tasks."""

import asyncio
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from services.intake.records import events_of
from shared.events.catalogue import CATALOGUE, EventData, Unknown
from shared.events.meeting import ConclusionCorrected, ConclusionRevoked
from shared.events.task import DueDateSet, TaskAssigned, TaskCancelled, TaskReassigned
from shared.events.unit import UnitAliasAdded
from shared.log.append import append, entry
from shared.log.read import last_on
from shared.log.stream import stream_info
from tests.examples import conclusion, envelope
from tests.identity import signed
from tests.integration.intake.conftest import House

FINANCE, OFFICE = "ke-hoach-tai-chinh", "van-phong"


async def posted(http: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    """The answer to a notice that is published."""
    answer = await http.post("/v1/conclusions?duplicate=allow", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def changed(
    http: httpx.AsyncClient, meeting: str, verb: str, version: int | None, body: dict[str, Any] | None = None
) -> httpx.Response:
    """The answer to a change of a notice at a version."""
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return await http.post(f"/v1/conclusions/{meeting}/{verb}", json=body, headers=headers)


async def history(log: Client, aggregate: str) -> list[EventData | Unknown]:
    """What the events of an aggregate say, in order."""
    return [CATALOGUE.read(record.content).data for record in await events_of(log, aggregate)]


def task(answer: dict[str, Any], directive: int = 0) -> str:
    """Id of a directive's first task."""
    found: str = answer["directives"][directive]["assignees"][0]["tasks"][0]["id"]
    return found


async def test_a_misread_unit_and_deadline_are_corrected_with_their_task_at_once(
    http: httpx.AsyncClient, log: Client, number: str
) -> None:
    before = await posted(http, conclusion(2, number=number))
    meeting, directive = before["meeting"]["meeting_id"], before["directives"][0]
    correction = {
        "reason": "Đọc nhầm đơn vị và hạn.",
        "directives": [
            {
                "id": directive["id"],
                "assignees": [{"phrase": "Phòng Kế hoạch - Tài chính"}],
                "deadline": {"date": "2026-12-15", "phrase": "trước ngày 15/12/2026"},
            }
        ],
    }
    answer = await changed(http, meeting, "corrections", 1, correction)
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == '"2"'
    after = answer.json()["directives"][0]
    assert after["deadline"]["date"] == "2026-12-15"
    assert after["assignees"][0]["tasks"] == [
        {"id": task(before), "unit": {"id": FINANCE, "name": "Phòng Kế hoạch - Tài chính", "provisional": False}}
    ]
    assigned, reassigned, due = await history(log, f"task.{task(before)}")
    assert isinstance(assigned, TaskAssigned)
    assert isinstance(reassigned, TaskReassigned)
    assert reassigned.unit.id == FINANCE
    assert isinstance(due, DueDateSet)
    assert due.deadline
    assert str(due.deadline.date) == "2026-12-15"
    last = await last_on(log, "log.>")
    assert last
    assert last.subject == f"log.meeting.{meeting}"
    assert isinstance(CATALOGUE.read(last.content).data, ConclusionCorrected)


async def test_what_is_no_directive_is_withdrawn_and_what_was_missed_is_added(
    http: httpx.AsyncClient, log: Client, number: str
) -> None:
    before = await posted(http, conclusion(2, number=number))
    meeting = before["meeting"]["meeting_id"]
    correction = {
        "reason": "Mục 1 là nhận định; còn sót một việc.",
        "withdrawn": [before["directives"][0]["id"]],
        "missed": [{"text": "Rà soát tài sản công.", "assignees": ["Phòng Kế hoạch - Tài chính", "Văn phòng Sở"]}],
    }
    answer = await changed(http, meeting, "corrections", 1, correction)
    assert answer.status_code == 200, answer.text
    directives = answer.json()["directives"]
    assert [each["ordinal"] for each in directives] == [2, 3]
    assert isinstance((await history(log, f"task.{task(before)}"))[-1], TaskCancelled)
    for assignee in directives[1]["assignees"]:
        (assigned,) = await history(log, f"task.{assignee['tasks'][0]['id']}")
        assert isinstance(assigned, TaskAssigned)
        assert assigned.text == "Rà soát tài sản công."


async def test_a_change_made_again_does_nothing_more(http: httpx.AsyncClient, log: Client, number: str) -> None:
    before = await posted(http, conclusion(1, number=number))
    meeting = before["meeting"]["meeting_id"]
    correction = {"reason": "Thừa.", "withdrawn": [before["directives"][0]["id"]]}
    answers = await asyncio.gather(*(changed(http, meeting, "corrections", 1, correction) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(await history(log, f"meeting.{meeting}")) == 2
    assert len(await history(log, f"task.{task(before)}")) == 2
    again = await changed(http, meeting, "corrections", 1, correction)
    assert again.headers["idempotency-replayed"] == "true"


async def test_of_two_who_correct_at_once_one_is_told_to_look_again(
    http: httpx.AsyncClient, log: Client, number: str
) -> None:
    before = await posted(http, conclusion(1, number=number))
    meeting = before["meeting"]["meeting_id"]
    corrections = [{"reason": f"Lần {turn}", "fields": {"title": f"Tên {turn}"}} for turn in range(4)]
    answers = await asyncio.gather(*(changed(http, meeting, "corrections", 1, each) for each in corrections))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert {answer.json()["version"] for answer in answers} == {2}
    assert len(await history(log, f"meeting.{meeting}")) == 2


async def test_a_change_names_the_version_that_it_was_made_for(http: httpx.AsyncClient, number: str) -> None:
    meeting = (await posted(http, conclusion(1, number=number)))["meeting"]["meeting_id"]
    correction = {"reason": "Tên.", "fields": {"title": "Tên mới"}}
    missing = await changed(http, meeting, "corrections", None, correction)
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition-required")
    stale = await changed(http, meeting, "corrections", 7, correction)
    assert (stale.status_code, stale.json()["code"], stale.headers["etag"]) == (412, "version-stale", '"1"')


async def test_work_that_went_on_meanwhile_does_not_stand_in_the_way(
    http: httpx.AsyncClient, log: Client, number: str
) -> None:
    before = await posted(http, conclusion(1, number=number))
    subject = f"task.{task(before)}"
    last = await last_on(log, f"log.{subject}")
    assert last
    other = TaskReassigned.model_validate(
        {"task_id": task(before), "unit": {"id": FINANCE, "name": "KHTC"}, "reason": "Giao lại."}
    )
    await append(log, [entry(envelope(subject, other, version=2), last.sequence)])
    correction = {
        "reason": "Hạn.",
        "directives": [{"id": before["directives"][0]["id"], "deadline": None}],
    }
    answer = await changed(http, before["meeting"]["meeting_id"], "corrections", 1, correction)
    assert answer.status_code == 200, answer.text
    assert answer.json()["directives"][0]["deadline"] is None
    *_, reassigned, due = await history(log, subject)
    assert reassigned == other
    assert due == DueDateSet(task_id=task(before), deadline=None, reason="Hạn.")


@pytest.mark.parametrize(
    ("correction", "status", "code", "pointer"),
    [
        ({"reason": "x"}, 422, "nothing-to-change", None),
        ({"reason": "x", "withdrawn": ["none"]}, 422, "invalid", "/withdrawn/0"),
        ({"reason": "x", "directives": [{"id": "none"}]}, 422, "invalid", "/directives/0/id"),
        ({"fields": {"title": "x"}}, 422, "invalid", "/reason"),
        ({"reason": "x", "fields": {"issued_on": "hôm qua"}}, 422, "invalid", "/fields/issued_on"),
        (
            {"reason": "x", "missed": [{"text": "Việc.", "units": [{"phrase": "Văn phòng", "units": ["no-unit"]}]}]},
            422,
            "invalid",
            "/missed/0/units/0/units/0",
        ),
        (
            {
                "reason": "x",
                "missed": [
                    {
                        "text": "Việc.",
                        "assignees": ["Văn phòng"],
                        "units": [{"phrase": "Tổ xe", "units": ["van-phong"]}],
                    }
                ],
            },
            422,
            "invalid",
            "/missed/0/units/0/phrase",
        ),
    ],
)
async def test_a_correction_that_cannot_be_made_says_what_to_mend(
    http: httpx.AsyncClient, log: Client, number: str, correction: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    meeting = (await posted(http, conclusion(1, number=number)))["meeting"]["meeting_id"]
    answer = await changed(http, meeting, "corrections", 1, correction)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    if pointer:
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert len(await history(log, f"meeting.{meeting}")) == 1


async def test_a_correction_larger_than_any_notice_is_not_read(http: httpx.AsyncClient, number: str) -> None:
    meeting = (await posted(http, conclusion(1, number=number)))["meeting"]["meeting_id"]
    answer = await changed(http, meeting, "corrections", 1, {"reason": "x" * 5_000_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_a_notice_that_nobody_posted_is_not_there(http: httpx.AsyncClient) -> None:
    bodies = {"corrections": {"reason": "x", "fields": {"title": "x"}}, "confirm": {}, "review": None}
    for verb, body in {**bodies, "revocation": {"reason": "x"}}.items():
        assert (await changed(http, "none", verb, 1, body)).status_code == 404
    assert (await http.get("/v1/conclusions/none")).status_code == 404


async def test_a_phrase_that_a_person_explained_is_known_the_next_time(
    http: httpx.AsyncClient, log: Client, number: str
) -> None:
    body = conclusion(1, number=number)
    body["directives"][0]["assignees"] = [f"Bộ phận {number[:-9]} cửa"]
    before = await posted(http, body)
    phrase = body["directives"][0]["assignees"][0]
    assert [doubt["code"] for doubt in before["doubts"]] == ["unit-unknown"]
    assert before["state"] == "doubtful"
    correction = {
        "reason": "Xác định đơn vị.",
        "directives": [
            {"id": before["directives"][0]["id"], "assignees": [{"phrase": phrase, "units": [OFFICE]}]},
        ],
    }
    assert (await changed(http, before["meeting"]["meeting_id"], "corrections", 1, correction)).status_code == 200
    assert (await history(log, f"unit.{OFFICE}"))[-1] == UnitAliasAdded(unit_id=OFFICE, alias=phrase)
    body["number"] = f"9{number}"
    after = await posted(http, body)
    assert after["directives"][0]["assignees"][0]["tasks"][0]["unit"]["id"] == OFFICE
    assert after["doubts"] == []


async def test_a_number_entered_later_makes_it_the_notice_of_that_number(
    http: httpx.AsyncClient, log: Client, number: str
) -> None:
    body = conclusion(3, title=f"Kết luận chưa có số {number}")
    before = await posted(http, body | {"number": None})
    meeting = before["meeting"]["meeting_id"]
    answer = await changed(http, meeting, "corrections", 1, {"reason": "Văn thư vào số.", "fields": {"number": number}})
    assert answer.status_code == 200, answer.text
    assert answer.json()["meeting"]["number"] == number
    numbered = await http.post("/v1/conclusions", json=body | {"number": number})
    assert (numbered.status_code, numbered.json()["code"]) == (409, "probable-duplicate")
    assert numbered.json()["meeting"] == f"/v1/conclusions/{meeting}"
    other = await http.post("/v1/conclusions", json=conclusion(9, number=number, title="Kết luận về việc khác hẳn"))
    assert (other.status_code, other.json()["code"]) == (409, "number-taken")
    assert other.json()["meeting"] == f"/v1/conclusions/{meeting}"
    assert isinstance((await history(log, f"meeting.{meeting}"))[-1], ConclusionCorrected)


async def test_a_number_that_another_notice_bears_cannot_be_entered(
    http: httpx.AsyncClient, log: Client, number: str
) -> None:
    await posted(http, conclusion(1, number=number))
    before = await posted(http, conclusion(2, number=None, title=f"Chưa có số {number}"))
    meeting = before["meeting"]["meeting_id"]
    answer = await changed(http, meeting, "corrections", 1, {"reason": "Vào số.", "fields": {"number": number}})
    assert (answer.status_code, answer.json()["code"]) == (409, "number-taken")
    assert len(await history(log, f"meeting.{meeting}")) == 1


async def test_a_misread_number_is_free_again_once_it_is_corrected(http: httpx.AsyncClient, number: str) -> None:
    misread = await posted(http, conclusion(1, number=number, title=f"Kết luận có số đọc nhầm {number}"))
    meeting = misread["meeting"]["meeting_id"]
    fields = {"reason": "Số đọc nhầm.", "fields": {"number": f"8{number}"}}
    assert (await changed(http, meeting, "corrections", 1, fields)).status_code == 200
    right = await posted(http, conclusion(2, number=number, title="Kết luận mang đúng số ấy"))
    assert right["meeting"]["meeting_id"] != meeting
    third = await http.post("/v1/conclusions", json=conclusion(5, number=number, title="Một kết luận thứ ba"))
    assert (third.status_code, third.json()["code"]) == (409, "number-taken")


async def test_a_number_that_was_given_up_can_be_entered_for_its_real_bearer(
    http: httpx.AsyncClient, log: Client, number: str
) -> None:
    revoked = await posted(http, conclusion(1, number=number, title=f"Ban hành nhầm {number}"))
    first = revoked["meeting"]["meeting_id"]
    assert (await changed(http, first, "revocation", 1, {"reason": "Ban hành nhầm."})).status_code == 200
    draft = await posted(http, conclusion(2, number=None, title=f"Bản thay thế chưa có số {number}"))
    meeting = draft["meeting"]["meeting_id"]
    answer = await changed(http, meeting, "corrections", 1, {"reason": "Vào số.", "fields": {"number": number}})
    assert answer.status_code == 200, answer.text
    assert answer.json()["meeting"]["number"] == number
    assert len(await history(log, f"meeting.{first}")) == 2
    third = await posted(http, conclusion(3, number=None, title=f"Một bản khác nữa {number}"))
    entered = {"reason": "Vào số.", "fields": {"number": number}}
    refused = await changed(http, third["meeting"]["meeting_id"], "corrections", 1, entered)
    assert (refused.status_code, refused.json()["code"]) == (409, "number-taken")
    assert refused.json()["meeting"] == f"/v1/conclusions/{meeting}"


async def test_a_revoked_notice_leaves_no_task_to_be_done(http: httpx.AsyncClient, log: Client, number: str) -> None:
    body = conclusion(3, number=number)
    before = await posted(http, body)
    meeting = before["meeting"]["meeting_id"]
    correction = {"reason": "Thừa.", "withdrawn": [before["directives"][0]["id"]]}
    assert (await changed(http, meeting, "corrections", 1, correction)).status_code == 200
    answer = await changed(http, meeting, "revocation", 2, {"reason": "Ban hành nhầm."})
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "revoked"
    for place in range(3):
        cancelled = [e for e in await history(log, f"task.{task(before, place)}") if isinstance(e, TaskCancelled)]
        assert len(cancelled) == 1
    assert (await history(log, f"meeting.{meeting}"))[-1] == ConclusionRevoked(
        meeting_id=meeting, reason="Ban hành nhầm."
    )
    again = await http.post("/v1/conclusions", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "conclusion-revoked")
    late = await changed(http, meeting, "corrections", 3, {"reason": "x", "fields": {"title": "x"}})
    assert (late.status_code, late.json()["code"]) == (409, "wrong-state")
    replacing = await posted(http, conclusion(4, number=number, title="Kết luận thay thế"))
    assert replacing["meeting"]["number"] == number


async def test_a_notice_of_thousands_of_tasks_is_revoked_whole(
    http: httpx.AsyncClient, log: Client, number: str
) -> None:
    before = await posted(http, conclusion(2500, number=number))
    events = (await stream_info(log)).state.messages
    answer = await changed(http, before["meeting"]["meeting_id"], "revocation", 1, {"reason": "Ban hành nhầm."})
    assert answer.status_code == 200, answer.text
    assert (await stream_info(log)).state.messages == events + 2501


async def test_a_revocation_that_was_broken_off_goes_on_where_it_ended(house: House, log: Client, number: str) -> None:
    async with httpx.AsyncClient(base_url=house.intake.url, timeout=60, headers=signed()) as http:
        before = await posted(http, conclusion(4500, number=number))
        events = (await stream_info(log)).state.messages
        revoking = asyncio.create_task(
            changed(http, before["meeting"]["meeting_id"], "revocation", 1, {"reason": "Nhầm."})
        )
        async with asyncio.timeout(30):
            while (await stream_info(log)).state.messages == events:  # noqa: ASYNC110 - the log tells of itself when asked
                await asyncio.sleep(0.001)
        house.intake.kill()
        await asyncio.gather(revoking, return_exceptions=True)
        cancelled = (await stream_info(log)).state.messages - events
        await asyncio.to_thread(house.intake.start)
        answer = await changed(http, before["meeting"]["meeting_id"], "revocation", 1, {"reason": "Nhầm."})
    assert cancelled > 0
    assert answer.status_code == 200, answer.text
    assert (await stream_info(log)).state.messages == events + 4501


async def test_a_doubtful_notice_is_listed_until_somebody_reviewed_it(http: httpx.AsyncClient, number: str) -> None:
    body = conclusion(1, number=number)
    body["directives"][0]["assignees"] = ["Tổ công tác liên ngành"]
    meeting = (await posted(http, body))["meeting"]["meeting_id"]
    listed = (await http.get("/v1/conclusions", params={"state": "doubtful"})).json()
    assert (listed[0]["meeting_id"], listed[0]["doubt_count"], listed[0]["number"]) == (meeting, 1, number)
    reviewed = await changed(http, meeting, "review", 1)
    assert (reviewed.status_code, reviewed.json()["state"]) == (200, "published")
    listed = (await http.get("/v1/conclusions", params={"state": "doubtful"})).json()
    assert meeting not in [each["meeting_id"] for each in listed]
    standing = await http.get(f"/v1/conclusions/{meeting}", headers={"Accept-Language": "en"})
    assert standing.headers["etag"] == '"2"'
    assert standing.json()["doubts"][0]["detail"] == "the directory does not know this unit"


async def test_the_list_goes_on_where_a_page_ends(http: httpx.AsyncClient, number: str) -> None:
    for turn in range(3):
        await posted(http, conclusion(1, number=f"{turn}-{number}"))
    seen: list[str] = []
    address = "/v1/conclusions?limit=2"
    for _ in range(3):
        page = await http.get(address)
        seen += [each["meeting_id"] for each in page.json()]
        if "next" not in page.links:
            break
        address = page.links["next"]["url"]
    assert len(seen) == len(set(seen)) >= 5
