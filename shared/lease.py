"""What only one copy of a service may do at a time, and which copy does it.

A lease is a row in PostgreSQL with a holder and an end. The holder renews it every second; who falls silent loses it,
and knows so by its own clock before anybody else may take it. A process that stood still knows it too late: its
connections are ended by those that live, and what it writes all the same is refused by the checkpoint that it writes
behind.
"""

import asyncio
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.cancelling import cancelled
from shared.database import DatabaseUnavailable, RowsRefused, translated
from shared.lease_rows import LEASE, Holding, LeaseRows, Seen
from shared.release import RELEASE
from shared.telemetry import metrics

_MARGIN_SECONDS = 0.5
_RENEW_EVERY_SECONDS = 1.0
_LOOK_EVERY_SECONDS = 0.5
_LOOK_INSIDE_SECONDS = 0.1
_ENDING_SECONDS = 0.5
_PATIENCE_SECONDS = 1.5
_SILENT_SECONDS = 1.5
_HOST_LETTERS = 20
"""PostgreSQL cuts an application's name, which ends with the copy's, behind 63 letters."""

_FAULTS = (DatabaseUnavailable, RowsRefused, TimeoutError)

Work = Callable[[], Coroutine[Any, Any, None]]

log = structlog.get_logger()


def new_copy() -> str:
    """A name for this process that no other copy has, and no earlier process of this one."""
    return f"{socket.gethostname()[:_HOST_LETTERS]}-{secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True)
class Share:
    """Which part of something that all copies do is this one's: the one at `place` of so many equal ones, from 0."""

    place: int = 0
    of: int = 1


class Leases:
    """The works of which this copy of a service does some and stands by for the others.

    `schema` is where the tables `lease` and `copy` are, and `able` says whether this copy could work now: one that
    could not stands back, and does not count among those that live. The application name of every connection of this
    process ends with `copy`. `holdings` is who does what, `share` this copy's part of what all do, both as last read,
    and `fault` what keeps it from being read.
    """

    def __init__(
        self, engine: AsyncEngine, schema: str, able: Callable[[], bool], copy: str, release: int = RELEASE
    ) -> None:
        self.copy = copy
        self.holdings: Mapping[str, Holding] = {}
        self.share = Share()
        self.fault: str | None = None
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._rows = LeaseRows(schema, copy, release)
        self._able = able
        self._works: dict[str, _Work] = {}
        self._heard: dict[str, tuple[Seen, float]] = {}

    async def while_held(self, work: str, do: Work) -> None:
        """Does a work whenever this copy holds its lease, for ever, each time from its beginning.

        Raises:
            Exception: what the work raised; RuntimeError where it ended by itself.
        """
        own = self._works.setdefault(work, _Work())
        while True:
            await own.taken.wait()
            log.info("lease_taken", work=work, copy=self.copy)
            own.idle.clear()
            task, lost = asyncio.create_task(do(), name=work), asyncio.create_task(own.lost.wait())
            try:
                await asyncio.wait([task, lost], return_when=asyncio.FIRST_COMPLETED)
                if task.done():
                    task.result()
                    raise RuntimeError(f"{work} ended by itself")
            finally:
                await cancelled([task])
                await cancelled([lost])
                own.idle.set()
            log.warning("lease_given_up", work=work, copy=self.copy)

    async def run(self) -> None:
        """Keeps what this copy holds and takes what nobody does, for ever; ended, it gives everything back."""
        try:
            while True:
                began = time.monotonic()
                try:
                    async with self._connected() as connection:
                        await (self._look(connection, began) if self._able() else self._stand_back(connection))
                        self.holdings = await self._rows.holdings(connection)
                    self.fault = None
                except _FAULTS as fault:
                    self._failed(fault)
                await self._pause(began)
        finally:
            with suppress(*_FAULTS):
                async with self._connected() as connection:
                    await self._stand_back(connection)

    def holds(self, work: str) -> bool:
        """Whether this copy does a work now."""
        return work in self._works and self._works[work].taken.is_set()

    def stands_by(self, work: str) -> str | None:
        """For whom this copy stands by with a work; None where it does it itself, or nobody does."""
        held = self.holdings.get(work)
        if self.holds(work) or held is None or not held.lives:
            return None
        return f"stands by: {held.holder} does it since {held.since:%Y-%m-%dT%H:%M:%SZ}"

    def undone(self, work: str) -> str | None:
        """That nobody does a work, in one sentence; None where somebody does."""
        held = self.holdings.get(work)
        return None if self.holds(work) or (held and held.lives) else "no copy does it, and this one does not begin"

    async def note(self) -> str | None:
        """What nobody does though somebody should, as a note of the process's health."""
        if self.fault:
            return self.fault
        undone = sorted(work for work in self._works if self.undone(work))
        return f"no copy does this: {', '.join(undone)}" if undone else None

    async def sample(self) -> None:
        """Tells the metrics which works are this copy's."""
        for work in self._works:
            metrics.LEASE_HELD.labels(work).set(self.holds(work))

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            with translated():
                async with self._engine.connect() as connection:
                    yield connection

    async def _look(self, connection: AsyncConnection, began: float) -> None:
        await self._rows.appear(connection)
        await self._count(connection)
        kept = await self._rows.take(connection, self._works)
        until = began + LEASE.total_seconds() - _MARGIN_SECONDS
        for work in kept:
            self._works[work].keep(until)
        await self._give_back(connection, [work for work in self._works if work not in kept])

    async def _count(self, connection: AsyncConnection) -> None:
        """Counts those that live, and ends the connections of whoever fell silent: who stood still in the middle of a
        transaction holds its rows, and would keep everybody waiting."""
        copies, now = await self._rows.copies(connection), time.monotonic()
        # That PostgreSQL's clock was set on makes nobody silent: whoever lives writes again meanwhile.
        self._heard = {
            name: (seen, before[1] if (before := self._heard.get(name)) and before[0].at == seen.at else now)
            for name, seen in copies.items()
        }
        silent = [
            name
            for name, (seen, since) in self._heard.items()
            if not seen.lives and now - since >= _SILENT_SECONDS and name != self.copy
        ]
        if silent:
            log.warning("copies_fell_silent", copies=silent)
            await self._rows.end_connections(connection, silent)
            await self._rows.vanish(connection, silent)
        living = sorted(name for name, seen in copies.items() if seen.lives or name == self.copy)
        self.share = Share(living.index(self.copy), len(living)) if self.copy in living else Share()

    async def _stand_back(self, connection: AsyncConnection) -> None:
        await self._rows.vanish(connection, [self.copy])
        await self._give_back(connection, list(self._works))

    async def _give_back(self, connection: AsyncConnection, works: list[str]) -> None:
        """Ends works, and has others begin with those that have ended."""
        for work in works:
            self._works[work].lose()
        if ending := [asyncio.create_task(self._works[work].idle.wait()) for work in works]:
            await asyncio.wait(ending, timeout=_ENDING_SECONDS)
            await cancelled(ending)
        if ended := [work for work in works if self._works[work].idle.is_set()]:
            await self._rows.release_of(connection, ended)

    def _failed(self, fault: Exception) -> None:
        self.fault = f"who does what is not known: {str(fault) or 'PostgreSQL takes too long'}"
        log.warning("leases_not_renewed", copy=self.copy, fault=self.fault)
        if isinstance(fault, DatabaseUnavailable):
            # Others may see that our connections are gone, and take us for dead.
            for each in self._works.values():
                each.lose()

    async def _pause(self, began: float) -> None:
        does_all = all(each.taken.is_set() for each in self._works.values())
        until = began + (_RENEW_EVERY_SECONDS if does_all else _LOOK_EVERY_SECONDS)
        able = self._able()
        while time.monotonic() < until and self._able() == able:  # noqa: ASYNC110 - nothing tells that silence began
            await asyncio.sleep(_LOOK_INSIDE_SECONDS)


class _Work:
    """A work that this copy does while `taken`, and stands by for while not. `idle`: nothing of it is under way."""

    def __init__(self) -> None:
        self.taken, self.lost, self.idle = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.idle.set()
        self._end: asyncio.TimerHandle | None = None

    def keep(self, until: float) -> None:
        """It is this copy's until a monotonic time, and no longer."""
        if self._end is not None:
            self._end.cancel()
        self._end = asyncio.get_running_loop().call_later(until - time.monotonic(), self.lose)
        self.lost.clear()
        self.taken.set()

    def lose(self) -> None:
        """It is this copy's no longer."""
        if self._end is not None:
            self._end.cancel()
        self.taken.clear()
        self.lost.set()
