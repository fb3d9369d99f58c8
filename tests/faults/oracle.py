"""Compares what clients were told with the log, and the log with ledger, register, inboxes and mailbox."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.tasks.record.findings import Finding
from services.tasks.record.verification import Sources, verify
from services.tasks.register.standing import steps
from services.tasks.replay import replay
from shared.database import DatabaseUnavailable, engine
from shared.events.catalogue import CATALOGUE, Event, Unknown, UnreadableEvent
from shared.events.inbox import NotificationDelivered, NotificationRequested
from shared.events.meeting import MeetingConcluded
from shared.events.task import ProgressReported
from shared.log.bulk import records
from shared.log.faults import LogFault
from shared.log.record import Record
from shared.log.stream import stream_info
from tests.faults.load import DIRECTIVES, Tally
from tests.faults.office import PEOPLE, Office
from tests.identity import as_person

PATIENCE_SECONDS = 60.0
_QUIET_SECONDS = 1.5


@dataclass
class Standing:
    """What is there after a row, all told since the beginning. `wrong` are sentences; each of the counts must be 0 but
    for `letters_again`: a letter may come twice, by the same Message-ID, when whoever sent it died meanwhile."""

    events: int = 0
    acknowledged: int = 0
    lost: int = 0
    twice: int = 0
    inboxes_doubled: int = 0
    letters: int = 0
    letters_again: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class Oracle:
    """Reads everything that the office keeps. What it read of the log before stays known, and must still be there."""

    office: Office
    tally: Tally
    log: list[Record] = field(default_factory=list)

    async def judged(self) -> Standing:
        """Waits until the office is at rest, and compares."""
        found = Standing()
        await self._at_rest(found)
        events = [(record, event) for record in self.log if (event := _read(record))]
        found.events = len(self.log)
        found.acknowledged = self.tally.acknowledged
        _judge_log(found, events)
        _judge_posts(found, events, self.tally)
        _judge_commands(found, self.log, self.tally)
        await self._judge_database(found)
        await self._judge_inboxes(found, [each.data for _, each in events])
        self._judge_mail(found, [each.data for _, each in events])
        return found

    async def _at_rest(self, found: Standing) -> None:
        """Reads the log until it has been quiet and everybody who is owed a letter got one."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    await self._read()
                    if not self._owed():
                        last = len(self.log)
                        await asyncio.sleep(_QUIET_SECONDS)
                        await self._read()
                        if len(self.log) == last:
                            return
                    await asyncio.sleep(_QUIET_SECONDS / 3)
        except TimeoutError:
            found.wrong.append(
                f"not at rest after {PATIENCE_SECONDS:.0f} s: {len(self._owed())} letters are owed still"
            )

    async def _read(self) -> None:
        try:
            async with self.office.log() as client:
                last = (await stream_info(client)).state.last_seq
            if last > len(self.log):
                async with aclosing(records(self.office.settings, len(self.log) + 1, last)) as lists:
                    async for batch in lists:
                        self.log += batch
        except LogFault:
            await asyncio.sleep(_QUIET_SECONDS / 3)

    def _owed(self) -> set[Any]:
        owed: set[Any] = {(person, meeting) for person in PEOPLE for meeting in self.tally.meetings.values()}
        for record in self.log:
            if record.subject.startswith("log.inbox."):
                match CATALOGUE.read(record.content).data:
                    case NotificationRequested() as asked:
                        owed.discard((asked.person_id, asked.meeting_id))
                        # What is routine waits for the day's digest.
                        if "mail" in asked.channels and asked.category == "assignment":
                            owed.add(asked.notification_id)
                    case NotificationDelivered(channel="mail") as done:
                        owed.discard(done.notification_id)
        return owed

    async def _judge_database(self, found: Standing) -> None:
        pool = engine(self.office.url("tasks"), "faults", connections=4)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._projected(pool)
                await _judge_ledger(found, pool, self.log)
                rebuilt = await replay(pool, self.office.settings, lambda done, of: None)
                if not rebuilt.equal:
                    differing = [each.table for each in rebuilt.tables if not each.equal]
                    found.wrong.append(f"a replay makes another register: {', '.join(differing)}")
                async with self.office.log() as client:
                    source = Sources(self.office.settings, client, pool)
                    verified = await verify(source, _untold)
                found.wrong += [f"verification: {each}" for each in verified.verification.findings]
        except (TimeoutError, DatabaseUnavailable, LogFault) as error:
            found.wrong.append(f"register and ledger could not be compared: {error or type(error).__name__}")
        finally:
            await pool.dispose()

    async def _projected(self, pool: AsyncEngine) -> None:
        while True:
            async with pool.connect() as connection:
                held = await connection.scalar(text("SELECT min(sequence) FROM register.checkpoint"))
            if held is not None and held >= len(self.log):
                return
            await asyncio.sleep(_QUIET_SECONDS / 10)

    async def _judge_inboxes(self, found: Standing, told: list[Any]) -> None:
        for person in PEOPLE:
            requested = [x.notification_id for x in told if _is_for(x, person)]
            for copy in self.office.of("notify"):
                try:
                    shown = [each async for each in _inbox(copy.url, person)]
                except (httpx.HTTPError, ValueError) as error:
                    found.wrong.append(f"{copy.copy} does not show an inbox: {error or type(error).__name__}")
                    continue
                found.inboxes_doubled += len(shown) - len(set(shown))
                if list(reversed(shown)) != requested:
                    found.wrong.append(f"{copy.copy} shows {len(shown)} for {person}, the log has {len(requested)}")

    def _judge_mail(self, found: Standing, told: list[Any]) -> None:
        letters = Counter(each.message_id.partition("@")[0] for each in self.office.sink.taken)
        found.letters, found.letters_again = len(letters), letters.total() - len(letters)
        delivered = Counter(
            x.notification_id for x in told if isinstance(x, NotificationDelivered) and x.channel == "mail"
        )
        found.twice += delivered.total() - len(delivered)
        if missing := len(delivered.keys() - letters.keys()):
            found.lost += missing
            found.wrong.append(f"{missing} letters were told of as delivered, but never came")


def _read(record: Record) -> Event | None:
    """The event; None where the bytes are none that we know, as a row may have put them there."""
    try:
        event = CATALOGUE.read(record.content)
    except UnreadableEvent:
        return None
    return None if isinstance(event.data, Unknown) else event


def _is_for(event: object, person: str) -> bool:
    return isinstance(event, NotificationRequested) and event.person_id == person


def _judge_log(found: Standing, events: list[tuple[Record, Event]]) -> None:
    """Each event is there once, and each version of an aggregate is one event's, in order."""
    ids = Counter(event.envelope.id for _, event in events)
    found.twice += ids.total() - len(ids)
    versions: defaultdict[str, int] = defaultdict(int)
    for record, event in events:
        versions[record.subject] += 1
        if event.envelope.aggregateversion != versions[record.subject]:
            found.wrong.append(f"{record.subject} has version {event.envelope.aggregateversion} at {record.sequence}")
    requested = Counter(
        (event.data.person_id, event.envelope.causationid, event.data.rule, event.data.due, event.data.offset)
        for _, event in events
        if isinstance(event.data, NotificationRequested)
    )
    found.inboxes_doubled += requested.total() - len(requested)


def _judge_posts(found: Standing, events: list[tuple[Record, Event]], tally: Tally) -> None:
    meetings = Counter(event.data.meeting_id for _, event in events if isinstance(event.data, MeetingConcluded))
    found.lost += len(set(tally.meetings.values()) - meetings.keys())
    found.twice += meetings.total() - len(meetings)
    assigned = sum(event.data.type.startswith("ketluan.TaskAssigned.") for _, event in events)
    if assigned != DIRECTIVES * len(meetings):
        found.wrong.append(f"{len(meetings)} notices have {assigned} tasks, not {DIRECTIVES} each")


def _judge_commands(found: Standing, log: list[Record], tally: Tally) -> None:
    """Every acknowledged command is the one event of the version that its sender was told, no other has its words, and
    none that was refused is there."""
    tasks: defaultdict[str, list[Record]] = defaultdict(list)
    for record in log:
        if record.subject.startswith("log.task."):
            tasks[record.subject.removeprefix("log.task.")].append(record)
    said: dict[tuple[str, int], str] = {}
    notes: Counter[str] = Counter()
    for task, own in tasks.items():
        if not _read(own[0]):
            continue
        lived = steps(own)
        if len(lived) != len(own):
            found.wrong.append(f"the life of task {task} breaks off at version {len(lived)}")
        for step in lived:
            if isinstance(step.data, ProgressReported) and step.data.note:
                said[task, step.after.version] = step.data.note
                notes[step.data.note] += 1
    found.twice += notes.total() - len(notes)
    found.lost += sum(said.get((each.task_id, each.version)) != each.note for each in tally.told)
    if lied := tally.refused & notes.keys():
        found.wrong.append(f"{len(lied)} commands were refused as too late, and are in the log")


async def _judge_ledger(found: Standing, pool: AsyncEngine, log: list[Record]) -> None:
    async with pool.connect() as connection:
        rows = await connection.execute(text("SELECT sequence, content FROM ledger.event ORDER BY sequence"))
        ledger = [(row.sequence, row.content) for row in rows]
    if ledger[: len(log)] != [(record.sequence, record.content) for record in log]:
        found.wrong.append("ledger and log differ")


async def _untold(done: int, of: int, so_far: Sequence[Finding]) -> None:
    """A verification of some seconds needs no progress of its own."""


async def _inbox(url: str, person: str) -> AsyncIterator[str]:
    """The ids of the notifications in an inbox, the newest first."""
    async with httpx.AsyncClient(base_url=url, timeout=30, headers=as_person(person)) as web:
        page: str | None = "/v1/inbox?limit=200"
        while page:
            answer = await web.get(page)
            answer.raise_for_status()
            for each in answer.json():
                yield each["notification_id"]
            page = answer.links.get("next", {}).get("url")


def differences(before: Standing, after: Standing) -> Iterator[str]:
    """What is wrong since the row before, as sentences."""
    yield from (each for each in after.wrong if each not in before.wrong)
    for count, what in (
        ("lost", "acknowledged and lost"),
        ("twice", "there twice"),
        ("inboxes_doubled", "doubled in inboxes"),
    ):
        if more := getattr(after, count) - getattr(before, count):
            yield f"{more} {what}"
