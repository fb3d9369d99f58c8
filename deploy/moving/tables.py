"""Carries the rows of one database over into another that was migrated alike, and compares both.

What the ledger holds only grows, so its events are carried over while people work; all else at once, in one
transaction, when nobody writes any more.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import asyncpg

from shared.database import translated

_LEDGER = "ledger"
_SCHEMAS = (_LEDGER, "register", "notify")
_OF_PROCESSES = ("lease", "copy")
_EVENTS_AT_ONCE = 20_000
_PIECES = 16

_TABLES = (
    "SELECT n.nspname AS schema, c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns, "
    "max(a.attname::text) FILTER (WHERE a.attidentity <> '') AS identity "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid "
    "WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped "
    "AND a.attgenerated = '' AND n.nspname = ANY($1) AND c.relname <> ALL($2) GROUP BY 1, 2 ORDER BY 1, 2"
)
_END = "SELECT coalesce(max(sequence), 0) FROM ledger.event"
_STREAMS = (
    "SELECT table_schema FROM information_schema.columns WHERE table_name = 'checkpoint' AND column_name = 'stream'"
)

Told = Callable[[int, int], None]


class Differs(Exception):
    """A table of the new place does not hold what the old one's does. The old place was not touched."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table and those of its columns that are written; `identity` counts by itself."""

    schema: str
    name: str
    columns: tuple[str, ...]
    identity: str | None

    @property
    def full_name(self) -> str:
        """How statements name it."""
        return f'"{self.schema}"."{self.name}"'

    @property
    def listed(self) -> str:
        """Its columns, as statements list them."""
        return ", ".join(f'"{each}"' for each in self.columns)


@dataclass(frozen=True, slots=True)
class Sides:
    """Both databases, by their owners."""

    source: asyncpg.Connection
    target: asyncpg.Connection

    async def tables(self) -> list[Table]:
        """Every table but those in which processes tell one another that they live.

        Raises:
            Differs: both do not have the same ones.
        """
        found = [await _tables(each) for each in (self.source, self.target)]
        if found[0] != found[1]:
            raise Differs("both databases do not have the same tables: they are of different versions")
        return found[0]


async def carry_events(sides: Sides, told: Told) -> None:
    """Carries over those events of the ledger that the target lacks.

    Raises:
        DatabaseUnavailable, RowsRefused: doing it again goes on from there.
        Differs: both databases are of different versions.
    """
    (table,) = (each for each in await sides.tables() if (each.schema, each.name) == (_LEDGER, "event"))
    with translated():
        last = await sides.source.fetchval(_END)
        held = await sides.target.fetchval(_END)
        told(held, last)
        for first in range(held + 1, last + 1, _EVENTS_AT_ONCE):
            end = min(first + _EVENTS_AT_ONCE - 1, last)
            await _piped(sides, table, f"WHERE sequence BETWEEN {first} AND {end} ORDER BY sequence", table.full_name)
            told(end, last)


async def carry_rest(sides: Sides, stream: str, told: Told) -> None:
    """Carries over everything but the ledger's events, and says of every reader that it followed the log that was made
    at `stream`: all at once, or nothing.

    Raises:
        DatabaseUnavailable, RowsRefused: nothing was changed.
        Differs: both databases are of different versions.
    """
    every = [each for each in await sides.tables() if (each.schema, each.name) != (_LEDGER, "event")]
    with translated():
        async with sides.target.transaction():
            renewed = ", ".join(each.full_name for each in every if each.schema != _LEDGER)
            await sides.target.execute(f"TRUNCATE {renewed}")
            for place, table in enumerate(every, start=1):
                await (_grown if table.schema == _LEDGER else _renewed)(sides, table)
                told(place, len(every))
            for row in await sides.target.fetch(_STREAMS):
                await sides.target.execute(f'UPDATE "{row[0]}".checkpoint SET stream = $1', stream)


async def compare(sides: Sides, told: Told) -> None:
    """Compares every row of every table.

    Raises:
        Differs: one of them differs; the message names it.
        DatabaseUnavailable, RowsRefused: nothing is known.
    """
    every = await sides.tables()
    with translated():
        for place, table in enumerate(every, start=1):
            # Each side names the log that it follows by the time at which that was made.
            columns = [each for each in table.columns if (table.name, each) != ("checkpoint", "stream")]
            asked = _digest(table, columns)
            ours, theirs = await asyncio.gather(sides.source.fetchrow(asked), sides.target.fetchrow(asked))
            if ours != theirs:
                raise Differs(f"{table.full_name} differs")
            told(place, len(every))


async def _tables(connection: asyncpg.Connection) -> list[Table]:
    with translated():
        rows = await connection.fetch(_TABLES, _SCHEMAS, _OF_PROCESSES)
    return [Table(row["schema"], row["name"], tuple(row["columns"]), row["identity"]) for row in rows]


async def _renewed(sides: Sides, table: Table) -> None:
    await _piped(sides, table, "", table.full_name)
    if table.identity:
        place = f"pg_get_serial_sequence('{table.full_name}', '{table.identity}')"
        newest = f'(SELECT max("{table.identity}") FROM {table.full_name})'
        await sides.target.execute(f"SELECT setval({place}, coalesce({newest}, 1), {newest} IS NOT NULL)")


async def _grown(sides: Sides, table: Table) -> None:
    """Adds what a table of the ledger lacks: nothing can be taken from it."""
    draft = f"carried_{table.name}"
    await sides.target.execute(f"CREATE TEMPORARY TABLE {draft} ON COMMIT DROP AS TABLE {table.full_name} WITH NO DATA")
    await _piped(sides, table, "", draft)
    added = f"INSERT INTO {table.full_name} ({table.listed}) SELECT {table.listed} FROM {draft} ON CONFLICT DO NOTHING"
    await sides.target.execute(added)


async def _piped(sides: Sides, table: Table, which: str, into: str) -> None:
    """Copies rows from one server to the other, a little at a time."""
    pieces: asyncio.Queue[bytes | None] = asyncio.Queue(_PIECES)

    async def read() -> None:
        asked = f"SELECT {table.listed} FROM {table.full_name} {which}"
        await sides.source.copy_from_query(asked, output=pieces.put, format="binary")
        await pieces.put(None)

    async def given() -> AsyncIterator[bytes]:
        while (piece := await pieces.get()) is not None:
            yield piece

    schema, _, name = into.rpartition(".")
    reading = asyncio.create_task(read())
    writing = asyncio.create_task(
        sides.target.copy_to_table(
            name.strip('"'),
            source=given(),
            columns=table.columns,
            schema_name=schema.strip('"') or None,
            format="binary",
        )
    )
    try:
        done, _ = await asyncio.wait((reading, writing), return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        for task in (reading, writing):
            task.cancel()
        await asyncio.gather(reading, writing, return_exceptions=True)


def _digest(table: Table, columns: Sequence[str]) -> str:
    """What asks for a digest of all rows, in whatever order they lie."""
    listed = ", ".join(f'"{each}"' for each in columns)
    halves = ", ".join(f"sum(hashtextextended(each::text, {seed})::numeric)" for seed in (0, 1))
    return f"SELECT count(*), {halves} FROM (SELECT {listed} FROM {table.full_name}) AS each"
