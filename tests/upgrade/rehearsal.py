"""An upgrade from this release to the next and back, under people who go on working."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select, text

from services.tasks.register import tables
from shared.database import engine
from shared.events.catalogue import CATALOGUE
from shared.events.envelope import Envelope
from shared.events.inbox import NotificationRequested
from shared.log.connect import broker, connected
from shared.log.follow import Follower
from shared.log.record import Record
from shared.log.stream import stream_info
from shared.release import RELEASE
from shared.settings import NatsSettings
from tests.house import Servers, peopled, servers
from tests.processes import ServiceProcess, intake, notify, tasks
from tests.upgrade.load import Load
from tests.upgrade.next_release import NEW_TYPE, ROOT, make_next_release

_REST_SECONDS = 30.0
_QUIET_SECONDS = 1.5
_SERVICES = ("intake", "tasks", "notify")


@dataclass
class Rehearsed:
    """What was seen. `failures` are sentences; without any, everything held."""

    figures: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def expect(self, held: bool, otherwise: str) -> None:
        """Notes what did not hold."""
        if not held:
            self.failures.append(otherwise)


@dataclass
class _Office:
    servers: Servers
    next_code: Path
    said: Callable[[str], None]
    seconds: float
    found: Rehearsed = field(default_factory=Rehearsed)

    def command(self, code: Path, *command: str, role: str = "owner") -> "subprocess.CompletedProcess[str]":
        """Runs ketluan's command line of a release."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("KETLUAN_")}
        given = {"KETLUAN_NATS_URL": self.servers.nats.url, "KETLUAN_DATABASE_URL": self.servers.database(role)}
        return subprocess.run(
            [sys.executable, "-m", "deploy.cli", *command],
            cwd=code,
            env=ours | given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @contextmanager
    def copies(self, code: Path) -> Iterator[dict[str, ServiceProcess]]:
        """A copy of each service of a release, stopped in order at the end of the block unless it was killed."""
        url = self.servers.nats.url
        made = {
            "intake": intake(url),
            "tasks": tasks(url, self.servers.database("tasks")),
            "notify": notify(url, self.servers.database("notify")),
        }
        with ExitStack() as running:
            for copy in made.values():
                copy.code = code
                running.enter_context(copy)
            yield made


async def rehearse(said: Callable[[str], None] = lambda _: None, seconds: float = 3.0) -> Rehearsed:
    """Migrates while old copies serve, starts new ones beside them, kills the old, goes back, and goes on again, each
    for so many seconds under load. `said` is told of each step."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        code = await asyncio.to_thread(make_next_release, folder)
        both = await asyncio.to_thread(running.enter_context, servers())
        await peopled(both.nats.url)
        office = _Office(both, code, said, seconds)
        load = await _upgraded_and_back(office)
        await _judged(office, load)
    return office.found


async def _upgraded_and_back(office: _Office) -> Load:
    with ExitStack() as running:

        def started(code: Path) -> dict[str, ServiceProcess]:
            return running.enter_context(office.copies(code))

        office.said("the former release works")
        old = await asyncio.to_thread(started, ROOT)
        load = Load({name: [old[name]] for name in _SERVICES})
        async with load.steady():
            await asyncio.sleep(office.seconds / 2)
            office.said("migrating under load")
            migrated = await asyncio.to_thread(office.command, office.next_code, "migrate")
            office.found.expect(migrated.returncode == 0, f"migrating under load: {migrated.stderr[-500:]}")
            office.said("both releases side by side")
            new = await asyncio.to_thread(started, office.next_code)
            load.copies = {name: [old[name], new[name]] for name in _SERVICES}
            await asyncio.sleep(office.seconds)
            office.said("killing the former release")
            for copy in old.values():
                copy.kill()
            load.copies = {name: [new[name]] for name in _SERVICES}
            await asyncio.sleep(office.seconds / 2)
        await _at_rest(office, load)
        office.said("going back")
        for copy in new.values():
            await asyncio.to_thread(copy.stop)
        kept = await asyncio.to_thread(office.command, ROOT, "migrate")
        office.found.expect(
            kept.returncode == 0 and "beside which this one works" in kept.stdout,
            f"the former release does not start on the newer tables: {kept.stdout[-200:]} {kept.stderr[-500:]}",
        )
        for copy in old.values():
            await asyncio.to_thread(copy.start)
        load.copies = {name: [old[name]] for name in _SERVICES}
        for _ in range(3):
            await load.once()
        await _at_rest(office, load)
        office.said("and on to the next release again")
        for name in _SERVICES:
            await asyncio.to_thread(new[name].start)
        load.copies = {name: [old[name], new[name]] for name in _SERVICES}
        async with load.steady():
            await asyncio.sleep(office.seconds / 2)
        await _at_rest(office, load)
    return load


async def _log(office: _Office) -> list[Record]:
    nats_broker = broker(NatsSettings(nats_url=office.servers.nats.url), "tests")
    client = await connected(nats_broker)
    records: list[Record] = []
    try:
        last = (await stream_info(client)).state.last_seq
        async for batch in Follower(client, "tests").batches(0):
            records += batch
            if records[-1].sequence >= last:
                return records
    finally:
        await nats_broker.stop()
    return records


async def _at_rest(office: _Office, load: Load) -> None:
    """Waits until everybody was told of every notice, the log is quiet, and both projectors hold it."""
    pool = engine(office.servers.database("owner"), "tests")
    owed = text("SELECT count(*) FROM notify.outbox")
    reached = select(tables.checkpoint.c.sequence).where(tables.checkpoint.c.reader == tables.REGISTER)
    records, told = list[Record](), set[str | None]()
    held: int | None = None
    waiting: int | None = None
    try:
        async with asyncio.timeout(_REST_SECONDS):
            while True:
                records = await _log(office)
                await asyncio.sleep(_QUIET_SECONDS)
                async with pool.connect() as connection:
                    held = await connection.scalar(reached)
                    waiting = await connection.scalar(owed)
                told = {each.meeting_id for each, _ in _told(records)}
                is_quiet = len(await _log(office)) == len(records)
                if is_quiet and held == len(records) and not waiting and set(load.meetings) <= told:
                    return
    except TimeoutError:
        untold = len(set(load.meetings) - told)
        said = f"the register holds {held} of {len(records)} events, {waiting} wait in the outbox, {untold} are untold"
        office.found.failures.append(f"not at rest after {_REST_SECONDS:.0f} s: {said}")
        office.said(said)
    finally:
        await pool.dispose()


def _told(records: list[Record]) -> list[tuple[NotificationRequested, str]]:
    """Every notification, with the event that it tells of."""
    events = [CATALOGUE.read(each.content) for each in records if each.aggregate.startswith("inbox.")]
    return [(e.data, e.envelope.causationid) for e in events if isinstance(e.data, NotificationRequested)]


async def _judged(office: _Office, load: Load) -> None:
    found = office.found
    office.said("judging")
    records = await _log(office)
    events = [Envelope.model_validate_json(record.content) for record in records]
    found.expect(not load.unexpected, f"answers that nobody should get: {load.unexpected[:5]}")
    concluded = {each.subject.removeprefix("meeting.") for each in events if each.subject.startswith("meeting.")}
    found.expect(set(load.meetings) <= concluded, "an acknowledged notice is not in the log")
    notes = Counter(each.data["note"] for each in events if ".ProgressReported." in each.type)
    found.expect(set(load.reports) <= set(notes), "an acknowledged report is not in the log")
    found.expect(max(notes.values(), default=0) == 1, "a report is in the log twice")
    told = Counter((each.person_id, each.rule, event) for each, event in _told(records))
    found.expect(max(told.values(), default=0) == 1, "somebody was told twice, or nobody was told")
    new = sum(each.type == NEW_TYPE for each in events)
    former = sum(each.type == "ketluan.ProgressReported.v1" for each in events)
    found.expect(new > 0 and former > 0, "not both versions of the event were written")
    pool = engine(office.servers.database("owner"), "tests")
    async with pool.connect() as connection:
        parked = [
            *(await connection.execute(text("SELECT sequence, subject, reason FROM register.parked"))),
            *(await connection.execute(text("SELECT sequence, subject, reason FROM notify.parked"))),
        ]
        valid = await connection.scalar(
            text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('register.task_by_counted')")
        )
    await pool.dispose()
    found.expect(not parked, f"events were parked: {parked[:3]}")
    found.expect(valid is True, "the index that is made beside the services is not there")
    replayed = await asyncio.to_thread(office.command, office.next_code, "replay", role="tasks")
    found.expect(replayed.returncode == 0, f"the register differs from a fresh replay: {replayed.stdout[-1500:]}")
    found.figures = {
        "releases": f"{RELEASE} and {RELEASE + 1}",
        "events": str(len(records)),
        "notices": str(len(load.meetings)),
        "reports": str(len(load.reports)),
        "of the former version": str(former),
        "of the new version": str(new),
        "notifications": str(sum(told.values())),
        "answers that asked to try again": str(dict(load.refusals)),
    }
