"""Killed at any moment, notify forgets nothing that is owed: inboxes hold everything once, and mail comes as promised.

`KETLUAN_TESTS_KILLS=200` makes a long journey of the short one.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import structlog
from nats.aio.client import Client

from shared.events.catalogue import CATALOGUE
from shared.events.inbox import NotificationDelivered, NotificationRead, NotificationRequested
from shared.log.connect import broker, connected
from shared.log.faults import LogFault
from shared.log.follow import Follower
from shared.log.stream import stream_info
from shared.settings import NatsSettings
from tests.house import Servers, servers
from tests.identity import as_person
from tests.integration.notify.writing import Writer
from tests.mail_sink import MailSink
from tests.processes import ServiceProcess, notify
from tests.servers import run_sql
from tests.unit.notify.examples import FINANCE, SCIENCE, directive, notice, organisation

KILLS = int(os.environ.get("KETLUAN_TESTS_KILLS", "6"))
LIFE_SECONDS, BIRTH_SECONDS = 0.8, 2.0
PATIENCE_SECONDS = 60 + KILLS
QUIET_SECONDS = 1.0
LEADS = ("dung", "hoa")
"""Who leads the two units to which every notice goes."""

_FROM = "ketluan@haivan.example"
_IMPATIENT = {
    "MAIL_SECONDS": "2",
    "DELIVERY_MARGIN_SECONDS": "2",
    "DELIVERY_RETRY_SECONDS": "0.2",
    "CIRCUIT_SECONDS": "0.2",
}
_MOST_NOTICES = 4 * KILLS
_ANSWERS = {200, 202, 412, 503}

log = structlog.get_logger()


@dataclass
class Person:
    """What a person was answered: up to where the inbox was read, and which wish was kept; `unsure` are the wishes to
    which there was no answer since."""

    read_up_to: int = 0
    wish: str = "07:30"
    unsure: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Office:
    """Everything that runs."""

    servers: Servers
    sink: MailSink
    service: ServiceProcess


@pytest.fixture
def office() -> Iterator[Office]:
    """A log, a database, a mail server and notify, which is short of patience."""
    with ExitStack() as running:
        both = running.enter_context(servers())
        sink = running.enter_context(MailSink())
        mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(sink.port), "SMTP_SECURITY": "none", "MAIL_FROM": _FROM}
        yield Office(
            both, sink, running.enter_context(notify(both.nats.url, both.database("notify"), **mail, **_IMPATIENT))
        )


async def test_notify_killed_at_any_moment_owes_nothing_and_tells_nobody_twice(office: Office) -> None:
    service, meetings, people = office.service, list[str](), {name: Person() for name in LEADS}
    async with _log(office.servers) as client:
        writer = Writer(client)
        await writer.write(*organisation())
        known = [f"('{name}', '{name}@haivan.example', now())" for name in LEADS]
        contacts = f"INSERT INTO notify.contact (person_id, mail, changed_at) VALUES {', '.join(known)}"
        await run_sql(office.servers.database("notify"), contacts)
        working = [asyncio.create_task(_publish(writer, meetings))]
        working += [asyncio.create_task(_live(service, name, person)) for name, person in people.items()]
        await _kill_again_and_again(service, office.servers)
        for each in working:
            each.cancel()
        ended = await asyncio.gather(*working, return_exceptions=True)
        assert all(each is None or isinstance(each, asyncio.CancelledError) for each in ended), ended
        told = await _at_rest(client, len(LEADS) * len(meetings))

    requested = [each for each in told if isinstance(each, NotificationRequested)]
    told_of = Counter((each.person_id, each.meeting_id) for each in requested)
    assert set(told_of.values()) == {1}
    assert {(name, meeting) for name in LEADS for meeting in meetings} <= set(told_of)
    read = Counter(each.notification_id for each in told if isinstance(each, NotificationRead))
    assert set(read.values()) <= {1}
    for name, person in people.items():
        own = [each for each in requested if each.person_id == name]
        await _shown(service, name, person, own)
        _in_order(office.sink, name, own)
    _mailed(office.sink, [each for each in requested if each.person_id in LEADS], told)


@asynccontextmanager
async def _log(both: Servers) -> AsyncIterator[Client]:
    nats_broker = broker(NatsSettings(nats_url=both.nats.url), "tests")
    client = await connected(nats_broker)
    try:
        yield client
    finally:
        await nats_broker.stop()


async def _publish(writer: Writer, meetings: list[str]) -> None:
    """Notices for both units, one after the other."""
    while len(meetings) < _MOST_NOTICES:
        meeting_id = f"m-{len(meetings)}"
        with suppress(LogFault):
            await writer.write(notice(directive(1, SCIENCE, FINANCE, meeting_id=meeting_id), meeting_id=meeting_id))
            meetings.append(meeting_id)
        await asyncio.sleep(random.uniform(0.05, 0.4))


async def _live(service: ServiceProcess, name: str, person: Person) -> None:
    """Reads the inbox and changes the mind, again and again."""
    async with httpx.AsyncClient(base_url=service.url, timeout=5, headers=as_person(name)) as web:
        while True:
            with suppress(httpx.TransportError):
                await _read(web, name, person)
                await _wish(web, name, person)
            await asyncio.sleep(random.uniform(0.02, 0.2))


async def _read(web: httpx.AsyncClient, name: str, person: Person) -> None:
    inbox = await web.get("/v1/inbox", params={"limit": 1})
    if inbox.status_code == 200 and inbox.json():
        newest = inbox.json()[0]["sequence"]
        answer = await web.post(f"/v1/inbox/{name}/read", json={"up_to": newest})
        assert answer.status_code in _ANSWERS, answer.text
        if answer.is_success:
            person.read_up_to = newest


async def _wish(web: httpx.AsyncClient, name: str, person: Person) -> None:
    shown = await web.get(f"/v1/people/{name}/preferences")
    if shown.status_code == 200:
        wish = f"{random.randrange(24):02}:{random.randrange(60):02}"
        person.unsure.add(wish)
        wanted = {"digest_at": wish, "language": random.choice(["vi", "en"])}
        tag = {"If-Match": shown.headers["ETag"]}
        answer = await web.put(f"/v1/people/{name}/preferences", json=wanted, headers=tag)
        assert answer.status_code in _ANSWERS, answer.text
        if answer.is_success:
            person.wish, person.unsure = wish, set()


async def _kill_again_and_again(service: ServiceProcess, both: Servers) -> None:
    """Kills notify, every other time while it starts, now and then the log or the database; at last all run."""
    for number in range(KILLS):
        victim = {4: both.nats, 9: both.postgres}.get(number % 10)
        await asyncio.sleep(random.uniform(0.0, BIRTH_SECONDS if number % 2 else LIFE_SECONDS))
        if victim:
            victim.kill()
            await asyncio.to_thread(victim.start)
        service.kill()
        if number % 2 and number + 1 < KILLS:
            await asyncio.to_thread(service.start)
        else:
            service.child = service.spawn(service.folder / "output")
    service.kill()
    await asyncio.to_thread(service.start)


async def _at_rest(client: Client, letters: int) -> list[Any]:
    """What the log holds of people's inboxes, once so many letters were delivered and it has then been quiet."""
    told: list[Any] = []
    position = 0
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for batch in Follower(client, "tests").batches(0):
            told += [CATALOGUE.read(record.content).data for record in batch if record.subject.startswith("log.inbox.")]
            position = batch[-1].sequence if batch else position
            if len({each.notification_id for each in told if _is_mail(each)}) >= letters:
                await asyncio.sleep(QUIET_SECONDS)
                if (await stream_info(client)).state.last_seq == position:
                    break
    return told


async def _shown(service: ServiceProcess, name: str, person: Person, own: list[NotificationRequested]) -> None:
    """The inbox holds everything once; what was answered as read and as wished stands."""
    async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=as_person(name)) as web:
        inbox: list[Any] = []
        page: str | None = "/v1/inbox?limit=200"
        while page:
            answer = await web.get(page)
            inbox += answer.json()
            page = answer.links.get("next", {}).get("url")
        wish = (await web.get(f"/v1/people/{name}/preferences")).json()["digest_at"]
    assert [each["notification_id"] for each in reversed(inbox)] == [each.notification_id for each in own]
    assert all(each["read_at"] for each in inbox if each["sequence"] <= person.read_up_to)
    assert wish in {person.wish, *person.unsure}


def _is_mail(event: object) -> bool:
    return isinstance(event, NotificationDelivered) and event.channel == "mail" and event.person_id in LEADS


def _in_order(sink: MailSink, name: str, own: list[NotificationRequested]) -> None:
    came = [each.message_id.partition("@")[0] for each in sink.taken if each.to == f"{name}@haivan.example"]
    assert list(dict.fromkeys(came)) == [each.notification_id for each in own]
    assert len(came) - len(own) <= KILLS


def _mailed(sink: MailSink, requested: list[NotificationRequested], told: list[Any]) -> None:
    """Every letter came and was told of once; one that came twice came by the same Message-ID."""
    letters = Counter(each.message_id.partition("@")[0] for each in sink.taken)
    delivered = Counter(each.notification_id for each in told if _is_mail(each))
    assert set(letters) == set(delivered) == {each.notification_id for each in requested}
    assert set(delivered.values()) == {1}
    again = sum(count - 1 for count in letters.values())
    log.warning("letters_of_a_service_killed_again_and_again", kills=KILLS, letters=len(letters), again=again)
