"""An office that wants doubtful readings held: nothing of them is in force before a person confirms it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from services.intake.records import events_of
from shared.events.catalogue import CATALOGUE
from shared.events.meeting import ConclusionHeld, ConclusionRevoked, MeetingConcluded
from shared.events.task import TaskAssigned
from shared.log.connect import broker, connected
from shared.log.stream import stream_info
from shared.settings import NatsSettings
from tests.examples import conclusion
from tests.house import log_server, register_units
from tests.identity import signed
from tests.integration.intake.conftest import House
from tests.integration.intake.test_amendments import changed, history, task
from tests.processes import intake

UNKNOWN = "Tổ công tác liên ngành"


@pytest.fixture(scope="module")
def holding() -> Iterator[House]:
    """A running intake that holds doubtful readings."""
    with log_server() as server:
        asyncio.run(_registered(server.url))
        with intake(server.url, DOUBTFUL="hold", REVIEW_BELOW="0.6") as process:
            yield House(server, process)


async def _registered(url: str) -> None:
    nats_broker = broker(NatsSettings(nats_url=url), "tests")
    await register_units(await connected(nats_broker))
    await nats_broker.stop()


@pytest.fixture
async def office(holding: House) -> AsyncIterator[httpx.AsyncClient]:
    """A client of that intake."""
    async with httpx.AsyncClient(base_url=holding.intake.url, timeout=60, headers=signed()) as client:
        yield client


@pytest.fixture
async def held_log(holding: House) -> AsyncIterator[Client]:
    """A connection to the log behind it."""
    nats_broker = broker(NatsSettings(nats_url=holding.nats.url), "tests")
    yield await connected(nats_broker)
    await nats_broker.stop()


def doubtful(number: str | None, directives: int = 2) -> dict[str, Any]:
    """A notice whose first directive names a unit that nobody knows."""
    body = conclusion(directives, number=number, title=f"Kết luận chờ xác nhận {number}")
    body["directives"][0]["assignees"] = [UNKNOWN]
    return body


async def held(office: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    """The answer to a notice that is held."""
    answer = await office.post("/v1/conclusions?duplicate=allow", json=body)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v1/conclusions/{found['meeting']['meeting_id']}"
    return found


async def test_a_doubtful_reading_waits_and_none_of_its_tasks_exists(
    office: httpx.AsyncClient, held_log: Client, number: str
) -> None:
    before = (await stream_info(held_log)).state.messages
    body = await held(office, doubtful(number))
    assert body["state"] == "held"
    assert (await stream_info(held_log)).state.messages == before + 1
    (waiting,) = await history(held_log, f"meeting.{body['meeting']['meeting_id']}")
    assert isinstance(waiting, ConclusionHeld)
    listed = (await office.get("/v1/conclusions", params={"state": "held"})).json()
    assert listed[0]["meeting_id"] == body["meeting"]["meeting_id"]
    again = await office.post("/v1/conclusions", json=doubtful(number))
    assert (again.status_code, again.json()) == (202, body)


async def test_a_reading_without_doubts_is_published_at_once(office: httpx.AsyncClient, number: str) -> None:
    answer = await office.post("/v1/conclusions", json=conclusion(2, number=number))
    assert (answer.status_code, answer.json()["state"]) == (201, "published")


async def test_a_confirmed_notice_comes_into_force_as_it_was_read(
    office: httpx.AsyncClient, held_log: Client, number: str
) -> None:
    body = await held(office, doubtful(number))
    meeting = body["meeting"]["meeting_id"]
    answer = await changed(office, meeting, "confirm", 1)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["state"], answer.headers["etag"]) == ("published", '"2"')
    assert answer.json()["directives"] == body["directives"]
    for place in range(2):
        (assigned,) = await history(held_log, f"task.{task(body, place)}")
        assert isinstance(assigned, TaskAssigned)
    waiting, concluded = await events_of(held_log, f"meeting.{meeting}")
    last = CATALOGUE.read(concluded.content)
    assert isinstance(last.data, MeetingConcluded)
    assert last.envelope.aggregateversion == 2
    assert concluded.sequence == waiting.sequence + 3
    again = await changed(office, meeting, "confirm", 1)
    assert again.headers["idempotency-replayed"] == "true"
    posted = await office.post("/v1/conclusions", json=doubtful(number))
    assert (posted.status_code, posted.json()["sequence"]) == (201, concluded.sequence)


async def test_a_notice_is_confirmed_with_what_a_person_changed(
    office: httpx.AsyncClient, held_log: Client, number: str
) -> None:
    body = await held(office, doubtful(None, 3) | {"title": f"Chưa có số {number}"})
    first, second, _ = body["directives"]
    changes = {
        "fields": {"number": number},
        "directives": [
            {"id": first["id"], "assignees": [{"phrase": UNKNOWN, "units": ["van-phong"]}], "deadline": None}
        ],
        "withdrawn": [second["id"]],
        "missed": [{"text": "Báo cáo kết quả.", "assignees": ["Phòng Kế hoạch - Tài chính"]}],
    }
    answer = await changed(office, body["meeting"]["meeting_id"], "confirm", 1, changes)
    assert answer.status_code == 200, answer.text
    directives = answer.json()["directives"]
    assert [each["ordinal"] for each in directives] == [1, 3, 4]
    assert directives[0]["deadline"] is None
    (assigned,) = await history(held_log, f"task.{directives[0]['assignees'][0]['tasks'][0]['id']}")
    assert isinstance(assigned, TaskAssigned)
    assert (assigned.unit.id, assigned.deadline) == ("van-phong", None)
    assert await history(held_log, f"task.{task(body, 1)}") == []
    other = await office.post("/v1/conclusions", json=conclusion(9, number=number))
    assert (other.status_code, other.json()["code"]) == (409, "number-taken")
    known = await office.post("/v1/conclusions?dry_run=true", json=doubtful(f"5{number}"))
    assert known.json()["state"] == "published"


async def test_taking_something_away_is_another_change_than_leaving_it(office: httpx.AsyncClient, number: str) -> None:
    unknown = doubtful(number)
    unknown["directives"][0]["assignees"] = ["Nhóm liên ngành"]
    body = await held(office, unknown)
    meeting, directive = body["meeting"]["meeting_id"], body["directives"][0]["id"]
    left = await changed(office, meeting, "confirm", 1, {"directives": [{"id": directive, "urgent": True}]})
    assert left.status_code == 200, left.text
    taken = {"directives": [{"id": directive, "urgent": True, "deadline": None}]}
    assert (await changed(office, meeting, "confirm", 1, taken)).status_code == 412


async def test_a_held_notice_that_is_none_is_discarded(
    office: httpx.AsyncClient, held_log: Client, number: str
) -> None:
    unknown = doubtful(number)
    unknown["directives"][0]["assignees"] = ["Hội đồng liên ngành"]
    body = await held(office, unknown)
    meeting = body["meeting"]["meeting_id"]
    answer = await changed(office, meeting, "revocation", 1, {"reason": "Không phải thông báo kết luận."})
    assert (answer.status_code, answer.json()["state"]) == (200, "revoked")
    assert isinstance((await history(held_log, f"meeting.{meeting}"))[-1], ConclusionRevoked)
    assert (await changed(office, meeting, "confirm", 2)).json()["code"] == "wrong-state"


async def test_what_is_held_is_not_corrected_nor_reviewed(office: httpx.AsyncClient, number: str) -> None:
    unknown = doubtful(number)
    unknown["directives"][0]["assignees"] = ["Ban liên ngành"]
    meeting = (await held(office, unknown))["meeting"]["meeting_id"]
    assert (await changed(office, meeting, "review", 1)).json()["code"] == "wrong-state"
    correction = {"reason": "x", "fields": {"title": "x"}}
    assert (await changed(office, meeting, "corrections", 1, correction)).json()["code"] == "wrong-state"


async def test_of_two_who_confirm_at_once_one_decides(office: httpx.AsyncClient, held_log: Client, number: str) -> None:
    unknown = doubtful(number, 1500)
    unknown["directives"][0]["assignees"] = ["Tổ liên ngành"]
    body = await held(office, unknown)
    meeting = body["meeting"]["meeting_id"]
    changes = [{"withdrawn": [body["directives"][place]["id"]]} for place in range(3)]
    answers = await asyncio.gather(*(changed(office, meeting, "confirm", 1, each) for each in changes))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
    assert len(await history(held_log, f"meeting.{meeting}")) == 2
