"""One directive, from the POST of its notice to the inbox of its unit's lead, and back along the causes."""

import asyncio
from typing import Any

import httpx

from tests.examples import conclusion
from tests.house import CHIEF, LEAD, House
from tests.identity import as_person, signed


async def test_a_directive_is_followed_from_the_post_to_the_inbox_and_back(house: House) -> None:
    async with httpx.AsyncClient(timeout=30, headers=signed()) as http:
        posted = await http.post(
            f"{house.intake.url}/v1/conclusions", json=conclusion(3), headers={"X-Request-Id": "post-1"}
        )
        assert posted.status_code == 201
        (task,) = posted.json()["directives"][1]["assignees"][0]["tasks"]
        told = await _told(http, house, LEAD)
        assert told["meeting"]["id"] == posted.json()["meeting"]["meeting_id"]
        assert {"task_id": task["id"], "reason": "responsible"}.items() <= told["tasks"][1].items()
        assert [found["meeting"]["id"] for found in await _inbox(http, house, CHIEF)] == [told["meeting"]["id"]]

        history = await _history(http, house, task["id"], "NotificationDelivered")
        by_id = {event["id"]: event for event in history}
        delivered = next(event for event in history if event["type"] == "ketluan.NotificationDelivered.v1")
        requested = by_id[delivered["causation_id"]]
        concluded = by_id[requested["causation_id"]]
        assert requested["type"] == "ketluan.NotificationRequested.v1"
        assert concluded["type"] == "ketluan.MeetingConcluded.v1"
        assert concluded["causation_id"] == "post-1"
        assert [event["actor"] for event in (concluded, requested)] == ["service.tests", "service.notify"]
        assert {event["correlation_id"] for event in history} == {"post-1"}
        sequences = [event["sequence"] for event in (concluded, requested, delivered)]
        assert sequences == sorted(sequences)


async def _told(http: httpx.AsyncClient, house: House, person: str) -> dict[str, Any]:
    for _ in range(100):
        found = await _inbox(http, house, person)
        if found:
            break
        await asyncio.sleep(0.05)
    (told,) = found
    return told


async def _inbox(http: httpx.AsyncClient, house: House, person: str) -> list[dict[str, Any]]:
    answer = await http.get(f"{house.notify.url}/v1/inbox", headers=as_person(person))
    found: list[dict[str, Any]] = answer.json()
    return found


async def _history(http: httpx.AsyncClient, house: House, task_id: str, until: str) -> list[dict[str, Any]]:
    for _ in range(100):
        found: list[dict[str, Any]] = (
            await http.get(f"{house.tasks.url}/v1/tasks/{task_id}/history", headers=as_person(LEAD))
        ).json()
        if any(until in event["type"] for event in found):
            break
        await asyncio.sleep(0.05)
    return found
