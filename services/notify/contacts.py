"""Where people are reached: the one thing about them that can be forgotten."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import BaseModel
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.tables import contact, push_subscription
from shared.database import among, translated

_MOST_BROWSERS = 10


class Chat(BaseModel):
    """A person's id within a chat service."""

    service: str
    to: str


class BrowserView(BaseModel):
    """A browser that takes web push: the host of its push service, and since when it is known."""

    host: str | None
    created_at: dt.datetime


class ContactView(BaseModel):
    """Where a person is reached."""

    mail: str | None = None
    chat: Chat | None = None
    browsers: list[BrowserView] = []


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser's subscription to web push. Its keys are in base64url."""

    endpoint: str
    p256dh: str
    auth: str


async def keep_contact(engine: AsyncEngine, person_id: str, mail: str) -> None:
    """Keeps a person's mail address in place of the one before.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer; the address before it stays.
    """
    row = {"mail": mail, "changed_at": dt.datetime.now(dt.UTC)}
    with translated():
        async with engine.begin() as connection:
            kept = insert(contact).values(person_id=person_id, **row)
            await connection.execute(kept.on_conflict_do_update(index_elements=["person_id"], set_=row))


async def forget_contact(engine: AsyncEngine, person_id: str) -> bool:
    """Forgets a person's addresses. Says whether there were any.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer; nothing was forgotten.
    """
    with translated():
        async with engine.begin() as connection:
            forgotten = await connection.execute(delete(contact).where(contact.c.person_id == person_id))
            return forgotten.rowcount > 0


async def find_mails(engine: AsyncEngine, people: Iterable[str]) -> dict[str, str]:
    """The mail addresses of those of these people who have one.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    query = select(contact.c.person_id, contact.c.mail).where(
        among(contact.c.person_id, people), contact.c.mail.is_not(None)
    )
    with translated():
        async with engine.connect() as connection:
            return {row.person_id: row.mail for row in await connection.execute(query)}


async def find_people(engine: AsyncEngine, mail: str) -> tuple[str, ...]:
    """The ids of those who are reached at an address, however its letters are written.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with translated():
        async with engine.connect() as connection:
            query = select(contact.c.person_id).where(func.lower(contact.c.mail) == mail.lower()).limit(2)
            return tuple(await connection.scalars(query))


async def find_chat(engine: AsyncEngine, person_id: str) -> tuple[str, str] | None:
    """The service by which a person is written to, and their id there; None where there is none.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    query = select(contact.c.chat_service, contact.c.chat_to).where(contact.c.person_id == person_id)
    with translated():
        async with engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
    return (row.chat_service, row.chat_to) if row and row.chat_service and row.chat_to else None


async def find_contact(engine: AsyncEngine, person_id: str) -> ContactView:
    """All that is kept of where a person is reached.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    own = push_subscription.c.person_id == person_id
    browsers = select(push_subscription).where(own).order_by(push_subscription.c.created_at.desc())
    with translated():
        async with engine.connect() as connection:
            row = (await connection.execute(select(contact).where(contact.c.person_id == person_id))).one_or_none()
            found = (await connection.execute(browsers)).all()
    return ContactView(
        mail=row.mail if row else None,
        chat=Chat(service=row.chat_service, to=row.chat_to) if row and row.chat_service and row.chat_to else None,
        browsers=[BrowserView(host=urlsplit(each.endpoint).hostname, created_at=each.created_at) for each in found],
    )


async def keep_chat(engine: AsyncEngine, person_id: str, chat: Chat) -> None:
    """Keeps a person's id within a chat service in place of the one before.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer; the one before it stays.
    """
    row = {"chat_service": chat.service, "chat_to": chat.to, "changed_at": dt.datetime.now(dt.UTC)}
    with translated():
        async with engine.begin() as connection:
            kept = insert(contact).values(person_id=person_id, **row)
            await connection.execute(kept.on_conflict_do_update(index_elements=["person_id"], set_=row))


async def forget_chat(engine: AsyncEngine, person_id: str) -> bool:
    """Forgets a person's id within a chat service. Says whether there was one.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer; nothing was forgotten.
    """
    own = (contact.c.person_id == person_id) & contact.c.chat_service.is_not(None)
    row = {"chat_service": None, "chat_to": None, "changed_at": dt.datetime.now(dt.UTC)}
    with translated():
        async with engine.begin() as connection:
            return (await connection.execute(update(contact).where(own).values(row))).rowcount > 0


async def keep_browser(engine: AsyncEngine, person_id: str, browser: Browser) -> None:
    """Keeps a browser for a person. It belongs to whoever subscribed last; a person's oldest ones are forgotten.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer; nothing was kept.
    """
    row = {
        "person_id": person_id,
        "p256dh": browser.p256dh,
        "auth": browser.auth,
        "created_at": dt.datetime.now(dt.UTC),
    }
    own = push_subscription.c.person_id == person_id
    newest = select(push_subscription.c.endpoint).where(own).order_by(push_subscription.c.created_at.desc())
    with translated():
        async with engine.begin() as connection:
            kept = insert(push_subscription).values(endpoint=browser.endpoint, **row)
            await connection.execute(kept.on_conflict_do_update(index_elements=["endpoint"], set_=row))
            superfluous = push_subscription.c.endpoint.not_in(newest.limit(_MOST_BROWSERS))
            await connection.execute(delete(push_subscription).where(own, superfluous))


async def forget_browsers(engine: AsyncEngine, person_id: str, endpoint: str | None = None) -> bool:
    """Forgets a person's browsers, or one of them. Says whether there was any.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer; nothing was forgotten.
    """
    own = push_subscription.c.person_id == person_id
    if endpoint is not None:
        own &= push_subscription.c.endpoint == endpoint
    with translated():
        async with engine.begin() as connection:
            return (await connection.execute(delete(push_subscription).where(own))).rowcount > 0
