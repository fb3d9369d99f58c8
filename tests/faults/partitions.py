"""Partitions in the network: between a service and NATS, between NATS nodes, between a service and PostgreSQL."""

import asyncio
import time

from tests.faults.load import Load
from tests.faults.machine import Host
from tests.faults.office import Office
from tests.faults.row import Row, Run

_LONG, _SHORT = 10, 1
_PARTED_SECONDS = 6.0


async def _inject(run: Run) -> None:
    office, load = await run.office()
    async with load.steady():
        for _ in range(_LONG if run.long else _SHORT):
            for service in ("tasks", "notify"):
                copy = run.random.choice(office.of(service)).host
                await _parted(run, load, [copy], office.hosts(office.nodes), f"{service} | NATS")
                await _parted(run, load, [copy], [office.database.host], f"{service} | PostgreSQL")
            leader = await office.leader()
            others = [node.host for node in office.nodes if node is not leader]
            await _parted(run, load, [leader.host], others, "the stream's leader | other nodes")
            await _unplugged(run, office, load)


async def _parted(run: Run, load: Load, some: list[Host], others: list[Host], what: str) -> None:
    run.injected(what)
    with run.machine.parted(some, others):
        began = time.monotonic()
        await run.back(load, began)
        await asyncio.sleep(max(0.0, began + _PARTED_SECONDS - time.monotonic()))
    await run.back(load, time.monotonic())


async def _unplugged(run: Run, office: Office, load: Load) -> None:
    """PostgreSQL with its cable out: packets go nowhere, and nobody is told."""
    run.injected("everybody | PostgreSQL")
    with run.machine.unplugged(office.database.host):
        await asyncio.sleep(_PARTED_SECONDS)
    await run.back(load, time.monotonic())


ROW = Row("partitions", "partitions in the network", _inject)
