"""One intake over one nats-server for the tests of a module; each test posts notices of its own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import count

import httpx
import pytest
from nats.aio.client import Client

from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.house import log_server, register_units
from tests.identity import signed
from tests.processes import ServiceProcess, intake
from tests.servers import NatsServer

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class House:
    """An intake and the nats-server behind it."""

    nats: NatsServer
    intake: ServiceProcess


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """A running intake whose directory knows two units."""
    with log_server() as server:
        asyncio.run(_registered(server.url))
        with intake(server.url) as process:
            yield House(server, process)


async def _registered(url: str) -> None:
    nats_broker = broker(NatsSettings(nats_url=url), "tests")
    await register_units(await connected(nats_broker))
    await nats_broker.stop()


@pytest.fixture
async def log(house: House) -> AsyncIterator[Client]:
    """A connection to the log behind the intake."""
    nats_broker = broker(NatsSettings(nats_url=house.nats.url), "tests")
    yield await connected(nats_broker)
    await nats_broker.stop()


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the intake."""
    async with httpx.AsyncClient(base_url=house.intake.url, timeout=60, headers=signed()) as client:
        yield client


@pytest.fixture
def number() -> str:
    """A notice's number that no other test uses."""
    return f"{next(_numbers)}/TB-SKHCN"
