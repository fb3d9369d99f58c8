"""Puts what happens to units and people into the register: one statement an event, since they are few."""

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables
from services.tasks.register.fold import DirectoryEvent
from shared.events.person import PersonLeft, PersonPlaced, PersonRegistered, RoleGranted, RoleRevoked
from shared.events.unit import UnitClosed, UnitMoved, UnitRegistered, UnitRenamed


async def write_directory(connection: AsyncConnection, event: DirectoryEvent) -> None:
    """Writes one event of a unit or a person."""
    unit, person = tables.unit, tables.person
    match event:
        case UnitRegistered():
            row = {"name": event.name, "parent_id": event.parent_id, "closed": False}
            statement = upsert(unit).values(id=event.unit_id, **row)
            await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row))
        case UnitRenamed():
            await connection.execute(update(unit).where(unit.c.id == event.unit_id).values(name=event.name))
        case UnitMoved():
            moved = update(unit).where(unit.c.id == event.unit_id)
            await connection.execute(moved.values(parent_id=event.parent_id))
        case UnitClosed():
            await connection.execute(update(unit).where(unit.c.id == event.unit_id).values(closed=True))
        case PersonRegistered():
            await _put_person(connection, event.person_id, {"name": event.name, "has_left": False})
        case PersonPlaced():
            await _put_person(connection, event.person_id, {"unit_id": event.unit_id, "position": event.position})
        case PersonLeft():
            await _put_person(connection, event.person_id, {"has_left": True, "roles": []})
        case RoleGranted():
            await _put_person(connection, event.person_id, {})
            # Each role once, in the order in which they were granted.
            roles = func.array_append(func.array_remove(person.c.roles, event.role), event.role)
            await connection.execute(update(person).where(person.c.id == event.person_id).values(roles=roles))
        case RoleRevoked():
            roles = func.array_remove(person.c.roles, event.role)
            await connection.execute(update(person).where(person.c.id == event.person_id).values(roles=roles))
        case _:
            raise AssertionError(f"{event.type} changes no unit and no person")


async def _put_person(connection: AsyncConnection, person_id: str, said: dict[str, object]) -> None:
    """A person as known so far, with what an event said of them; one who is not known yet goes by their id."""
    unknown: dict[str, object] = {"name": person_id, "roles": [], "has_left": False}
    statement = upsert(tables.person).values(id=person_id, **{**unknown, **said})
    if said:
        await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=said))
    else:
        await connection.execute(statement.on_conflict_do_nothing(index_elements=["id"]))
