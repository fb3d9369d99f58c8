"""How much work came to its end, by unit and month and by meeting: so a summary of everything counts only the open."""

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, BigInteger, Column, Date, Table, Text, and_, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register.schema import metadata
from services.tasks.task.state import Task
from shared.zone import DEFAULT_ZONE

COUNTS = ("cancelled", "done", "done_undated", "done_late")
"""What is counted; the last two are among those that are done."""

_ZONE = ZoneInfo(DEFAULT_ZONE)


def _counts() -> list["Column[int]"]:
    return [Column(name, BigInteger, nullable=False) for name in COUNTS]


by_unit = Table(
    "finished_by_unit",
    metadata,
    Column("unit_id", Text, primary_key=True),
    Column("assigned_month", Date, primary_key=True),
    *_counts(),
)
"""Tasks in force that are done or cancelled, by their unit and the month (default zone) in which they were assigned."""

by_meeting = Table("finished_by_meeting", metadata, Column("meeting_id", Text, primary_key=True), *_counts())
"""The same by their meeting."""

_Key = tuple[object, ...]
_Numbers = tuple[int, ...]


async def write_finished(connection: AsyncConnection, tasks: Iterable[Task], known: Mapping[str, Task]) -> None:
    """Takes in which tasks came to their end, or were taken up again. `known` are the tasks as they were before."""
    units, meetings = dict[_Key, _Numbers](), dict[_Key, _Numbers]()
    for task in tasks:
        before = known.get(task.id)
        for state, numbers in ((before, [-number for number in _finished(before)]), (task, _finished(task))):
            if state and any(numbers):
                month = state.assigned_at.astimezone(_ZONE).date().replace(day=1)
                _add(units, (state.unit.id, month), numbers)
                _add(meetings, (state.meeting_id,), numbers)
    for table, changes in ((by_unit, units), (by_meeting, meetings)):
        rows = [(*key, *numbers) for key, numbers in changes.items() if any(numbers)]
        if not rows:
            continue
        names = [column.name for column in table.columns]
        await connection.execute(_ADD[table.name], dict(zip(names, zip(*rows, strict=True), strict=True)))
        if any(number < 0 for numbers in changes.values() for number in numbers):
            await connection.execute(_FORGET[table.name])


def _finished(task: Task | None) -> _Numbers:
    """`COUNTS` of one task. A series is counted where it was cancelled: its turns are what is done."""
    if task is None or not task.in_force:
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


_ADD = {table.name: _addition(table) for table in (by_unit, by_meeting)}
_FORGET = {
    table.name: delete(table).where(and_(*(table.c[name] == 0 for name in COUNTS))) for table in (by_unit, by_meeting)
}
"""What counts nothing is as if it had never been there, so that a rebuilt register says the same."""
