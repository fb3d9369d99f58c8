"""Puts how tasks stood as we know it now into the register, where that is not what was known: they are few."""

from collections.abc import Sequence

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger.tables import event as ledger_event
from services.tasks.register import tables
from services.tasks.register import tables_of_pasts as pasts
from services.tasks.register.copying import copy_rows
from services.tasks.register.fold import Changes
from services.tasks.register.held import Held, held, notice
from services.tasks.register.rows import held_row
from services.tasks.register.standing import steps
from shared.database import among
from shared.events.meeting import ConclusionCorrected
from shared.log.record import Record
from shared.log.stream import PREFIX

_MEETING = f"{PREFIX}meeting."


async def write_held(connection: AsyncConnection, changes: Changes, schema: str) -> None:
    """Works out anew how tasks stood of which something was entered late or corrected, in this batch or before it.
    The ledger holds their events."""
    ids = changes.late | await _known(connection, changes) | await corrected_tasks(connection, changes)
    if not ids:
        return
    await connection.execute(delete(pasts.task_held).where(among(pasts.task_held.c.task_id, ids)))
    found = await held_of(connection, sorted(ids), changes.last)
    rows = [held_row(each.task, each.at, each.until) for of_task in found.values() for each in of_task]
    await copy_rows(connection, pasts.task_held, rows, schema)


async def held_of(connection: AsyncConnection, ids: Sequence[str], last: int) -> dict[str, list[Held]]:
    """How tasks stood, by their ids, as their events up to sequence `last` tell it."""
    task = tables.task.c
    meetings = {
        row.id: row.meeting_id
        for row in await connection.execute(select(task.id, task.meeting_id).where(among(task.id, ids)))
    }
    subjects = [*(f"{PREFIX}task.{each}" for each in ids), *{f"{_MEETING}{each}" for each in meetings.values()}]
    event = ledger_event.c
    statement = (
        select(event.sequence, event.subject, event.stored_at, event.content)
        .where(among(event.subject, subjects), event.sequence <= last)
        .order_by(event.sequence)
    )
    records: dict[str, list[Record]] = {}
    for row in await connection.execute(statement):
        records.setdefault(row.subject, []).append(Record(*row))
    notices = {each: notice(records.get(f"{_MEETING}{each}", ())) for each in set(meetings.values())}
    return {each: held(steps(records.get(f"{PREFIX}task.{each}", ())), notices[of]) for each, of in meetings.items()}


async def _known(connection: AsyncConnection, changes: Changes) -> set[str]:
    """The tasks of the batch that stood otherwise than was known already."""
    if not changes.tasks:
        return set()
    written = select(pasts.task_held.c.task_id).distinct().where(among(pasts.task_held.c.task_id, changes.tasks))
    return set(await connection.scalars(written))


async def corrected_tasks(connection: AsyncConnection, changes: Changes) -> set[str]:
    """The tasks of directives that corrections of the batch put right."""
    corrections = [each.data for each in changes.meetings if isinstance(each.data, ConclusionCorrected)]
    if not corrections:
        return set()
    task = tables.task.c
    of_them = (
        and_(
            task.meeting_id == each.meeting_id,
            among(task.directive_id, [*(directive.id for directive in each.directives), *each.withdrawn]),
        )
        for each in corrections
    )
    return set(await connection.scalars(select(task.id).where(task.in_force, or_(*of_them))))
