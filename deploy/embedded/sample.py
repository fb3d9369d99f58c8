"""What a new installation begins with: a fictional department, and a notice of its director."""

import asyncio
from pathlib import Path

import deploy
from deploy.directory_import import import_directory
from shared.directory.file import read_file
from shared.log.connect import broker, connected
from shared.log.read import last_on
from shared.settings import NatsSettings

_FOLDER = Path(deploy.__path__[0]) / "sample"
_DIRECTORY = "directory.yaml"
_NOTICE = "thong-bao.txt"

CHIEF_OF_OFFICE = "pham-thu-ha"
"""Whom of the sample a newcomer signs in as."""


async def is_empty(settings: NatsSettings) -> bool:
    """Whether the log holds neither units nor meetings."""
    nats_broker = broker(settings, "ketluan-run")
    try:
        client = await connected(nats_broker)
        found = await asyncio.gather(last_on(client, "log.unit.*"), last_on(client, "log.meeting.*"))
    finally:
        await nats_broker.stop()
    return not any(found)


async def import_sample_directory(settings: NatsSettings) -> None:
    """Imports the sample's units and people.

    Raises: as `deploy.directory_import.import_directory`.
    """
    await import_directory(settings, read_file((_FOLDER / _DIRECTORY).read_bytes(), _DIRECTORY))


def sample_notice() -> bytes:
    """The sample's notice."""
    return (_FOLDER / _NOTICE).read_bytes()
