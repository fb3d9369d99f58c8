"""PostgreSQL as the services use it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass

import asyncpg
import structlog
from sqlalchemy import ColumnElement, Table, Text, any_, bindparam, event, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.database_address import DRIVER, Address
from shared.postgres import Servers
from shared.schema import schema_of

log = structlog.get_logger()

_RETRY_SECONDS = 1.0
_RECHECK_SECONDS = 5.0
_CHECK_SECONDS = 2.0


class DatabaseUnavailable(Exception):
    """PostgreSQL does not answer. The log is not touched by that; what was asked can be asked again."""


class RowsRefused(Exception):
    """PostgreSQL refuses what was to be written; the transaction has to go back to where it was."""


_AWAY = (
    OSError,
    TimeoutError,
    PoolTimeout,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
)


_UNUSABLE = (OverflowError, TypeError, ValueError)
"""What asyncpg raises for a value that its column cannot hold, before anything is sent."""


@contextmanager
def translated() -> Iterator[None]:
    """Turns the faults of PostgreSQL into ours.

    Raises:
        DatabaseUnavailable: the connection was refused, lost, or ended by the server, or its disk is full.
        RowsRefused: the statement itself was refused.
    """
    try:
        yield
    except DBAPIError as error:
        cause = getattr(error.orig, "__cause__", None)
        refused = isinstance(cause, _UNUSABLE)
        lost = isinstance(error, OperationalError | InterfaceError) or isinstance(cause, _AWAY)
        if error.connection_invalidated or (lost and not refused):
            raise DatabaseUnavailable(f"PostgreSQL does not answer: {error.orig}") from error
        raise RowsRefused(str(error.orig)) from error
    except _UNUSABLE as error:
        raise RowsRefused(str(error)) from error
    except _AWAY as error:
        raise DatabaseUnavailable(f"PostgreSQL does not answer: {error}") from error
    except asyncpg.PostgresError as error:
        raise RowsRefused(str(error)) from error


def engine(url: str, application: str, connections: int = 10) -> AsyncEngine:
    """A pool of so many connections in UTC, to whichever server of the address takes writes. One that PostgreSQL closed
    is never used again, so that its restart is hardly noticed; no error of it tells the values of a statement."""
    pool = create_async_engine(
        f"{DRIVER}://",
        async_creator=Servers(Address.parse(url), application).connect,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=10,
        hide_parameters=True,
    )
    event.listen(pool.sync_engine, "checkout", _confirm_open)
    return pool


def _confirm_open(connection: DBAPIConnection, *_: object) -> None:
    """Looks at the socket, which knows of a restart as soon as it is over. To ask PostgreSQL itself before every use
    takes three round trips, as many as the question that follows."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError("PostgreSQL closed this connection")


def among(column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column of text holds one of these values: one statement and one parameter, however many there are."""
    return column == any_(bindparam(None, sorted(set(values)), type_=ARRAY(Text)))


class Signal:
    """Wakes whoever waits for a channel of PostgreSQL's NOTIFY, in this process.

    `told` is the largest number that a notification gave; 0 where none did.
    """

    def __init__(self) -> None:
        self._raised = asyncio.Event()
        self.told = 0

    def raise_(self, payload: str = "") -> None:
        """Wakes everybody who waits."""
        if payload.isdecimal():
            self.told = max(self.told, int(payload))
        raised, self._raised = self._raised, asyncio.Event()
        raised.set()

    def next(self) -> "Wake":
        """The next raising. Taken before looking for news, it misses none that comes while one looks."""
        return Wake(self._raised)


@dataclass(frozen=True, slots=True)
class Wake:
    """A raising of a signal that is to come."""

    _raised: asyncio.Event

    async def wait(self, patience: float = _RECHECK_SECONDS) -> bool:
        """Whether the signal was raised within so many seconds: a lost notification delays only."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._raised.wait()
        return self._raised.is_set()


@asynccontextmanager
async def listening(url: str, channel: str) -> AsyncIterator[Signal]:
    """A signal that is raised whenever PostgreSQL notifies `channel`, for as long as the block lasts."""
    signal = Signal()
    task = asyncio.create_task(_listen(url, channel, signal))
    try:
        yield signal
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _listen(url: str, channel: str, signal: Signal) -> None:
    servers = Servers(Address.parse(url), f"ketluan listens to {channel}")
    while True:
        try:
            connection = await servers.connect()
            ended = asyncio.Event()
            try:
                connection.add_termination_listener(lambda _, ended=ended: ended.set())
                await connection.add_listener(channel, lambda *said: signal.raise_(str(said[-1])))
                signal.raise_()
                await ended.wait()
            finally:
                connection.terminate()
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("listening_again", channel=channel, error=str(error))
        await asyncio.sleep(_RETRY_SECONDS)


def database_check(pool: AsyncEngine) -> Callable[[], Awaitable[str | None]]:
    """Whether PostgreSQL answers, with tables that this release works with, as a check of the process's health."""

    async def check() -> str | None:
        try:
            with translated():
                async with asyncio.timeout(_CHECK_SECONDS), pool.connect() as connection:
                    found = await connection.run_sync(schema_of)
        except DatabaseUnavailable:
            return "PostgreSQL does not answer"
        return found.fault() if found else "the database was not migrated yet"

    return check


def parked_note(pool: AsyncEngine, parked: Table, address: str) -> Callable[[], Awaitable[str | None]]:
    """How many events are parked, and where they are listed, as a note of the process's health: it takes nothing from
    readiness, since everything else goes on."""

    async def note() -> str | None:
        try:
            with translated():
                async with asyncio.timeout(_CHECK_SECONDS), pool.connect() as connection:
                    count = await connection.scalar(select(func.count()).select_from(parked))
        except DatabaseUnavailable:
            return "not known while PostgreSQL does not answer"
        return f"{count} not applied, see {address}" if count else None

    return note
