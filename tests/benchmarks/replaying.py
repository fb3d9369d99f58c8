"""How fast the register is rebuilt from the log, and what the ledger costs the projector."""

import asyncio
import datetime as dt
import time
from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.migrations.run import migrate_database
from services.tasks.projector import project, step, writing
from services.tasks.rebuild.shadow import SHADOW, drop
from services.tasks.rebuild.swap import build
from services.tasks.register import tables
from services.tasks.register.reading import Read, read
from services.tasks.register.write import write_ledger
from services.tasks.replay import stream_state
from shared.database import engine
from shared.log.record import Record
from shared.settings import NatsSettings
from tests.benchmarks.years import Years
from tests.house import Servers
from tests.servers import run_sql

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Replayed:
    """How fast so many events became a register in a schema of its own, with all its indexes."""

    events: int
    per_second: float


def replaying(servers: Servers, events: int) -> Replayed:
    """Rebuilds the register from the first so many events of the log, and takes it away again."""
    return asyncio.run(_replayed(servers, events))


async def _replayed(servers: Servers, events: int) -> Replayed:
    owner = engine(servers.postgres.url("ketluan", "ketluan_owner"), "bench")
    settings = NatsSettings(nats_url=servers.nats.url)
    stream = await stream_state(settings)
    started = time.perf_counter()
    await build(owner, settings, stream.created, events, lambda done, of: None)
    taken = time.perf_counter() - started
    async with owner.begin() as connection:
        await drop(connection, SHADOW)
    await owner.dispose()
    return Replayed(events, events / taken)


@dataclass(frozen=True, slots=True)
class LedgerCost:
    """Projected events a second in this process, without the ledger and with it, on the same events in turn."""

    without: float
    with_it: float

    @property
    def share(self) -> float:
        """Which part of the throughput the ledger costs."""
        return 1 - self.with_it / self.without


def ledger_cost(servers: Servers, events: int) -> LedgerCost:
    """Projects the same events into two databases, a batch into the one and then into the other."""
    return asyncio.run(_ledger_cost(servers, events))


async def _ledger_cost(servers: Servers, events: int) -> LedgerCost:
    at = dt.datetime.now(dt.UTC)
    given = enumerate(Years(at).events(events), start=1)
    batch = [Record(sequence, subject, at, content) for sequence, (subject, content) in given]
    pools = [await _database(servers, name) for name in ("bench_plain", "bench_ledger")]
    taken = [0.0, 0.0]
    for begin in range(0, events, _BATCH):
        records = batch[begin : begin + _BATCH]
        for place, pool in enumerate(pools):
            started = time.perf_counter()
            await _project(pool, records, with_ledger=bool(place))
            taken[place] += time.perf_counter() - started
    for pool in pools:
        await pool.dispose()
    return LedgerCost(events / taken[0], events / taken[1])


async def _database(servers: Servers, name: str) -> AsyncEngine:
    await run_sql(servers.postgres.url(), f"CREATE DATABASE {name} OWNER ketluan_owner")
    await migrate_database(servers.postgres.url(name, "ketluan_owner"))
    pool = engine(servers.postgres.url(name, "ketluan_tasks"), "bench")
    async with pool.begin() as connection:
        await connection.execute(insert(tables.checkpoint).values(reader=tables.REGISTER, sequence=0, stream="bench"))
    return pool


async def _project(pool: AsyncEngine, records: list[Record], *, with_ledger: bool) -> None:
    found: list[Read] = [read(record) for record in records]
    async with pool.begin() as connection:
        held = await step(connection, records[0].sequence - 1, records[-1].sequence)
        if with_ledger:
            await write_ledger(connection, records, held)
        await project(connection, found, set(), writing(connection, tables.SCHEMA))
