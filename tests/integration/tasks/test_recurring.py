"""Recurring tasks: a task for each period, however many copies of the service open it."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from services.tasks.replay import replay
from shared.database import engine
from tests.integration.tasks.offices import Offices, ask, given_tasks, offices, said
from tests.servers import settings_of


@pytest.fixture
def two(nats_url: str, tasks_database_url: str) -> Iterator[Offices]:
    """Two copies of the service over one log and one database."""
    with offices(nats_url, tasks_database_url, copies=2) as running:
        yield running


async def turns(http: httpx.AsyncClient, series: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """The tasks of a series' periods, once there are so many."""
    for _ in range(60):
        found: list[dict[str, Any]] = (await http.get("/v1/tasks", params={"series": series["id"]})).json()
        if len(found) >= count:
            break
        await asyncio.sleep(0.25)
    return found


async def test_each_period_gets_one_task_also_those_that_were_missed(
    two: Offices, log_client: Client, tasks_database_url: str
) -> None:
    async with two.as_("lan") as lan, two.as_("chinh") as chinh:
        (series,) = await given_tasks(chinh, log_client, recurrence="FREQ=WEEKLY", deadline=None)
        assert series["is_series"]
        # The examples' notices are of 20 November 2026, and weeks begin on Monday.
        today = dt.datetime.now(dt.timezone(dt.timedelta(hours=7))).date()
        weeks = (today - dt.date(2026, 11, 16)).days // 7 + 1
        found = await turns(lan, series, weeks)
        await asyncio.sleep(3)
        assert len(await turns(lan, series, weeks)) == len(found) == min(weeks, 60)
        assert found[-1]["period"]["starts_on"] <= str(today) <= found[-1]["period"]["ends_on"]
        assert found[-1]["due"]["date"] == found[-1]["period"]["ends_on"]
        assert said(await ask(lan, series, "submit-completion", note="Xong.")) == (409, "on-each-turn")
        assert said(await ask(lan, found[-1], "submit-completion", note="Xong.")) == (200, "submitted")
        history = (await chinh.get(f"/v1/tasks/{found[-1]['id']}/history")).json()
        opened = next(entry for entry in history if entry["subject"] == f"task.{found[-1]['id']}")
        assert opened["actor"] == "service.tasks"
        directive = (await chinh.get(f"/v1/directives/{series['directive']['id']}")).json()
        assert (directive["status"], directive["task_count"]) == ("in_progress", 1 + len(found))
    pool = engine(tasks_database_url, "tests")
    assert (await replay(pool, settings_of(log_client), lambda done, of: None)).equal
    await pool.dispose()


async def test_periods_that_are_open_stay_open_when_their_series_is_cancelled(two: Offices, log_client: Client) -> None:
    async with two.as_("lan") as lan, two.as_("chinh") as chinh:
        (series,) = await given_tasks(chinh, log_client, recurrence="FREQ=MONTHLY", deadline=None)
        (first, *_) = await turns(lan, series, 1)
        assert said(await ask(chinh, series, "cancel", reason="Thôi.")) == (200, "cancelled")
        assert (await lan.get(f"/v1/tasks/{first['id']}")).json()["status"] == "not_started"
        assert said(await ask(lan, first, "submit-completion", note="Xong.")) == (200, "submitted")


async def test_a_directive_of_several_units_is_done_when_all_are(two: Offices, log_client: Client) -> None:
    async with two.as_("lan") as lan, two.as_("ha") as ha, two.as_("chinh") as chinh:
        both = await given_tasks(chinh, log_client, assignees=["Văn phòng Sở", "Phòng Kế hoạch - Tài chính"])
        address = f"/v1/directives/{both[0]['directive']['id']}"
        for person, task in zip((lan, ha), both, strict=True):
            before = (await chinh.get(address)).json()
            assert (before["status"] == "done", before["task_count"]) == (False, 2)
            own = (await person.get(address)).json()
            assert (own["status"], own["task_count"], len(own["tasks"])) == (before["status"], 2, 1)
            await ask(person, task, "submit-completion", note="Xong.")
            await ask(chinh, task, "accept-completion")
        assert (await chinh.get(address)).json()["status"] == "done"
        assert len((await lan.get(address)).json()["tasks"]) == 1
        meeting = (await chinh.get(f"/v1/meetings/{both[0]['meeting']['id']}")).json()
        assert [(each["status"], each["done"]) for each in meeting["directives"]] == [("done", 2)]
        own = (await lan.get(f"/v1/meetings/{both[0]['meeting']['id']}")).json()
        assert (own["directives"], len(own["tasks"])) == (meeting["directives"], 1)


async def test_a_directive_is_late_when_one_of_its_tasks_is(two: Offices, log_client: Client) -> None:
    async with two.as_("chinh") as chinh:
        both = await given_tasks(chinh, log_client, assignees=["Văn phòng Sở", "Phòng Kế hoạch - Tài chính"])
        address = f"/v1/directives/{both[0]['directive']['id']}"
        await ask(chinh, both[0], "set-deadline", due="2999-01-01", reason="Thử.")
        await ask(chinh, both[1], "set-deadline", due="2020-01-01", reason="Thử.")
        assert (await chinh.get(address)).json()["late"]
        await ask(chinh, both[1], "cancel", reason="Thôi.")
        rolled = (await chinh.get(address)).json()
        assert (rolled["late"], rolled["cancelled"], rolled["status"]) == (False, 1, "not_started")
