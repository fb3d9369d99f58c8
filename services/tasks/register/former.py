"""Tasks as they were before a moment, from their own events in the ledger."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger.tables import event as ledger_event
from services.tasks.register.standing import steps, subject_of
from services.tasks.task.state import Task
from shared.database import among
from shared.log.record import Record


async def tasks_before(connection: AsyncConnection, ids: Sequence[str], before: dt.datetime) -> dict[str, Task]:
    """The last state of each task before a moment, by id; tasks that were not there yet are left out."""
    event = ledger_event.c
    statement = select(event.sequence, event.subject, event.stored_at, event.content)
    rows = await connection.execute(
        statement.where(among(event.subject, [subject_of(each) for each in ids])).order_by(
            event.subject, event.sequence
        )
    )
    found = {}
    for _, records in groupby((Record(*row) for row in rows), key=lambda record: record.subject):
        past = [step.after for step in steps(records) if step.after.changed_at < before]
        found.update({task.id: task for task in past[-1:]})
    return found
