"""The only door through which a command reaches the log."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Row

from services.tasks import metrics
from services.tasks.attachments.store import stored_file
from services.tasks.reading import Reading, register, shows
from services.tasks.register.history import actor_names
from services.tasks.register.rows import task_of
from services.tasks.register.standing import (
    Step,
    find_person,
    find_units,
    is_ordered,
    own_records,
    steps,
    subject_of,
)
from services.tasks.register.task_views import view_of
from services.tasks.register.tasks import find_row
from services.tasks.register.views import TaskView
from services.tasks.task.authority import needed
from services.tasks.task.commands import ChangeCooperators, Command, Reassign, ReportProgress, SubmitCompletion
from services.tasks.task.decision import Facts, decide, outcome
from services.tasks.task.refusals import Refusal
from services.tasks.task.state import Place, Task, evolve
from shared.database import DatabaseUnavailable
from shared.events.envelope import Envelope
from shared.events.fields import derived_id
from shared.events.task import TaskEvent
from shared.identity.caller import Caller
from shared.identity.permissions import allowed
from shared.log.append import append, entry
from shared.log.faults import Conflict, LogFault
from shared.log.read import next_on
from shared.log.stream import stream_info

SOURCE = "/ketluan/tasks"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Request:
    """A command with what its sender said about it.

    `versions` are those for which it was meant. `key` is the sender's Idempotency-Key.
    """

    task_id: str
    command: Command
    caller: Caller
    versions: frozenset[int]
    key: str | None
    request_id: str


@dataclass(frozen=True, slots=True)
class Carried:
    """What a command led to: the task after its event. `shown` says that the register shows it by now, `repeated`
    that an earlier request with the same key did it."""

    task: TaskView
    shown: bool
    repeated: bool = False


class NoSuchTask(Exception):
    """There is no task of this id that the caller may see."""


class Stale(Exception):
    """The task is not in the version for which the command was meant. Nothing happened.

    `version` is the one that it is in, and `since` is what happened behind the one that was meant; `names` are those of
    the people who did it, by actor.
    """

    def __init__(self, version: int, since: Sequence[Step], names: Mapping[str, str]) -> None:
        super().__init__(f"the task is in version {version}")
        self.version = version
        self.since = since
        self.names = names


class Unreadable(Exception):
    """The task's last event cannot be read, so that nothing can be decided on it. Nothing happened."""


class KeyTaken(Exception):
    """The key was used for another command on this task. Nothing happened."""


async def carry_out(source: Reading, asked: Request) -> Carried:
    """Decides on a command and appends its event, behind exactly the version that was decided on, and counts what
    became of it.

    Raises:
        NoSuchTask, Stale, Unreadable, KeyTaken, Refusal: see there; nothing was recorded.
        DatabaseUnavailable: PostgreSQL does not answer; nothing was recorded, or with a key asking again is safe.
        LogUnavailable: the log does not answer; whether it was recorded is not known, and with a key asking again is
            safe.
        LogRefused: the log refused; nothing was recorded.
    """
    outcome = "failed"
    try:
        carried = await _carry_out(source, asked)
        outcome = "repeated" if carried.repeated else "done"
        return carried
    except (Refusal, NoSuchTask, KeyTaken):
        outcome = "refused"
        raise
    except Stale:
        outcome = "stale"
        raise
    except (DatabaseUnavailable, LogFault):
        outcome = "unavailable"
        raise
    finally:
        metrics.COMMANDS.labels(type(asked.command).__name__, outcome).inc()
        log.info("command", task=asked.task_id, command=type(asked.command).__name__, outcome=outcome)


async def _carry_out(source: Reading, asked: Request) -> Carried:
    row = await _row(source, asked)
    task = task_of(row)
    if asked.key is not None and (earlier := _keyed(await _steps(source, asked.task_id), asked)):
        return await _answered(source, asked, earlier, row)
    if task.version not in asked.versions:
        # The sender may have seen more than this register: only the log's leader knows.
        known = await _steps(source, asked.task_id, to_the_end=True)
        if earlier := _keyed(known, asked):
            return await _answered(source, asked, earlier, row)
        task = known[-1].after
        if task.version not in asked.versions:
            meant = max((v for v in asked.versions if v <= task.version), default=task.version)
            raise await _stale(source, known, meant)
    at = dt.datetime.now(dt.UTC)
    event = decide(task, asked.command, asked.caller, _day(source, at), await _facts(source, asked.command, row))
    try:
        sequence = await append(source.client, [entry(_envelope(asked, task, event, at), task.sequence)])
    except Conflict:
        known = await _steps(source, asked.task_id, to_the_end=True)
        if earlier := _keyed(known, asked):
            return await _answered(source, asked, earlier, row)
        if known[-1].place.sequence == task.sequence and await next_on(
            source.client, subject_of(task.id), task.sequence
        ):
            raise Unreadable from None
        raise await _stale(source, known, task.version) from None
    shown = await _shown(source, sequence)
    if asked.key is not None and (earlier := _keyed(await _steps(source, asked.task_id, to_the_end=True), asked)):
        # Of several requests with one key at the same moment the first is recorded, and speaks for the others.
        return await _answered(source, asked, earlier, row, repeated=earlier.place.at != at)
    after = evolve(task, event, Place(sequence, at, asked.caller.actor))
    return Carried(view_of(after, row, source.today()), shown)


async def _shown(source: Reading, sequence: int) -> bool:
    """Whether the register shows the event at a sequence; what is recorded stays so, though the register is away."""
    try:
        return await shows(source, sequence)
    except DatabaseUnavailable:
        return False


async def _row(source: Reading, asked: Request) -> "Row[Any]":
    async with register(source) as connection:
        row = await find_row(connection, asked.task_id)
    if row is None and await next_on(source.client, subject_of(asked.task_id)):
        # It was just published: the register comes to hold it in a moment.
        await shows(source, (await stream_info(source.client)).state.last_seq)
        async with register(source) as connection:
            row = await find_row(connection, asked.task_id)
    if row is None or not allowed(asked.caller, "read-tasks", needed(task_of(row), asked.caller)):
        raise NoSuchTask
    return row


async def _steps(source: Reading, task_id: str, *, to_the_end: bool = False) -> list[Step]:
    """How the task came to be as it is, as far as the ledger knows, or to the end of the log."""
    async with register(source) as connection:
        records = await own_records(connection, task_id)
    while to_the_end and (record := await next_on(source.client, subject_of(task_id), records[-1].sequence)):
        records.append(record)
    return steps(records)


def _keyed(known: Sequence[Step], asked: Request) -> Step | None:
    if asked.key is None:
        return None
    event_id = _id_of_key(asked.task_id, asked.caller, asked.key)
    return next((step for step in known if step.event_id == event_id), None)


async def _answered(
    source: Reading, asked: Request, earlier: Step, row: "Row[Any]", *, repeated: bool = True
) -> Carried:
    """The answer that the step's own request got.

    Raises:
        KeyTaken: this request asks for something else.
    """
    facts = await _facts(source, asked.command, row)
    try:
        if earlier.before is None:
            raise KeyTaken
        day = _day(source, earlier.place.at)
        if outcome(earlier.before, asked.command, asked.caller.actor, day, facts) != earlier.data:
            raise KeyTaken
    except Refusal as refusal:
        raise KeyTaken from refusal
    shown = await _shown(source, earlier.place.sequence)
    return Carried(view_of(earlier.after, row, source.today()), shown, repeated)


async def _stale(source: Reading, known: Sequence[Step], meant: int) -> Stale:
    since = [step for step in known if step.after.version > meant]
    async with register(source) as connection:
        names = await actor_names(connection, {step.place.actor for step in since})
    return Stale(known[-1].after.version, since, names)


async def _facts(source: Reading, command: Command, row: "Row[Any]") -> Facts:
    """What the command names, looked up."""
    match command:
        case ReportProgress(attachments=files) | SubmitCompletion(evidence=files):
            found = {each.sha256: await stored_file(source.client, each.sha256) for each in files}
            return Facts(files={sha256: stored for sha256, stored in found.items() if stored})
        case Reassign(unit=unit, person=person):
            async with register(source) as connection:
                units = await find_units(connection, [unit] if unit else [])
                lead = await find_person(connection, person) if person else None
            return Facts(units=units, people={person: lead} if person and lead else {})
        case ChangeCooperators(units=ids):
            async with register(source) as connection:
                return Facts(units=await find_units(connection, ids))
        case _:
            return Facts(ordered=is_ordered(row))


def _envelope(asked: Request, task: Task, event: TaskEvent, at: dt.datetime) -> Envelope:
    version = task.version + 1
    # Without a key every request is its own: two that say the same at the same moment are two.
    event_id = (
        _id_of_key(task.id, asked.caller, asked.key) if asked.key else derived_id("event", task.id, version, uuid4())
    )
    return Envelope(
        id=event_id,
        source=SOURCE,
        type=event.type,
        subject=f"task.{task.id}",
        time=at,
        actor=asked.caller.actor,
        correlationid=asked.request_id,
        causationid=asked.request_id,
        aggregateversion=version,
        data=event.model_dump(mode="json", exclude_none=True),
    )


def _id_of_key(task_id: str, caller: Caller, key: str) -> str:
    """A key is its sender's own: what others count or name alike is another."""
    return derived_id("event", f"task.{task_id}", "key", caller.actor, key)


def _day(source: Reading, at: dt.datetime) -> dt.date:
    return at.astimezone(ZoneInfo(source.zone)).date()
