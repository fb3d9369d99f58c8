"""Puts what happens to conclusions that are in force already into the register: they are few."""

import datetime as dt

from pydantic_core import to_jsonable_python
from sqlalchemy import func, null, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables
from services.tasks.register.fold import directive_row
from shared.events.meeting import ConclusionCorrected, ConclusionRevoked

_JSON_COLUMNS = tuple(column.name for column in tables.directive.columns if isinstance(column.type, JSONB))


async def write_meeting(
    connection: AsyncConnection, change: ConclusionCorrected | tuple[ConclusionRevoked, dt.datetime]
) -> None:
    """Writes a correction, or a revocation and when it was."""
    meeting = tables.meeting
    if isinstance(change, ConclusionCorrected):
        await _correct(connection, change)
        return
    revoked, at = change
    statement = update(meeting).where(meeting.c.id == revoked.meeting_id).values(revoked_at=at)
    await connection.execute(statement)


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
