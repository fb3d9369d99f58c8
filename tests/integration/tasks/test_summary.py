"""How tasks stand to their deadlines, today and on past days, and whether each figure can be traced."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from services.tasks.timeliness import Day
from shared.events.fields import UnitRef
from shared.events.task import (
    CompletionAccepted,
    CompletionReturned,
    CompletionSubmitted,
    TaskCancelled,
    TaskReassigned,
    TaskReopened,
)
from tests.examples import FINANCE, OFFICE
from tests.identity import as_person, signed
from tests.integration.tasks.offices import Offices, offices
from tests.integration.tasks.past import Past, directive
from tests.integration.tasks.test_register import TODAY, shown

SOON = (Day(TODAY).due_soon_until - TODAY).days


def ago(days: int) -> dt.date:
    """The local day so many days before today."""
    return TODAY - dt.timedelta(days=days)


async def lived(log: Client) -> Past:
    """Ten tasks of two notices, forty and twenty days old, each with a life of its own."""
    past = Past(log)
    on_time, late, returned, overdue = await past.notice(
        ago(40),
        directive("Xong đúng hạn.", ago(20)),
        directive("Xong quá hạn.", ago(30)),
        directive("Bị trả lại.", ago(25)),
        directive("Chưa làm.", ago(10), FINANCE.name),
    )
    soon, later, undated, undated_done, cancelled, moved = await past.notice(
        ago(20),
        directive("Sắp đến hạn.", ago(-SOON)),
        directive("Còn lâu.", ago(-SOON - 1)),
        directive("Không có hạn."),
        directive("Không có hạn, đã xong."),
        directive("Thôi không làm.", ago(3)),
        directive("Chuyển đơn vị khác.", ago(5)),
    )
    for task, handed_in, accepted in ((on_time, 20, 18), (late, 29, 18), (undated_done, 15, 14)):
        await past.happens(ago(handed_in), CompletionSubmitted(task_id=task, note="Đã làm."))
        await past.happens(ago(accepted), CompletionAccepted(task_id=task))
    await past.happens(ago(26), CompletionSubmitted(task_id=returned, note="Đã làm."))
    await past.happens(ago(12), CompletionReturned(task_id=returned, reason="Chưa đủ."))
    await past.happens(ago(8), TaskCancelled(task_id=cancelled, reason="Không cần nữa."))
    finance = UnitRef(id=FINANCE.unit_id, name=FINANCE.name)
    await past.happens(ago(8), TaskReassigned(task_id=moved, unit=finance, reason="Đúng việc."))
    assert overdue
    assert soon
    assert later
    assert undated
    return past


@pytest.fixture
def office(nats_url: str, tasks_database_url: str) -> Iterator[Offices]:
    """A running service over what the two offices lived through."""
    with offices(nats_url, tasks_database_url) as running:
        yield running


def counts(cells: dict[str, Any]) -> dict[str, int]:
    """The figures that are not zero."""
    return {name: each["count"] for name, each in cells.items() if isinstance(each, dict) and each["count"]}


async def traced(http: httpx.AsyncClient, summary: dict[str, Any]) -> None:
    """Confirms that behind each figure stands a list of exactly so many tasks, which look as the figure says."""
    for cells in (summary["total"], *summary["rows"]):
        for name, figure in cells.items():
            if isinstance(figure, dict):
                tasks = (await http.get(figure["tasks"])).json()
                assert len(tasks) == figure["count"], (name, figure, [task["directive"]["text"] for task in tasks])


async def test_each_task_stands_in_one_cell_and_each_figure_leads_to_its_tasks(
    office: Offices, log_client: Client
) -> None:
    past = await lived(log_client)
    async with httpx.AsyncClient(base_url=office.services[0].url, timeout=30, headers=signed()) as http:
        summary = await shown(http, "/v1/summary", past.last, by="unit")
        assert counts(summary["total"]) == {
            "done_on_time": 1,
            "done_late": 1,
            "open_in_time": 2,
            "open_overdue": 3,
            "no_deadline": 2,
            "due_soon": 1,
            "done_without_deadline": 1,
            "cancelled": 1,
        }
        assert [(row["name"], row["open_overdue"]["count"]) for row in summary["rows"]] == [
            (FINANCE.name, 2),
            (OFFICE.name, 1),
        ]
        await traced(http, summary)


async def test_what_ended_and_was_taken_up_again_is_counted_as_if_one_by_one(
    office: Offices, log_client: Client
) -> None:
    past = await lived(log_client)
    again, moved, kept = await past.notice(
        ago(9), directive("Làm lại.", ago(5)), directive("Xong rồi chuyển.", ago(4)), directive("Xong.")
    )
    for task in (again, moved, kept):
        await past.happens(ago(4), CompletionSubmitted(task_id=task, note="Đã làm."))
        await past.happens(ago(3), CompletionAccepted(task_id=task))
    await past.happens(ago(2), TaskReopened(task_id=again, reason="Còn thiếu."))
    finance = UnitRef(id=FINANCE.unit_id, name=FINANCE.name)
    await past.happens(ago(2), TaskReassigned(task_id=moved, unit=finance, reason="Đúng việc."))
    async with httpx.AsyncClient(base_url=office.services[0].url, timeout=30, headers=signed()) as http:
        for by in ("unit", "meeting", "month"):
            kept_counts = await shown(http, "/v1/summary", past.last, by=by)
            one_by_one = await shown(http, "/v1/summary", past.last, by=by, **{"from": "2000-01-01"})
            assert counts(kept_counts["total"]) == counts(one_by_one["total"])
            assert [counts(row) for row in kept_counts["rows"]] == [counts(row) for row in one_by_one["rows"]]
        of_unit = await shown(http, "/v1/summary", past.last, unit=FINANCE.unit_id)
        assert counts(of_unit["total"])["done_on_time"] == 1


async def test_a_past_day_is_answered_as_it_stood_when_it_ended(office: Offices, log_client: Client) -> None:
    past = await lived(log_client)
    async with httpx.AsyncClient(base_url=office.services[0].url, timeout=30, headers=signed()) as http:
        summary = await shown(http, "/v1/summary", past.last, on=str(ago(19)), by="unit")
        assert counts(summary["total"]) == {"open_in_time": 7, "open_overdue": 1, "no_deadline": 2}
        await traced(http, summary)
        (late,) = (await http.get(summary["total"]["open_overdue"]["tasks"])).json()
        assert (late["directive"]["text"], late["status"], late["timeliness"]) == (
            "Xong quá hạn.",
            "submitted",
            "overdue",
        )
        moved = [task["unit"]["id"] for task in await shown(http, "/v1/tasks", past.last, on=str(ago(9)))]
        assert moved.count(FINANCE.unit_id) == 1
        assert (await shown(http, "/v1/summary", past.last, on=str(ago(41))))["total"]["open_in_time"]["count"] == 0
        for days in (40, 25, 18, 12, 8, 1, -30):
            await traced(http, await shown(http, "/v1/summary", past.last, on=str(ago(days)), by="meeting"))


async def test_a_period_and_months_count_what_was_assigned_in_them(office: Offices, log_client: Client) -> None:
    past = await lived(log_client)
    async with httpx.AsyncClient(base_url=office.services[0].url, timeout=30, headers=signed()) as http:
        period = {"from": str(ago(20)), "to": str(ago(20))}
        summary = await shown(http, "/v1/summary", past.last, by="month", **period)
        assert sum(summary["total"][name]["count"] for name in ("open_in_time", "open_overdue", "no_deadline")) == 5
        assert [row["key"] for row in summary["rows"]] == [f"{ago(20):%Y-%m}"]
        await traced(http, summary)
        await traced(http, await shown(http, "/v1/summary", past.last, by="month"))


async def test_a_units_people_count_what_their_unit_has_to_do(office: Offices, log_client: Client) -> None:
    past = await lived(log_client)
    async with httpx.AsyncClient(base_url=office.services[0].url, timeout=30, headers=as_person("ha")) as http:
        summary = await shown(http, "/v1/summary", past.last, by="unit")
        assert [row["key"] for row in summary["rows"]] == [FINANCE.unit_id]
        assert counts(summary["total"]) == {"open_overdue": 2}
        before = await shown(http, "/v1/summary", past.last, on=str(ago(9)))
        assert counts(before["total"]) == {"open_overdue": 1}
        await traced(http, summary)


def test_days_off_that_the_government_decides_move_what_is_due_soon(nats_url: str, tasks_database_url: str) -> None:
    day = Day(TODAY)
    off = json.dumps([str(day.due_soon_until)])
    with offices(nats_url, tasks_database_url, EXTRA_HOLIDAYS=off) as running:
        address = f"{running.services[0].url}/v1/summary"
        summary = httpx.get(address, headers=as_person("chinh"), timeout=30).json()
    assert summary["due_soon_until"] == str(day.calendar.after(day.due_soon_until, 1))


async def test_rows_beyond_the_limit_are_counted_in_the_total(office: Offices, log_client: Client) -> None:
    past = await lived(log_client)
    async with httpx.AsyncClient(base_url=office.services[0].url, timeout=30, headers=signed()) as http:
        summary = await shown(http, "/v1/summary", past.last, by="meeting", limit=1)
        assert (len(summary["rows"]), summary["rows_left_out"]) == (1, 1)
        assert summary["total"]["open_overdue"]["count"] == 3
