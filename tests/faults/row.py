"""What a row of the table is: one kind of fault, injected by a function of its own."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.faults.load import Load
from tests.faults.machine import Machine
from tests.faults.office import Office

MOST_SECONDS_BACK = 10.0
_MOST_ON_A_SHARED_MACHINE = 30.0
"""What the short form allows: it runs beside whatever else CI's machine does, and shows the time all the same."""

_PATIENCE_SECONDS = 60.0


@dataclass
class Outcome:
    """What a row did and what it saw.

    `injected` counts the faults by what they hit, `seconds_back` are the times from a fault's end (or, where others go
    on meanwhile, from its beginning) until a new notice was posted, its task worked on and its people told, `seconds`
    what else was measured again and again. `failures` are sentences; a row without any has held. `figures` are further
    figures for the table.
    """

    injected: Counter[str] = field(default_factory=Counter)
    seconds_back: list[float] = field(default_factory=list)
    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)


@dataclass
class Run:
    """What a row works with.

    `said` shows what is being done. `long` asks for the whole and not the short form. The office is shared by all rows
    that ask for it; whoever needs another one makes it on `machine` and leaves `office` alone.
    """

    machine: Machine
    random: random.Random
    long: bool
    said: Callable[[str], None]
    shared: Callable[[], Awaitable[tuple[Office, Load]]]
    outcome: Outcome = field(default_factory=Outcome)
    last: str = ""

    async def office(self) -> tuple[Office, Load]:
        """The shared office, which is started by the first row that asks, and its load."""
        return await self.shared()

    def injected(self, what: str) -> None:
        """Notes a fault that is being injected, the `last` from now on."""
        self.last = what
        self.outcome.injected[what] += 1
        self.said(what)

    async def back(self, load: Load, since: float) -> None:
        """Waits until work is done again, and notes how long after `since` (of the monotonic clock) that was."""
        within = MOST_SECONDS_BACK if self.long else _MOST_ON_A_SHARED_MACHINE
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                done = await load.work_done()
        except TimeoutError:
            self.outcome.failures.append(f"not back to work after {_PATIENCE_SECONDS:.0f} s ({self.last})")
            return
        seconds = max(done.worked_on, done.told) - since
        self.said(
            f"{self.last}: posted after {done.posted - since:.1f} s, worked on after {done.worked_on - since:.1f} s, "
            f"told after {done.told - since:.1f} s"
        )
        self.outcome.seconds_back.append(seconds)
        if seconds > within:
            self.outcome.failures.append(f"back to work after {seconds:.1f} s, not {within:.0f} s ({self.last})")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: its name for FAULTS=…, what it says of itself, and what it does. `on_the_office` says that it
    works on the shared office under its steady load, which is judged when the row is over. `only_long` is run at length
    only, or by its name."""

    name: str
    title: str
    inject: Callable[[Run], Awaitable[None]]
    on_the_office: bool = True
    only_long: bool = False


@asynccontextmanager
async def frozen(load: Load, *copies: str) -> AsyncIterator[None]:
    """Says to the load that these copies cannot be expected to answer, for as long as the block lasts."""
    load.frozen |= set(copies)
    try:
        yield
    finally:
        load.frozen -= set(copies)
