"""Looks through the register a few tasks at a time: whether each stands as its own events, folded again, say."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.tasks.ledger.tables import event as ledger_event
from services.tasks.record.findings import Finding, FoundEvent
from services.tasks.record.kinds import Kind
from services.tasks.register import tables
from services.tasks.register.fold import Changes, fold
from services.tasks.register.reading import read, readable
from services.tasks.register.rows import standing_row
from services.tasks.register.tables_of_pasts import task_version
from services.tasks.register.write import load_tasks, parked_subjects
from shared.database import among, translated
from shared.log.record import Record
from shared.log.stream import PREFIX

_TASK = f"{PREFIX}task."
_BEHIND_TASKS = f"{PREFIX}task/"
_AT_ONCE = 20
_SHOWN = 20


async def compared_tasks(engine: AsyncEngine) -> AsyncGenerator[tuple[int, list[Finding]]]:
    """Goes through all tasks. Gives, for some of them at a time, how many events these have and what is wrong.

    What it compares are the present state of a task and its former versions; counts and words are for a full
    verification.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    after = _TASK
    while True:
        with translated():
            async with engine.connect() as connection:
                await connection.execution_options(isolation_level="REPEATABLE READ")
                async with connection.begin():
                    subjects = await _subjects(connection, after)
                    if not subjects:
                        return
                    found = await _compared(connection, subjects)
        after = subjects[-1]
        yield found


async def _subjects(connection: AsyncConnection, after: str) -> list[str]:
    subject = ledger_event.c.subject
    chosen = select(subject).where(subject > after, subject < _BEHIND_TASKS).distinct().order_by(subject)
    return list(await connection.scalars(chosen.limit(_AT_ONCE)))


async def _compared(connection: AsyncConnection, subjects: Sequence[str]) -> tuple[int, list[Finding]]:
    reader = tables.checkpoint.c
    position = await connection.scalar(select(reader.sequence).where(reader.reader == tables.REGISTER))
    records = await _records(connection, subjects, position or 0)
    meetings = {task.meeting_id for task in _folded(records).tasks.values()}
    notices = await _records(connection, [f"{PREFIX}meeting.{each}" for each in meetings], position or 0)
    changes = _folded(sorted([*records, *notices], key=lambda each: each.sequence))
    parked = await parked_subjects(connection)
    wanted = {
        identity: task
        for identity, task in changes.tasks.items()
        if not parked & {f"{_TASK}{identity}", f"{PREFIX}meeting.{task.meeting_id}"}
    }
    kept = await load_tasks(connection, {each.removeprefix(_TASK) for each in subjects})
    wrong = {identity for identity, task in wanted.items() if kept.get(identity) != task}
    standing = {task.id: [standing_row(task)] for task in wanted.values() if task.in_force}
    versions = _by_task(changes.added.get(task_version.name, []))
    wrong |= await _different(connection, tables.standing, wanted, standing)
    wrong |= await _different(connection, task_version, wanted, versions)
    return len(records) + len(notices), [_finding(sorted(wrong), changes)] if wrong else []


async def _records(connection: AsyncConnection, subjects: Iterable[str], until: int) -> list[Record]:
    event = ledger_event.c
    chosen = select(event.sequence, event.subject, event.stored_at, event.content).where(event.sequence <= until)
    rows = await connection.execute(chosen.where(among(event.subject, subjects)).order_by(event.sequence))
    return [Record(*row) for row in rows]


def _folded(records: Sequence[Record]) -> Changes:
    return fold(readable([read(each) for each in records], set()), {})


async def _different(
    connection: AsyncConnection, table: Table, wanted: Iterable[str], expected: Mapping[str, Sequence[Sequence[Any]]]
) -> set[str]:
    """The tasks whose rows in a table are not those."""
    rows = await connection.execute(select(table).where(among(table.c.task_id, wanted)))
    place = list(table.columns.keys()).index("task_id")
    found: dict[str, set[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row[place], set()).add(_plain(row))
    width = {identity: len(given[0]) for identity, given in expected.items() if given}
    return {
        identity
        for identity in wanted
        if {row[: width.get(identity)] for row in found.get(identity, set())}
        != {_plain(row) for row in expected.get(identity, ())}
    }


def _by_task(rows: Iterable[Sequence[Any]]) -> dict[str, list[Sequence[Any]]]:
    place = list(task_version.columns.keys()).index("task_id")
    found: dict[str, list[Sequence[Any]]] = {}
    for row in rows:
        found.setdefault(row[place], []).append(row)
    return found


def _plain(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(tuple(each) if isinstance(each, list) else each for each in row)


def _finding(wrong: Sequence[str], changes: Changes) -> Finding:
    shown = wrong[:_SHOWN]
    return Finding(
        kind=Kind.REGISTER,
        side="register",
        count=len(wrong),
        events=tuple(
            FoundEvent(sequence=changes.tasks[each].sequence, subject=f"{_TASK}{each}", event_id=None) for each in shown
        ),
        detail=", ".join(shown),
    )


def merged(findings: Sequence[Finding]) -> list[Finding]:
    """One finding of all that is wrong with tasks."""
    if not findings:
        return []
    events = tuple(event for each in findings for event in each.events)[:_SHOWN]
    count = sum(each.count for each in findings)
    return [findings[0].model_copy(update={"count": count, "events": events, "detail": ""})]
