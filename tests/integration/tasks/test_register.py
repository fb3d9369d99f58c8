"""What the tasks service shows of the log, and what it does with events that it cannot read."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from nats.aio.client import Client
from sqlalchemy import text

from services.intake.conclude import Origin, conclude, published
from services.intake.conclusion import Conclusion
from services.intake.posted import posted_json
from services.tasks.timeliness import Day
from shared.database import engine
from shared.directory.directory import Directory
from shared.directory.resolution import Resolver
from shared.events.inbox import (
    InboxEvent,
    NotificationAcknowledged,
    NotificationAttempted,
    NotificationBounced,
    NotificationRead,
    NotificationRequested,
    NotificationResent,
    TaskMention,
)
from shared.events.person import PersonRegistered
from shared.log.append import Entry, append, entry
from tests.examples import FINANCE, OFFICE, conclusion, envelope, task_entry
from tests.identity import signed
from tests.processes import ServiceProcess, tasks

TODAY = dt.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
SOON = (Day(TODAY).due_soon_until - TODAY).days


@pytest.fixture
def service(nats_url: str, tasks_database_url: str) -> Iterator[ServiceProcess]:
    """A running tasks service over an empty log and an empty database."""
    with tasks(nats_url, tasks_database_url) as process:
        yield process


@pytest.fixture
async def http(service: ServiceProcess) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service."""
    async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed()) as client:
        yield client


def notice(body: dict[str, Any]) -> list[Entry]:
    """The entries that publish a conclusion, with the directory of two units."""
    directory = Directory()
    directory.apply(OFFICE)
    directory.apply(FINANCE)
    what = posted_json(Conclusion.model_validate_json(json.dumps(body)), b"", None)
    meeting, assigned = conclude(what, Resolver(directory))
    origin = Origin("tests", "request-1", dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC))
    return published(what, meeting, assigned, origin)


def due_in(days: int | None) -> dict[str, Any]:
    """A directive that is due so many days from today."""
    deadline = None if days is None else {"date": str(TODAY + dt.timedelta(days=days))}
    return {"text": f"Việc có hạn {days} ngày.", "assignees": ["Văn phòng Sở"], "deadline": deadline}


async def shown(http: httpx.AsyncClient, path: str, sequence: int, **parameters: Any) -> Any:
    """What the service answers once it holds the log up to a sequence; a busy machine may make it ask again."""
    for _ in range(5):
        answer = await http.get(path, params={"min_sequence": sequence, **parameters})
        if answer.status_code != 503:
            break
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_concluded_meeting_is_shown_with_its_tasks(http: httpx.AsyncClient, log_client: Client) -> None:
    last = await append(log_client, notice(conclusion(3)))
    (meeting,) = await shown(http, "/v1/meetings", last)
    assert (meeting["number"], meeting["directive_count"], meeting["task_count"]) == ("112/TB-SKHCN", 3, 3)
    whole = await shown(http, f"/v1/meetings/{meeting['id']}", last)
    assert [task["directive"]["ordinal"] for task in whole["tasks"]] == [1, 2, 3]
    (first, *_) = await shown(http, "/v1/tasks", last)
    assert first["unit"]["name"] == "Văn phòng Sở"
    assert first["status"] == "not_started"
    assert first["due"]["date"] == "2026-12-05"
    assert first["meeting"]["id"] == meeting["id"]


async def test_tasks_whose_meeting_is_not_concluded_are_not_in_force(
    http: httpx.AsyncClient, log_client: Client
) -> None:
    *assigned, meeting = notice(conclusion(3))
    last = await append(log_client, assigned)
    assert await shown(http, "/v1/tasks", last) == []
    task_id = assigned[0].subject.rpartition(".")[2]
    assert (await http.get(f"/v1/tasks/{task_id}")).status_code == 404
    last = await append(log_client, [meeting])
    assert len(await shown(http, "/v1/tasks", last)) == 3


async def test_a_task_that_no_notice_names_never_comes_into_force(http: httpx.AsyncClient, log_client: Client) -> None:
    last = await append(log_client, [task_entry("left behind"), *notice(conclusion(2))])
    assert len(await shown(http, "/v1/tasks", last)) == 2


@pytest.mark.parametrize(
    ("parameters", "days"),
    [
        ({"timeliness": "overdue"}, [-1]),
        ({"timeliness": "due_soon"}, [0, SOON]),
        ({"timeliness": "in_time"}, [SOON + 1]),
        ({"timeliness": ["overdue", "no_deadline"]}, [-1, None]),
        ({"timeliness": "no_deadline"}, [None]),
        ({"due_from": str(TODAY), "due_to": str(TODAY + dt.timedelta(days=SOON))}, [0, SOON]),
        ({"unit": "van-phong"}, [-1, 0, SOON, SOON + 1, None]),
        ({"unit": "ke-hoach-tai-chinh"}, []),
        ({"status": "done"}, []),
    ],
)
async def test_tasks_are_filtered(
    http: httpx.AsyncClient, log_client: Client, parameters: dict[str, Any], days: Sequence[int | None]
) -> None:
    body = conclusion(1) | {"directives": [due_in(number) for number in (-1, 0, SOON, SOON + 1, None)]}
    last = await append(log_client, notice(body))
    found = await shown(http, "/v1/tasks", last, **parameters)
    assert [task["directive"]["text"] for task in found] == [f"Việc có hạn {number} ngày." for number in days]


async def test_the_pages_of_a_list_hold_every_task_once(http: httpx.AsyncClient, log_client: Client) -> None:
    last = await append(log_client, notice(conclusion(7)))
    await shown(http, "/v1/tasks", last)
    address: str | None = "/v1/tasks?limit=3"
    pages = []
    while address:
        answer = await http.get(address)
        pages.append([task["directive"]["ordinal"] for task in answer.json()])
        address = answer.links.get("next", {}).get("url")
    assert pages == [[1, 2, 3], [4, 5, 6], [7]]


async def test_a_history_tells_what_happened_and_who_was_told(http: httpx.AsyncClient, log_client: Client) -> None:
    entries = notice(conclusion(2))
    last = await append(log_client, entries)
    task_id = entries[0].subject.rpartition(".")[2]
    requested = NotificationRequested(
        notification_id="n1",
        person_id="lan",
        rule="responsible",
        reasons=("responsible",),
        meeting_id="any",
        tasks=(TaskMention(task_id=task_id, reason="responsible"),),
        channels=("inbox",),
    )
    person = PersonRegistered(person_id="lan", name="Trần Thị Lan")
    last = await append(log_client, [entry(envelope("person.lan", person), 0)])
    last = await append(log_client, [entry(envelope("inbox.lan", requested), 0)])
    history = await shown(http, f"/v1/tasks/{task_id}/history", last)
    assert [event["type"].split(".")[1] for event in history] == [
        "TaskAssigned",
        "MeetingConcluded",
        "NotificationRequested",
    ]
    assert [event["person"] for event in history] == [None, None, "Trần Thị Lan"]
    other = entries[1].subject.rpartition(".")[2]
    assert len(await shown(http, f"/v1/tasks/{other}/history", last)) == 2


async def test_a_history_tells_what_became_of_telling_somebody(http: httpx.AsyncClient, log_client: Client) -> None:
    entries = notice(conclusion(1))
    await append(log_client, entries)
    task_id = entries[0].subject.rpartition(".")[2]
    requested = NotificationRequested(
        notification_id="n1",
        person_id="lan",
        rule="responsible",
        reasons=("responsible",),
        tasks=(TaskMention(task_id=task_id, reason="responsible"),),
        channels=("inbox", "mail"),
    )
    outcomes: list[InboxEvent] = [
        NotificationAttempted(notification_id="n1", person_id="lan", channel="mail", attempt=1, error="451"),
        NotificationBounced(notification_id="n1", person_id="lan", channel="mail", error="5.1.1"),
        NotificationResent(notification_id="n1", person_id="lan", channel="mail"),
        NotificationRead(notification_id="n1", person_id="lan"),
        NotificationAcknowledged(notification_id="n1", person_id="lan"),
    ]
    elsewhere = NotificationRead(notification_id="n2", person_id="lan")
    last = 0
    for version, each in enumerate((requested, *outcomes, elsewhere), start=1):
        last = await append(log_client, [entry(envelope("inbox.lan", each, version=version), last)])
    history = await shown(http, f"/v1/tasks/{task_id}/history", last)
    assert [event["type"] for event in history[2:]] == [each.type for each in (requested, *outcomes)]


async def test_unknown_and_broken_events_are_kept_and_shown_and_stop_nobody(
    http: httpx.AsyncClient, log_client: Client
) -> None:
    told = {"type": "ketluan.TaskDreamtOf.v7", "subject": "task.unknown"}
    unknown = json.loads(task_entry("unknown").content) | told
    strange = [
        Entry("unknown", "log.task.unknown", json.dumps(unknown).encode(), 0),
        Entry("broken", "log.task.broken", b"\xff not an event", 0),
        Entry("deep", "log.task.deep", b"[" * 5000, 0),
    ]
    await append(log_client, strange)
    last = await append(log_client, notice(conclusion(2)))
    assert len(await shown(http, "/v1/tasks", last)) == 2
    events = await shown(http, "/v1/events", last)
    assert len(events) == last
    assert events[0]["event"]["type"] == "ketluan.TaskDreamtOf.v7"
    assert (events[1]["event"], events[1]["content_base64"]) == (None, "/yBub3QgYW4gZXZlbnQ=")
    parked = await shown(http, "/v1/parked", last)
    assert [event["sequence"] for event in parked] == [1, 2, 3]
    assert "TaskDreamtOf.v7, which a newer one wrote" in parked[0]["reason"]
    health = await http.get("/readyz")
    assert health.status_code == 200
    assert health.json()["notes"] == {"parked": "3 not applied, see /v1/parked"}


async def test_what_follows_a_parked_event_of_the_same_task_is_parked_too(
    http: httpx.AsyncClient, log_client: Client
) -> None:
    *assigned, meeting = notice(conclusion(2))
    broken = Entry("broken", assigned[0].subject, b"{}", 0)
    await append(log_client, [broken])
    await append(log_client, [Entry("late", assigned[0].subject, assigned[0].content, 1)])
    last = await append(log_client, [assigned[1], meeting])
    assert [event["sequence"] for event in await shown(http, "/v1/parked", last)] == [1, 2]
    assert [task["directive"]["ordinal"] for task in await shown(http, "/v1/tasks", last)] == [2]


async def test_a_number_that_no_column_holds_is_parked_and_stops_nobody(
    http: httpx.AsyncClient, log_client: Client
) -> None:
    large = json.loads(task_entry("large").content)
    large["data"] |= {"span": [0, 3_000_000_000]}
    await append(log_client, [Entry("large", task_entry("large").subject, json.dumps(large).encode(), 0)])
    last = await append(log_client, notice(conclusion(2)))
    assert [event["sequence"] for event in await shown(http, "/v1/parked", last)] == [1]
    assert len(await shown(http, "/v1/tasks", last)) == 2


async def test_a_page_of_large_events_is_cut_by_bytes_and_goes_on(http: httpx.AsyncClient, log_client: Client) -> None:
    for number in range(4):
        last = await append(log_client, [Entry(str(number), f"log.task.large{number}", b"x" * 3_000_000, 0)])
    await shown(http, "/v1/tasks", last)
    address: str | None = "/v1/events"
    pages = []
    while address:
        answer = await http.get(address)
        pages.append([event["sequence"] for event in answer.json()])
        address = answer.links.get("next", {}).get("url")
    assert pages == [[1, 2], [3, 4], []]


async def test_what_the_database_refuses_is_parked_alone(http: httpx.AsyncClient, log_client: Client) -> None:
    entries = notice(conclusion(2))
    *_, meeting = entries
    await append(log_client, entries)
    twice = Entry("twice", "log.meeting.twice", meeting.content, 0)
    last = await append(log_client, [twice, *notice(conclusion(1, number="113/TB-SKHCN"))])
    (parked,) = await shown(http, "/v1/parked", last)
    assert parked["subject"] == "log.meeting.twice"
    assert len(await shown(http, "/v1/meetings", last)) == 2


async def test_the_log_is_a_stream_that_goes_on_behind_the_last_event_seen(
    http: httpx.AsyncClient, log_client: Client
) -> None:
    await append(log_client, [task_entry(str(number)) for number in range(3)])
    async with asyncio.timeout(20):
        assert await streamed(http, 3, {}) == [1, 2, 3]
        reading = asyncio.create_task(streamed(http, 2, {"Last-Event-ID": "2"}))
        await asyncio.sleep(0.5)
        await append(log_client, [task_entry("later")])
        assert await reading == [3, 4]


async def streamed(http: httpx.AsyncClient, count: int, headers: dict[str, str]) -> list[int]:
    """Sequences of the first events of the stream."""
    sequences: list[int] = []
    async with http.stream("GET", "/v1/events", headers={"Accept": "text/event-stream", **headers}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            if line.startswith("id: "):
                sequences.append(int(line.removeprefix("id: ")))
            if len(sequences) == count:
                break
    return sequences


async def test_the_ledger_refuses_to_change_even_for_its_owner(
    http: httpx.AsyncClient, log_client: Client, database_url: str
) -> None:
    last = await append(log_client, notice(conclusion(1)))
    await shown(http, "/v1/tasks", last)
    pool = engine(database_url, "tests")
    for statement in ("UPDATE ledger.event SET subject = 'x'", "DELETE FROM ledger.event", "TRUNCATE ledger.event"):
        with pytest.raises(Exception, match="the ledger only grows"):
            async with pool.begin() as connection:
                await connection.execute(text(statement))
    await pool.dispose()


@pytest.mark.parametrize(
    "path",
    [
        "/v1/tasks?limit=0",
        "/v1/tasks?limit=1001",
        "/v1/tasks?cursor=zzz",
        "/v1/tasks?unit=%00",
        "/v1/tasks?due_from=2026-02-30",
        "/v1/tasks?timeliness=soon",
        "/v1/tasks?from=0001-01-01",
        "/v1/summary?to=9999-12-31",
        "/v1/summary?on=9999-12-31",
        "/v1/events?after=-1",
        "/v1/events?after=99999999999999999999",
        "/v1/tasks/%00",
    ],
)
async def test_parameters_that_cannot_be_used_are_named(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 1


@pytest.mark.parametrize("day", ["1900-01-01", "9000-12-31"])
async def test_the_first_and_the_last_day_that_can_be_asked_about_are_answered(
    http: httpx.AsyncClient, day: str
) -> None:
    for path in ("/v1/tasks", "/v1/summary"):
        answer = await http.get(path, params={"on": day, "from": day, "to": day})
        assert answer.status_code == 200, answer.text


async def test_what_does_not_exist_is_not_found(http: httpx.AsyncClient) -> None:
    for path in ("/v1/tasks/none", "/v1/tasks/none/history", "/v1/meetings/none", "/v1/nothing"):
        answer = await http.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
