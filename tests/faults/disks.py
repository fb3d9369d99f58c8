"""Full disks under NATS and PostgreSQL, and slow ones."""

import asyncio
import time
from contextlib import AsyncExitStack

from tests.faults.parts import slow_disk
from tests.faults.row import Row, Run

_FULL_SECONDS, _SLOW_SECONDS = 5.0, 5.0
_SLOW_MILLISECONDS = 150


async def _full(run: Run) -> None:
    office, load = await run.office()
    async with load.steady():
        one = run.random.choice(office.nodes)
        run.injected("the disk of one NATS node full")
        with one.disk.full():
            began = time.monotonic()
            await run.back(load, began)
            await asyncio.sleep(max(0.0, began + _FULL_SECONDS - time.monotonic()))
        await run.back(load, time.monotonic())
        run.injected("PostgreSQL's disk full")
        with office.database.disk.full():
            await asyncio.sleep(_FULL_SECONDS)
        await run.back(load, time.monotonic())


async def _full_everywhere(run: Run) -> None:
    office, load = await run.office()
    async with load.steady():
        run.injected("the disks of all NATS nodes full")
        async with AsyncExitStack() as disks:
            for node in office.nodes:
                disks.enter_context(node.disk.full())
            await asyncio.sleep(_FULL_SECONDS)
        await run.back(load, time.monotonic())


async def _slow(run: Run) -> None:
    office, load = await run.office()
    async with load.steady():
        leader = await office.leader()
        for part in (leader, office.database):
            run.injected(f"each sync of {part.host.name} takes {_SLOW_MILLISECONDS} ms more")
            with slow_disk(part, _SLOW_MILLISECONDS):
                began = time.monotonic()
                await run.back(load, began)
                await asyncio.sleep(max(0.0, began + _SLOW_SECONDS - time.monotonic()))
            await run.back(load, time.monotonic())


FULL = Row("full-disks", "disk full under one NATS node, under PostgreSQL", _full)
EVERYWHERE = Row("full-disks-everywhere", "disks full under all NATS nodes at once", _full_everywhere, only_long=True)
SLOW = Row("slow-disks", "slow disk under NATS, under PostgreSQL", _slow)
