"""nats-server as our child."""

import asyncio
from collections.abc import Mapping

from deploy.embedded import binaries
from deploy.embedded.child import Program
from deploy.embedded.folder import DataFolder
from deploy.embedded.ports import HOST
from deploy.nats.config import configuration
from shared.nkey import public_key


def program(folder: DataFolder, port: int, seeds: Mapping[str, str]) -> Program:
    """nats-server on one port of this machine, for those who know a seed. Writes its configuration.

    Raises:
        CannotStart: the configuration cannot be written.
    """
    config = folder.nats / "nats-server.conf"
    with folder.refusing():
        keys = {user: public_key(seed) for user, seed in seeds.items()}
        folder.write(config, configuration(f"{HOST}:{port}", folder.log_store, keys))
    return Program(
        name="nats",
        command=(binaries.script("nats-server"), "--config", str(config)),
        environment={"HOME": str(folder.nats)},
        log=folder.logs / "nats.log",
        patience=10,
    )


async def answers(port: int) -> bool:
    """Whether nats-server greets."""
    try:
        async with asyncio.timeout(3):
            reader, writer = await asyncio.open_connection(HOST, port)
            greeting = await reader.readline()
            writer.close()
    except (OSError, TimeoutError):
        return False
    return greeting.startswith(b"INFO")
