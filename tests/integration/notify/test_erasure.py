"""A person who left is forgotten wherever something was kept of them, and stays so after every restore and rebuild."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Any

import asyncpg
import httpx
import pytest
from nats.aio.client import Client

from services.notify.pruning import Pruning
from shared.database import engine
from shared.events.person import PersonalDataErased, PersonLeft, PersonRegistered
from tests.conftest import empty_database
from tests.identity import as_person, signed
from tests.integration.notify.conftest import until
from tests.integration.notify.writing import Writer
from tests.processes import notify
from tests.servers import PostgresServer, free_port, run_sql
from tests.unit.notify.examples import LABORATORY, directive, notice, organisation

MAIL, CHAT, BROWSER = "lan.rieng@haivan.example", "72417241", "https://push.example/only-lan"
_TRACES = (MAIL, CHAT, BROWSER, "Etc/GMT+7")
_TASK = f"m-1-1-{LABORATORY.id}"
_TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'notify' AND table_type = 'BASE TABLE'"


@pytest.fixture
async def writer(log_client: Client) -> Writer:
    """A log with the department and a notice."""
    found = Writer(log_client)
    await found.write(*organisation(), notice(directive(1, LABORATORY, due=dt.date(2031, 3, 14))))
    return found


@pytest.fixture
def fresh_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Another database, empty."""
    with empty_database(postgres_server) as name:
        yield postgres_server.url(name, "ketluan_notify")


async def given(web: httpx.AsyncClient) -> None:
    """Everything that a person can leave behind."""
    key = {"p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"}
    browser = {"endpoint": BROWSER, "keys": key | {"auth": "BTBZMqHH6r4Tts7J_aSIgg"}}
    office = signed()
    assert (await web.put("/v1/contacts/lan", json={"mail": MAIL}, headers=office)).status_code == 204
    chat = {"service": "zalo", "to": CHAT}
    assert (await web.put("/v1/contacts/lan/chat", json=chat, headers=office)).status_code == 204
    assert (await web.post("/v1/contacts/lan/push", json=browser)).status_code == 204
    assert (await web.put(f"/v1/people/lan/watches/{_TASK}")).status_code == 204
    assert (await web.post("/v1/people/lan/deadlines")).status_code == 201
    wishes = {"zone": "Etc/GMT+7", "language": "en"}
    chosen = await web.put("/v1/people/lan/preferences", json=wishes, headers={"If-Match": '"0"'})
    assert chosen.status_code == 200, chosen.text


async def traces(url: str) -> dict[str, int]:
    """In how many rows of each table something stands by which the person could be reached or told by others, or that
    waits to be sent to them."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    found = {}
    try:
        for (table,) in await connection.fetch(_TABLES):
            said = " OR ".join(f"kept::text LIKE '%{each}%'" for each in _TRACES)
            found[table] = await connection.fetchval(f"SELECT count(*) FROM notify.{table} AS kept WHERE {said}")
        for table, which in (
            ("calendar_feed", "true"), ("preference", "true"), ("watch", "true"), ("delivery", "state = 'pending'")
        ):  # fmt: skip
            own = f"SELECT count(*) FROM notify.{table} WHERE person_id = 'lan' AND {which}"
            found[table] += await connection.fetchval(own)
    finally:
        await connection.close()
    return {table: count for table, count in found.items() if count}


async def _nothing(url: str) -> bool:
    return not await traces(url)


async def _shown(web: httpx.AsyncClient, count: int) -> bool:
    found: list[Any] = (await web.get("/v1/inbox", params={"person": "lan"}, headers=signed())).json()
    return len(found) == count


async def test_a_person_who_left_is_forgotten_also_by_an_older_backup_and_by_a_rebuild(
    writer: Writer, nats_url: str, postgres_server: PostgresServer, database_name: str, fresh_url: str
) -> None:
    url = postgres_server.url(database_name, "ketluan_notify")
    settings = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(free_port()), "SMTP_SECURITY": "none"}
    settings["CHAT_SERVICES"] = '{"zalo": "json://127.0.0.1:1/{to}"}'
    backup = f"{database_name}_backup"
    with notify(nats_url, url, **settings) as running:
        async with httpx.AsyncClient(base_url=running.url, headers=as_person("lan"), timeout=10) as web:
            assert await until(partial(_shown, web, 1))
            await given(web)
            await writer.write(notice(directive(1, LABORATORY, meeting_id="m-2"), meeting_id="m-2"))
            assert await until(partial(_shown, web, 2))
    kept = await traces(url)
    assert kept.keys() == {"contact", "push_subscription", "calendar_feed", "preference", "watch", "delivery"}
    await run_sql(postgres_server.url(), f"CREATE DATABASE {backup} TEMPLATE {database_name}")

    await writer.write(PersonLeft(person_id="lan"), PersonalDataErased(person_id="lan", reason="Nghỉ hưu."))
    try:
        for each in (database_name, backup):
            restored = postgres_server.url(each, "ketluan_notify")
            with notify(nats_url, restored, **settings):
                assert await until(partial(_nothing, restored)), await traces(restored)
        with notify(nats_url, fresh_url, **settings) as running:
            async with httpx.AsyncClient(base_url=running.url, timeout=10) as web:
                assert await until(partial(_shown, web, 2))
                assert await until(partial(_nothing, fresh_url)), await traces(fresh_url)
                refused = await web.put("/v1/contacts/lan", json={"mail": MAIL}, headers=signed())
                assert (refused.status_code, refused.json()["code"]) == (409, "person-left")
    finally:
        await run_sql(postgres_server.url(), f"DROP DATABASE {backup} WITH (FORCE)")


async def test_what_somebody_gives_who_came_back_is_kept_through_a_rebuild(
    writer: Writer, nats_url: str, notify_database_url: str
) -> None:
    await writer.write(PersonLeft(person_id="lan"), PersonalDataErased(person_id="lan", reason="Nghỉ hưu."))
    await writer.write(PersonRegistered(person_id="lan", name="Bùi Ngọc Lan"))
    with notify(nats_url, notify_database_url) as running:
        async with httpx.AsyncClient(base_url=running.url, headers=signed(), timeout=10) as web:
            assert (await web.put("/v1/contacts/lan", json={"mail": MAIL})).status_code == 204
    await run_sql(notify_database_url, "UPDATE notify.checkpoint SET sequence = 0")
    with notify(nats_url, notify_database_url):
        assert await traces(notify_database_url) == {"contact": 1}


async def test_deliveries_of_long_ago_are_forgotten_and_what_was_given_up_is_not(notify_database_url: str) -> None:
    columns = "notification_id, channel, state, person_id, not_before, digest, sequence, urgent, attempts"
    settled = (("old", "delivered", 31), ("lost", "failed", 31), ("new", "delivered", 29))
    rows = [
        f"INSERT INTO notify.delivery ({columns}, next_attempt_at, settled_at) VALUES ('{name}', 'mail', '{state}', "
        f"'lan', now(), false, {place}, false, 1, now(), now() - interval '{days} days')"
        for place, (name, state, days) in enumerate(settled)
    ]
    await run_sql(notify_database_url, *rows)
    pool = engine(notify_database_url, "tests")
    try:
        assert await Pruning(pool, 0, 0).pruned(dt.datetime.now(dt.UTC)) == 0
        assert await Pruning(pool, 30, 30).pruned(dt.datetime.now(dt.UTC)) == 1
        async with pool.connect() as connection:
            left = await connection.exec_driver_sql("SELECT notification_id FROM notify.delivery ORDER BY 1")
            assert list(left.scalars()) == ["lost", "new"]
    finally:
        await pool.dispose()
