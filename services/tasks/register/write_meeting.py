"""Puts what happens to conclusions that are in force already into the register: they are few."""

from collections.abc import Sequence

from pydantic_core import to_jsonable_python
from sqlalchemy import BigInteger, Table, func, insert, literal, literal_column, null, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables
from services.tasks.register import tables_of_pasts as pasts
from services.tasks.register.fold import MeetingChange, directive_row
from shared.events.meeting import ConclusionCorrected

_JSON_COLUMNS = tuple(column.name for column in tables.directive.columns if isinstance(column.type, JSONB))


async def write_meeting(connection: AsyncConnection, change: MeetingChange) -> None:
    """Writes a correction or a revocation, and keeps how the notice and its directives stood before it."""
    meeting, data = tables.meeting, change.data
    await _keep(connection, tables.meeting, pasts.meeting_former, [data.meeting_id], change.sequence)
    if isinstance(data, ConclusionCorrected):
        changed = [*(each.id for each in data.directives), *data.withdrawn]
        await _keep(connection, tables.directive, pasts.directive_former, changed, change.sequence)
        await _correct(connection, data)
        return
    await connection.execute(update(meeting).where(meeting.c.id == data.meeting_id).values(revoked_at=change.at))


async def _keep(connection: AsyncConnection, table: Table, former: Table, ids: Sequence[str], sequence: int) -> None:
    if ids:
        row = func.to_jsonb(literal_column(table.name)).label("state")
        stood = select(table.c.id, literal(sequence, BigInteger).label("until_sequence"), row).where(
            table.c.id.in_(ids)
        )
        await connection.execute(insert(former).from_select(["id", "until_sequence", "state"], stood))


async def _correct(connection: AsyncConnection, correction: ConclusionCorrected) -> None:
    meeting, directive, task = tables.meeting, tables.directive, tables.task
    names = [column.name for column in directive.columns]
    for each in correction.directives:
        row = dict(zip(names, directive_row(each, correction.meeting_id), strict=True))
        row |= {name: _json(row[name]) for name in _JSON_COLUMNS}
        added = upsert(directive).values(row)
        await connection.execute(added.on_conflict_do_update(index_elements=["id"], set_=row))
    if correction.withdrawn:
        withdrawn = update(directive).where(directive.c.id.in_(correction.withdrawn)).values(withdrawn=True)
        await connection.execute(withdrawn)
    directives = select(func.count()).where(directive.c.meeting_id == correction.meeting_id, ~directive.c.withdrawn)
    # The turns of a series are opened later, and by nobody's notice.
    tasks = select(func.count()).where(
        task.c.meeting_id == correction.meeting_id, task.c.in_force, task.c.series_id.is_(None)
    )
    fields = {name: value for name, value in correction.fields if value is not None}
    fields |= {name: _json(fields[name]) for name in ("concluded_by", "signed_by") if name in fields}
    counts = {"directive_count": directives.scalar_subquery(), "task_count": tasks.scalar_subquery()}
    await connection.execute(update(meeting).where(meeting.c.id == correction.meeting_id).values(fields | counts))


def _json(value: object) -> object:
    return null() if value is None else to_jsonable_python(value, exclude_none=True)
