"""Events a second that a full verification compares: log against ledger, both against tiles and checkpoints."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.tasks.record.findings import Finding
from services.tasks.record.verification import Sources, verify
from shared.database import engine
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.house import Servers


@dataclass(frozen=True, slots=True)
class Verified:
    """How fast the first events, so many, were compared."""

    events: int
    per_second: float


async def verifying(servers: Servers, events: int) -> list[Verified]:
    """Measures on a record that holds so many events: a hundredth of them, a tenth, and all."""
    settings = NatsSettings(nats_url=servers.nats.url)
    nats_broker, pool = broker(settings, "bench"), engine(servers.database("tasks"), "bench")
    try:
        source = Sources(settings, await connected(nats_broker), pool)
        return [await _verified(source, events // share) for share in (100, 10, 1)]
    finally:
        await nats_broker.stop()
        await pool.dispose()


async def _verified(source: Sources, events: int) -> Verified:
    found = (await verify(source, _untold, until=events)).verification
    if not found.is_sound or found.events != events:
        raise AssertionError(f"the benchmark's own record is damaged: {found}")
    return Verified(events, events / found.seconds)


async def _untold(compared: int, of: int, findings: Sequence[Finding]) -> None:
    """Nobody is told."""
