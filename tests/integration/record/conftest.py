"""A log of its own that tests may harm, and a database whose ledger holds all of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import log_server
from tests.integration.record.damaged import Damageable
from tests.servers import NatsServer, PostgresServer


@pytest.fixture
def own_log() -> Iterator[NatsServer]:
    """A nats-server of the test's own."""
    with log_server() as server:
        yield server


@pytest.fixture
async def record(
    own_log: NatsServer, postgres_server: PostgresServer, database_name: str, tmp_path: Path
) -> Damageable:
    """A record of 350 events, of which the first 300 stand under a checkpoint."""
    service, owner, superuser = (
        postgres_server.url(database_name, role) for role in ("ketluan_tasks", "ketluan_owner", "postgres")
    )
    found = Damageable(own_log, service, owner, superuser, tmp_path)
    await found.grow("before", 300)
    assert await found.sign() == 300
    await found.grow("behind", 48)
    return found
