"""Events that no release knows, and bytes that are no event, put into the log by who has the right to."""

import asyncio
import json
import time
from uuid import uuid4

import httpx
from nats.aio.client import Client

from shared.log.append import Entry, append
from tests.examples import assigned, envelope
from tests.faults.row import Row, Run
from tests.identity import signed

_PATIENCE_SECONDS, _LOOK_SECONDS = 10.0, 0.2


def _strange() -> dict[str, bytes]:
    """What stands on a new task of its own each, by what is strange about it."""
    whole = envelope("task.strange", assigned("strange")).model_dump(mode="json")
    return {
        "a type that nobody knows": json.dumps(whole | {"type": "ketluan.TaskForetold.v1"}).encode(),
        "a version that nobody knows": json.dumps(whole | {"type": "ketluan.TaskAssigned.v99"}).encode(),
        "no JSON": b"\xff\xfenot an event",
        "JSON that is no CloudEvent": b'{"hello": "world"}',
        "data that break the rules": json.dumps(whole | {"data": {"task_id": "?"}}).encode(),
        "a number that JSON does not have": json.dumps(whole | {"data": {"ordinal": float("nan")}}).encode(),
        "deep nesting": b"[" * 100_000 + b"]" * 100_000,
    }


async def _inject(run: Run) -> None:
    office, load = await run.office()
    async with load.steady(), office.log() as client:
        for what, content in _strange().items():
            run.injected(what)
            place = await _put(client, content)
            await run.back(load, time.monotonic())
            for service, address in (("tasks", "/v1/parked"), ("notify", "/v1/notifications/parked")):
                if not await _is_named(office.of(service)[0].url + address, place):
                    run.outcome.failures.append(f"{service} does not name event {place} ({what}) at {address}")


async def _put(client: Client, content: bytes) -> int:
    return await append(client, [Entry(str(uuid4()), f"log.task.{uuid4()}", content, 0)])


async def _is_named(address: str, place: int) -> bool:
    """Whether a list of parked events comes to hold the one at a place."""
    until = time.monotonic() + _PATIENCE_SECONDS
    async with httpx.AsyncClient(timeout=10, headers=signed()) as web:
        while time.monotonic() < until:
            answer = await web.get(address)
            if answer.is_success and place in [each["sequence"] for each in answer.json()]:
                return True
            await asyncio.sleep(_LOOK_SECONDS)
    return False


ROW = Row("strange-events", "events that nobody knows, bytes that are no event", _inject)
