"""How people want to be told, as their events say it, and what of it held at a place of the log."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.preferences.floors import Floor, Pair, floor_of
from services.notify.projection.rows import add, put
from services.notify.tables import floor, preference, watch
from shared.database import among
from shared.directory.directory import Directory
from shared.events.floor import UnitFloorSet
from shared.events.inbox import PreferencesChanged, WatchBegun, WatchEnded
from shared.events.person import PersonalDataErased


@dataclass
class Choices:
    """What a batch changes of preferences, floors and watches, each with its place in the log."""

    preferences: list[tuple[int, PreferencesChanged]] = field(default_factory=list)
    floors: list[tuple[int, UnitFloorSet]] = field(default_factory=list)
    watches: dict[tuple[str, str], bool] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)

    def take(self, sequence: int, data: object) -> None:
        """Takes an event in; one of another kind changes nothing."""
        match data:
            case PreferencesChanged():
                self.preferences.append((sequence, data))
            case UnitFloorSet():
                self.floors.append((sequence, data))
            case WatchBegun() | WatchEnded():
                self.watches[data.person_id, data.task_id] = isinstance(data, WatchBegun)
            case PersonalDataErased(person_id=person_id):
                self.erased.add(person_id)
                self.preferences = [each for each in self.preferences if each[1].person_id != person_id]
                self.watches = {pair: watching for pair, watching in self.watches.items() if pair[0] != person_id}

    async def held(self, connection: AsyncConnection, people: Collection[str], directory: Directory) -> "Held":
        """What these people chose, as the tables tell before `write`, and this batch."""
        if not people:
            return Held({}, {}, self, directory)
        chosen = await connection.execute(select(preference).where(among(preference.c.person_id, people)))
        set_ = await connection.execute(select(floor))
        return Held(_by(chosen, "person_id"), _by(set_, "unit_id"), self, directory)

    async def write(self, connection: AsyncConnection) -> None:
        """Writes all of it."""
        if self.erased:
            for table in (preference, watch):
                await connection.execute(delete(table).where(among(table.c.person_id, self.erased)))
        newest = {data.person_id: (sequence, data) for sequence, data in self.preferences}
        await put(
            connection,
            preference,
            [
                {"person_id": person_id, "data": data.model_dump(mode="json"), "sequence": sequence}
                for person_id, (sequence, data) in newest.items()
            ],
        )
        set_ = {data.unit_id: (sequence, data) for sequence, data in self.floors}
        await put(
            connection,
            floor,
            [
                {"unit_id": unit_id, "channels": [list(pair) for pair in data.channels], "sequence": sequence}
                for unit_id, (sequence, data) in set_.items()
            ],
        )
        if ended := [pair for pair, watching in self.watches.items() if not watching]:
            await connection.execute(delete(watch).where(tuple_(watch.c.person_id, watch.c.task_id).in_(ended)))
        begun = [pair for pair, watching in self.watches.items() if watching]
        await add(connection, watch, [{"person_id": person_id, "task_id": task_id} for person_id, task_id in begun])


@dataclass(frozen=True)
class Held:
    """What people and units chose, at any place of a batch."""

    chosen: Mapping[str, Row[Any]]
    set_: Mapping[str, Row[Any]]
    batch: Choices
    directory: Directory
    _floors: dict[str | None, Floor] = field(default_factory=dict)

    def preferences(self, person_id: str, sequence: int) -> PreferencesChanged | None:
        """What a person had chosen before a place of the log; None where they had chosen nothing."""
        for place, data in reversed(self.batch.preferences):
            if data.person_id == person_id and place < sequence:
                return data
        known = self.chosen.get(person_id)
        return PreferencesChanged.model_validate(known.data) if known else None

    def floor(self, person_id: str, sequence: int) -> Floor:
        """What a person's unit, and those above it, had decided before a place of the log."""
        person = self.directory.people.get(person_id)
        unit_id = person.unit_id if person else None
        if self.batch.floors:
            return floor_of(unit_id, self._decided(sequence), self.directory)
        if unit_id not in self._floors:
            self._floors[unit_id] = floor_of(unit_id, self._decided(sequence), self.directory)
        return self._floors[unit_id]

    def _decided(self, sequence: int) -> dict[str, Collection[Pair]]:
        decided: dict[str, Collection[Pair]] = {
            unit_id: [(category, channel) for category, channel in row.channels] for unit_id, row in self.set_.items()
        }
        return decided | {data.unit_id: data.channels for place, data in self.batch.floors if place < sequence}


def _by(rows: Iterable[Row[Any]], key: str) -> dict[str, Row[Any]]:
    return {getattr(row, key): row for row in rows}
