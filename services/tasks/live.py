"""The register as it changes, for everybody who looks at a page: one question to it, however many they are."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.tasks.register import queries
from services.tasks.register.changed import Change, list_changed
from services.tasks.register.tasks import Sight
from shared.database import DatabaseUnavailable, RowsRefused, Signal, translated

_AT_ONCE = 1_000
_KEPT = 5_000
_PAUSE_SECONDS = 0.5

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Looked:
    """What somebody looks at: one task with who was told of it, the tasks of one meeting, or everything."""

    task_id: str | None = None
    meeting_id: str | None = None

    def shows(self, change: Change) -> bool:
        """Whether a change may make it look different."""
        if self.task_id:
            return change.task_id == self.task_id
        return not change.of_telling and self.meeting_id in (None, change.meeting_id)


@dataclass
class LiveRegister:
    """What changed lately, while anybody looks. `advanced` says that the register moved on, and `moved` that this did.

    `_recent` is complete behind sequence `_from` and up to `position`.
    """

    engine: AsyncEngine
    advanced: Signal
    moved: Signal = field(default_factory=Signal)
    position: int = 0
    _recent: "deque[Change]" = field(default_factory=deque)
    _from: int = 0
    _looking: "Counter[Looked]" = field(default_factory=Counter)

    async def run(self) -> None:
        """Looks for ever at what is new; PostgreSQL being away, or its tables being exchanged, delays it."""
        while True:
            woken = self.advanced.next()
            try:
                await (self._read() if self._looking else self._skip())
            except (DatabaseUnavailable, RowsRefused) as fault:
                log.warning("live_waits", fault=str(fault))
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            await woken.wait()

    @contextmanager
    def looking(self, looked: Looked) -> Iterator[None]:
        """Counts somebody who looks, for as long as the block lasts."""
        self._looking[looked] += 1
        try:
            yield
        finally:
            self._looking[looked] -= 1
            if not self._looking[looked]:
                del self._looking[looked]

    async def newest(self, looked: Looked, sight: Sight, after: int) -> tuple[int | None, int]:
        """The sequence of the last change of what somebody looks at behind `after`, if any; and how far this looked.

        Raises:
            DatabaseUnavailable: it had to ask PostgreSQL, which does not answer.
        """
        if after < self._from:
            return await self.missed(looked, sight, after)
        return _last(self._recent, looked, sight, after), max(after, self.position)

    async def missed(self, looked: Looked, sight: Sight, after: int) -> tuple[int | None, int]:
        """The same of somebody who did not look so far, from the register itself.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        watched = [looked.task_id] if looked.task_id else []
        with translated():
            async with self.engine.connect() as connection:
                found, seen, complete = await list_changed(connection, after, _AT_ONCE, watched)
        if not complete:
            # Whoever was away for so long is told to look again rather than kept waiting.
            return max(seen, self.position), max(seen, self.position)
        return _last(found, looked, sight, after), seen

    async def _skip(self) -> None:
        """Goes on without a look at what nobody looks at."""
        if not self.advanced.told and not self.position:
            with translated():
                async with self.engine.connect() as connection:
                    self.position = await queries.register_sequence(connection)
        self.position = self._from = max(self.position, self.advanced.told)
        self._recent.clear()

    async def _read(self) -> None:
        complete = False
        while not complete:
            watched = {looked.task_id for looked in self._looking if looked.task_id}
            with translated():
                async with self.engine.connect() as connection:
                    found, self.position, complete = await list_changed(connection, self.position, _AT_ONCE, watched)
            self._recent.extend(found)
            while len(self._recent) > _KEPT:
                self._from = self._recent.popleft().sequence
            if found:
                self.moved.raise_()


def _last(changes: Iterable[Change], looked: Looked, sight: Sight, after: int) -> int | None:
    own = (each.sequence for each in changes if each.sequence > after and looked.shows(each) and each.is_seen(sight))
    return max(own, default=None)
