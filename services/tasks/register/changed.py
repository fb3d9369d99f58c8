"""What became different in the register behind a sequence: of which tasks and meetings, and whose units see it."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger.tables import event as ledger_event
from services.tasks.register import tables
from services.tasks.register.tasks import Sight
from shared.database import among
from shared.log.stream import PREFIX

_TASK, _MEETING, _INBOX = (f"{PREFIX}{kind}." for kind in ("task", "meeting", "inbox"))


@dataclass(frozen=True, slots=True)
class Change:
    """A task or a meeting became different at a sequence of the log; or somebody was told of a task, or took note of
    that, where it is `of_telling`.

    `unit_ids` are the units whose people see it.
    """

    sequence: int
    meeting_id: str
    unit_ids: frozenset[str]
    task_id: str | None = None
    of_telling: bool = False

    def is_seen(self, sight: Sight) -> bool:
        """Whether somebody may see what became different."""
        return sight is None or not sight.isdisjoint(self.unit_ids)


async def list_changed(
    connection: AsyncConnection, after: int, limit: int, watched: Collection[str]
) -> tuple[list[Change], int, bool]:
    """What the events behind `after` changed, so many of them at most, in order; the sequence of the last of them; and
    whether these are all that the register holds.

    Of who was told of what, only that about the tasks of `watched` is looked up.
    """
    event = ledger_event.c
    told = case((event.subject.startswith(_INBOX), event.content)) if watched else null()
    statement = select(event.sequence, event.subject, told.label("content")).where(event.sequence > after)
    rows = (await connection.execute(statement.order_by(event.sequence).limit(limit))).all()
    if not rows:
        return [], after, True
    told_of = await _told(connection, [row for row in rows if row.content], watched)
    own = {row.sequence: row.subject.removeprefix(_TASK) for row in rows if row.subject.startswith(_TASK)}
    meetings = {row.sequence: row.subject.removeprefix(_MEETING) for row in rows if row.subject.startswith(_MEETING)}
    tasks = await _tasks(connection, {*own.values(), *(task_id for _, task_id in told_of)})
    found = [_of_task(sequence, tasks[task_id]) for sequence, task_id in own.items() if task_id in tasks]
    found += [_of_task(sequence, tasks[task_id], of_telling=True) for sequence, task_id in told_of if task_id in tasks]
    seen_by = await _units_of(connection, set(meetings.values()))
    found += [Change(sequence, each, seen_by.get(each, frozenset())) for sequence, each in meetings.items()]
    return sorted(found, key=lambda change: change.sequence), rows[-1].sequence, len(rows) < limit


def _of_task(sequence: int, row: Any, *, of_telling: bool = False) -> Change:
    units = frozenset((row.unit_id, *row.cooperator_unit_ids))
    return Change(sequence, row.meeting_id, units, row.id, of_telling)


async def _tasks(connection: AsyncConnection, ids: Collection[str]) -> dict[str, Any]:
    task = tables.task.c
    statement = select(task.id, task.meeting_id, task.unit_id, task.cooperator_unit_ids)
    return {row.id: row for row in await connection.execute(statement.where(among(task.id, ids), task.in_force))}


async def _units_of(connection: AsyncConnection, meeting_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """The units that have tasks of these meetings, by meeting."""
    if not meeting_ids:
        return {}
    task = tables.task.c
    statement = select(task.meeting_id, task.unit_id, task.cooperator_unit_ids).distinct()
    found: dict[str, set[str]] = {}
    for row in await connection.execute(statement.where(among(task.meeting_id, meeting_ids), task.in_force)):
        found.setdefault(row.meeting_id, set()).update((row.unit_id, *row.cooperator_unit_ids))
    return {meeting_id: frozenset(units) for meeting_id, units in found.items()}


async def _told(connection: AsyncConnection, rows: Sequence[Any], watched: Collection[str]) -> list[tuple[int, str]]:
    """Sequences of the events that tell of these tasks' notifications, each with the task."""
    named = dict(_notifications(rows))
    if not named:
        return []
    about = tables.notified_task.c
    statement = select(about.task_id, about.notification_id)
    found: dict[str, list[str]] = {}
    wanted = among(about.task_id, watched), among(about.notification_id, named.values())
    for row in await connection.execute(statement.where(*wanted)):
        found.setdefault(row.notification_id, []).append(row.task_id)
    return [(sequence, task_id) for sequence, each in named.items() for task_id in found.get(each, ())]


def _notifications(rows: Iterable[Any]) -> Iterable[tuple[int, str]]:
    for row in rows:
        try:
            notification_id = json.loads(row.content)["data"]["notification_id"]
        except (ValueError, RecursionError, KeyError, TypeError):
            continue
        if isinstance(notification_id, str):
            yield row.sequence, notification_id
