"""How what is due leaves: in each person's order, once, whatever the provider does."""

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.channels.channel import NotTaken, ProviderAway
from services.notify.channels.mail.channel import Mail
from services.notify.channels.mail.letter import letter_of
from services.notify.channels.mail.smtp import Mailer
from services.notify.contacts import keep_contact
from services.notify.delivery.claims import claim
from services.notify.delivery.dead_letters import list_channels
from services.notify.delivery.engine import ChannelDelivery
from services.notify.settings import NotifySettings
from services.notify.tables import delivery, notification, outbox, provider
from shared.database import engine
from shared.events.inbox import NotificationAttempted, NotificationDelivered, NotificationFailed
from shared.identity.tokens import Tokens
from tests.identity import SESSION_KEY
from tests.integration.notify.conftest import until
from tests.integration.notify.mailbox import Mailbox
from tests.servers import free_port
from tests.unit.notify.letters import SENDER, message

NOW = dt.datetime.now(dt.UTC)
PEOPLE = ("dung", "hoa", "khanh", "lan")


@pytest.fixture
def mailbox() -> Mailbox:
    """A mail server that is not there yet."""
    return Mailbox(free_port())


@pytest.fixture
def settings(notify_database_url: str, mailbox: Mailbox) -> NotifySettings:
    """Settings that name the mail server, with a clock that is short of patience."""
    return NotifySettings(
        database_url=SecretStr(notify_database_url),
        session_key=SecretStr(SESSION_KEY),
        smtp_host="127.0.0.1",
        smtp_port=mailbox.port,
        smtp_security="none",
        mail_from="ketluan@haivan.example",
        delivery_retry_seconds=0.05,
        delivery_attempts=5,
        circuit_seconds=0.05,
    )


@pytest.fixture
async def pool(notify_database_url: str) -> AsyncIterator[AsyncEngine]:
    """Connections with the rights of notify."""
    connections = engine(notify_database_url, "tests", connections=20)
    for person_id in PEOPLE:
        await keep_contact(connections, person_id, f"{person_id}@haivan.example")
    yield connections
    await connections.dispose()


@pytest.fixture
def listening(mailbox: Mailbox) -> Iterator[Controller]:
    """The mail server listens."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    yield controller
    controller.stop()


@asynccontextmanager
async def delivering(pool: AsyncEngine, settings: NotifySettings, copies: int = 1) -> AsyncIterator[None]:
    """The engine for mail runs, in so many copies."""
    mail = Mail(pool, Mailer(settings), Tokens(SESSION_KEY))
    engines = [ChannelDelivery(pool, mail, settings, "one", lambda: None) for _ in range(copies)]
    running = [asyncio.create_task(each.run()) for each in engines]
    try:
        yield
    finally:
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def told(pool: AsyncEngine, *sequences: int, person_id: str = "dung", **values: Any) -> None:
    """Notifications that are due by mail, named after their places in the log."""
    for sequence in sequences:
        own = {"notification_id": f"n-{sequence}", "person_id": person_id, "sequence": sequence}
        due = {"not_before": NOW, "next_attempt_at": NOW, "digest": False, "urgent": False} | values
        async with pool.begin() as connection:
            await connection.execute(insert(notification).values(**_NOTIFICATION, **own, event_id=f"e-{sequence}"))
            await connection.execute(insert(delivery).values(**own, channel="mail", state="pending", attempts=0, **due))


async def outcomes(pool: AsyncEngine, kind: type[Any]) -> list[dict[str, Any]]:
    """What the engine wants the log to know."""
    query = select(outbox.c.data).where(outbox.c.type == kind.type).order_by(outbox.c.place)
    async with pool.connect() as connection:
        return list(await connection.scalars(query))


def has_taken(mailbox: Mailbox, count: int) -> Callable[[], Awaitable[bool]]:
    """A condition for `until`."""

    async def condition() -> bool:
        return len(mailbox.taken) >= count

    return condition


def received(mailbox: Mailbox) -> dict[str, list[str]]:
    """The names of the notifications that came to each address, in the order in which they came."""
    found = defaultdict(list)
    for (address,), letter in mailbox.taken:
        found[address.partition("@")[0]].append(str(letter["Message-ID"]).strip("<").partition("@")[0])
    return dict(found)


async def test_after_an_outage_everything_arrives_in_each_persons_order_and_nothing_was_used_up(
    settings: NotifySettings, mailbox: Mailbox, pool: AsyncEngine
) -> None:
    for place, person_id in enumerate(PEOPLE):
        await told(pool, *(10 * number + place for number in range(1, 6)), person_id=person_id)
    async with delivering(pool, settings, copies=2):
        await until(lambda: _circuit(pool, "open", "half_open"))
        await asyncio.sleep(0.7)
        (mail, *_) = await list_channels(pool, {"mail"})
        assert mail.error == "the mail server does not answer: SMTPConnectError"
        assert mail.pending == 20
        assert len(await outcomes(pool, NotificationAttempted)) < 20
        assert await outcomes(pool, NotificationFailed) == []
        controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
        controller.start()
        try:
            await until(has_taken(mailbox, 20))
            await until(lambda: _circuit(pool, "closed"))
            assert await until(lambda: _all_of(pool, 20))
        finally:
            controller.stop()
    places = {person_id: place for place, person_id in enumerate(PEOPLE)}
    assert received(mailbox) == {
        person_id: [f"n-{10 * number + place}" for number in range(1, 6)] for person_id, place in places.items()
    }
    async with pool.connect() as connection:
        rows = (await connection.execute(select(delivery.c.attempts, delivery.c.excused))).all()
    assert all(row.attempts - row.excused == 1 for row in rows)


async def test_several_copies_share_the_work_and_send_nothing_twice(
    settings: NotifySettings, mailbox: Mailbox, pool: AsyncEngine, listening: Controller
) -> None:
    for place, person_id in enumerate(PEOPLE):
        await told(pool, *(10 * number + place for number in range(1, 9)), person_id=person_id)
    async with delivering(pool, settings, copies=3):
        await until(has_taken(mailbox, 32))
        await asyncio.sleep(0.2)
    assert len(mailbox.taken) == 32
    assert all(names == sorted(names, key=_number) for names in received(mailbox).values())


async def test_what_is_due_in_a_digest_comes_as_one_mail_and_each_part_is_told_of(
    settings: NotifySettings, mailbox: Mailbox, pool: AsyncEngine, listening: Controller
) -> None:
    await told(pool, 11, 12, 13, digest=True)
    await told(pool, 14, digest=True, not_before=NOW + dt.timedelta(hours=1))
    mailbox.answers.append("451 4.3.0 busy")
    async with delivering(pool, settings):
        await until(has_taken(mailbox, 1))
        delivered = await until(lambda: _all_of(pool, 3))
    first, again = mailbox.offered
    assert first["Message-ID"] == again["Message-ID"]
    assert again["Subject"] == "Tổng hợp: 3 thông báo"
    assert [each["notification_id"] for each in delivered] == ["n-11", "n-12", "n-13"]
    assert {each["reference"] for each in delivered} == {str(again["Message-ID"])}


async def test_what_is_urgent_waits_for_nothing_that_is_not(
    settings: NotifySettings, mailbox: Mailbox, pool: AsyncEngine, listening: Controller
) -> None:
    mailbox.answers.append("451 4.3.0 busy")
    await told(pool, 11, 12)
    slow = settings.model_copy(update={"delivery_retry_seconds": 1.0})
    async with delivering(pool, slow):
        await until(lambda: _offered(mailbox))
        await told(pool, 13, urgent=True)
        await told(pool, 14, person_id="hoa")
        await until(has_taken(mailbox, 4))
    assert received(mailbox) == {"dung": ["n-13", "n-11", "n-12"], "hoa": ["n-14"]}


async def test_a_message_that_is_never_taken_holds_up_nobody_for_long_and_becomes_a_dead_letter(
    settings: NotifySettings, mailbox: Mailbox, pool: AsyncEngine, listening: Controller
) -> None:
    mailbox.never = "<n-11@"
    await told(pool, 11, 12)
    async with delivering(pool, settings):
        (failed,) = await until(lambda: outcomes(pool, NotificationFailed))
        await until(has_taken(mailbox, 1))
    assert received(mailbox) == {"dung": ["n-12"]}
    assert failed["notification_id"] == "n-11"
    assert failed["error"] == "the mail server wants it later: 451 4.3.0"
    assert [each["attempt"] for each in await outcomes(pool, NotificationAttempted)] == [1, 2, 3, 4]


async def test_a_person_without_an_address_says_nothing_of_the_provider(
    settings: NotifySettings, mailbox: Mailbox, pool: AsyncEngine
) -> None:
    await told(pool, 11, 12, 13, person_id="dung")
    await told(pool, 21, person_id="nobody")
    async with delivering(pool, settings):
        (failed,) = await until(lambda: outcomes(pool, NotificationFailed))
        await until(lambda: _circuit(pool, "open", "half_open"))
    assert (failed["notification_id"], "no address" in failed["error"]) == ("n-21", True)


async def test_what_a_copy_had_claimed_is_due_once_others_found_it_dead(pool: AsyncEngine) -> None:
    await told(pool, 11, 12)
    lease = dt.timedelta(minutes=2)
    async with pool.begin() as connection:
        await connection.execute(text("INSERT INTO notify.copy VALUES ('one', 1, now())"))
    ((first,), _) = _parts(await claim(pool, "mail", 8, 600, lease, "one", NOW))
    soon = NOW + dt.timedelta(seconds=4)
    assert _parts(await claim(pool, "mail", 8, 600, lease, "two", soon))[0] == ()
    async with pool.begin() as connection:
        await connection.execute(text("DELETE FROM notify.copy"))
    ((again,), _) = _parts(await claim(pool, "mail", 8, 600, lease, "two", soon))
    assert first.message_id == again.message_id == "n-11"


async def test_what_a_killed_copy_had_claimed_is_due_again_when_its_lease_is_over(pool: AsyncEngine) -> None:
    await told(pool, 11, 12)
    lease = dt.timedelta(minutes=2)
    ((first,), _) = _parts(await claim(pool, "mail", 8, 600, lease, "one", NOW))
    assert _parts(await claim(pool, "mail", 8, 600, lease, "one", NOW + dt.timedelta(minutes=1)))[0] == ()
    ((again,), _) = _parts(await claim(pool, "mail", 8, 600, lease, "one", NOW + dt.timedelta(minutes=3)))
    assert first.message_id == again.message_id == "n-11"
    assert (first.counted, again.counted) == (1, 1)


async def test_a_channel_is_sent_no_more_than_its_rate(pool: AsyncEngine) -> None:
    for place, person_id in enumerate(PEOPLE):
        await told(pool, 10 + place, person_id=person_id)
    found, seconds = _parts(await claim(pool, "mail", 8, 20, dt.timedelta(minutes=2), "one", NOW))
    assert len(found) == 2
    assert 2.9 < seconds <= 3.0
    found, _ = _parts(await claim(pool, "mail", 8, 20, dt.timedelta(minutes=2), "one", NOW + dt.timedelta(seconds=3.1)))
    assert len(found) == 1


async def test_a_mail_server_that_does_not_come_to_an_end_is_left(
    settings: NotifySettings, mailbox: Mailbox, listening: Controller
) -> None:
    mailbox.seconds_to_answer = 1.0
    letter = letter_of(message(), SENDER, "dung@haivan.example", NOW)
    with pytest.raises(NotTaken, match="does not come to an end"):
        await Mailer(settings.model_copy(update={"mail_seconds": 0.3})).send(letter.address, letter.content)


async def test_a_mail_server_that_is_closing_is_away_as_a_whole(
    settings: NotifySettings, mailbox: Mailbox, listening: Controller
) -> None:
    mailbox.answers.append("421 4.3.2 closing")
    letter = letter_of(message(), SENDER, "dung@haivan.example", NOW)
    with pytest.raises(ProviderAway, match=r"takes nothing now: 421 4\.3\.2"):
        await Mailer(settings).send(letter.address, letter.content)


async def test_an_outcome_that_cannot_be_told_is_found_before_the_mail_goes_out(
    settings: NotifySettings, mailbox: Mailbox, pool: AsyncEngine, listening: Controller
) -> None:
    await told(pool, 11)
    endless = {"mail_from": f"ketluan@{'haivan.' * 100}example", "delivery_attempts": 1}
    absurd = settings.model_copy(update=endless)
    async with delivering(pool, absurd):
        (failed,) = await until(lambda: outcomes(pool, NotificationFailed))
    assert failed["error"] == "the message could not be made: ValidationError"
    assert mailbox.offered == []


def _parts(found: Any) -> tuple[Any, float]:
    return found.claims, found.seconds_until_next


def _number(name: str) -> int:
    return int(name.removeprefix("n-"))


async def _circuit(pool: AsyncEngine, *states: str) -> bool:
    async with pool.connect() as connection:
        if not (await connection.execute(select(provider))).all():
            return False
    return (await list_channels(pool, ()))[0].circuit in states


async def _all_of(pool: AsyncEngine, count: int) -> list[dict[str, Any]] | None:
    found = await outcomes(pool, NotificationDelivered)
    return found if len(found) == count else None


async def _offered(mailbox: Mailbox) -> bool:
    return bool(mailbox.offered)


_NOTIFICATION = {
    "correlation_id": "request-1",
    "requested_at": NOW,
    "meeting_id": "m-1",
    "rule": "meeting-concluded",
    "reasons": ["responsible"],
    "mentions": [],
    "category": "assignment",
    "urgency": "important",
    "language": "vi",
    "cause": "event-1",
}
