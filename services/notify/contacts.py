"""Where people are reached: the one thing about them that can be forgotten."""

import datetime as dt

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.tables import contact
from shared.database import translated


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


async def find_mail(engine: AsyncEngine, person_id: str) -> str | None:
    """A person's mail address, or None.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with translated():
        async with engine.connect() as connection:
            return await connection.scalar(select(contact.c.mail).where(contact.c.person_id == person_id))


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
