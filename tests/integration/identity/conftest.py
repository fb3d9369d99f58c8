"""The whole house, with people of every role, programs, and what proves who they are."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from nats.aio.client import Client

from shared.directory.file import read_file
from shared.directory.write import write_file
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.house import House, whole_house

DIRECTORY = """
units:
  - {id: to-ke-toan, name: Tổ Kế toán, parent: ke-hoach-tai-chinh}
people:
  - {id: nhan-vien, name: Ngô Văn Tín, unit: van-phong, roles: [staff]}
  - {id: truong-phong, name: Mai Xuân Phúc, unit: ke-hoach-tai-chinh, roles: [unit_lead]}
  - {id: ke-toan, name: Tạ Hồng Nhung, unit: to-ke-toan, roles: [staff]}
  - {id: chanh-van-phong, name: Phạm Thu Hà, unit: van-phong, roles: [office]}
  - {id: giam-doc, name: Lê Minh Châu, roles: [leader]}
  - {id: kiem-tra, name: Vũ Ngọc Diệp, roles: [auditor]}
  - {id: quan-tri, name: Bùi Gia Bảo, roles: [administrator]}
  - {id: chua-co-vai-tro, name: Lý Bích Ngọc, unit: ke-hoach-tai-chinh}
"""

ROLE_OF = {
    "nhan-vien": "staff",
    "truong-phong": "unit_lead",
    "chanh-van-phong": "office",
    "giam-doc": "leader",
    "kiem-tra": "auditor",
    "quan-tri": "administrator",
}


@dataclass(frozen=True, slots=True)
class Town:
    """The house and a way into its log."""

    house: House

    @property
    def urls(self) -> dict[str, str]:
        """The services' addresses by their names."""
        return {"intake": self.house.intake.url, "tasks": self.house.tasks.url, "notify": self.house.notify.url}

    @asynccontextmanager
    async def log(self) -> AsyncIterator[Client]:
        """A connection to the log."""
        nats_broker = broker(NatsSettings(nats_url=self.house.nats.url), "tests")
        try:
            yield await connected(nats_broker)
        finally:
            await nats_broker.stop()


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """The house with its people."""
    with whole_house() as house:
        found = Town(house)
        asyncio.run(_peopled(found))
        yield found


async def _peopled(town: Town) -> None:
    async with town.log() as client:
        await write_file(client, read_file(DIRECTORY.encode(), "directory.yaml"), "service.directory")


@pytest.fixture
async def log(town: Town) -> AsyncIterator[Client]:
    """A connection to the log of the house."""
    async with town.log() as client:
        yield client


@pytest.fixture
async def web(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody unknown with a browser before the pages."""
    headers = {"Accept": "text/html"}
    async with httpx.AsyncClient(base_url=town.house.tasks.url, headers=headers, timeout=20) as client:
        yield client
