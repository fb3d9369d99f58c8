"""Puts a batch's changes into the register's tables, in bulk, within the caller's transaction."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Table, TableValuedAlias, Text, Update, bindparam, cast, column, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger import tables as ledger
from services.tasks.ledger.leaf import leaf_hash
from services.tasks.register import tables, tables_of_pasts
from services.tasks.register.copying import copy_rows, json_text
from services.tasks.register.finished import write_finished
from services.tasks.register.fold import Changes
from services.tasks.register.rows import TASK_COLUMNS, standing_row, task_of, task_row
from services.tasks.register.write_directory import write_directory
from services.tasks.register.write_held import write_held
from services.tasks.register.write_meeting import write_meeting
from services.tasks.task.state import Task
from shared.database import among
from shared.log.record import Record


class LedgerDiffers(Exception):
    """The ledger holds other bytes for an event than the log. Nothing was written."""


async def write_ledger(connection: AsyncConnection, records: Sequence[Record], last: int) -> None:
    """Adds the events' exact bytes and leaf hashes to the ledger, which holds those up to sequence `last`.

    Events that it holds already, which a register that is rebuilt meets again, are compared.

    Raises:
        LedgerDiffers: one of them has another leaf.
    """
    held = ledger.event.c
    known = {record.sequence: leaf_hash(record) for record in records if record.sequence <= last}
    if known:
        kept = select(held.sequence, held.leaf_hash).where(held.sequence.between(min(known), max(known)))
        leaves = {row.sequence: row.leaf_hash for row in await connection.execute(kept)}
        if different := [sequence for sequence, leaf in known.items() if leaves.get(sequence) != leaf]:
            raise LedgerDiffers(f"the ledger and the log hold different bytes for event {different[0]}")
    rows = [
        (each.sequence, each.subject, each.stored_at, each.content, leaf_hash(each))
        for each in records
        if each.sequence > last
    ]
    await copy_rows(connection, ledger.event, rows, schema=ledger.SCHEMA)


async def parked_subjects(connection: AsyncConnection) -> set[str]:
    """The subjects of which an event is parked."""
    return set(await connection.scalars(select(tables.parked.c.subject).distinct()))


async def load_tasks(connection: AsyncConnection, ids: set[str]) -> dict[str, Task]:
    """The tasks of these ids that the register knows, by id."""
    if not ids:
        return {}
    rows = await connection.execute(select(tables.task).where(among(tables.task.c.id, ids)))
    return {row.id: task_of(row) for row in rows}


async def load_clock(connection: AsyncConnection) -> dt.datetime | None:
    """The second (UTC) in which the last event that the register holds was recorded; None where it holds none."""
    found: dt.datetime | None = await connection.scalar(select(func.max(tables_of_pasts.moment.c.at)))
    return found


async def write(connection: AsyncConnection, changes: Changes, known: dict[str, Task], schema: str) -> None:
    """Writes the changes into the register in `schema`. `known` are the tasks that were there before."""
    for table in tables.STATES:
        await copy_rows(connection, table, changes.added.get(table.name, []), schema=schema)
    await _put_tasks(connection, changes, known, schema)
    await _put_standing(connection, changes, known, schema)
    await write_finished(connection, changes.ended)
    for change in changes.meetings:
        await write_meeting(connection, change)
    for event in changes.directory:
        await write_directory(connection, event)
    await write_held(connection, changes, schema)


async def _put_tasks(connection: AsyncConnection, changes: Changes, known: dict[str, Task], schema: str) -> None:
    """Adds new tasks and changes those that were there: two statements, however many there are."""
    changed = [task for task in changes.tasks.values() if task != known.get(task.id)]
    former = [_changing(task) for task in changed if task.id in known]
    if former:
        await connection.execute(_CHANGE_TASKS, {"rows": json_text(former)})
    await copy_rows(
        connection, tables.task, [task_row(task) for task in changed if task.id not in known], schema=schema
    )


async def _put_standing(connection: AsyncConnection, changes: Changes, known: dict[str, Task], schema: str) -> None:
    stood = {task.id for task in known.values() if task.in_force}
    rows = [standing_row(task) for task in changes.tasks.values() if task.in_force]
    new = [row for row in rows if row[_STANDING_ID] not in stood]
    await copy_rows(connection, tables.standing, new, schema=schema)
    changed = [dict(zip(_STANDING, row, strict=True)) for row in rows if row[_STANDING_ID] in stood]
    if changed:
        await connection.execute(_CHANGE_STANDING, {"rows": json_text(changed)})


def _changing(task: Task) -> dict[str, object]:
    return dict(zip(TASK_COLUMNS, task_row(task), strict=True))


def _recordset(table: Table, names: Sequence[str]) -> TableValuedAlias:
    columns = [column(name, table.c[name].type) for name in names]
    rows = func.jsonb_to_recordset(cast(bindparam("rows", type_=Text), JSONB))
    return rows.table_valued(*columns).render_derived(with_types=True)


def _change(table: Table, names: Sequence[str], key: str) -> Update:
    changed = _recordset(table, names)
    values = {name: changed.c[name] for name in names if name != key}
    return update(table).where(table.c[key] == changed.c[key]).values(values)


_STANDING = tuple(str(column.name) for column in tables.standing.columns if column.computed is None)
_STANDING_ID = _STANDING.index("task_id")

_CHANGE_TASKS = _change(tables.task, TASK_COLUMNS, "id")
_CHANGE_STANDING = _change(tables.standing, _STANDING, "task_id")
"""One statement each for as many rows as there are. A row's new state takes the old one's place and touches no index
while no indexed column changes."""
