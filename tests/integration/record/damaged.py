"""A record that tests may harm: a log and a ledger with the same events, and checkpoints that a key signed."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from nats.aio.client import Client

from services.tasks.ledger.growth import grown
from services.tasks.ledger.issuing import Issuer
from services.tasks.ledger.keyring import act
from services.tasks.ledger.keys import keep_key, new_signing_key
from services.tasks.record.findings import Finding
from services.tasks.record.repair.plan import Plan, Trust, planned
from services.tasks.record.repair.repair import Parts, Repaired, carry_out
from services.tasks.record.verification import Compared, Sources, verify
from services.tasks.register.write import write_ledger
from shared.database import engine
from shared.log.append import append
from shared.log.bulk import records
from shared.log.connect import broker, connected
from shared.log.stream import stream_info
from shared.settings import NatsSettings
from tests.examples import task_entry
from tests.servers import NatsServer, run_sql

_HELD = "SELECT coalesce(max(sequence), 0) FROM ledger.event"
_CONTENT = "SELECT content FROM ledger.event WHERE sequence = $1"


@dataclass(frozen=True, slots=True)
class Damageable:
    """The record: where its log is, the ledger as the service writes it and as its owner may, a superuser's address,
    and a folder for keys and files."""

    nats: NatsServer
    service: str
    owner: str
    superuser: str
    folder: Path

    @property
    def settings(self) -> NatsSettings:
        """How the log is reached."""
        return NatsSettings(nats_url=self.nats.url)

    async def grow(self, name: str, count: int) -> None:
        """Appends so many tasks and takes them into the ledger, as the projector does."""
        async with self.log() as client:
            await append(client, [task_entry(f"{name}-{number}") for number in range(count)])
        await self.take_in()

    async def take_in(self) -> None:
        """Brings the ledger to where the log is."""
        pool = engine(self.service, "tests")
        async with self.log() as client, pool.begin() as connection:
            info = await stream_info(client)
            held = (
                await connection.exec_driver_sql("SELECT coalesce(max(sequence), 0) FROM ledger.event")
            ).scalar_one()
            async for found in records(self.settings, held + 1, info.state.last_seq):
                await write_ledger(connection, found, held)
            await connection.exec_driver_sql(
                "INSERT INTO register.checkpoint (reader, sequence, stream) VALUES ('tasks', $1, $2) "
                "ON CONFLICT (reader) DO UPDATE SET sequence = excluded.sequence",
                (info.state.last_seq, str(info.created)),
            )
        while await grown(pool):
            pass
        await pool.dispose()

    async def sign(self) -> int:
        """Signs a checkpoint over all events; gives how many those are."""
        key = self.folder / "key"
        if not key.exists():
            keep_key(new_signing_key("tests.example/log"), key)
        pool = engine(self.service, "tests")
        async with self.log() as client:
            issued, _ = await Issuer(pool, client, key).issue(act("tests", "/ketluan/tests"))
        await pool.dispose()
        await self.take_in()
        return issued.size

    async def verified(self) -> Compared:
        """What a full verification finds now."""
        pool = engine(self.service, "tests")
        async with self.log() as client:
            found = await verify(Sources(self.settings, client, pool), _untold)
        await pool.dispose()
        return found

    async def findings(self) -> Sequence[Finding]:
        """What is wrong now."""
        return (await self.verified()).verification.findings

    async def repaired(self, trust: Trust | None = None) -> tuple[Plan, Repaired]:
        """Repairs what is found."""
        compared = await self.verified()
        plan, pool = planned(compared, trust), engine(self.owner, "tests")
        async with self.log() as client:
            done = await carry_out(
                Parts(self.settings, client, pool, self.folder / "aside.jsonl"), plan, compared, _shown
            )
        await pool.dispose()
        return plan, done

    async def altered(self, *statements: str) -> None:
        """Changes the database as somebody who may do everything."""
        await run_sql(self.superuser, "SET session_replication_role = replica; " + "; ".join(statements))

    async def content(self, sequence: int) -> bytes:
        """The bytes that the ledger has of an event."""
        pool = engine(self.service, "tests")
        async with pool.connect() as connection:
            found = await connection.exec_driver_sql(
                "SELECT content FROM ledger.event WHERE sequence = $1", (sequence,)
            )
            content = bytes(found.scalar_one())
        await pool.dispose()
        return content

    @asynccontextmanager
    async def log(self) -> AsyncIterator[Client]:
        """A connection to the log."""
        nats_broker = broker(self.settings, "tests")
        try:
            yield await connected(nats_broker)
        finally:
            await nats_broker.stop()

    def blocks(self) -> list[Path]:
        """The files in which the log's bytes lie."""
        return sorted(self.nats.folder.glob("store/jetstream/*/streams/LOG/msgs/*.blk"))


async def _untold(compared: int, of: int, findings: Sequence[Finding]) -> None:
    """Nobody is told."""


def _shown(done: int, of: int) -> None:
    """Nobody is shown."""
