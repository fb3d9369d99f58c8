"""Tasks, notices and directives as they were as of a moment."""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Table, func, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger.tables import event as ledger_event
from services.tasks.register import tables
from services.tasks.register import tables_of_pasts as pasts
from services.tasks.register.as_of import AsOf
from services.tasks.register.standing import steps, subject_of
from services.tasks.register.write_held import held_of
from services.tasks.task.state import Task
from shared.database import among
from shared.log.record import Record

Row = Mapping[str, Any]


async def tasks_as_of(connection: AsyncConnection, ids: Sequence[str], as_of: AsOf) -> dict[str, Task]:
    """Each task as it stood, by id; tasks that were not in force are left out."""
    if not ids:
        return {}
    otherwise = await _held_otherwise(connection, ids) if as_of.sense == "held" else set()
    found = await _known(connection, [each for each in ids if each not in otherwise], as_of.sequence)
    for task_id, stood in (await held_of(connection, sorted(otherwise), as_of.stands_on)).items():
        for each in stood:
            if each.at < as_of.before and (each.until is None or each.until >= as_of.before):
                found[task_id] = each.task
    return found


async def meetings_as_of(connection: AsyncConnection, ids: Sequence[str], as_of: AsOf) -> dict[str, Row]:
    """What was known of these meetings, of those of which it was something else than now. What we know now of their
    past is what the register says."""
    return await _former(connection, pasts.meeting_former, ids, as_of)


async def directives_as_of(connection: AsyncConnection, ids: Sequence[str], as_of: AsOf) -> dict[str, Row]:
    """The same of directives."""
    return await _former(connection, pasts.directive_former, ids, as_of)


def revoked_as_of(revoked_at: dt.datetime | None, as_of: AsOf) -> dt.datetime | None:
    """When a notice was revoked, where it was by then: that is a decision, and held from when it was made."""
    return revoked_at if revoked_at and revoked_at < as_of.before else None


async def _known(connection: AsyncConnection, ids: Sequence[str], sequence: int) -> dict[str, Task]:
    event = ledger_event.c
    begun = await _begun(connection, ids)
    asked = [subject_of(each) for each in ids if begun.get(each, sequence + 1) <= sequence]
    statement = (
        select(event.sequence, event.subject, event.stored_at, event.content)
        .where(among(event.subject, asked), event.sequence <= sequence)
        .order_by(event.subject, event.sequence)
    )
    rows = await connection.execute(statement)
    found = {}
    for _, records in groupby((Record(*row) for row in rows), key=lambda record: record.subject):
        found.update({step.after.id: step.after for step in steps(records)[-1:]})
    return found


async def _begun(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, int]:
    """With which event tasks came into force."""
    parts = (
        select(of.c.task_id, of.c.sequence).where(among(of.c.task_id, ids))
        for of in (pasts.task_version, tables.standing)
    )
    every = union_all(*parts).subquery()
    first = select(every.c.task_id, func.min(every.c.sequence).label("first")).group_by(every.c.task_id)
    return {row.task_id: row.first for row in await connection.execute(first)}


async def _held_otherwise(connection: AsyncConnection, ids: Sequence[str]) -> set[str]:
    held = pasts.task_held.c
    return set(await connection.scalars(select(held.task_id).distinct().where(among(held.task_id, ids))))


async def _former(connection: AsyncConnection, table: Table, ids: Sequence[str], as_of: AsOf) -> dict[str, Row]:
    if as_of.sense == "held":
        return {}
    statement = (
        select(table.c.id, table.c.state)
        .ext(distinct_on(table.c.id))
        .where(among(table.c.id, ids), table.c.until_sequence > as_of.sequence)
        .order_by(table.c.id, table.c.until_sequence)
    )
    return {row.id: row.state for row in await connection.execute(statement)}
