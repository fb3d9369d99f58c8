"""What sending a mail may never do: hold on for ever, or be called a failure though the mail went out."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.channels.mail import Mailer, MailNotTaken
from services.notify.contacts import keep_contact
from services.notify.delivery.engine import Delivery
from services.notify.settings import NotifySettings
from services.notify.tables import delivery, notification, outbox
from shared.database import engine
from tests.identity import SESSION_KEY
from tests.integration.notify.mailbox import Mailbox
from tests.unit.notify.test_mail import item

ADDRESS = "dung.pham@haivan.example"
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def settings(notify_database_url: str, mailbox: Mailbox) -> NotifySettings:
    """Settings that name the mail server."""
    return NotifySettings(
        database_url=SecretStr(notify_database_url),
        session_key=SecretStr(SESSION_KEY),
        smtp_host="127.0.0.1",
        smtp_port=mailbox.port,
        smtp_security="none",
        mail_from="ketluan@haivan.example",
    )


@pytest.fixture
async def pool(notify_database_url: str) -> AsyncIterator[AsyncEngine]:
    """Connections with the rights of notify."""
    connections = engine(notify_database_url, "tests")
    yield connections
    await connections.dispose()


async def test_a_mail_server_that_does_not_come_to_an_end_is_left(settings: NotifySettings, mailbox: Mailbox) -> None:
    mailbox.seconds_to_answer = 1.0
    mailer = Mailer(settings, longest_sending_seconds=0.3)
    with pytest.raises(MailNotTaken, match="does not come to an end"):
        await mailer.send(mailer.letter(item(), ADDRESS, NOW))


async def test_an_outcome_that_cannot_be_told_is_found_before_the_mail_goes_out(
    settings: NotifySettings, mailbox: Mailbox, pool: AsyncEngine
) -> None:
    await keep_contact(pool, "dung", ADDRESS)
    async with pool.begin() as connection:
        await connection.execute(insert(notification).values(_NOTIFICATION))
        await connection.execute(insert(delivery).values(_DELIVERY))
    absurd = settings.model_copy(update={"mail_from": f"ketluan@{'haivan.' * 100}example"})
    with pytest.RaisesGroup(ValueError):
        async with asyncio.timeout(10):
            await Delivery(pool, Mailer(absurd), lambda: None, 1.0).run()
    async with pool.connect() as connection:
        assert await connection.scalar(select(delivery.c.state)) == "pending"
        assert (await connection.execute(select(outbox))).all() == []
    assert mailbox.taken == []


_NOTIFICATION = {
    "notification_id": "n-1",
    "person_id": "dung",
    "sequence": 7,
    "event_id": "e-1",
    "correlation_id": "request-1",
    "requested_at": NOW,
    "meeting_id": "m-1",
    "rule": "meeting-concluded",
    "reasons": ["responsible"],
    "mentions": [],
}
_DELIVERY = {"notification_id": "n-1", "channel": "mail", "state": "pending", "attempts": 0, "next_attempt_at": NOW}
