"""The only door through which what is asked of the directory reaches the log: one change at a time, over all copies of
this service, so that what holds between units and people is decided on all of them."""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import func, select

from services.tasks.directory.history import Step, history
from services.tasks.reading import Reading, register, shows
from shared.database import DatabaseUnavailable, translated
from shared.directory.changes import Change, DirectoryEvent, changes
from shared.directory.directory import Directory
from shared.directory.file import DirectoryFile
from shared.directory.fold import Fold, Tail, folded
from shared.directory.write import write
from shared.events.catalogue import CATALOGUE, UnreadableEvent
from shared.identity.caller import Caller
from shared.identity.live import LiveIdentity
from shared.log.faults import Conflict
from shared.log.read import last_on
from shared.log.stream import PREFIX

_ONE_AT_A_TIME = 0x6B6C_6469_72
"""The advisory lock of PostgreSQL that whoever changes the directory holds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks to happen to a unit or a person, such as `unit.van-phong`.

    `decided` says what it leads to in the directory as it is. `version` is the one that they saw; None where they saw
    none, since it is not there yet.
    """

    aggregate: str
    decided: Callable[[Directory], Sequence[DirectoryEvent]]
    caller: Caller
    request_id: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of it: the version after it, and how many events it took. `shown` says that pages show it by now."""

    version: int
    events: int
    shown: bool


class Stale(Exception):
    """It changed since whoever asks saw it. Nothing happened. `since` is what happened, the newest first."""

    def __init__(self, version: int, since: Sequence[Step]) -> None:
        super().__init__(f"it is in version {version}")
        self.version = version
        self.since = since


class Differs(Exception):
    """The directory lacks other things of a file than were shown. Nothing happened. `missing` is what it lacks."""

    def __init__(self, missing: Sequence[Change]) -> None:
        super().__init__("the directory changed since")
        self.missing = missing


async def carry_out(source: Reading, identity: LiveIdentity, asked: Asked) -> Carried:
    """Decides on what is asked and appends what it leads to, behind exactly the version that was decided on.

    Raises:
        NotThere, Refusal: see `services.tasks.directory.decision`; nothing was recorded.
        Stale: see there.
        UnknownEvent: a newer release wrote of what it is about; nothing was recorded.
        DatabaseUnavailable: PostgreSQL does not answer; nothing was recorded.
        LogUnavailable, LogRefused: the log does not answer, or refuses; the page shows how far it came.
    """
    async with _alone(source):
        # The tail comes first: the directory then holds everything behind which it is appended.
        tail = await _tail(source, asked.aggregate)
        known = await identity.newest()
        known.confirm(asked.aggregate)
        directory = known.directory
        if asked.version is not None and asked.version != tail.version:
            raise await _stale(source, asked, tail)
        events = tuple(asked.decided(directory))
        change = Change(asked.aggregate, "", events)
        fold = Fold(directory, {asked.aggregate: tail})
        try:
            last = await write(source.client, fold, [change], asked.caller.actor, request_id=asked.request_id)
        except Conflict:
            raise await _stale(source, asked, await _tail(source, asked.aggregate)) from None
    return Carried(tail.version + len(events), len(events), await _known(source, identity, last))


async def import_file(
    source: Reading,
    identity: LiveIdentity,
    file: DirectoryFile,
    shown: str,
    allowed: Callable[[Directory, Sequence[Change]], None],
    caller: Caller,
    request_id: str,
) -> int:
    """Appends what the directory lacks of a file, where that is still what was `shown` of it (`digest`). Gives how
    many events those are. `allowed` refuses what no file may bring about.

    Raises:
        Differs: see there; so does a change that comes at the same moment from elsewhere.
        Refusal, UnknownUnit, NameTaken, BelowItself: nothing was recorded.
        DatabaseUnavailable: PostgreSQL does not answer; nothing was recorded.
        LogUnavailable, LogRefused: importing again completes what was begun.
    """
    async with _alone(source):
        fold = await folded(source.client)
        missing = changes(file, fold.directory)
        if digest(missing) != shown:
            raise Differs(missing)
        allowed(fold.directory, missing)
        try:
            last = await write(source.client, fold, missing, caller.actor, request_id=request_id)
        except Conflict as conflict:
            raise Differs(changes(file, (await folded(source.client)).directory)) from conflict
    await _known(source, identity, last)
    return sum(len(change.events) for change in missing)


def digest(missing: Sequence[Change]) -> str:
    """What stands for changes as they were shown."""
    told = [f"{each.subject} {event.type} {event.model_dump_json()}" for each in missing for event in each.events]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


@asynccontextmanager
async def _alone(source: Reading) -> AsyncIterator[None]:
    with translated():
        async with source.engine.connect() as connection:
            await connection.execution_options(isolation_level="READ COMMITTED")
            async with connection.begin():
                await connection.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
                yield


async def _tail(source: Reading, aggregate: str) -> Tail:
    newest = await last_on(source.client, PREFIX + aggregate)
    if newest is None:
        return Tail()
    try:
        return Tail(newest.sequence, CATALOGUE.read(newest.content).envelope.aggregateversion)
    except UnreadableEvent:
        return (await folded(source.client)).tail(aggregate)


async def _stale(source: Reading, asked: Asked, tail: Tail) -> Stale:
    await shows(source, tail.sequence)
    async with register(source) as connection:
        steps = await history(connection, asked.aggregate)
    seen = asked.version if asked.version is not None else 0
    return Stale(tail.version, [step for step in steps if step.version > seen])


async def _known(source: Reading, identity: LiveIdentity, sequence: int) -> bool:
    """Whether this copy of the service knows the event at a sequence; what is recorded stays so in any case."""
    await identity.newest()
    try:
        return await shows(source, sequence)
    except DatabaseUnavailable:
        return False
