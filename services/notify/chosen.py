"""How people want to be told, and what their units decided, as it stands now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.preferences.floors import Pair
from services.notify.tables import floor, preference, task, watch
from shared.database import translated
from shared.events.floor import UnitFloorSet
from shared.events.inbox import PreferencesChanged


@dataclass(frozen=True, slots=True)
class UnitFloor:
    """A unit's floor, and where the event stands that set it; 0 where none did."""

    channels: tuple[Pair, ...]
    sequence: int


@dataclass(frozen=True, slots=True)
class WatchedTask:
    """A task that somebody watches, and what it orders."""

    task_id: str
    text: str
    unit_name: str


async def find_floor(engine: AsyncEngine, unit_id: str) -> UnitFloor:
    """What a unit decided.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with translated():
        async with engine.connect() as connection:
            held = (await connection.execute(select(floor).where(floor.c.unit_id == unit_id))).one_or_none()
    if held is None:
        return UnitFloor((), 0)
    return UnitFloor(UnitFloorSet(unit_id=unit_id, channels=held.channels).channels, held.sequence)


async def list_floors(engine: AsyncEngine) -> Mapping[str, tuple[Pair, ...]]:
    """What each unit decided, by the unit's id.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with translated():
        async with engine.connect() as connection:
            held = (await connection.execute(select(floor))).all()
    return {row.unit_id: UnitFloorSet(unit_id=row.unit_id, channels=row.channels).channels for row in held}


async def find_preferences(engine: AsyncEngine, person_id: str) -> tuple[PreferencesChanged | None, int]:
    """What a person chose, and where that stands in the log; None and 0 where they chose nothing.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    own = preference.c.person_id == person_id
    with translated():
        async with engine.connect() as connection:
            held = (await connection.execute(select(preference).where(own))).one_or_none()
    return (PreferencesChanged.model_validate(held.data), held.sequence) if held else (None, 0)


async def list_watched(engine: AsyncEngine, person_id: str) -> Sequence[str]:
    """The ids of the tasks that a person watches, in order.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    query = select(watch.c.task_id).where(watch.c.person_id == person_id).order_by(watch.c.task_id)
    with translated():
        async with engine.connect() as connection:
            return (await connection.scalars(query)).all()


async def list_watched_tasks(engine: AsyncEngine, person_id: str, limit: int) -> list[WatchedTask]:
    """The tasks that a person watches, the one that changed last first.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    query = (
        select(task.c.task_id, task.c.text, task.c.unit_name)
        .join(watch, watch.c.task_id == task.c.task_id)
        .where(watch.c.person_id == person_id)
        .order_by(task.c.sequence.desc())
        .limit(limit)
    )
    with translated():
        async with engine.connect() as connection:
            return [WatchedTask(*row) for row in await connection.execute(query)]
