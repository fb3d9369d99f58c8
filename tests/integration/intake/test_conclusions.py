"""What an integration that posts conclusions sees, and what the log holds afterwards."""

import asyncio
import json

import httpx
import pytest
from nats.aio.client import Client

from shared.events.catalogue import CATALOGUE
from shared.events.meeting import MeetingConcluded
from shared.log.read import last_on, next_on
from shared.log.stream import STREAM, migrate, stream_info
from tests.examples import conclusion
from tests.identity import signed
from tests.integration.intake.conftest import House

NOTICE = """SỞ KHOA HỌC VÀ CÔNG NGHỆ
Số: {number}

THÔNG BÁO
Kết luận của Giám đốc Sở tại cuộc họp giao ban tháng 11 năm 2026

Ngày 18/11/2026, Giám đốc Sở Lê Minh Châu chủ trì cuộc họp và kết luận như sau:

1. Văn phòng Sở
- Hoàn thiện quy chế làm việc, trình Giám đốc Sở ký trước ngày 05/12/2026.
- Phối hợp Phòng Kế hoạch - Tài chính rà soát tài sản công.
2. Các phòng, đơn vị
- Báo cáo kết quả thực hiện kế hoạch năm 2026.
"""


async def events_in(log: Client) -> int:
    return (await stream_info(log)).state.messages


async def test_a_conclusion_is_published_whole(http: httpx.AsyncClient, log: Client, number: str) -> None:
    answer = await http.post("/v1/conclusions", json=conclusion(24, number=number))
    assert answer.status_code == 201
    body = answer.json()
    assert answer.headers["location"] == f"/v1/meetings/{body['meeting']['meeting_id']}"
    assert body["task_count"] == 24
    last = await last_on(log, "log.>")
    assert last
    assert last.sequence == body["sequence"]
    assert isinstance(CATALOGUE.read(last.content).data, MeetingConcluded)
    for directive in body["directives"]:
        (task,) = directive["assignees"][0]["tasks"]
        assert task["unit"] == {"id": "van-phong", "name": "Văn phòng Sở", "provisional": False}
        place = await next_on(log, f"log.task.{task['id']}")
        assert place
        assert place.sequence < body["sequence"]


async def test_a_notice_as_text_becomes_the_same_kind_of_meeting(http: httpx.AsyncClient, number: str) -> None:
    text = NOTICE.format(number=number)
    answer = await http.post("/v1/conclusions", content=text.encode(), headers={"Content-Type": "text/plain"})
    assert answer.status_code == 201
    body = answer.json()
    assert body["meeting"]["held_on"] == "2026-11-18"
    first, second, third = body["directives"]
    assert first["deadline"]["date"] == "2026-12-05"
    assert second["cooperators"] == [{"phrase": "Phòng Kế hoạch - Tài chính", "unit": "ke-hoach-tai-chinh"}]
    assert {task["unit"]["name"] for task in third["assignees"][0]["tasks"]} == {
        "Văn phòng Sở",
        "Phòng Kế hoạch - Tài chính",
    }
    start, end = first["span"]
    assert text[start:end].split() == first["text"].split()


async def test_a_unit_that_nobody_knows_becomes_a_provisional_one(http: httpx.AsyncClient, number: str) -> None:
    posted = conclusion(1, number=number)
    posted["directives"][0]["assignees"] = ["Ban Quản lý Khu công nghệ cao"]
    body = (await http.post("/v1/conclusions", json=posted)).json()
    (task,) = body["directives"][0]["assignees"][0]["tasks"]
    assert task["unit"]["provisional"]
    assert task["unit"]["name"] == "Ban Quản lý Khu công nghệ cao"


@pytest.mark.parametrize("count", [1, 999, 5000])
async def test_any_size_of_notice_is_published_whole_and_once(
    http: httpx.AsyncClient, log: Client, number: str, count: int
) -> None:
    posted = conclusion(count, number=number)
    before = await events_in(log)
    first = await http.post("/v1/conclusions", json=posted)
    assert first.status_code == 201
    assert await events_in(log) == before + count + 1
    again = await http.post("/v1/conclusions", json=posted)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert await events_in(log) == before + count + 1


async def test_the_same_meaning_laid_out_otherwise_is_the_same_notice(
    http: httpx.AsyncClient, log: Client, number: str
) -> None:
    posted = conclusion(2, number=number)
    first = await http.post("/v1/conclusions", json=posted)
    before = await events_in(log)
    spread = json.dumps(dict(reversed(posted.items())), indent=8)
    headers = {"Content-Type": "application/json"}
    again = await http.post("/v1/conclusions", content=spread, headers=headers)
    assert again.json() == first.json()
    assert await events_in(log) == before


async def test_ten_senders_of_one_notice_at_once_get_one_answer(
    http: httpx.AsyncClient, log: Client, number: str
) -> None:
    posted = conclusion(24, number=number)
    before = await events_in(log)
    answers = await asyncio.gather(*(http.post("/v1/conclusions", json=posted) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert await events_in(log) == before + 25


async def test_another_notice_of_the_same_number_is_refused_and_names_the_first(
    http: httpx.AsyncClient, log: Client, number: str
) -> None:
    first = await http.post("/v1/conclusions", json=conclusion(2, number=number))
    before = await events_in(log)
    headers = {"Accept-Language": "en"}
    other = await http.post("/v1/conclusions", json=conclusion(3, number=number), headers=headers)
    assert other.status_code == 409
    assert other.headers["content-type"] == "application/problem+json"
    assert other.json()["code"] == "number-taken"
    assert other.json()["meeting"] == f"/v1/conclusions/{first.json()['meeting']['meeting_id']}"
    assert other.json()["meeting"] in other.json()["detail"]
    assert await events_in(log) == before


async def test_the_same_number_in_another_year_is_another_notice(http: httpx.AsyncClient, number: str) -> None:
    first = await http.post("/v1/conclusions", json=conclusion(1, number=number, issued_on="2026-11-20"))
    second = await http.post("/v1/conclusions", json=conclusion(1, number=number, issued_on="2027-11-20"))
    assert second.status_code == 201
    assert second.headers["location"] != first.headers["location"]


@pytest.mark.parametrize("form", ["{}", '"{}"'])
async def test_a_key_gives_the_first_answer_again(http: httpx.AsyncClient, log: Client, number: str, form: str) -> None:
    headers = {"Idempotency-Key": form.format(f"key-{number}")}
    posted = conclusion(2, number=number)
    first = await http.post("/v1/conclusions", json=posted, headers=headers)
    before = await events_in(log)
    again = await http.post("/v1/conclusions", json=posted, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert await events_in(log) == before


async def test_a_key_that_was_used_for_another_notice_is_refused(
    http: httpx.AsyncClient, log: Client, number: str
) -> None:
    headers = {"Idempotency-Key": f"reused-{number}"}
    first = await http.post("/v1/conclusions", json=conclusion(2, number=number), headers=headers)
    before = await events_in(log)
    other = await http.post("/v1/conclusions", json=conclusion(2, number=f"9{number}"), headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert other.json()["meeting"] == f"/v1/conclusions/{first.json()['meeting']['meeting_id']}"
    assert await events_in(log) == before


async def test_a_dry_run_answers_the_same_and_publishes_nothing(
    http: httpx.AsyncClient, log: Client, number: str
) -> None:
    before = await events_in(log)
    dry = await http.post("/v1/conclusions?dry_run=true", json=conclusion(3, number=number))
    assert dry.status_code == 200
    assert await events_in(log) == before
    wet = (await http.post("/v1/conclusions", json=conclusion(3, number=number))).json()
    assert dry.json() == wet | {"sequence": None, "dry_run": True}


async def test_a_dry_run_refuses_what_a_publication_refuses(http: httpx.AsyncClient, number: str) -> None:
    await http.post("/v1/conclusions", json=conclusion(2, number=number))
    refused = await http.post("/v1/conclusions?dry_run=true", json=conclusion(3, number=number))
    assert (refused.status_code, refused.json()["code"]) == (409, "number-taken")


async def test_a_word_of_any_length_is_read_or_refused(http: httpx.AsyncClient, number: str) -> None:
    text = NOTICE.format(number=number) + f"- Thực hiện Luật {'a' * 5000} 12/NQ-CP.\n"
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    answer = await http.post("/v1/conclusions", content=text.encode(), headers=headers)
    assert answer.status_code in {201, 422}


async def test_the_example_in_the_description_can_be_posted(http: httpx.AsyncClient) -> None:
    description = (await http.get("/intake/openapi.json")).json()
    (example,) = description["components"]["schemas"]["Conclusion"]["examples"]
    answer = await http.post("/v1/conclusions?dry_run=true", json=example)
    assert answer.status_code == 200


async def test_a_request_keeps_the_id_that_it_came_with(http: httpx.AsyncClient, log: Client, number: str) -> None:
    headers = {"X-Request-Id": "mail-gateway-7"}
    answer = await http.post("/v1/conclusions", json=conclusion(1, number=number), headers=headers)
    assert answer.headers["x-request-id"] == "mail-gateway-7"
    place = await next_on(log, f"log.meeting.{answer.json()['meeting']['meeting_id']}")
    assert place
    envelope = CATALOGUE.read(place.content).envelope
    assert (envelope.causationid, envelope.correlationid) == ("mail-gateway-7", "mail-gateway-7")


async def test_while_the_log_is_away_nothing_is_taken_and_afterwards_all_is(house: House, number: str) -> None:
    posted = conclusion(24, number=number)
    async with httpx.AsyncClient(base_url=house.intake.url, timeout=60, headers=signed()) as http:
        house.nats.kill()
        refused = await http.post("/v1/conclusions", json=posted)
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert int(refused.headers["retry-after"]) > 0
        assert (await http.get("/healthz")).status_code == 200
        assert (await http.get("/readyz")).status_code == 503
        await asyncio.to_thread(house.nats.start)
        for _ in range(60):
            answer = await http.post("/v1/conclusions", json=posted)
            if answer.status_code != 503:
                break
            await asyncio.sleep(float(answer.headers["retry-after"]) / 8)
        assert answer.status_code == 201
        assert answer.json()["task_count"] == 24


async def test_a_replaced_log_ends_intake_so_that_it_begins_anew(house: House, log: Client) -> None:
    await log.jsm().delete_stream(STREAM)
    await migrate(log, replicas=1)
    for _ in range(100):
        if house.intake.child is not None and house.intake.child.poll() is not None:
            break
        await asyncio.sleep(0.1)
    assert "the log that answers" in house.intake.output
    await asyncio.to_thread(house.intake.start)
