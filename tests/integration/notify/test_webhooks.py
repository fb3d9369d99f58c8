"""Endpoints of other systems: registered, posted to in order, told apart when one is down, and recorded."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nats.aio.client import Client
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook

from services.notify.main import notify as notify_app
from services.notify.settings import NotifySettings
from shared.events.catalogue import CATALOGUE, Event
from shared.log.append import append
from shared.log.read import next_on
from tests.examples import task_entry
from tests.identity import SESSION_KEY, signed
from tests.integration.notify.conftest import until
from tests.integration.notify.receiver import Posted, Receiver, receiving
from tests.processes import notify as notify_process
from tests.servers import run_sql


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Another system."""
    with receiving() as kept:
        yield kept


@pytest.fixture
def settings(nats_url: str, notify_database_url: str) -> NotifySettings:
    """Settings of a notify that posts to this machine too, and tries again soon."""
    return NotifySettings(
        nats_url=nats_url,
        database_url=SecretStr(notify_database_url),
        session_key=SecretStr(SESSION_KEY),
        webhook_allow_private=True,
        webhook_seconds=1,
        webhook_pauses=(0.15, 0.15),
    )


@asynccontextmanager
async def running(settings: NotifySettings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of notify, which runs in this process."""
    app = notify_app(settings)
    way, headers = httpx.ASGITransport(app), signed("administrator")
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=way, base_url="http://tests", headers=headers, timeout=20) as client,
    ):
        yield client


@pytest.fixture
async def web(settings: NotifySettings) -> AsyncIterator[httpx.AsyncClient]:
    """The same for a whole test."""
    async with running(settings) as client:
        yield client


async def registered(web: httpx.AsyncClient, url: str, *types: str) -> dict[str, Any]:
    """A new endpoint, as it is shown once."""
    answer = await web.post("/v1/webhooks", json={"name": "Hệ thống văn bản", "url": url, "event_types": types})
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


async def happens(client: Client, *names: str) -> list[str]:
    """Puts a task of each name into the log; the ids of the events."""
    found = []
    for name in names:
        made = task_entry(name)
        await append(client, [made])
        found.append(made.event_id)
    return found


async def history(client: Client, webhook_id: str) -> list[Event]:
    """The events of an endpoint."""
    found, sequence = [], 0
    while record := await next_on(client, f"log.webhook.{webhook_id}", sequence):
        sequence = record.sequence
        found.append(CATALOGUE.read(record.content))
    return found


async def told(client: Client, webhook_id: str, *kinds: str) -> list[Event]:
    """The events of an endpoint, once the last of them are of these kinds, in any order."""

    async def as_wanted() -> list[Event]:
        found = await history(client, webhook_id)
        return found if sorted(_kinds(found)[-len(kinds) :]) == sorted(kinds) else []

    found: list[Event] = await until(as_wanted)
    assert found, _kinds(await history(client, webhook_id))
    return found


async def is_recorded(web: httpx.AsyncClient, webhook_id: str) -> bool:
    """Whether nothing waits for an endpoint any more."""
    waiting: int = (await web.get(f"/v1/webhooks/{webhook_id}")).json()["pending"]
    return waiting == 0


def _kinds(events: list[Event]) -> list[str]:
    return [each.envelope.type.split(".")[1].removeprefix("Webhook") for each in events]


def verified(posted: Posted, endpoint: dict[str, Any]) -> Any:
    """What was posted, when both signatures are the endpoint's."""
    said = Webhook(endpoint["secret"]).verify(posted.body, posted.headers)
    signature = posted.headers["webhook-signature"].split()[1].removeprefix("v1a,")
    message = f"{posted.headers['webhook-id']}.{posted.headers['webhook-timestamp']}.".encode() + posted.body
    key = base64.b64decode(endpoint["public_keys"][0]["key"].removeprefix("whpk_"))
    Ed25519PublicKey.from_public_bytes(key).verify(base64.b64decode(signature), message)
    return said


async def test_an_endpoint_gets_what_happens_from_then_on_in_order_and_signed(
    web: httpx.AsyncClient, log_client: Client, receiver: Receiver
) -> None:
    await happens(log_client, "before")
    endpoint = await registered(web, receiver.url("/secret-path"))
    ids = await happens(log_client, *"abcde")
    events = await told(log_client, endpoint["id"], *["Delivered"] * 5)
    assert receiver.ids() == ids
    first = verified(receiver.seen[0], endpoint)
    assert first["type"] == "ketluan.TaskAssigned.v1"
    assert first["data"]["unit_id"] == "van-phong"
    assert "quy chế" not in receiver.seen[0].body.decode()
    written = json.dumps([each.envelope.model_dump(mode="json") for each in events])
    assert "secret-path" not in written
    assert endpoint["secret"] not in written
    assert await until(lambda: is_recorded(web, endpoint["id"]))
    deliveries = (await web.get(f"/v1/webhooks/{endpoint['id']}/deliveries?limit=2&state=delivered")).json()
    assert [(each["event_id"], each["status"]) for each in deliveries] == [(ids[4], 204), (ids[3], 204)]
    assert "secret" not in (await web.get(f"/v1/webhooks/{endpoint['id']}")).json()


async def test_one_that_is_down_rests_and_keeps_its_order_while_others_go_on(
    web: httpx.AsyncClient, log_client: Client, receiver: Receiver
) -> None:
    down = True

    def answer(posted: Posted) -> int:
        if posted.path == "/silent":
            time.sleep(1.5)
        return 503 if down and posted.path == "/down" else 204

    receiver.answer = answer
    resting = await registered(web, receiver.url("/down"))
    await registered(web, receiver.url("/silent"))
    await registered(web, receiver.url("/up"))
    ids = await happens(log_client, *"abc")
    assert await until(lambda: _true(receiver.ids("/up") == ids))
    assert set(receiver.ids("/down")) == {ids[0]}
    assert receiver.ids("/silent") == [ids[0]]
    down = False
    await told(log_client, resting["id"], *["Delivered"] * 3)
    assert list(dict.fromkeys(receiver.ids("/down"))) == ids


async def test_one_that_never_answers_is_disabled_and_goes_on_once_it_is_enabled(
    web: httpx.AsyncClient, log_client: Client, receiver: Receiver
) -> None:
    receiver.answer = lambda _: 502
    endpoint = await registered(web, receiver.url())
    ids = await happens(log_client, "a", "b")
    events = await told(log_client, endpoint["id"], "Failed", "Disabled")
    assert receiver.ids() == [ids[0]] * 3
    errors = {getattr(each.data, "error", None) for each in events[-2:]}
    assert errors == {"the endpoint answers 502", None}
    receiver.answer = lambda _: 200
    await happens(log_client, "meanwhile")
    assert (await web.post(f"/v1/webhooks/{endpoint['id']}/enable")).json()["state"] == "enabled"
    replayed = await web.post(f"/v1/webhooks/{endpoint['id']}/deliveries/{ids[0]}/replay")
    assert replayed.status_code == 202
    assert await until(lambda: _true(set(receiver.ids()[3:]) == set(ids)))
    found = (await web.get(f"/v1/webhooks/{endpoint['id']}/deliveries")).json()
    assert len(found) == 2


async def test_a_message_that_is_refused_waits_alone_and_one_that_is_gone_ends_everything(
    web: httpx.AsyncClient, log_client: Client, receiver: Receiver
) -> None:
    ids = [task_entry(name).event_id for name in "abc"]
    receiver.answer = lambda posted: 500 if posted.headers["webhook-id"] == ids[0] else 200
    endpoint = await registered(web, receiver.url(), "TaskAssigned")
    await happens(log_client, *"abc")
    await told(log_client, endpoint["id"], "Delivered", "Delivered", "Failed")
    assert receiver.ids().index(ids[2]) < len(receiver.ids()) - 1
    assert receiver.ids().count(ids[0]) == 3
    receiver.answer = lambda _: 410
    await happens(log_client, "d")
    await told(log_client, endpoint["id"], "Disabled")

    async def ended() -> bool:
        shown = (await web.get("/v1/webhooks")).json()[0]
        return (shown["state"], shown["pending"], shown["failed"]) == ("disabled", 1, 1)

    assert await until(ended)


async def test_a_new_secret_signs_beside_the_former_one(
    web: httpx.AsyncClient, log_client: Client, receiver: Receiver
) -> None:
    former = await registered(web, receiver.url())
    new = (await web.post(f"/v1/webhooks/{former['id']}/rotate")).json()
    assert new["secret"] != former["secret"]
    assert [bool(each["until"]) for each in new["public_keys"]] == [False, True]
    trial = (await web.post(f"/v1/webhooks/{former['id']}/test")).json()
    assert (trial["taken"], trial["status"]) == (True, 204)
    for endpoint in (former, new):
        assert Webhook(endpoint["secret"]).verify(receiver.seen[0].body, receiver.seen[0].headers)
    again = await web.post("/v1/webhooks", json={"name": "Nữa", "url": receiver.url()})
    assert (again.status_code, again.json()["webhook_id"]) == (409, former["id"])


async def test_addresses_and_types_that_cannot_be_used_are_named(web: httpx.AsyncClient) -> None:
    for body, pointer in (
        ({"name": "x", "url": "http://8.8.8.8/"}, "/url"),
        ({"name": "x", "url": "https://nobody.invalid/"}, "/url"),
        ({"name": "x", "url": "https://8.8.8.8/", "event_types": ["Everything"]}, "/event_types/0"),
    ):
        answer = await web.post("/v1/webhooks", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert (await web.get("/v1/webhooks")).json() == []
    assert (await web.post("/v1/webhooks/nobody/rotate")).status_code == 404


async def test_killed_while_posting_nothing_is_lost(
    nats_url: str, notify_database_url: str, settings: NotifySettings, log_client: Client, receiver: Receiver
) -> None:
    given = {"WEBHOOK_ALLOW_PRIVATE": "true", "WEBHOOK_SECONDS": "4", "WEBHOOK_PAUSES": "[0.2, 0.2, 0.2]"}

    def slowly(_: Posted) -> int:
        time.sleep(0.05)
        return 200

    receiver.answer = slowly
    with notify_process(nats_url, notify_database_url, **given) as process:
        async with httpx.AsyncClient(base_url=process.url, headers=signed("administrator"), timeout=20) as web:
            endpoint = await registered(web, receiver.url("/secret-path"))
        ids = await happens(log_client, *map(str, range(24)))
        await until(lambda: _true(len(receiver.seen) >= 3))
        await asyncio.to_thread(process.kill)
        assert len(receiver.ids()) < len(ids)
        assert "secret-path" not in process.output
    async with running(settings.model_copy(update={"webhook_seconds": 4})):
        await told(log_client, endpoint["id"], *["Delivered"] * 24)
    assert list(dict.fromkeys(receiver.ids())) == ids
    assert len(receiver.ids()) <= len(ids) + 1


async def test_a_rebuild_posts_nothing_again(
    settings: NotifySettings, database_url: str, log_client: Client, receiver: Receiver
) -> None:
    async with running(settings) as web:
        endpoint = await registered(web, receiver.url())
        ids = await happens(log_client, "a", "b")
        await told(log_client, endpoint["id"], "Delivered", "Delivered")
    await run_sql(database_url, "TRUNCATE notify.webhook_delivery, notify.checkpoint, notify.inbox_tail")
    async with running(settings):
        ids += await happens(log_client, "after")
        await told(log_client, endpoint["id"], *["Delivered"] * 3)
    assert receiver.ids() == ids


async def _true(found: bool) -> bool:
    return found
