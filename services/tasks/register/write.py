"""Puts a batch's changes into the register's tables, in bulk, within the caller's transaction."""

from collections.abc import Sequence
from typing import Any

from asyncpg import Connection
from pydantic_core import to_json, to_jsonable_python
from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger import tables as ledger
from services.tasks.ledger.leaf import leaf_hash
from services.tasks.register import tables
from services.tasks.register.fold import Changes, Row, corrected_columns, directive_row
from services.tasks.task import Task
from shared.database import among
from shared.events.catalogue import EventData
from shared.events.fields import Deadline, UnitRef
from shared.events.meeting import ConclusionCorrected
from shared.events.person import PersonPlaced, PersonRegistered
from shared.events.unit import UnitClosed, UnitRegistered, UnitRenamed
from shared.log.record import Record

_JSON_COLUMNS = {
    table.name: frozenset(i for i, column in enumerate(table.columns) if isinstance(column.type, JSONB))
    for table in tables.STATES
}


_PEOPLE = ("concluded_by", "signed_by")


class LedgerDiffers(Exception):
    """The ledger holds other bytes for an event than the log. Nothing was written."""


async def write_ledger(connection: AsyncConnection, records: Sequence[Record]) -> None:
    """Adds the events' exact bytes and leaf hashes to the ledger.

    Events that it holds already, which a register that is rebuilt meets again, are compared.

    Raises:
        LedgerDiffers: one of them has another leaf.
    """
    held = ledger.event.c
    last = int(await connection.scalar(select(func.max(held.sequence))) or 0)
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
    await _copy(connection, ledger.event, rows, schema=ledger.SCHEMA)


async def parked_subjects(connection: AsyncConnection) -> set[str]:
    """The subjects of which an event is parked."""
    return set(await connection.scalars(select(tables.parked.c.subject).distinct()))


async def load_tasks(connection: AsyncConnection, ids: set[str]) -> dict[str, Task]:
    """The tasks of these ids that the register knows, by id."""
    if not ids:
        return {}
    rows = await connection.execute(select(tables.task).where(among(tables.task.c.id, ids)))
    return {row.id: _task(row) for row in rows}


async def write(connection: AsyncConnection, changes: Changes, known: dict[str, Task], schema: str) -> None:
    """Writes the changes into the register in `schema`. `known` are the tasks that were there before."""
    for table in tables.STATES:
        await _copy(connection, table, changes.added.get(table.name, []), schema=schema)
    await _put_tasks(connection, changes, known, schema)
    for event in changes.directory:
        await _write_directory(connection, event)
    for correction in changes.corrections:
        await _correct(connection, correction, schema)


async def _correct(connection: AsyncConnection, correction: ConclusionCorrected, schema: str) -> None:
    """Changes a meeting's row, and replaces and adds directives' rows; those withdrawn stay with their cancelled tasks."""
    meeting, directive = tables.meeting, tables.directive
    if columns := corrected_columns(correction.fields):
        columns = {name: to_jsonable_python(v) if name in _PEOPLE else v for name, v in columns.items()}
        await connection.execute(update(meeting).where(meeting.c.id == correction.meeting_id).values(**columns))
    rows = [directive_row(each, correction.meeting_id) for each in correction.directives]
    replaced = {each.id for each in correction.directives}
    if replaced:
        await connection.execute(delete(directive).where(among(directive.c.id, replaced)))
    await _copy(connection, directive, rows, schema=schema)


async def _put_tasks(connection: AsyncConnection, changes: Changes, known: dict[str, Task], schema: str) -> None:
    """Replaces the rows of the tasks that changed: two statements, however many there are."""
    changed = [task for task in changes.tasks.values() if task != known.get(task.id)]
    former = {task.id for task in changed if task.id in known}
    if former:
        await connection.execute(delete(tables.task).where(among(tables.task.c.id, former)))
    await _copy(connection, tables.task, [_task_row(task) for task in changed], schema=schema)


async def _copy(connection: AsyncConnection, table: Table, rows: Sequence[Row], schema: str) -> None:
    if not rows:
        return
    json_columns = _JSON_COLUMNS.get(table.name, frozenset())
    if json_columns:
        rows = [tuple(_json(v) if i in json_columns else v for i, v in enumerate(row)) for row in rows]
    driver = await _driver(connection)
    names = [column.name for column in table.columns]
    await driver.copy_records_to_table(table.name, records=rows, columns=names, schema_name=schema)


async def _driver(connection: AsyncConnection) -> "Connection[Any]":
    raw = await connection.get_raw_connection()
    driver: Connection[Any] | None = raw.driver_connection
    if driver is None:
        raise AssertionError("a connection in a transaction has a driver's connection")
    return driver


def _json(value: object) -> str | None:
    return None if value is None else to_json(value, exclude_none=True).decode()


def _task_row(task: Task) -> Row:
    deadline = task.deadline
    return (
        task.id,
        task.assigned_sequence,
        task.sequence,
        task.version,
        task.meeting_id,
        task.directive_id,
        task.ordinal,
        task.unit.id,
        task.unit.name,
        task.unit.provisional,
        task.phrase,
        task.status,
        task.assigned_at,
        deadline.date if deadline else None,
        task.due,
        deadline.phrase if deadline else None,
        deadline.rule if deadline else None,
        deadline.confidence if deadline else None,
        task.in_force,
    )


def _task(row: Any) -> Task:
    deadline = None
    if row.baseline_due:
        deadline = Deadline(
            date=row.baseline_due, phrase=row.due_phrase, rule=row.due_rule, confidence=row.due_confidence
        )
    return Task(
        id=row.id,
        assigned_sequence=row.assigned_sequence,
        sequence=row.sequence,
        version=row.version,
        meeting_id=row.meeting_id,
        directive_id=row.directive_id,
        ordinal=row.ordinal,
        unit=UnitRef(id=row.unit_id, name=row.unit_name, provisional=row.provisional),
        phrase=row.phrase,
        status=row.status,
        assigned_at=row.assigned_at,
        deadline=deadline,
        due=row.due,
        in_force=row.in_force,
    )


async def _write_directory(connection: AsyncConnection, event: EventData) -> None:
    unit, person = tables.unit, tables.person
    match event:
        case UnitRegistered():
            row = {"name": event.name, "parent_id": event.parent_id, "closed": False}
            statement = upsert(unit).values(id=event.unit_id, **row)
            await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row))
        case UnitRenamed():
            await connection.execute(update(unit).where(unit.c.id == event.unit_id).values(name=event.name))
        case UnitClosed():
            await connection.execute(update(unit).where(unit.c.id == event.unit_id).values(closed=True))
        case PersonRegistered():
            statement = upsert(person).values(id=event.person_id, name=event.name)
            named = {"name": event.name}
            await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=named))
        case PersonPlaced():
            place = {"unit_id": event.unit_id, "position": event.position}
            statement = upsert(person).values(id=event.person_id, name=event.person_id, **place)
            await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=place))
        case _:
            raise AssertionError(f"{event.type} changes no unit and no person")
