"""Milliseconds to a proof, in trees of growing size, and how fast the ledger is read again before it is signed."""

import random
import time
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger.growth import grown
from services.tasks.ledger.recheck import roots_again
from services.tasks.ledger.store import looker, root_at
from services.tasks.ledger.tree import inclusion_ranges, root_of
from shared.database import engine
from tests.house import Servers

_ROUNDS = 300
_WARM = 20


@dataclass(frozen=True, slots=True)
class Proved:
    """How long inclusion proofs took in a tree of so many events."""

    size: int
    milliseconds: tuple[float, ...]

    def percentile(self, share: float) -> float:
        """The time within which this share of proofs was there."""
        return sorted(self.milliseconds)[int(share * (len(self.milliseconds) - 1))]


@dataclass(frozen=True, slots=True)
class Proving:
    """Proofs by size, and how many events a second are read again and hashed before a checkpoint is signed."""

    proofs: tuple[Proved, ...]
    read_again_per_second: float


async def proving(servers: Servers, events: int) -> Proving:
    """Measures on a ledger that holds so many events, without HTTP."""
    pool = engine(servers.database("tasks"), "bench")
    try:
        while await grown(pool):
            pass
        async with pool.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            proofs = [await _proved(connection, size) for size in _sizes(events)]
            begun = time.perf_counter()
            roots = await roots_again(connection, [events])
            seconds = time.perf_counter() - begun
            if roots[events] != await root_at(connection, events):
                raise AssertionError("the events' bytes make another tree than the one that is kept")
    finally:
        await pool.dispose()
    return Proving(tuple(proofs), events / seconds)


def _sizes(events: int) -> list[int]:
    """A hundredth, a tenth and all of them; one less, so that tiles at the tree's edge are partial ones."""
    return [max(events // share - 1, 1) for share in (100, 10, 1)]


async def _proved(connection: AsyncConnection, size: int) -> Proved:
    source, taken = random.Random(size), []
    for _ in range(_ROUNDS + _WARM):
        begun = time.perf_counter()
        ranges = inclusion_ranges(source.randrange(size), size)
        look = await looker(connection, ranges, size)
        for leaves in ranges:
            root_of(leaves, look)
        taken.append((time.perf_counter() - begun) * 1000)
    return Proved(size, tuple(taken[_WARM:]))
