"""What people do with their own inboxes: read, acknowledge, choose, watch, and look at their deadlines."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
import icalendar
import pytest

from shared.events.inbox import NotificationAcknowledged, NotificationRead, NotificationRequested, PreferencesChanged
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.house import Servers, servers
from tests.identity import as_person, signed
from tests.integration.notify.conftest import until
from tests.integration.notify.writing import Writer, inbox_events
from tests.processes import ServiceProcess
from tests.processes import notify as notify_process
from tests.unit.notify.examples import FINANCE, LABORATORY, SCIENCE, directive, notice, organisation

DUE = dt.date(2031, 3, 14)
_PATIENCE_SECONDS = 10.0
_BROWSER = {
    "endpoint": "https://push.example/abc",
    "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    },
}


@dataclass(frozen=True)
class Running:
    """Servers with a notify that knows the department and three notices, of which everybody concerned was told."""

    servers: Servers
    notify: ServiceProcess

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[Writer]:
        """A writer of further notices."""
        nats_broker = broker(NatsSettings(nats_url=self.servers.nats.url), "tests")
        try:
            yield Writer(await connected(nats_broker))
        finally:
            await nats_broker.stop()

    def web(self, person_id: str | None = None) -> httpx.AsyncClient:
        """A client of a person, or of the office's program."""
        headers = as_person(person_id) if person_id else signed()
        return httpx.AsyncClient(base_url=self.notify.url, timeout=10, headers=headers)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with servers() as both, notify_process(both.nats.url, both.database("notify")) as process:
        found = Running(both, process)
        asyncio.run(_prepared(found))
        yield found


async def _prepared(running: Running) -> None:
    async with running.writer() as writer, running.web() as web:
        await writer.write(*organisation())
        for number in (1, 2, 3):
            name = f"m-{number}"
            await writer.write(
                notice(
                    directive(1, SCIENCE, meeting_id=name, due=DUE),
                    directive(2, FINANCE, meeting_id=name),
                    directive(3, LABORATORY, meeting_id=name, due=DUE),
                    meeting_id=name,
                )
            )
        for person_id in ("dung", "hoa", "khanh", "lan"):
            assert await until(partial(_told, web, person_id, 3))


async def _told(web: httpx.AsyncClient, person_id: str, count: int) -> bool:
    return len(await inbox(web, person_id)) == count


async def inbox(web: httpx.AsyncClient, person_id: str, **which: Any) -> Any:
    return (await web.get("/v1/inbox", params={"person": person_id, **which})).raise_for_status().json()


async def events_of(running: Running, person_id: str, *kinds: type) -> list[Any]:
    async with running.writer() as writer:
        return [event for event in await inbox_events(writer.client, [person_id]) if isinstance(event.data, kinds)]


async def test_reading_is_said_by_post_alone_and_stands_in_the_log_once(running: Running) -> None:
    async with running.web("dung") as web:
        newest = (await inbox(web, "dung"))[0]
        assert newest["read_at"] is None
        assert (await web.get("/v1/inbox/unread")).json() == {"unread": 3, "by_category": {"assignment": 3}}
        body = {"notification_ids": [newest["notification_id"]]}
        for _ in range(2):
            answer = await web.post("/v1/inbox/dung/read", json=body)
            assert (answer.status_code, answer.json()) == (200, {"unread": 2})
        assert (await inbox(web, "dung"))[0]["read_at"]
        assert len(await inbox(web, "dung", unread=True)) == 2
        assert await inbox(web, "dung", category="reminder") == []
    (read,) = await events_of(running, "dung", NotificationRead)
    told = {event.envelope.id: event for event in await events_of(running, "dung", NotificationRequested)}
    assert read.envelope.actor == "person.dung"
    assert told[read.envelope.causationid].data.notification_id == newest["notification_id"]


async def test_all_up_to_a_place_is_acknowledged_at_once_and_so_read(running: Running) -> None:
    async with running.web("hoa") as web:
        _, second, oldest = await inbox(web, "hoa")
        answer = await web.post("/v1/inbox/hoa/acknowledge", json={"up_to": second["sequence"]})
        assert (answer.status_code, answer.json()) == (200, {"unread": 1})
        found = await inbox(web, "hoa")
        assert [bool(each["acknowledged_at"]) for each in found] == [False, True, True]
        assert [bool(each["read_at"]) for each in found] == [False, True, True]
    noted = [event.data.notification_id for event in await events_of(running, "hoa", NotificationAcknowledged)]
    assert noted == [oldest["notification_id"], second["notification_id"]]


@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [("lan", "lan", 404), ("lan", "khanh", 403), ("binh", "khanh", 403), (None, "khanh", 403)],
    ids=["another's notification", "another's inbox", "the office", "a program"],
)
async def test_nobody_reads_for_another(running: Running, who: str | None, whose: str, status: int) -> None:
    async with running.web() as office, running.web(who) as web:
        (told, *_) = await inbox(office, "khanh")
        answer = await web.post(f"/v1/inbox/{whose}/read", json={"notification_ids": [told["notification_id"]]})
        assert answer.status_code == status
        assert (await inbox(office, "khanh"))[0]["read_at"] is None


@pytest.mark.parametrize("body", [{}, {"up_to": 1, "notification_ids": ["a"]}, {"up_to": 0}, {"notification_ids": []}])
async def test_a_marking_that_names_nothing_clear_is_refused(running: Running, body: Any) -> None:
    async with running.web("lan") as web:
        assert (await web.post("/v1/inbox/lan/read", json=body)).status_code == 422


async def test_every_tab_hears_what_comes_and_what_was_read_elsewhere_once(running: Running) -> None:
    async with running.web("giang") as web, running.web() as office, running.writer() as writer:
        async with _stream(web) as first, _stream(web) as second:
            for tab in (first, second):
                assert (await _next(tab))[1:] == ("unread", {"unread": 0})
            mine = directive(1, SCIENCE, meeting_id="m-live", lead="Vũ Hương Giang")
            await writer.write(notice(mine, meeting_id="m-live"))
            for tab in (first, second):
                place, kind, told = await _next(tab)
                assert (kind, told["meeting"]["id"]) == (None, "m-live")
                assert await _next(tab) == (None, "unread", {"unread": 1})
            await web.post("/v1/inbox/giang/read", json={"notification_ids": [told["notification_id"]]})
            for tab in (first, second):
                marked_at, kind, marked = await _next(tab)
                assert (kind, marked["notification_id"]) == ("marked", told["notification_id"])
                assert await _next(tab) == (None, "unread", {"unread": 0})
        async with _stream(web, place) as back:
            assert await _next(back) == (marked_at, "marked", marked)
            assert (await _next(back))[1:] == ("unread", {"unread": 0})
        async with _stream(web, marked_at) as back:
            assert (await _next(back))[1:] == ("unread", {"unread": 0})
        assert len(await inbox(office, "giang")) == 1


async def test_preferences_show_what_decides_and_are_changed_only_as_they_were_seen(running: Running) -> None:
    async with running.web("khanh") as web:
        seen = await web.get("/v1/people/khanh/preferences")
        ways = {(each["category"], each["channel"]): each for each in seen.json()["ways"]}
        assert ways["change", "mail"] == {
            **{"category": "change", "channel": "mail", "default": "digest", "chosen": False},
            **{"choice": None, "floor": None},
        }
        wanted = {
            "choices": [{"category": "change", "channel": "mail", "timing": None}],
            "quiet": {"begin": "20:00", "end": "07:00", "days_off": True},
            "zone": "Asia/Tokyo",
            "language": "en",
        }
        address = "/v1/people/khanh/preferences"
        assert (await web.put(address, json=wanted)).status_code == 428
        tag = {"If-Match": seen.headers["ETag"]}
        answers = await asyncio.gather(*(web.put(address, json=wanted, headers=tag) for _ in range(3)))
        assert {answer.status_code for answer in answers} == {200}
        assert len(await events_of(running, "khanh", PreferencesChanged)) == 1
        late = await web.put(address, json={"language": "vi"}, headers=tag)
        assert (late.status_code, late.headers["ETag"]) == (412, answers[0].headers["ETag"])
        shown = (await web.get(address)).json()
        assert (shown["zone"], shown["language"], shown["digest_at"]) == ("Asia/Tokyo", "en", "07:30")
        assert {"category": "change", "channel": "mail", "timing": None} in shown["choices"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"choices": [{"category": "change", "channel": "inbox", "timing": None}]}, "/choices/0/channel"),
        ({"choices": [{"category": "change", "channel": "mail"}] * 2}, "/choices/1"),
        ({"zone": "Asia/Atlantis"}, "/zone"),
        ({"digest_at": "24:00"}, "/digest_at"),
        ({"quiet": {"begin": "20:00"}}, "/quiet/end"),
    ],
)
async def test_preferences_that_cannot_hold_are_refused_by_name(running: Running, body: Any, pointer: str) -> None:
    async with running.web("lan") as web:
        answer = await web.put("/v1/people/lan/preferences", json=body, headers={"If-Match": '"0"'})
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_unit_s_floor_binds_its_members_and_is_named_to_them(running: Running) -> None:
    address, floor = f"/v1/units/{LABORATORY.id}/floor", {"channels": [{"category": "change", "channel": "mail"}]}
    async with running.web("hoa") as stranger, running.web("binh") as office, running.web("lan") as member:
        tag = {"If-Match": (await office.get(address)).headers["ETag"]}
        assert (await stranger.put(address, json=floor, headers=tag)).status_code == 403
        set_ = await office.put(address, json=floor, headers=tag)
        assert (set_.status_code, set_.json()) == (200, floor)
        assert (await office.put(address, json={"channels": []}, headers=tag)).status_code == 412
        ways = (await member.get("/v1/people/lan/preferences")).json()["ways"]
        bound = {(each["category"], each["channel"]): each["floor"] for each in ways if each["floor"]}
        assert bound == {("change", "mail"): {"id": LABORATORY.id, "name": LABORATORY.name}}
        own = f"/v1/units/{FINANCE.id}/floor"
        assert (await stranger.put(own, json=floor, headers={"If-Match": '"0"'})).status_code == 200
        assert (await office.get("/v1/units/nowhere/floor")).status_code == 404


async def test_only_what_one_may_see_can_be_watched(running: Running) -> None:
    async with running.web("hoa") as web:
        assert (await web.put("/v1/people/hoa/watches/m-1-1-khoa-hoc")).status_code == 404
        for _ in range(2):
            assert (await web.put(f"/v1/people/hoa/watches/m-1-2-{FINANCE.id}")).status_code == 204
        assert (await web.get("/v1/people/hoa/watches")).json() == [{"task_id": f"m-1-2-{FINANCE.id}"}]
        for _ in range(2):
            assert (await web.delete(f"/v1/people/hoa/watches/m-1-2-{FINANCE.id}")).status_code == 204
        assert (await web.put(f"/v1/people/hoa/watches/m-1-2-{FINANCE.id}")).status_code == 204
        assert (await web.get("/v1/people/khanh/watches")).status_code == 403


async def test_a_calendar_reads_deadlines_at_a_private_address_until_it_is_revoked(running: Running) -> None:
    async with running.web("dung") as web, httpx.AsyncClient(base_url=running.notify.url) as program:
        assert (await program.get("/v1/people/dung/deadlines.ics", params={"key": ""})).status_code == 404
        made = (await web.post("/v1/people/dung/deadlines")).json()["address"]
        address = made.removeprefix("http://127.0.0.1:8080")
        answer = await program.get(address)
        events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
        assert {str(event["uid"]).partition("@")[0] for event in events} == {f"m-{n}-1-khoa-hoc" for n in (1, 2, 3)}
        (first,) = [event for event in events if str(event["uid"]).startswith("m-1-")]
        assert first.decoded("dtstart") == DUE
        assert first["status"] == "CONFIRMED"
        assert "m-1/TB-SKHCN, mục 1" in str(first["summary"])
        assert str(first["url"]).endswith("/tasks/m-1-1-khoa-hoc")
        assert "quy chế" not in icalendar.Calendar.from_ical(answer.content).to_ical().decode()
        again = await program.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert (await program.get(address.replace("dung", "giang"))).status_code == 404
        assert (await web.post("/v1/people/giang/deadlines")).status_code == 403
        newer = (await web.post("/v1/people/dung/deadlines")).json()["address"]
        assert (await program.get(address)).status_code == 404
        assert (await web.delete("/v1/people/dung/deadlines")).status_code == 204
        assert (await program.get(newer.removeprefix("http://127.0.0.1:8080"))).status_code == 404


async def test_chat_and_browsers_are_kept_beside_the_mail_address(running: Running) -> None:
    async with running.web("lan") as web:
        assert (await web.put("/v1/contacts/lan", json={"mail": "lan@haivan.example"})).status_code == 204
        unknown = await web.put("/v1/contacts/lan/chat", json={"service": "zalo", "to": "7241"})
        assert unknown.status_code == 422
        for _ in range(2):
            assert (await web.post("/v1/contacts/lan/push", json=_BROWSER)).status_code == 204
        kept = (await web.get("/v1/contacts/lan")).json()
        assert (kept["mail"], kept["chat"]) == ("lan@haivan.example", None)
        assert [browser["host"] for browser in kept["browsers"]] == ["push.example"]
        weak = {**_BROWSER, "keys": {"p256dh": "AAAA", "auth": "AAAA"}}
        assert (await web.post("/v1/contacts/lan/push", json=weak)).status_code == 422
        plain = {**_BROWSER, "endpoint": "http://push.example/abc"}
        assert (await web.post("/v1/contacts/lan/push", json=plain)).status_code == 422
        assert (await web.delete("/v1/contacts/lan/push")).status_code == 204
        assert (await web.delete("/v1/contacts/lan")).status_code == 204
        assert (await web.get("/v1/contacts/lan")).json() == {"mail": None, "chat": None, "browsers": []}


@asynccontextmanager
async def _stream(web: httpx.AsyncClient, last: int | None = None) -> AsyncIterator[AsyncIterator[str]]:
    headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": str(last)} if last is not None else {})
    async with web.stream("GET", "/v1/inbox", headers=headers) as answer:
        yield answer.aiter_lines()


async def _next(lines: AsyncIterator[str]) -> tuple[int | None, str | None, Any]:
    """The next event of a stream: its id, its name, and what it says."""
    fields: dict[str, str] = {}
    async with asyncio.timeout(_PATIENCE_SECONDS):
        async for line in lines:
            name, _, value = line.partition(": ")
            if line and name:
                fields[name] = value
            elif "data" in fields:
                place = int(fields["id"]) if "id" in fields else None
                return place, fields.get("event"), json.loads(fields["data"])
    raise AssertionError("the stream ended")
