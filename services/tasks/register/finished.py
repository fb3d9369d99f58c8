"""How much work came to its end, and when: so a summary of everything, now or then, counts only what was open."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, BigInteger, Column, Date, Table, Text, and_, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register.schema import metadata
from services.tasks.task.state import OPEN, Task
from shared.zone import DEFAULT_ZONE

COUNTS = ("cancelled", "done", "done_undated", "done_late")
"""What is counted; the last two are among those that are done."""

_ZONE = ZoneInfo(DEFAULT_ZONE)


def _counts() -> list["Column[int]"]:
    return [Column(name, BigInteger, nullable=False) for name in COUNTS]


step = Table(
    "finished_step",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("unit_id", Text, primary_key=True),
    Column("assigned_month", Date, primary_key=True),
    *_counts(),
)
"""What one event added to these counts, or took away; by the unit and the month (default zone) in which the tasks were
assigned."""

by_unit = Table(
    "finished_by_unit",
    metadata,
    Column("block", BigInteger, primary_key=True, autoincrement=False),
    Column("unit_id", Text, primary_key=True),
    Column("assigned_month", Date, primary_key=True),
    *_counts(),
)
"""The steps of each block of sequences together: so all work that had come to its end at an event is the sum of the
blocks before its own, and of the steps in that one."""

by_meeting = Table("finished_by_meeting", metadata, Column("meeting_id", Text, primary_key=True), *_counts())
"""The tasks of each meeting that are done or cancelled now."""

_BLOCK_BITS = 13


def block_of(sequence: int) -> int:
    """The block of 8,192 sequences to which an event belongs."""
    return sequence >> _BLOCK_BITS


def first_of(block: int) -> int:
    """The first sequence of a block."""
    return block << _BLOCK_BITS


_Key = tuple[object, ...]
_Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """By how much an event changed the counts of a unit's tasks, or of what it took over from another unit."""

    sequence: int
    unit_id: str
    month: dt.date
    meeting_id: str
    numbers: _Numbers


def counted(before: Task | None, after: Task, sequence: int) -> list[Counted]:
    """What the next state of a task in force does to the counts; `before` is its state where it was in force."""
    if after.status in OPEN and (before is None or before.status in OPEN):
        return []
    was, is_ = _finished(before), _finished(after)
    month = after.assigned_at.astimezone(_ZONE).date().replace(day=1)
    if before and before.unit.id == after.unit.id:
        changes = [(after.unit.id, tuple(now - then for now, then in zip(is_, was, strict=True)))]
    else:
        changes = [(after.unit.id, is_)]
        if before:
            changes.append((before.unit.id, tuple(-number for number in was)))
    return [Counted(sequence, unit, month, after.meeting_id, numbers) for unit, numbers in changes if any(numbers)]


async def write_finished(connection: AsyncConnection, counts: Iterable[Counted]) -> None:
    """Takes in which tasks came to their end, or were taken up again."""
    steps, units, meetings = dict[_Key, _Numbers](), dict[_Key, _Numbers](), dict[_Key, _Numbers]()
    for each in counts:
        _add(steps, (each.sequence, each.unit_id, each.month), each.numbers)
        _add(units, (block_of(each.sequence), each.unit_id, each.month), each.numbers)
        _add(meetings, (each.meeting_id,), each.numbers)
    for table, changes in ((step, steps), (by_unit, units), (by_meeting, meetings)):
        rows = [(*key, *numbers) for key, numbers in changes.items() if any(numbers)]
        if not rows:
            continue
        names = [column.name for column in table.columns]
        await connection.execute(_ADD[table.name], dict(zip(names, zip(*rows, strict=True), strict=True)))
        if table is not step and any(number < 0 for numbers in changes.values() for number in numbers):
            await connection.execute(_FORGET[table.name])


def _finished(task: Task | None) -> _Numbers:
    """`COUNTS` of one task. A series is counted where it was cancelled: its turns are what is done."""
    if task is None:
        return (0, 0, 0, 0)
    finished = task.submitted_at or task.done_at
    is_done = task.status == "done" and not task.is_series
    late = bool(task.due and finished and task.due < finished.astimezone(_ZONE).date())
    return (int(task.status == "cancelled"), int(is_done), int(is_done and not task.due), int(is_done and late))


def _add(changes: dict[_Key, _Numbers], key: _Key, numbers: Iterable[int]) -> None:
    changes[key] = tuple(map(sum, zip(changes.get(key, (0, 0, 0, 0)), numbers, strict=True)))


def _addition(table: Table) -> Any:
    given = [bindparam(column.name, type_=ARRAY(column.type)) for column in table.columns]
    rows = func.unnest(*given).table_valued(*(column.name for column in table.columns)).render_derived()
    added = upsert(table).from_select([column.name for column in table.columns], select(*rows.c))
    return added.on_conflict_do_update(
        index_elements=list(table.primary_key), set_={name: table.c[name] + added.excluded[name] for name in COUNTS}
    )


_ADD = {table.name: _addition(table) for table in (step, by_unit, by_meeting)}
_FORGET = {
    table.name: delete(table).where(and_(*(table.c[name] == 0 for name in COUNTS))) for table in (by_unit, by_meeting)
}
"""What counts nothing is as if it had never been there, so that a rebuilt register says the same."""
