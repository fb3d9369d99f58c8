"""Private addresses at which calendar programs, which cannot sign in, read one person's deadlines.

The secret in such an address reads nothing else. It is shown once, and only its digest is kept; a new one takes the
place of the one before, which is then worth nothing.
"""

import datetime as dt
import hashlib
import secrets

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.tables import calendar_feed
from shared.database import translated

PREFIX = "kld_"
_SECRET_BYTES = 32


async def make_feed(engine: AsyncEngine, person_id: str) -> str:
    """A new secret for a person's feed, in place of the one before.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer; the one before holds on.
    """
    secret = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    row = {"digest": _digest(secret), "created_at": dt.datetime.now(dt.UTC)}
    kept = insert(calendar_feed).values(person_id=person_id, **row)
    with translated():
        async with engine.begin() as connection:
            await connection.execute(kept.on_conflict_do_update(index_elements=["person_id"], set_=row))
    return secret


async def revoke_feed(engine: AsyncEngine, person_id: str) -> bool:
    """Makes a person's secret worthless. Says whether there was one.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer; it holds on.
    """
    with translated():
        async with engine.begin() as connection:
            revoked = await connection.execute(delete(calendar_feed).where(calendar_feed.c.person_id == person_id))
            return revoked.rowcount > 0


async def feed_since(engine: AsyncEngine, person_id: str) -> dt.datetime | None:
    """Since when a person's feed has the secret that it has now; None where there is no feed.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    query = select(calendar_feed.c.created_at).where(calendar_feed.c.person_id == person_id)
    with translated():
        async with engine.connect() as connection:
            found: dt.datetime | None = await connection.scalar(query)
            return found


async def is_feed_of(engine: AsyncEngine, person_id: str, secret: str) -> bool:
    """Whether a secret is the one of this person's feed. They are compared by their digests, which nobody can steer.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    own = (calendar_feed.c.person_id == person_id) & (calendar_feed.c.digest == _digest(secret))
    with translated():
        async with engine.connect() as connection:
            return await connection.scalar(select(calendar_feed.c.person_id).where(own)) is not None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
