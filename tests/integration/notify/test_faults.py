"""What notify does when something is away, wrong, or another thing than before."""

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from deploy.migrations.run import migrate_log
from shared.log import schedules
from shared.log.append import Entry, append
from shared.log.connect import broker, connected
from shared.log.read import last_on
from shared.log.stream import check, stream_info
from shared.settings import NatsSettings
from tests.conftest import empty_log, make_database
from tests.identity import signed
from tests.integration.notify.conftest import until
from tests.integration.notify.test_notifications import inbox, small_notice, told_of
from tests.integration.notify.writing import Writer, inbox_events, requested
from tests.processes import ServiceProcess
from tests.processes import notify as notify_process
from tests.servers import GuardedNatsServer, NatsServer, PostgresServer, run_sql
from tests.unit.notify.examples import SCIENCE, directive, notice, organisation

_EVERYTHING = "checkpoint, meeting, task, outbox, notification, delivery, inbox_tail, parked, cause, reminding"


async def parked(web: httpx.AsyncClient) -> list[dict[str, Any]]:
    """The events that were put aside, page by page."""
    answer = await web.get("/v1/notifications/parked", params={"limit": 2})
    found: list[dict[str, Any]] = answer.raise_for_status().json()
    while following := answer.links.get("next"):
        answer = await web.get(following["url"])
        found += answer.json()
    return found


async def test_tables_made_anew_from_the_log_tell_nobody_again(
    writer: Writer, log_client: Client, notify: ServiceProcess, web: httpx.AsyncClient, database_url: str
) -> None:
    await writer.write(*organisation(), *(small_notice(number) for number in range(1, 11)))
    await until(lambda: _settled(log_client, 10))
    before, written = await until(lambda: _delivered(web, "dung")), await check(log_client, 1)
    notify.stop()
    await run_sql(database_url, *(f"TRUNCATE notify.{table.strip()}" for table in _EVERYTHING.split(",")))
    notify.start()
    assert await inbox(web, "dung") == before
    await writer.write(small_notice(11))
    await until(lambda: _settled(log_client, 11))
    assert len(await told_of(web, "m-1")) == 3
    assert (await check(log_client, 1)).last_sequence == written.last_sequence + 1 + 6


async def test_what_cannot_be_read_or_stored_is_put_aside_and_the_others_go_on(
    writer: Writer, log_client: Client, web: httpx.AsyncClient
) -> None:
    assert "parked" not in (await web.get("/readyz")).json()["notes"]
    await writer.write(*organisation())
    rubbish = await append(log_client, [Entry("rubbish", "log.meeting.rubbish", b"{}", 0)])
    on_inbox = await append(log_client, [Entry("rubbish-2", "log.inbox.dung", b"\xff\x00", 0)])
    await writer.write(small_notice(9), request="no column holds \x00")
    await writer.write(small_notice(1))
    (item,) = await until(lambda: inbox(web, "dung"))
    assert item["meeting"]["id"] == "m-1"
    aside = await parked(web)
    assert [row["subject"] for row in aside] == ["log.meeting.rubbish", "log.inbox.dung", "log.meeting.m-9"]
    assert [row["sequence"] for row in aside][:2] == [rubbish, on_inbox]
    assert all(row["reason"] and row["parked_at"] for row in aside)
    ready = await web.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["notes"]["parked"] == "3 not applied, see /v1/notifications/parked"


async def test_another_log_than_before_is_not_read(
    writer: Writer, notify: ServiceProcess, web: httpx.AsyncClient, nats_url: str
) -> None:
    await writer.write(*organisation(), small_notice(1))
    (item,) = await until(lambda: inbox(web, "dung"))
    notify.stop()
    await empty_log(nats_url)
    await Writer(writer.client).write(*organisation(), small_notice(2))
    child = notify.spawn(notify.folder / "output")
    try:
        await until(lambda: _not_ready(web, "was made from the log of"))
        assert "was made from the log of" in (await web.get("/readyz")).json()["checks"]["projector"]
        assert (await web.get("/healthz")).status_code == 200
        assert [each["notification_id"] for each in await inbox(web, "dung")] == [item["notification_id"]]
    finally:
        child.terminate()
        child.wait(10)


async def test_it_says_that_it_is_not_ready_and_catches_up_when_the_log_is_back(
    notify_database_url: str,
) -> None:
    with NatsServer() as server:
        await empty_log(server.url)
        with notify_process(server.url, notify_database_url) as notify:
            async with httpx.AsyncClient(base_url=notify.url, timeout=10, headers=signed()) as web:
                server.kill()
                await until(lambda: _not_ready(web))
                assert (await web.get("/healthz")).status_code == 200
                server.start()
                await until(lambda: _ready(web))
                assert notify.child is not None
                assert notify.child.poll() is None


async def test_what_was_published_while_the_database_was_away_reaches_everybody_once(
    writer: Writer, log_client: Client, nats_url: str
) -> None:
    with PostgresServer() as server:
        await make_database(server, "ketluan")
        with notify_process(nats_url, server.url("ketluan", "ketluan_notify")) as notify:
            async with httpx.AsyncClient(base_url=notify.url, timeout=10, headers=signed()) as web:
                await writer.write(*organisation(), small_notice(1))
                await until(lambda: inbox(web, "dung"))
                server.kill()
                await writer.write(small_notice(2))
                await until(lambda: _not_ready(web))
                away = await web.get("/v1/inbox", params={"person": "dung"}, headers={"Accept-Language": "en"})
                assert away.status_code == 503
                assert away.headers["retry-after"]
                assert away.json()["detail"].startswith("The database does not answer.")
                server.start()
                await until(lambda: _settled(log_client, 2))
                assert [each["meeting"]["id"] for each in await inbox(web, "dung")] == ["m-2", "m-1"]
                assert len(requested(await inbox_events(log_client, ["binh", "dung", "hoa"]))) == 6
                assert notify.child is not None
                assert notify.child.poll() is None


async def test_the_rights_of_its_own_user_are_enough(notify_database_url: str) -> None:
    with GuardedNatsServer() as server:
        await migrate_log(server.settings("owner"))
        own = {"NATS_USER": "notify", "NATS_SEED": server.seeds["notify"]}
        with notify_process(server.url, notify_database_url, **own) as notify:
            async with httpx.AsyncClient(base_url=notify.url, timeout=10, headers=signed()) as web:
                due = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=100)
                published = notice(directive(1, SCIENCE, due=due))
                for name, events in (("directory", tuple(organisation())), ("intake", (published,))):
                    their = broker(server.settings(name), name)
                    await Writer(await connected(their)).write(*events)
                    await their.stop()
                assert len(await until(lambda: inbox(web, "dung"))) == 1
                assert await until(lambda: _schedules(server.settings("owner")))
                assert "Permissions Violation" not in notify.output


async def test_it_stops_at_once_though_somebody_watches(notify: ServiceProcess, web: httpx.AsyncClient) -> None:
    headers = {"Accept": "text/event-stream"}
    async with web.stream("GET", "/v1/inbox", params={"person": "dung"}, headers=headers):
        began = time.monotonic()
        notify.stop()
        assert time.monotonic() - began < 3


async def test_a_person_of_whom_nothing_is_known_has_an_empty_inbox(web: httpx.AsyncClient) -> None:
    assert await inbox(web, "nobody") == []


async def test_an_address_that_is_none_is_refused_and_told_in_vietnamese(web: httpx.AsyncClient) -> None:
    answer = await web.put("/v1/contacts/dung", json={"mail": "dung at home"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == "/mail"


@pytest.mark.parametrize(
    "address",
    [
        "/v1/inbox",
        "/v1/inbox?person=%00",
        "/v1/inbox?person=a.b",
        "/v1/inbox?person=dung&after=-1",
        "/v1/inbox?person=dung&cursor=%FF%FF",
        "/v1/inbox?person=dung&limit=100000",
        "/v1/notifications?meeting=%F0%9F%98%80",
        "/v1/notifications?meeting=m-1&cursor=AAAA",
        "/v1/notifications/parked?cursor=AAAA",
    ],
)
async def test_a_question_that_cannot_be_answered_is_refused_with_the_field(
    web: httpx.AsyncClient, address: str
) -> None:
    answer = await web.get(address)
    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_a_contact_of_absurd_size_is_refused(web: httpx.AsyncClient) -> None:
    for body in (b"[" * 100_000, _in_parts()):
        answer = await web.put("/v1/contacts/dung", content=body)
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
        assert answer.headers["Content-Type"] == "application/problem+json"


async def _in_parts() -> AsyncIterator[bytes]:
    """A body that does not say beforehand how large it is."""
    for _ in range(100):
        yield b"[" * 1000


async def test_an_address_can_be_forgotten_once(web: httpx.AsyncClient) -> None:
    assert (await web.put("/v1/contacts/dung", json={"mail": "dung@haivan.example"})).status_code == 204
    assert (await web.delete("/v1/contacts/dung")).status_code == 204
    assert (await web.delete("/v1/contacts/dung")).status_code == 404


async def _settled(client: Client, count: int) -> bool:
    if await last_on(client, "log.inbox.hoa") is None:
        return False
    await asyncio.sleep(0.05)
    return len(await inbox_events(client, ["binh", "dung", "hoa"])) == 6 * count


async def _delivered(web: httpx.AsyncClient, person_id: str) -> Any:
    """The person's inbox, once it says of all of it that it was delivered."""
    items = await inbox(web, person_id)
    return items if all(each["state"] == "delivered" for item in items for each in item["deliveries"]) else None


async def _ready(web: httpx.AsyncClient) -> bool:
    try:
        return (await web.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False


async def _schedules(settings: NatsSettings) -> int:
    """How many schedules there are."""
    its = broker(settings, "owner")
    info = await stream_info(await connected(its), schedules.STREAM)
    await its.stop()
    return info.state.messages


async def _not_ready(web: httpx.AsyncClient, word: str = "") -> bool:
    try:
        answer = await web.get("/notify/readyz")
    except httpx.TransportError:
        return False
    return answer.status_code == 503 and word in answer.text
