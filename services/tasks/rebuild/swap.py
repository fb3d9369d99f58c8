"""A register rebuilt in a schema of its own, to be looked at or to take the live one's place while readers go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import structlog
from sqlalchemy import Text, bindparam, func, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.tasks.ledger.tables import event as ledger_event
from services.tasks.projector import CHANNEL, project, writing
from services.tasks.rebuild import shadow
from services.tasks.rebuild.run import Progress, in_schema, rebuild
from services.tasks.register import tables
from services.tasks.register.reading import read
from services.tasks.register.write import parked_subjects
from services.tasks.register.write_words import write_words
from shared.database import translated
from shared.log.record import Record
from shared.settings import NatsSettings

_ONE_AT_A_TIME = 0x73686164
_BATCH = 1000
_FEW = 300
"""So many events the shadow may be behind when the projector is asked to wait."""

_PATIENCE = "2s"
_ATTEMPTS = 20
_PAUSE_SECONDS = 0.5

_QUICK = (
    "SET LOCAL synchronous_commit = off",
    "SET LOCAL maintenance_work_mem = '256MB'",
    "SET LOCAL max_parallel_maintenance_workers = 2",
)

log = structlog.get_logger()


class AnotherRebuild(Exception):
    """Another rebuild goes on in this database. Nothing was changed."""

    def __init__(self) -> None:
        super().__init__("another rebuild goes on in this database; wait until it has ended")


class ReadersDidNotYield(Exception):
    """The live register was in use all the time. It was not touched."""

    def __init__(self) -> None:
        super().__init__("the live register was not free for a moment; it was not touched, try again")


@asynccontextmanager
async def alone(engine: AsyncEngine) -> AsyncIterator[None]:
    """Nobody else rebuilds in this database for as long as the block lasts.

    Raises:
        AnotherRebuild: somebody does.
    """
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        if not await connection.scalar(select(func.pg_try_advisory_lock(_ONE_AT_A_TIME))):
            raise AnotherRebuild
        try:
            yield
        finally:
            await connection.scalar(select(func.pg_advisory_unlock(_ONE_AT_A_TIME)))


async def build(engine: AsyncEngine, settings: NatsSettings, stream: str, last: int, progress: Progress) -> None:
    """Makes the register as it was at event `last`, in the schema `shadow.SHADOW`, in one transaction. `engine` is the
    owner's, and `stream` the time at which the log was made. What an earlier rebuild left is taken away.

    Raises:
        DatabaseUnavailable, RowsRefused: PostgreSQL does not answer, or refuses; nothing was changed.
        GapInLog, LogUnavailable, LogRefused: see `rebuild`; nothing was changed.
    """
    with translated():
        async with engine.begin() as connection:
            for statement in _QUICK:
                await connection.exec_driver_sql(statement)
            await shadow.drop(connection, shadow.SHADOW, shadow.FORMER)
            await connection.exec_driver_sql(f"CREATE SCHEMA {shadow.SHADOW}")
            await shadow.make_tables(connection, shadow.SHADOW)
            await rebuild(connection, settings, shadow.SHADOW, last, progress)
            async with in_schema(connection, shadow.SHADOW) as rebuilt:
                marks = [
                    {"reader": each, "sequence": last, "stream": stream} for each in (tables.REGISTER, tables.WORDS)
                ]
                await rebuilt.execute(insert(tables.checkpoint), marks)
            rest = set(await shadow.table_names(connection))
            await shadow.make_keys(connection, shadow.SHADOW, rest - shadow.KEYED - shadow.KEYED_LAST)
            await shadow.make_indexes(connection, shadow.SHADOW, rest)
            await shadow.grant_rights(connection, shadow.SHADOW)
            for name in rest:
                await connection.exec_driver_sql(f"ANALYZE {shadow.SHADOW}.{name}")


async def change_places(engine: AsyncEngine) -> int:
    """Puts the shadow in the live register's place, once it holds as much. Gives the event up to which it does.

    Readers see the one or the other, whole, and the projector goes on behind the same event. `engine` is the owner's.

    Raises:
        DatabaseUnavailable, RowsRefused: PostgreSQL does not answer, or refuses; the live register was not touched.
        ReadersDidNotYield: it was in use all the time.
    """
    for _ in range(_ATTEMPTS):
        with translated():
            await _come_near(engine)
            held = await _changed(engine)
        if held is not None:
            await _forget_former(engine)
            return held
        await asyncio.sleep(_PAUSE_SECONDS)
    raise ReadersDidNotYield


async def _come_near(engine: AsyncEngine) -> None:
    while True:
        async with engine.begin() as connection:
            held = await _position(connection)
            if held - await _catch_up(connection, _BATCH) <= _FEW:
                return


async def _changed(engine: AsyncEngine) -> int | None:
    """The event up to which the register holds the log that took its place; None where the live one was in use."""
    async with engine.connect() as connection, connection.begin() as transaction:
        await connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
        try:
            # The projector's first step in each transaction is here, so it waits; nobody else needs it for long.
            await connection.exec_driver_sql(f"LOCK TABLE {tables.checkpoint.fullname}")
        except DBAPIError as error:
            if not isinstance(getattr(error.orig, "__cause__", None), asyncpg.LockNotAvailableError):
                raise
            await transaction.rollback()
            return None
        held = await _position(connection)
        while await _catch_up(connection, _BATCH) < held:
            continue
        await shadow.change_places(connection)
        await connection.execute(_TELL, {"told": str(held)})
        return held


async def _forget_former(engine: AsyncEngine) -> None:
    """Takes the former register away once nobody reads it any more; if that takes long, the next rebuild does it."""
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
            await shadow.drop(connection, shadow.FORMER)
    except DBAPIError as error:
        log.warning("former_register_stays", error=str(error.orig))


async def _catch_up(connection: AsyncConnection, most: int) -> int:
    """Takes in so many of the events that the live register holds and the shadow lacks. Gives how far it holds them.

    They come from the ledger, into which the projector has just written them.
    """
    async with in_schema(connection, shadow.SHADOW) as rebuilt:
        begin = await _position(connection)
        records = await _records(connection, begin, most)
        if not records:
            return begin
        end = records[-1].sequence
        parked = await parked_subjects(rebuilt)
        await project(rebuilt, [read(record) for record in records], parked, writing(rebuilt, shadow.SHADOW))
        await write_words(rebuilt, begin, end, shadow.SHADOW)
        await rebuilt.execute(update(tables.checkpoint).values(sequence=end))
        return end


async def _records(connection: AsyncConnection, after: int, most: int) -> list[Record]:
    event = ledger_event.c
    statement = select(event.sequence, event.subject, event.stored_at, event.content).where(event.sequence > after)
    rows = await connection.execute(statement.order_by(event.sequence).limit(most))
    return [Record(*row) for row in rows]


async def _position(connection: AsyncConnection) -> int:
    checkpoint = tables.checkpoint.c
    return int(await connection.scalar(select(checkpoint.sequence).where(checkpoint.reader == tables.REGISTER)) or 0)


_TELL = select(func.pg_notify(CHANNEL, bindparam("told", type_=Text)))
