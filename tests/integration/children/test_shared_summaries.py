"""What organisations let their parent body see, and that it is this and nothing else."""

import asyncio
import datetime as dt
import json
import time
from typing import Any

import httpx
import nats.errors
import pytest

from shared.identity.caller import CallerRole
from shared.log.children import SHARED, STREAM, child_subject
from shared.log.read import last_on
from tests.identity import signed
from tests.integration.children.conftest import CHILDREN, HEALTH, NAMES, PARENT, SCIENCE, Province
from tests.integration.tasks.past import Past, directive
from tests.processes import ServiceProcess

_PATIENCE_SECONDS = 15.0
_TODAY = dt.datetime.now(dt.UTC).date()


def get(service: ServiceProcess, path: str, *roles: CallerRole, page: bool = False) -> httpx.Response:
    """What a service answers to whoever has these roles."""
    wanted = {"Accept": "text/html"} if page else {}
    return httpx.get(service.url + path, headers=signed(*roles) | wanted, timeout=10)


def of_children(province: Province) -> dict[str, Any]:
    """What the parent body answers, each child by its id."""
    answer = get(province.services[PARENT], "/v1/children", "leader")
    assert answer.status_code == httpx.codes.OK, answer.text
    return {each["organisation"]: each for each in answer.json()["children"]} | {"sum": answer.json()["tasks"]}


async def heard(province: Province, child: str, **expected: object) -> dict[str, Any]:
    """What the parent body knows of a child once it is so."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        found: dict[str, Any] = of_children(province)[child]
        flat = found | (found["tasks"] or {})
        if all(flat[name] == value for name, value in expected.items()):
            return found
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.2)


async def test_the_parent_sees_the_figures_of_each_child_and_from_which_record_they_are(province: Province) -> None:
    async with province.client(SCIENCE, "repair") as science, province.client(HEALTH, "repair") as health:
        await Past(science).notice(
            _TODAY - dt.timedelta(days=9),
            directive("Hạn đã qua.", _TODAY - dt.timedelta(days=4)),
            directive("Hạn còn xa.", _TODAY + dt.timedelta(days=60)),
        )
        await Past(health).notice(_TODAY - dt.timedelta(days=9), directive("Không có hạn."))
    told = await heard(province, SCIENCE, overdue=1, in_time=1, meetings=1)
    await heard(province, HEALTH, overdue=0, no_deadline=1)
    assert (told["name"], told["address"], told["silent"]) == (NAMES[SCIENCE], f"https://{SCIENCE}.example.vn", False)
    assert of_children(province)["sum"]["overdue"] == 1
    own, size = province.services[SCIENCE], told["sequence"]
    assert get(own, "/v1/board").json()["total"]["open_overdue"]["count"] == told["tasks"]["overdue"]
    proof = get(own, f"/v1/record/proofs/consistency?from={size}&to={size}", "auditor").json()
    assert proof["new_root"] == told["root"]


async def test_a_child_hears_and_reaches_nothing_of_its_parent_and_its_sister(province: Province) -> None:
    async with province.client(HEALTH, "tasks") as health:
        asked = {"INFO": b"", "MSG.GET": b'{"last_by_subj":"children.so-khcn"}'}
        for what, content in asked.items():
            answer = await health.request(f"$JS.API.STREAM.{what}.{STREAM}", content, timeout=2)
            assert b"stream not found" in answer.data
        with pytest.raises(nats.errors.Error):
            await health.request(child_subject(SCIENCE), b"{}", timeout=1)
    async with province.client(PARENT, "repair") as parent:
        assert await last_on(parent, "log.meeting.*") is None


async def test_a_child_speaks_for_itself_alone_and_what_cannot_be_read_is_named(province: Province) -> None:
    before = await heard(province, SCIENCE)
    async with province.client(HEALTH, "tasks") as health:
        for content in (b"[]", b"\x00" * 9000, json.dumps({"name": "Sở Khoa học"}).encode()):
            await health.publish(SHARED, content)
            await health.flush()
        found = await heard(province, HEALTH)
        while not found["fault"]:
            found = await heard(province, HEALTH)
        assert found["tasks"] is not None
    after = await heard(province, SCIENCE)
    assert (after["name"], after["fault"]) == (before["name"], None)


def test_the_page_shows_every_child_to_leaders_and_to_nobody_of_a_unit(province: Province) -> None:
    parent = province.services[PARENT]
    page = get(parent, "/children", "leader", page=True)
    assert page.status_code == httpx.codes.OK
    assert all(NAMES[each] in page.text for each in CHILDREN)
    assert "/children" in get(parent, "/board", "leader", page=True).text
    assert get(parent, "/children", "staff", page=True).status_code == httpx.codes.FORBIDDEN
    assert "Không có cơ quan nào" in get(province.services[SCIENCE], "/children", "leader", page=True).text
