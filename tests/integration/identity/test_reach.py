"""What people of each role see of a notice for two units: a unit its own, an auditor everything, nobody too much."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.examples import FINANCE, OFFICE, conclusion
from tests.identity import as_person, signed
from tests.integration.identity.conftest import Town


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice with one task for each of two units."""

    meeting_id: str
    office_task: str
    finance_task: str


@pytest.fixture
async def http(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """HTTP before tasks, of nobody in particular."""
    async with httpx.AsyncClient(base_url=town.urls["tasks"], timeout=20) as client:
        yield client


@pytest.fixture
async def notice(town: Town, http: httpx.AsyncClient) -> Notice:
    """The notice, shown by the register."""
    body: dict[str, Any] = conclusion(2, number="7/TB-REACH")
    body["directives"][1]["assignees"] = [FINANCE.name]
    posted = (await http.post(f"{town.urls['intake']}/v1/conclusions", json=body, headers=signed())).json()
    meeting_id = posted["meeting"]["meeting_id"]
    asked = {"meeting": meeting_id, "min_sequence": posted["sequence"] or 0}
    tasks = (await http.get("/v1/tasks", params=asked, headers=signed())).json()
    by_unit = {task["unit"]["id"]: task["id"] for task in tasks}
    return Notice(meeting_id, by_unit[OFFICE.unit_id], by_unit[FINANCE.unit_id])


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        ("nhan-vien", {"office"}),
        ("truong-phong", {"finance"}),
        ("ke-toan", set()),
        ("chanh-van-phong", {"office", "finance"}),
        ("giam-doc", {"office", "finance"}),
        ("kiem-tra", {"office", "finance"}),
        ("quan-tri", {"office", "finance"}),
    ],
)
async def test_everybody_sees_what_is_theirs(
    http: httpx.AsyncClient, notice: Notice, person: str, sees: set[str]
) -> None:
    own = as_person(person)
    tasks = {"office": notice.office_task, "finance": notice.finance_task}

    listed = (await http.get("/v1/tasks", params={"meeting": notice.meeting_id}, headers=own)).json()

    assert {task["id"] for task in listed} == {tasks[name] for name in sees}
    for name, task_id in tasks.items():
        expected = 200 if name in sees else 404
        for path in (f"/v1/tasks/{task_id}", f"/v1/tasks/{task_id}/history"):
            assert (await http.get(path, headers=own)).status_code == expected, (person, path)
        page = await http.get(f"/tasks/{task_id}", headers=own | {"Accept": "text/html"})
        assert page.status_code == expected, (person, name)


async def test_whoever_may_not_see_a_task_is_told_no_more_than_that_there_is_none(
    http: httpx.AsyncClient, notice: Notice
) -> None:
    own = as_person("nhan-vien")

    hidden = (await http.get(f"/v1/tasks/{notice.finance_task}", headers=own)).json()
    missing = (await http.get("/v1/tasks/no-such-task", headers=own)).json()

    assert hidden == missing | {"detail": missing["detail"].replace("no-such-task", notice.finance_task)}


async def test_staff_read_neither_the_whole_log_nor_somebody_elses_inbox(town: Town, http: httpx.AsyncClient) -> None:
    own = as_person("nhan-vien")

    assert (await http.get("/v1/events", headers=own)).status_code == 403
    for person, status in (("nhan-vien", 200), ("truong-phong", 403)):
        inbox = await http.get(f"{town.urls['notify']}/v1/inbox", params={"person": person}, headers=own)
        assert inbox.status_code == status
    assert (await http.get(f"{town.urls['notify']}/v1/inbox", headers=own)).status_code == 200


async def test_an_auditor_reads_every_inbox_and_changes_nothing(
    town: Town, http: httpx.AsyncClient, notice: Notice
) -> None:
    own = as_person("kiem-tra")

    inbox = await http.get(f"{town.urls['notify']}/v1/inbox", params={"person": "truong-phong"}, headers=own)
    assert inbox.status_code == 200
    changes = [
        ("POST", f"{town.urls['intake']}/v1/conclusions", conclusion(1, number="8/TB-REACH")),
        ("POST", f"{town.urls['tasks']}/v1/tasks/{notice.office_task}/acknowledge", {}),
        ("POST", f"{town.urls['tasks']}/v1/tasks/{notice.office_task}/comment", {"text": "x"}),
        ("PUT", f"{town.urls['notify']}/v1/contacts/kiem-tra", {"mail": "an@so.example"}),
        ("DELETE", f"{town.urls['notify']}/v1/contacts/kiem-tra", None),
    ]
    for method, address, body in changes:
        refused = await http.request(method, address, json=body, headers=own | {"If-Match": '"1"'})
        assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed"), address


async def test_people_change_their_own_address_and_an_administrator_everybodys(town: Town) -> None:
    async with httpx.AsyncClient(base_url=town.urls["notify"], timeout=20) as http:
        for who, whose, status in (
            ("nhan-vien", "nhan-vien", 204),
            ("nhan-vien", "truong-phong", 403),
            ("quan-tri", "truong-phong", 204),
        ):
            body = {"mail": f"{whose}@so.example"}
            put = await http.put(f"/v1/contacts/{whose}", json=body, headers=as_person(who))
            assert put.status_code == status
