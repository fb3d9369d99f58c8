"""What the witness keeps, nobody of an organisation takes away, and what was rewritten is found by it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from deploy.migrations.run import migrate_log, migrate_witnessed
from deploy.nats import witness
from services.tasks.record.kinds import Kind
from services.tasks.record.witnessed import Witness, witness_findings
from shared.database import engine
from shared.log.bulk import present, records
from shared.log.record import Record
from shared.log.stream import STREAM, stream_info
from shared.log.witness import witness_stream
from shared.settings import NatsSettings
from tests.cluster import NatsCluster
from tests.integration.cluster.conftest import ORGANISATIONS, connection
from tests.integration.record.damaged import Damageable
from tests.servers import PostgresServer

*_, OURS = ORGANISATIONS


@dataclass(frozen=True, slots=True)
class Witnessed(Damageable):
    """A record whose log is one organisation's in a cluster."""

    cluster: NatsCluster

    @property
    def settings(self) -> NatsSettings:
        """How the log is reached."""
        return self.cluster.settings(OURS, "tasks")

    @property
    def copy(self) -> NatsSettings:
        """How the copy is read."""
        return self.cluster.settings("witness", witness.reader(OURS))

    async def copied(self, count: int) -> list[Record]:
        """The copy, once it holds so many events."""
        async with connection(self.copy) as client, asyncio.timeout(20):
            while (await stream_info(client, witness_stream(OURS))).state.last_seq < count:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        return [each async for found in present(self.copy, 1, count, witness_stream(OURS)) for each in found]

    async def differing(self, end: int) -> list[tuple[Kind, int, int]]:
        """What the witness says, where log and ledger were seen to end at `end`."""
        pool = engine(self.service, "tests")
        async with connection(self.copy) as client:
            found = await witness_findings(Witness(self.copy, client, OURS), pool, end, _untold)
        await pool.dispose()
        return [(each.kind, each.first, each.last) for each in found]


async def test_the_copy_survives_that_the_log_is_deleted_and_tells_what_was_rewritten(
    organisations: NatsCluster, postgres_server: PostgresServer, database_name: str, tmp_path: Path
) -> None:
    service, owner, superuser = (
        postgres_server.url(database_name, role) for role in ("ketluan_tasks", "ketluan_owner", "postgres")
    )
    record = Witnessed(organisations.nodes[0], service, owner, superuser, tmp_path, organisations)
    await record.grow("before", 300)
    log = [each async for found in records(record.settings, 1, 300) for each in found]
    assert await record.copied(300) == log
    assert await record.differing(300) == []

    await record.altered("UPDATE ledger.event SET content = content || ' ' WHERE sequence IN (7, 8, 40)")
    assert await record.differing(300) == [(Kind.WITNESS_DIFFERS, 7, 8), (Kind.WITNESS_DIFFERS, 40, 40)]

    async with connection(organisations.settings(OURS, "repair")) as operator:
        await operator.jsm().delete_stream(STREAM)
    assert await record.copied(300) == log
    assert await record.differing(299) == [
        (Kind.WITNESS_DIFFERS, 7, 8),
        (Kind.WITNESS_DIFFERS, 40, 40),
        (Kind.WITNESS_AHEAD, 300, 300),
    ]

    await migrate_log(organisations.settings(OURS, "owner"))
    await migrate_witnessed(organisations.settings("witness", witness.OWNER), OURS)
    await record.altered("DELETE FROM ledger.event", "DELETE FROM register.checkpoint")
    await record.grow("another", 20)
    assert await record.copied(300) == log
    assert await record.differing(20) == [(Kind.WITNESS_DIFFERS, 1, 20), (Kind.WITNESS_AHEAD, 21, 300)]


def _untold(done: int, of: int) -> None:
    """Nobody is told."""
