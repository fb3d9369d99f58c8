"""What people, units, meetings and tasks are called, by the ids with which events name them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables
from shared.database import among

_PERSON, _MOST = "person.", 20


@dataclass(frozen=True, slots=True)
class TaskName:
    """By what a task is known: its notice's number, its place in the notice, and its unit."""

    number: str | None
    ordinal: int
    unit: str


@dataclass(frozen=True, slots=True)
class MeetingName:
    """By what a meeting is known."""

    number: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Names:
    """Names by ids, of those that the register knows. `programs` are those of clients, by their actors."""

    people: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    meetings: Mapping[str, MeetingName] = field(default_factory=dict)
    tasks: Mapping[str, TaskName] = field(default_factory=dict)
    programs: Mapping[str, str] = field(default_factory=dict)

    def of_actor(self, actor: str) -> str | None:
        """The name of a person or a program; None where it is not known."""
        return self.people.get(actor.removeprefix(_PERSON)) if actor.startswith(_PERSON) else self.programs.get(actor)


async def names_of(
    connection: AsyncConnection,
    people: Iterable[str],
    units: Iterable[str],
    meetings: Iterable[str],
    tasks: Iterable[str],
    programs: Mapping[str, str],
) -> Names:
    """The names of these, by their ids."""
    person, unit, meeting, task = tables.person.c, tables.unit.c, tables.meeting.c, tables.task.c
    asked = {
        "people": select(person.id, person.name).where(among(person.id, people)),
        "units": select(unit.id, unit.name).where(among(unit.id, units)),
        "meetings": select(meeting.id, meeting.number, meeting.title).where(among(meeting.id, meetings)),
        "tasks": select(task.id, meeting.number, task.ordinal, task.unit_name)
        .outerjoin(tables.meeting, meeting.id == task.meeting_id)
        .where(among(task.id, tasks)),
    }
    rows = {name: (await connection.execute(statement)).all() for name, statement in asked.items()}
    return Names(
        people={row[0]: row[1] for row in rows["people"]},
        units={row[0]: row[1] for row in rows["units"]},
        meetings={row[0]: MeetingName(*row[1:]) for row in rows["meetings"]},
        tasks={row[0]: TaskName(*row[1:]) for row in rows["tasks"]},
        programs=programs,
    )


async def actors_called(connection: AsyncConnection, given: str) -> tuple[str, ...]:
    """The actors who are people of this name or this id, whole or in part of the name; at most twenty."""
    person = tables.person.c
    statement = select(person.id).where(or_(person.id == given, person.name.icontains(given, autoescape=True)))
    return tuple(_PERSON + each for each in await connection.scalars(statement.order_by(person.id).limit(_MOST)))
