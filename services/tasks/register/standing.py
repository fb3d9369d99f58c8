"""What a decision about a task rests on: the task as the register has it, its events, and what commands name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger.tables import event as ledger_event
from services.tasks.register import tables
from services.tasks.task.state import Place, Task, assigned, evolve, passed
from shared.database import among
from shared.events.catalogue import CATALOGUE, Event, EventData, Unknown, UnknownEvent, UnreadableEvent
from shared.events.fields import NamedPerson, UnitRef
from shared.events.task import TaskAssigned, TaskEvent
from shared.log.record import Record
from shared.log.stream import PREFIX


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a task's own: the states before and after it, and where it stands. The first has none before."""

    before: Task | None
    after: Task
    event_id: str
    data: EventData | Unknown
    place: Place
    correlation_id: str
    type: str = ""


def subject_of(task_id: str) -> str:
    """The log's subject of a task."""
    return f"{PREFIX}task.{task_id}"


async def own_records(connection: AsyncConnection, task_id: str) -> list[Record]:
    """The events of a task that the ledger holds, in order."""
    event = ledger_event.c
    statement = select(event.sequence, event.subject, event.stored_at, event.content)
    rows = await connection.execute(statement.where(event.subject == subject_of(task_id)).order_by(event.sequence))
    return [Record(*row) for row in rows]


def steps(records: Iterable[Record]) -> list[Step]:
    """How a task came to be as it is, from all its events. What cannot be read ends the list: the register parks it.

    Raises:
        UnknownEvent: a newer release wrote one of them, so that this one does not know how the task stands.
    """
    found: list[Step] = []
    task: Task | None = None
    for record in records:
        try:
            event = CATALOGUE.applicable(record.content, record.aggregate)
        except UnknownEvent:
            raise
        except UnreadableEvent:
            break
        place = Place(record.sequence, event.envelope.at(), event.envelope.actor)
        after = _after(task, event, place)
        if after is None:
            break
        envelope = event.envelope
        found.append(Step(task, after, envelope.id, event.data, place, envelope.correlationid, envelope.type))
        task = after
    return found


def _after(task: Task | None, event: Event, place: Place) -> Task | None:
    if task is None:
        return assigned(event.data, place) if isinstance(event.data, TaskAssigned) else None
    return evolve(task, event.data, place) if isinstance(event.data, TaskEvent) else passed(task, place)


async def find_units(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, tuple[UnitRef, bool]]:
    """Units of the directory by their ids, and whether each is closed."""
    unit = tables.unit.c
    rows = await connection.execute(select(unit.id, unit.name, unit.closed).where(among(unit.id, ids)))
    return {row.id: (UnitRef(id=row.id, name=row.name), row.closed) for row in rows}


async def find_person(connection: AsyncConnection, person_id: str) -> NamedPerson | None:
    """A person of the directory who has not left."""
    person = tables.person.c
    statement = select(person.name, person.position).where(person.id == person_id, ~person.has_left)
    row = (await connection.execute(statement)).one_or_none()
    return NamedPerson(name=row.name, position=row.position) if row else None


def is_ordered(row: "Row[Any]") -> bool:
    """Whether the notice, as it is now, orders the task of a row of `find_row`."""
    return row.meeting_revoked_at is None and not row.directive_withdrawn
