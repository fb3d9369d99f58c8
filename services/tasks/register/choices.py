"""What a form offers to choose from: units and people of the directory, as they are now."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables

_MOST_PEOPLE = 400


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit or a person: the id, and what people call it."""

    id: str
    name: str


async def list_units(connection: AsyncConnection) -> list[Choice]:
    """Units that take tasks, by name."""
    unit = tables.unit.c
    rows = await connection.execute(select(unit.id, unit.name).where(~unit.closed).order_by(unit.name))
    return [Choice(row.id, row.name) for row in rows]


async def list_people(connection: AsyncConnection, unit_id: str) -> list[tuple[str, list[Choice]]]:
    """People who may lead a task, by name, under the names of their units; where they are more than a list can hold,
    those of one unit."""
    person, unit = tables.person, tables.unit
    statement = (
        select(person.c.id, person.c.name, person.c.position, unit.c.name.label("unit"), unit.c.id.label("unit_id"))
        .join(unit, unit.c.id == person.c.unit_id)
        .where(~person.c.has_left, or_(~unit.c.closed, unit.c.id == unit_id))
        .order_by(unit.c.name, person.c.name, person.c.id)
    )
    rows = (await connection.execute(statement.limit(_MOST_PEOPLE + 1))).all()
    if len(rows) > _MOST_PEOPLE:
        rows = (await connection.execute(statement.where(unit.c.id == unit_id).limit(_MOST_PEOPLE))).all()
    found: dict[str, list[Choice]] = {}
    for row in rows:
        found.setdefault(row.unit, []).append(
            Choice(row.id, f"{row.name}, {row.position}" if row.position else row.name)
        )
    return list(found.items())
