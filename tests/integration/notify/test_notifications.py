"""From a notice in the log to people who know of it, and back to what caused it."""

import asyncio
import datetime as dt
import json
from functools import partial
from typing import Any

import httpx
from nats.aio.client import Client

from shared.events.inbox import NotificationDelivered, NotificationRequested
from shared.events.meeting import MeetingConcluded
from tests.integration.notify.conftest import until
from tests.integration.notify.writing import Writer, inbox_events, requested
from tests.processes import ServiceProcess
from tests.processes import notify as notify_process
from tests.unit.notify.examples import FINANCE, SCIENCE, UNKNOWN, directive, notice, organisation


async def inbox(web: httpx.AsyncClient, person_id: str) -> Any:
    """A person's inbox."""
    return (await web.get("/v1/inbox", params={"person": person_id})).raise_for_status().json()


async def told_of(web: httpx.AsyncClient, meeting_id: str) -> Any:
    """Who was told of a meeting."""
    return (await web.get("/v1/notifications", params={"meeting": meeting_id, "limit": 1000})).raise_for_status().json()


def small_notice(number: int) -> MeetingConcluded:
    """A notice of two directives that concerns three people."""
    name = f"m-{number}"
    first, second = directive(1, SCIENCE, meeting_id=name), directive(2, FINANCE, meeting_id=name)
    return notice(first, second, meeting_id=name)


async def test_each_person_finds_in_their_inbox_what_is_theirs_and_why(writer: Writer, web: httpx.AsyncClient) -> None:
    await writer.write(*organisation())
    due = dt.date(2026, 12, 5)
    await writer.write(notice(directive(1, SCIENCE, with_units=[FINANCE], due=due), directive(2, UNKNOWN)))
    (item,) = await until(lambda: inbox(web, "dung"))
    assert item["meeting"]["number"] == "m-1/TB-SKHCN"
    assert item["reasons"] == ["responsible"]
    assert item["task_count"] == 1
    (task,) = item["tasks"]
    assert task["task_id"] == "m-1-1-khoa-hoc"
    assert task["unit"]["name"] == SCIENCE.name
    assert task["due"] == "2026-12-05"
    (overseen,) = await until(lambda: inbox(web, "binh"))
    assert [task["reason"] for task in overseen["tasks"]] == ["overseer", "unresolved"]
    assert await inbox(web, "giang") == []


async def test_the_office_sees_who_was_told_and_that_it_arrived(writer: Writer, web: httpx.AsyncClient) -> None:
    await writer.write(*organisation(), small_notice(1))

    async def all_delivered() -> Any:
        found = await told_of(web, "m-1")
        return found if len(found) == 3 and all(each["deliveries"][0]["at"] for each in found) else None

    found = {each["person"]["id"]: each for each in await until(all_delivered)}
    assert found["dung"]["person"]["name"] == "Phạm Anh Dũng"
    assert found["dung"]["unit"]["name"] == SCIENCE.name
    assert found["binh"]["reasons"] == ["overseer"]
    assert found["binh"]["task_count"] == 2
    assert found["hoa"]["deliveries"][0]["state"] == "delivered"


async def test_every_notification_can_be_walked_back_to_the_request(
    writer: Writer, web: httpx.AsyncClient, log_client: Client
) -> None:
    await writer.write(*organisation())
    concluded = await writer.write(small_notice(1))

    async def both() -> Any:
        events = await inbox_events(log_client, ["dung"])
        return events if len(events) == 2 else None

    first, second = await until(both)
    assert isinstance(first.data, NotificationRequested)
    assert isinstance(second.data, NotificationDelivered)
    assert second.envelope.causationid == first.envelope.id
    assert first.envelope.causationid == concluded
    assert {first.envelope.correlationid, second.envelope.correlationid} == {"request-1"}
    assert [first.envelope.aggregateversion, second.envelope.aggregateversion] == [1, 2]


async def test_a_live_inbox_goes_on_behind_the_last_event_seen(writer: Writer, web: httpx.AsyncClient) -> None:
    await writer.write(*organisation(), small_notice(1), small_notice(2))
    await until(lambda: _has(web, "dung", 2))
    newest, oldest = await inbox(web, "dung")
    headers = {"Accept": "text/event-stream", "Last-Event-ID": str(oldest["sequence"])}
    async with web.stream("GET", "/v1/inbox", params={"person": "dung"}, headers=headers) as stream:
        lines = stream.aiter_lines()
        assert await _next_item(lines) == (newest["sequence"], "m-2")
        await writer.write(small_notice(3))
        async with asyncio.timeout(5):
            assert (await _next_item(lines))[1] == "m-3"


async def test_pages_of_an_inbox_link_to_the_next(writer: Writer, web: httpx.AsyncClient) -> None:
    await writer.write(*organisation(), *(small_notice(number) for number in range(1, 6)))
    await until(lambda: _has(web, "dung", 5))
    answer = await web.get("/v1/inbox", params={"person": "dung", "limit": 2})
    found = []
    while True:
        found += [item["meeting"]["id"] for item in answer.json()]
        if "next" not in answer.links:
            break
        answer = await web.get(answer.links["next"]["url"])
    assert found == ["m-5", "m-4", "m-3", "m-2", "m-1"]


async def test_killed_again_and_again_it_tells_everybody_once(
    writer: Writer, log_client: Client, notify: ServiceProcess, web: httpx.AsyncClient
) -> None:
    await writer.write(*organisation())
    for round_ in range(4):
        for number in range(10):
            await writer.write(small_notice(round_ * 10 + number))
        await asyncio.sleep(0.03 * round_)
        notify.kill()
        notify.start()
    for person_id in ("binh", "dung", "hoa"):
        await until(partial(_has, web, person_id, 40))
        told = requested(await inbox_events(log_client, [person_id]))
        assert len(told) == len({each.meeting_id for each in told}) == 40
        assert len(await inbox(web, person_id)) == 40


async def test_two_copies_of_the_service_tell_everybody_once(
    writer: Writer, log_client: Client, nats_url: str, notify_database_url: str, web: httpx.AsyncClient
) -> None:
    with notify_process(nats_url, notify_database_url):
        await writer.write(*organisation(), *(small_notice(number) for number in range(1, 31)))
        for person_id in ("binh", "dung", "hoa"):
            await until(partial(_has, web, person_id, 30))
        assert len(requested(await inbox_events(log_client, ["binh", "dung", "hoa"]))) == 90


async def test_a_notice_of_five_thousand_tasks_reaches_the_office_whole(writer: Writer, web: httpx.AsyncClient) -> None:
    await writer.write(*organisation())
    await writer.write(notice(*(directive(number, SCIENCE) for number in range(1, 5001))))
    (item,) = await until(lambda: inbox(web, "binh"))
    assert item["task_count"] == 5000
    assert len(item["tasks"]) == 100


async def _has(web: httpx.AsyncClient, person_id: str, count: int) -> bool:
    return len(await inbox(web, person_id)) == count


async def _next_item(lines: Any) -> tuple[int, str]:
    fields: dict[str, str] = {}
    async for line in lines:
        name, _, value = line.partition(": ")
        if line and name:
            fields[name] = value
        elif "data" in fields and "event" not in fields:
            return int(fields["id"]), json.loads(fields["data"])["meeting"]["id"]
        else:
            fields = {}
    raise AssertionError("the stream ended")
