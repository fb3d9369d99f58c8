"""The rows of leases and of the copies that live, all by PostgreSQL's clock: no other is asked what time it is."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Interval, Text, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

LEASE = dt.timedelta(seconds=3.5)
"""For how long nobody else takes what its holder did not renew."""

NOBODY = ""
"""Holds what was given back."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Who does a work: the copy's name, since when, and whether its lease holds."""

    holder: str
    since: dt.datetime
    lives: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """When a copy was last heard of, and whether that is so recent that it counts as living."""

    at: dt.datetime
    lives: bool


@dataclass(frozen=True, slots=True)
class LeaseRows:
    """The tables `lease` and `copy` of a schema, as one copy of a service of a release writes them. Each statement
    stands alone: the connections that are given commit by themselves."""

    schema: str
    copy: str
    release: int

    async def appear(self, connection: AsyncConnection) -> None:
        """Says that this copy lives."""
        await connection.execute(self._of(_APPEAR), {"copy": self.copy, "release": self.release})

    async def vanish(self, connection: AsyncConnection, copies: Collection[str]) -> None:
        """Says that copies do not live, or cannot work."""
        await connection.execute(self._of(_VANISH), {"copies": sorted(copies)})

    async def copies(self, connection: AsyncConnection) -> dict[str, Seen]:
        """Every copy that did not end in order, by its name."""
        rows = await connection.execute(self._of(_COPIES), {"lease": LEASE})
        return {row.id: Seen(row.seen_at, row.lives) for row in rows}

    async def take(self, connection: AsyncConnection, works: Collection[str]) -> frozenset[str]:
        """Renews and takes what this copy may do of these works, and gives which those are: none while a copy of a
        newer release lives. What a copy held that has no connection left is free sooner: it was killed."""
        asked = {"copy": self.copy, "release": self.release, "works": sorted(works), "lease": LEASE, "gone": _GONE}
        return frozenset(await connection.scalars(self._of(_TAKE), asked))

    async def release_of(self, connection: AsyncConnection, works: Collection[str]) -> None:
        """Gives back what this copy holds of these works."""
        await connection.execute(self._of(_RELEASE), {"copy": self.copy, "works": sorted(works)})

    async def holdings(self, connection: AsyncConnection) -> dict[str, Holding]:
        """Who does what, by work."""
        rows = await connection.execute(self._of(_HOLDINGS), {"lease": LEASE})
        return {row.work: Holding(row.holder, row.since, row.lives) for row in rows}

    async def end_connections(self, connection: AsyncConnection, copies: Collection[str]) -> None:
        """Closes the connections of other copies, whose names their applications' names end with.

        Source: PostgreSQL, 9.28.2 (pg_terminate_backend): a role may end its own sessions.
        """
        await connection.execute(_END, {"copies": sorted(copies)})

    def _of(self, statement: str) -> TextClause:
        found = text(statement.replace("SCHEMA.", f"{self.schema}."))
        named = [name for name in _TYPES if f":{name}" in statement]
        return found.bindparams(*(bindparam(name, type_=_TYPES[name]) for name in named))


_GONE = dt.timedelta(seconds=1.5)
"""For how long a copy without connections is still given time: one that lives stops its work once it notices."""

_TYPES: dict[str, TypeEngine[Any]] = {
    "works": ARRAY(Text),
    "copies": ARRAY(Text),
    "lease": Interval(),
    "gone": Interval(),
}

_LIVES = "BETWEEN now() AND now() + :lease"
"""An end that no holder could have written does not count: the clock was set back since."""

_APPEAR = """
    INSERT INTO SCHEMA.copy (id, release, seen_at) VALUES (:copy, :release, now())
    ON CONFLICT (id) DO UPDATE SET seen_at = now()
"""
_VANISH = "DELETE FROM SCHEMA.copy WHERE id = ANY(:copies)"
_COPIES = f"SELECT id, seen_at, seen_at + :lease {_LIVES} AS lives FROM SCHEMA.copy"
_NAME = "regexp_replace(application_name, '^.* ', '')"
_OURS = "FROM pg_stat_activity WHERE usename = current_user AND datname = current_database()"


def _holds(lease: str) -> str:
    """Whether the holder of a row still holds it."""
    connected = f"EXISTS (SELECT {_OURS} AND {_NAME} = {lease}.holder)"
    return f"{lease}.until {_LIVES} AND ({lease}.until > now() + :lease - :gone OR {connected})"


def may_work(schema: str, copy: str) -> str:
    """An SQL condition: whether the copy that an expression names may still be at work.

    It is not once others have found it silent, or it has ended, and no connection of it is left: what it had begun may
    be done anew.
    """
    connected = f"EXISTS (SELECT {_OURS} AND {_NAME} = {copy})"
    return f"(EXISTS (SELECT FROM {schema}.copy AS each WHERE each.id = {copy}) OR {connected})"


_TAKE = f"""
    INSERT INTO SCHEMA.lease AS held (work, holder, since, until)
    SELECT wanted.work, :copy, now(), now() + :lease FROM unnest(:works) AS wanted (work)
    WHERE NOT EXISTS (
            SELECT FROM SCHEMA.copy WHERE release > :release AND seen_at + :lease {_LIVES}
        ) AND NOT EXISTS (
            SELECT FROM SCHEMA.lease AS theirs
            WHERE theirs.work = wanted.work AND theirs.holder <> :copy AND {_holds("theirs")}
        )
    ORDER BY wanted.work
    ON CONFLICT (work) DO UPDATE SET
        holder = excluded.holder,
        since = CASE WHEN held.holder = excluded.holder THEN held.since ELSE excluded.since END,
        until = excluded.until
    WHERE held.holder = excluded.holder OR NOT ({_holds("held")})
    RETURNING work
"""
_RELEASE = f"""
    UPDATE SCHEMA.lease SET holder = '{NOBODY}', until = now() - interval '1 microsecond'
    WHERE holder = :copy AND work = ANY(:works)
"""
_HOLDINGS = f"SELECT work, holder, since, until {_LIVES} AS lives FROM SCHEMA.lease"
_END = text(f"SELECT pg_terminate_backend(pid) {_OURS} AND {_NAME} = ANY(:copies)").bindparams(
    bindparam("copies", type_=ARRAY(Text))
)
