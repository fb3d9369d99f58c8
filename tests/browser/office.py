"""An office at work: the three services over real servers, a small directory, and what its people send."""

import asyncio
import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.async_api import Browser, BrowserContext

from services.tasks.ledger.keys import keep_key, new_signing_key
from shared.directory.file import read_file
from shared.directory.write import write_file
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests import processes
from tests.house import Servers, servers
from tests.identity import as_person, session_cookie, signed
from tests.processes import Gateway, ServiceProcess

_PATIENCE_SECONDS = 20.0
CHIEF = "tin"
"""Who follows up every notice: of the office."""
LEAD, STAFF = "ha", "nam"
"""Who leads Phòng Kế hoạch - Tài chính, and who works there."""
LEADER, AUDITOR, ADMINISTRATOR = "duc", "van", "quan"
"""Who looks, who trusts nothing, and who keeps the directory."""

_DIRECTORY = """
units:
  - {id: van-phong, name: Văn phòng Sở, classes: [Các phòng và đơn vị]}
  - {id: khtc, name: Phòng Kế hoạch - Tài chính, classes: [Các phòng và đơn vị]}
people:
  - {id: chau, name: Lê Minh Châu, unit: van-phong, position: Chánh Văn phòng, roles: [unit_lead]}
  - {id: tin, name: Ngô Văn Tín, unit: van-phong, roles: [office]}
  - {id: ha, name: Phạm Thu Hà, unit: khtc, roles: [unit_lead]}
  - {id: nam, name: Trần Hải Nam, unit: khtc, position: Chuyên viên, roles: [staff]}
  - {id: duc, name: Đỗ Minh Đức, position: Giám đốc Sở, roles: [leader]}
  - {id: van, name: Hoàng Thị Vân, position: Kiểm toán viên, roles: [auditor]}
  - {id: quan, name: Bùi Anh Quân, position: Quản trị hệ thống, roles: [administrator]}
"""


@dataclass(frozen=True, slots=True)
class Office:
    """The services, the one address before them where people look, and the servers below."""

    servers: Servers
    gateway: Gateway
    intake: ServiceProcess
    tasks: ServiceProcess
    notify: ServiceProcess

    @property
    def url(self) -> str:
        """Where people look."""
        return self.gateway.url

    def post(self, body: str | dict[str, Any]) -> str:
        """Sends a notice, as text or as JSON, and gives its meeting's id once everybody concerned was told."""
        text = isinstance(body, str)
        request = urllib.request.Request(
            f"{self.intake.url}/v1/conclusions",
            data=(body if isinstance(body, str) else json.dumps(body)).encode(),
            headers=signed() | {"Content-Type": "text/plain; charset=utf-8" if text else "application/json"},
        )
        with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as answer:
            meeting_id: str = answer.headers["Location"].rpartition("/")[2]
        wait_until(lambda: self._told(meeting_id))
        return meeting_id

    def get(self, path: str) -> Any:
        """What tasks answers, as JSON."""
        request = urllib.request.Request(self.url + path, headers=signed())
        with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as answer:
            return json.load(answer)

    def do(self, person_id: str, task_id: str, command: str, **said: Any) -> None:
        """Something that a person does with a task as it is now, by a program."""
        version = self.get(f"/v1/tasks/{task_id}")["version"]
        request = urllib.request.Request(
            f"{self.tasks.url}/v1/tasks/{task_id}/{command}",
            data=json.dumps(said).encode(),
            headers=as_person(person_id) | {"Content-Type": "application/json", "If-Match": f'"{version}"'},
        )
        with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS):
            pass

    def _told(self, meeting_id: str) -> bool:
        try:
            task = self.get(f"/v1/tasks?meeting={meeting_id}&limit=1")[0]
        except IndexError:
            return False
        types = [event["type"] for event in self.get(f"/v1/tasks/{task['id']}/history")]
        requested, delivered = (types.count(f"ketluan.Notification{what}.v1") for what in ("Requested", "Delivered"))
        return 0 < requested == delivered


@contextmanager
def office() -> Iterator[Office]:
    """The office while it works."""
    with servers() as both, TemporaryDirectory() as folder:
        key_file = Path(folder) / "checkpoint-key"
        keep_key(new_signing_key("so.example/log"), key_file)
        signing = {"CHECKPOINT_KEY_FILE": str(key_file), "CHECKPOINT_MINUTES": "0"}
        asyncio.run(fill_directory(both.nats.url))
        with (
            processes.intake(both.nats.url) as intake,
            processes.tasks(both.nats.url, both.database("tasks"), **signing) as tasks,
            processes.notify(both.nats.url, both.database("notify"), WEBHOOK_ALLOW_PRIVATE="true") as notify,
        ):
            ports = {"intake": intake.port, "tasks": tasks.port, "notify": notify.port}
            with Gateway(services=ports) as gateway:
                yield Office(both, gateway, intake, tasks, notify)


async def signed_in(browser: Browser, url: str, person_id: str = CHIEF, **options: Any) -> BrowserContext:
    """A browser's context before the pages at `url`, in which somebody is signed in already."""
    context = await browser.new_context(base_url=url, **options)
    name, _, value = session_cookie(person_id).partition("=")
    await context.add_cookies([{"name": name, "value": value, "url": url}])
    return context


def wait_until(condition: Callable[[], bool]) -> None:
    """Returns once the condition holds.

    Raises:
        TimeoutError: it did not hold in time.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come about in time")
        time.sleep(0.05)


async def fill_directory(nats_url: str, directory: str = _DIRECTORY) -> None:
    """Puts units and people into a log: the office's, or those of another directory's file."""
    nats_broker = broker(NatsSettings(nats_url=nats_url), "tests")
    client = await connected(nats_broker)
    try:
        file = read_file(directory.encode(), "directory.yaml")
        await write_file(client, file, "tests")
    finally:
        await nats_broker.stop()
