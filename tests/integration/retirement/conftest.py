"""A record of three years that real services made, and the same once the closed ones of them left the log."""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from deploy.archive.confirming import confirm
from deploy.archive.export import export
from deploy.archive.folder import Archive
from services.tasks.ledger.keys import keep_key, new_signing_key
from services.tasks.record.retirement.retire import Archived, Parts, Retirement, retire
from services.tasks.record.verification import Compared, Sources, verify
from shared.database import engine
from shared.events.person import PersonPlaced
from shared.log.connect import broker, connected
from shared.log.stream import stream_info
from shared.settings import NatsSettings
from tests.conftest import empty_database, empty_log
from tests.examples import FINANCE, OFFICE, conclusion
from tests.house import CHIEF, LEAD, register_person, register_units
from tests.identity import as_person
from tests.processes import ServiceProcess, intake, notify, tasks
from tests.servers import NatsServer, PostgresServer

AUDITOR, LEADER = "kiem", "chau"
_PATIENCE_SECONDS = 20.0


@dataclass
class Years:
    """The installation. `notices` are the answers that intake gave, one for each year; `ends` are when the first and
    the second year ended, and `before` is what was read of it before anything left the log."""

    nats: NatsServer
    postgres: PostgresServer
    database: str
    folder: Path
    notices: list[dict[str, Any]] = field(default_factory=list)
    ends: list[dt.datetime] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    retirement: Retirement | None = None

    @property
    def settings(self) -> NatsSettings:
        """How the log is reached."""
        return NatsSettings(nats_url=self.nats.url)

    def url(self, role: str) -> str:
        """The database for a role."""
        return self.postgres.url(self.database, f"ketluan_{role}")

    def services(self) -> tuple[ServiceProcess, ServiceProcess, ServiceProcess]:
        """Intake, tasks and notify, not yet started."""
        return (
            intake(self.nats.url),
            tasks(
                self.nats.url,
                self.url("tasks"),
                CHECKPOINT_KEY_FILE=str(self.folder / "key"),
                CHECKPOINT_MINUTES="0",
                SCRUB_PACE="0",
            ),
            notify(self.nats.url, self.url("notify")),
        )

    def task_ids(self, year: int) -> list[str]:
        """The tasks of a year's notice."""
        directives = self.notices[year]["directives"]
        return [task["id"] for each in directives for assignee in each["assignees"] for task in assignee["tasks"]]

    async def last(self) -> int:
        """Where the log ends."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            nats_broker = broker(self.settings, "tests")
            try:
                return int((await stream_info(await connected(nats_broker))).state.last_seq)
            finally:
                await nats_broker.stop()

    async def verified(self) -> Compared:
        """What a full verification finds."""
        nats_broker, pool = broker(self.settings, "tests"), engine(self.url("owner"), "tests")
        try:
            return await verify(Sources(self.settings, await connected(nats_broker), pool), _untold)
        finally:
            await nats_broker.stop()
            await pool.dispose()

    async def retired(self, before: dt.datetime, told: Callable[[int, int], None] | None = None) -> Retirement:
        """What a retirement did, as the command carries it out; `told` is told how far it is."""
        nats_broker, pool = broker(self.settings, "tests"), engine(self.url("owner"), "tests")
        try:
            client = await connected(nats_broker)
            archive = Archive(self.folder / "archive")
            await export(self.settings, client, archive, _unshown)
            whole = confirm(archive, _unshown)
            archived = Archived(whole.events, whole.root, whole.checkpoint_size, whole.root)
            return await retire(Parts(self.settings, client, pool), before, archived, told or _unshown)
        finally:
            await nats_broker.stop()
            await pool.dispose()


async def read(years: Years, service: ServiceProcess, person: str, path: str) -> Any:
    """What somebody reads, once everything that the log holds by now is shown there."""
    async with httpx.AsyncClient(base_url=service.url, headers=as_person(person), timeout=30) as http:
        answer = await http.get(path)
    assert answer.status_code == 200, f"{path}: {answer.text}"
    return answer.json() if "json" in answer.headers["content-type"] else answer.content


async def settled(years: Years, notifying: ServiceProcess) -> int:
    """Where the log ends, once nobody writes to it any more."""
    last = 0
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while (now := await years.last()) != last:
            last = now
            await asyncio.sleep(0.4)
    return last


async def done_with(service: ServiceProcess, task_id: str, *, again: bool = False) -> None:
    """A task's whole life, from taking note of it to the accepted result; without the former where it is done again."""
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (LEAD, "acknowledge", {}),
        (LEAD, "report-progress", {"percent": 50, "note": "Đã xong một nửa."}),
        (LEAD, "comment", {"text": "Chờ ý kiến của các phòng."}),
        (LEAD, "submit-completion", {"note": "Đã trình ký."}),
        (LEADER, "accept-completion", {}),
    )
    for person, command, body in steps[1:] if again else steps:
        async with httpx.AsyncClient(base_url=service.url, headers=as_person(person), timeout=30) as http:
            current = await http.get(f"/v1/tasks/{task_id}")
            version = current.headers["etag"]
            answer = await http.post(f"/v1/tasks/{task_id}/{command}", json=body, headers={"If-Match": version})
            assert answer.status_code == 200, answer.text


async def _posted(years: Years, service: ServiceProcess, year: int) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=service.url, headers=as_person(CHIEF), timeout=30) as http:
        answer = await http.post("/v1/conclusions", json=notice_of(year))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def notice_of(year: int) -> dict[str, Any]:
    """The notice of a year, as it is posted."""
    return conclusion(2, number=f"{11 + year}/TB-SKHCN", title=f"Kết luận giao ban lần {year}, phần riêng {year * 7}")


async def _live(years: Years, running: tuple[ServiceProcess, ServiceProcess, ServiceProcess]) -> None:
    taking, working, telling = running
    for year in range(3):
        years.notices.append(await _posted(years, taking, year))
        await settled(years, telling)
        first, second = years.task_ids(year)
        if year < 2:
            await done_with(working, first)
        if year == 0:
            await done_with(working, second)
        last = await settled(years, telling)
        async with httpx.AsyncClient(base_url=telling.url, headers=as_person(LEAD), timeout=30) as http:
            answer = await http.post(f"/v1/inbox/{LEAD}/read", json={"up_to": last})
            assert answer.status_code in {200, 202, 204}, answer.text
        await settled(years, telling)
        years.ends.append(dt.datetime.now(dt.UTC))
    async with httpx.AsyncClient(base_url=working.url, headers=as_person(AUDITOR), timeout=60) as http:
        answer = await http.post("/v1/record/checkpoints")
        assert answer.status_code in {200, 201}, answer.text
    await settled(years, telling)


async def _peopled(client: Client) -> None:
    await register_units(client)
    people = ((LEAD, OFFICE, "unit_lead"), (CHIEF, FINANCE, "office"), (LEADER, FINANCE, "leader"))
    for person, unit, role in (*people, (AUDITOR, FINANCE, "auditor")):
        place = PersonPlaced(person_id=person, unit_id=unit.unit_id)
        await register_person(client, person, f"Trần Thị {person.title()}", place, role)


async def _begin(years: Years) -> None:
    nats_broker = broker(years.settings, "tests")
    try:
        await _peopled(await connected(nats_broker))
    finally:
        await nats_broker.stop()


@pytest.fixture(scope="module")
def lived(
    nats_server: NatsServer, postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Years]:
    """Three years of work, all services stopped behind them."""
    asyncio.run(empty_log(nats_server.url))
    with empty_database(postgres_server) as database:
        years = Years(nats_server, postgres_server, database, tmp_path_factory.mktemp("years"))
        keep_key(new_signing_key("tests.example/log"), years.folder / "key")
        asyncio.run(_begin(years))
        running = years.services()
        with ExitStack() as started:
            for each in running:
                started.enter_context(each)
            asyncio.run(_live(years, running))
            years.before = asyncio.run(told(years, running))
        yield years


async def told(years: Years, running: tuple[ServiceProcess, ServiceProcess, ServiceProcess]) -> dict[str, Any]:
    """What the three services tell of the first year, and of the whole record."""
    taking, working, telling = running
    task = years.task_ids(0)[0]
    meeting = years.notices[0]["meeting"]["meeting_id"]
    events = await read(years, working, AUDITOR, "/v1/events?limit=1000")
    place = next(each["sequence"] for each in events if each["event"]["type"] == "ketluan.CommentAdded.v1")
    found = {
        "events": events,
        "proof": await read(years, working, AUDITOR, f"/v1/record/proofs/inclusion?sequence={place}"),
        "consistency": await read(years, working, AUDITOR, "/v1/record/proofs/consistency?from=5&to=20"),
        "tile": await read(years, working, AUDITOR, "/v1/record/tile/0/000.p/20"),
        "checkpoint": await read(years, working, AUDITOR, "/v1/record/checkpoint"),
        "history": await read(years, working, AUDITOR, f"/v1/tasks/{task}/history"),
        "notice": await read(years, taking, CHIEF, f"/v1/conclusions/{meeting}"),
        "inbox": await read(years, telling, LEAD, "/v1/inbox?limit=200"),
    }
    comment = next(each["event"] for each in events if each["sequence"] == place)
    found["why"] = await read(
        years, telling, AUDITOR, f"/v1/notifications/explain?event={comment['id']}&person={CHIEF}"
    )
    return found


async def _untold(_compared: int, _of: int, _findings: object) -> None:
    """Nobody is told."""


def _unshown(_done: int, _of: int) -> None:
    """Nobody is shown."""
