"""From deadlines to the people who are reminded of them, with a real server that keeps the time."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from services.notify.reminders.settled import settle, settled
from shared.events.fields import Deadline
from shared.events.inbox import NotificationRequested
from shared.events.task import CompletionSubmitted, DueDateSet, ExtensionGranted, TaskCancelled, TaskReopened
from shared.log import schedules
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from shared.working_days import WorkingDays
from tests.conftest import empty_log
from tests.identity import as_person, signed
from tests.integration.notify.conftest import until
from tests.integration.notify.test_notifications import inbox
from tests.integration.notify.writing import Writer, inbox_events, requested
from tests.processes import ServiceProcess
from tests.processes import notify as notify_process
from tests.servers import NatsServer, run_sql
from tests.unit.notify.examples import FINANCE, SCIENCE, directive, notice, organisation

_TABLES = (
    "adoption, cause, checkpoint, delivery, floor, inbox_tail, meeting, notification, outbox, parked, preference, "
    "reminding, task, watch"
)


class SoonAt:
    """A moment some seconds from now at which people are reminded of what is due today, and the settings for that.

    It is about noon there and then, and every day is worked, so that no test meets a midnight or a holiday.
    """

    def __init__(self, seconds: float) -> None:
        now = dt.datetime.now(dt.UTC)
        east = 12 - now.hour
        local = dt.timezone(dt.timedelta(hours=east))
        self.moment = now.replace(microsecond=0) + dt.timedelta(seconds=seconds)
        self.today = self.moment.astimezone(local).date()
        days = [self.today + dt.timedelta(days=each) for each in range(-20, 40)]
        self.settings: Mapping[str, str] = {
            "ZONE": f"Etc/GMT{-east:+d}" if east else "Etc/GMT",
            "REMINDER_HOUR": f"{self.moment.astimezone(local):%H:%M:%S}",
            "EXTRA_WORKDAYS": json.dumps([day.isoformat() for day in days]),
        }

    async def passed(self, seconds: float = 0) -> None:
        """Returns when it has come, and so many seconds more."""
        left = self.moment - dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
        await asyncio.sleep(max(0.0, left.total_seconds()))


async def reminders(client: Client, *people: str) -> list[NotificationRequested]:
    """What the log says that these people were reminded of."""
    return [each for each in requested(await inbox_events(client, people)) if each.offset is not None]


async def scheduled(client: Client) -> Mapping[str, dt.datetime]:
    """The moments that are set, by their names."""
    return {name: each.moment for name, each in (await schedules.standing(client)).items()}


@asynccontextmanager
async def connection(url: str) -> AsyncIterator[Client]:
    """A connection to the log."""
    nats_broker = broker(NatsSettings(nats_url=url), "tests")
    try:
        yield await connected(nats_broker)
    finally:
        await nats_broker.stop()


@asynccontextmanager
async def running(
    nats_url: str, database_url: str, soon: SoonAt
) -> AsyncIterator[tuple[ServiceProcess, httpx.AsyncClient]]:
    """A notify that keeps this hour, and a client of it."""
    with notify_process(nats_url, database_url, **soon.settings) as process:
        async with httpx.AsyncClient(base_url=process.url, timeout=10, headers=signed()) as client:
            yield process, client


@pytest.fixture
async def due_far_off(writer: Writer, web: httpx.AsyncClient) -> dt.date:
    """The deadline of a notice of two tasks: a working day, months from now."""
    day = WorkingDays().on_or_after(dt.datetime.now(dt.UTC).date() + dt.timedelta(days=120))
    await writer.write(*organisation(), notice(directive(1, SCIENCE, due=day), directive(2, FINANCE, due=day)))
    return day


async def test_a_schedule_follows_its_task_until_nobody_is_to_be_reminded(
    writer: Writer, log_client: Client, web: httpx.AsyncClient, due_far_off: dt.date
) -> None:
    first, second = "m-1-1-khoa-hoc.due-in-3", "m-1-2-tai-chinh.due-in-3"

    async def both() -> Any:
        found = await scheduled(log_client)
        return found if set(found) == {first, second} else None

    before = await until(both)
    task = "m-1-1-khoa-hoc"
    await writer.write(ExtensionGranted(task_id=task, until=due_far_off + dt.timedelta(days=7)), actor="person.binh")

    async def moved() -> Any:
        found = await both()
        return found if found and found[first] > before[first] else None

    assert (await until(moved))[second] == before[second]
    await writer.write(CompletionSubmitted(task_id=task, note="Xong."), actor="person.dung")
    await writer.write(TaskCancelled(task_id="m-1-2-tai-chinh", reason="Thôi."), actor="person.binh")
    assert await until(lambda: _are(log_client, set()))

    # A stream that is lost, and made anew, is filled again from what the tables say.
    await writer.write(TaskReopened(task_id="m-1-2-tai-chinh", reason="Làm tiếp."), actor="person.binh")
    assert await until(lambda: _are(log_client, {second}))
    await log_client.jsm().delete_stream(schedules.STREAM)
    await schedules.migrate_schedules(log_client, 1)
    assert await until(lambda: _are(log_client, {second}))


async def test_who_will_be_reminded_is_known_before_and_only_to_those_who_see_the_task(
    writer: Writer, web: httpx.AsyncClient, due_far_off: dt.date
) -> None:
    span = {"from": (due_far_off - dt.timedelta(days=20)).isoformat(), "to": due_far_off.isoformat()}

    async def preview(person_id: str | None = None, **named: str) -> httpx.Response:
        headers = as_person(person_id) if person_id else None
        return await web.get("/v1/reminders/preview", params=span | named, headers=headers)

    async def two() -> Any:
        return [each for each in (await preview(meeting="m-1")).json()["reminders"] if each["rule"] == "due-in-3"]

    assert [each["person"]["id"] for each in await until(two)] == ["dung", "hoa"]
    found = (await preview("dung", meeting="m-1")).json()
    assert found["complete"] is True
    assert {each["person"]["name"] for each in found["reminders"]} == {"Phạm Anh Dũng"}
    assert [each["offset"] for each in found["reminders"]] == [-3, -1, 0]
    assert {each["task_ids"][0] for each in found["reminders"]} == {"m-1-1-khoa-hoc"}
    assert found["reminders"][0]["channels"][0]["channel"] == "inbox"
    assert (await preview("dung", task="m-1-2-tai-chinh")).json()["reminders"] == []
    assert (await preview()).status_code == 422
    assert (await preview(meeting="m-1", to="2020-01-01")).status_code == 422

    async def explained(task: str, person_id: str, headers: dict[str, str]) -> httpx.Response:
        asking = {"task": task, "person": person_id}
        return await web.get("/v1/reminders/explain", params=asking, headers=headers)

    steps = (await explained("m-1-1-khoa-hoc", "dung", as_person("dung"))).json()["steps"]
    assert {each["rule"]: each["ground"]["code"] for each in steps} == {
        "due-in-3": "ahead",
        "due-in-1": "ahead",
        "due-today": "ahead",
        "overdue-1": "ahead",
        "escalated-unit": "ahead",
        "escalated-office": "not-concerned",
        "escalated-leader": "not-concerned",
    }
    assert (await explained("m-1-2-tai-chinh", "dung", as_person("dung"))).status_code == 404
    assert (await explained("m-1-1-khoa-hoc", "hoa", as_person("dung"))).status_code == 403
    assert (await explained("m-1-1-khoa-hoc", "hoa", signed())).json()["steps"][0]["ground"]["code"] == "not-concerned"


async def test_what_is_due_today_is_one_message_that_no_rebuild_repeats(
    writer: Writer, log_client: Client, nats_url: str, notify_database_url: str, database_url: str
) -> None:
    soon = SoonAt(6)
    await settle(log_client, dt.datetime.now(dt.UTC))
    sixes = [directive(number, SCIENCE, due=soon.today) for number in range(1, 8)]
    await writer.write(*organisation(), notice(*sixes, directive(8, FINANCE)))
    later = Deadline(date=soon.today + dt.timedelta(days=1))
    await writer.write(
        DueDateSet(task_id="m-1-7-khoa-hoc", deadline=later, reason="Giãn."), actor="person.binh", source="/tests"
    )
    expected = [f"m-1-{number}-khoa-hoc" for number in range(1, 7)]
    tomorrow = {f"m-1-{number}-khoa-hoc.overdue-1" for number in range(1, 7)}

    async def told() -> Any:
        return [each for each in await reminders(log_client, "dung") if each.offset == 0]

    async with running(nats_url, notify_database_url, soon) as (process, web):
        await soon.passed()
        (message,) = await until(told)
        # The task that was put off is due tomorrow, of which today is the day before.
        assert [each.task_id for each in message.tasks] == expected
        assert (message.rule, message.category, message.urgency) == ("due-today", "reminder", "urgent")
        assert (dt.datetime.now(dt.UTC) - soon.moment).total_seconds() < 20
        assert await until(lambda: _include(log_client, tomorrow))
        assert await until(lambda: _settled_since(log_client, soon.moment))

        async def shown() -> Any:
            return [each for each in await inbox(web, "dung") if each["offset"] == 0]

        (item,) = await until(shown)
        assert (item["due"], item["meeting"]["id"], item["cause"]["event"]) == (
            soon.today.isoformat(),
            "m-1",
            "MeetingConcluded",
        )
        asking = {"task": expected[0], "person": "dung"}
        steps = (await web.get("/v1/reminders/explain", params=asking)).json()["steps"]
        assert {each["rule"]: each["ground"]["code"] for each in steps}["due-in-1"] == "came-later"
        assert [each["notification_id"] for each in steps if each["ground"]["code"] == "told"] == [
            message.notification_id
        ]
        process.kill()
        everybody = ("binh", "chau", "dung", "giang", "hoa")
        before = await reminders(log_client, *everybody)
        await run_sql(database_url.replace("+asyncpg", ""), "SET search_path TO notify", f"TRUNCATE {_TABLES}")
        await log_client.jsm().delete_stream(schedules.STREAM)
        await schedules.migrate_schedules(log_client, 1)
        process.start()
        assert await until(lambda: _include(log_client, tomorrow))
        await asyncio.sleep(0.5)
        assert await reminders(log_client, *everybody) == before


async def test_what_fell_due_while_all_was_dead_is_told_once_by_whichever_copy_comes_back(
    notify_database_url: str,
) -> None:
    soon = SoonAt(5)
    with NatsServer() as server:
        await empty_log(server.url)
        async with connection(server.url) as client:
            await settle(client, dt.datetime.now(dt.UTC))
            await Writer(client).write(*organisation(), notice(directive(1, SCIENCE, due=soon.today)))
        async with running(server.url, notify_database_url, soon) as (process, _):
            process.kill()
            await soon.passed(0.5)
            server.kill()
            server.start()
            process.start()
            with notify_process(server.url, notify_database_url, **soon.settings):
                async with connection(server.url) as client:
                    assert [each.offset for each in await until(lambda: reminders(client, "dung"))] == [0]
                    await until(lambda: _settled_since(client, soon.moment))
                    assert process.ready()
                    assert len(await reminders(client, "dung")) == 1


async def _are(client: Client, names: set[str]) -> bool:
    return set(await scheduled(client)) == names


async def _include(client: Client, names: set[str]) -> bool:
    return names <= set(await scheduled(client))


async def _settled_since(client: Client, moment: dt.datetime) -> bool:
    found = await settled(client)
    return found is not None and found >= moment
