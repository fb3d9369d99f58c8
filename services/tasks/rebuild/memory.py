"""The register made from the log's beginning: the states of tasks stay in memory, and only rows go to PostgreSQL.

The projector asks the database for each task that a batch touches and changes it there, since it may be stopped at any
moment. A rebuild begins at nothing: it knows every state, writes it once, and puts indexes over the whole.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.rebuild.words import Begun, begun
from services.tasks.register import tables
from services.tasks.register.copying import copy_rows
from services.tasks.register.finished import write_finished
from services.tasks.register.fold import Changes, fold
from services.tasks.register.reading import Read
from services.tasks.register.rows import standing_row, task_row
from services.tasks.register.said import said
from services.tasks.register.write_directory import write_directory
from services.tasks.register.write_held import corrected_tasks, write_held
from services.tasks.register.write_meeting import write_meeting
from services.tasks.task.state import Task
from shared.database import among

_ROWS_AT_ONCE = 5000


@dataclass
class Memory:
    """What a rebuild in `schema` knows so far. Of a part that PostgreSQL refuses it takes nothing in.

    `begun` are tasks that came into force and whose words are not read yet; of the tasks `renamed` and the meetings
    `corrected` others may have come since.
    """

    connection: AsyncConnection
    schema: str
    tasks: dict[str, Task] = field(default_factory=dict)
    clock: dt.datetime | None = None
    last: int = 0
    begun: list[Begun] = field(default_factory=list)
    renamed: set[str] = field(default_factory=set)
    corrected: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    _same: dict[object, Any] = field(default_factory=dict)

    async def write(self, batch: Sequence[Read]) -> None:
        """Takes in what events say that come one behind the other. Present states are not written yet; see `finish`.

        Raises:
            RowsRefused: PostgreSQL refuses a row.
        """
        changes = fold(batch, self.tasks, self.clock)
        for table in tables.STATES:
            await copy_rows(self.connection, table, changes.added.get(table.name, []), self.schema)
        await write_finished(self.connection, changes.ended)
        for event in changes.directory:
            await write_directory(self.connection, event)
        if changes.meetings:
            await self._change_meetings(changes)
        self.tasks.update({task_id: self._kept(task) for task_id, task in changes.tasks.items()})
        self.clock, self.last = changes.clock, changes.last
        self.held |= changes.late
        found = said(batch)
        came = begun(batch, found, self.tasks, changes)
        self.begun += came
        self.renamed |= found.renamed | {each.task_id for each in came if each.names is None}
        self.corrected |= found.corrected

    def _kept(self, task: Task) -> Task:
        """A task that shares with others what they have in common: half of the memory that it would take."""
        if task.id in self.tasks:
            return task
        one = self._same.setdefault
        return task._replace(
            unit=one(task.unit, task.unit),
            meeting_id=one(task.meeting_id, task.meeting_id),
            directive_id=one(task.directive_id, task.directive_id),
            phrase=one(task.phrase, task.phrase),
            deadline=one(task.deadline, task.deadline),
        )

    async def finish(self) -> None:
        """Writes how tasks stand now."""
        everything = iter(self.tasks.values())
        while some := list(islice(everything, _ROWS_AT_ONCE)):
            await copy_rows(self.connection, tables.task, [task_row(task) for task in some], self.schema)
            standing = [standing_row(task) for task in some if task.in_force]
            await copy_rows(self.connection, tables.standing, standing, self.schema)

    async def finish_pasts(self) -> None:
        """Writes how tasks stood of which something was entered late; their rows are found by their ids by now."""
        if self.clock and self.held:
            await write_held(self.connection, Changes(self.clock, self.last, late=self.held), self.schema)

    async def _change_meetings(self, changes: Changes) -> None:
        """What happens to a notice counts its tasks: they are lent to PostgreSQL until that is done."""
        known = {**self.tasks, **changes.tasks}
        notices = {change.data.meeting_id for change in changes.meetings}
        lent = [task_row(task) for task in known.values() if task.meeting_id in notices]
        await copy_rows(self.connection, tables.task, lent, self.schema)
        for change in changes.meetings:
            await write_meeting(self.connection, change)
        self.held |= await corrected_tasks(self.connection, changes)
        await self.connection.execute(delete(tables.task).where(among(tables.task.c.meeting_id, notices)))
