"""What tasks say, found in memory: as `services.tasks.register.write_words` finds it by statements. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from services.tasks.register import tables_of_pasts
from services.tasks.register.carried_over import NEWEST
from services.tasks.register.fold import Changes
from services.tasks.register.likeness import ALIKE, keys, likeness, plain
from services.tasks.register.reading import Read
from services.tasks.register.rows import Row
from services.tasks.register.said import Place, Said
from services.tasks.register.words import searchable
from services.tasks.task.state import Task
from shared.events.meeting import MeetingConcluded

_NAMES = [column.name for column in tables_of_pasts.task_version.columns]
_ID, _FROM, _UNIT, _SERIES = (_NAMES.index(name) for name in ("task_id", "sequence", "unit_id", "is_series"))


class Begun(NamedTuple):
    """A task that came into force at `sequence`, when it lay with `unit_id`, and what its directive orders.

    `names` are the other words by which it is found, and `units` whoever may find it; None where its own notice does
    not say them.
    """

    task_id: str
    sequence: int
    assigned_sequence: int
    unit_id: str
    recurs: bool
    text: str
    names: tuple[str | None, ...] | None
    units: tuple[str, ...]


class Alike(NamedTuple):
    """A task that says the same as an earlier one, whether that was still open or not."""

    sequence: int
    task_id: str
    unit_id: str
    earlier_sequence: int
    score: float
    earlier_id: str


class Worded(NamedTuple):
    """What tasks say: rows of `wording`, `likeness` and `search`, and which may repeat an earlier one."""

    wording: list[Row]
    likeness: list[Row]
    search: list[Row]
    alike: list[Alike]


def begun(batch: Iterable[Read], found: Said, tasks: Mapping[str, Task], changes: Changes) -> list[Begun]:
    """The tasks that a part of the log put in force; `tasks` are as they stand behind it."""
    if not found.texts:
        return []
    notices = {
        each.record.sequence: each.event.data
        for each in batch
        if each.event and isinstance(each.event.data, MeetingConcluded)
    }
    lay = _lay(found.texts, tasks, changes)
    return [
        _begun(place, text, *lay[place], tasks[place[0]], notices)
        for place, text in found.texts.items()
        if place in lay
    ]


def _lay(places: Iterable[Place], tasks: Mapping[str, Task], changes: Changes) -> dict[Place, tuple[str, bool]]:
    """With which unit tasks lay that came into force at these places, and whether they recur."""
    wanted = set(places)
    found = {
        (row[_ID], row[_FROM]): (row[_UNIT], row[_SERIES])
        for row in changes.added.get("task_version", ())
        if (row[_ID], row[_FROM]) in wanted
    }
    for place in wanted:
        task = tasks.get(place[0])
        if task and task.in_force and task.stands_from == place[1]:
            found[place] = task.unit.id, task.is_series
    return found


def _begun(
    place: Place, text: str, unit_id: str, recurs: bool, task: Task, notices: Mapping[int, MeetingConcluded]
) -> Begun:
    notice, names = notices.get(place[1]), None
    if notice and notice.meeting_id == task.meeting_id:
        directive = next((each for each in notice.directives if each.id == task.directive_id), None)
        if directive and directive.text == text:
            lead = task.lead.name if task.lead else None
            named = (each.phrase for each in task.cooperators)
            names = (directive.heading, notice.number, task.unit.name, lead, *named)
    units = tuple({task.unit.id, *task.cooperator_unit_ids})
    return Begun(task.id, place[1], task.assigned_sequence, unit_id, recurs, text, names, units)


@dataclass
class WordsSoFar:
    """What tasks said up to an event: the `newest` of each key, and what each ordered."""

    newest: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    plain: dict[str, str] = field(default_factory=dict)

    def take(self, tasks: Sequence[Begun]) -> Worded:
        """What the tasks say that came into force next."""
        found = Worded([], [], [], [])
        for _, together in groupby(sorted(tasks, key=attrgetter("sequence")), attrgetter("sequence")):
            said = [(each, text := plain(each.text), keys(text, each.unit_id)) for each in together]
            for task, text, its_keys in said:
                found.wording.append((task.task_id, task.sequence, text))
                if task.names is not None:
                    words = searchable((task.text, *task.names), task.units)
                    found.search.append((task.task_id, task.assigned_sequence, words))
                if not task.recurs:
                    found.likeness.extend([(key, task.sequence, task.task_id) for key in its_keys])
                    found.alike.extend(self._alike(task, text, its_keys))
            for task, text, its_keys in said:
                if not task.recurs:
                    self._keep(task, text, its_keys)
        return found

    def _alike(self, task: Begun, text: str, its_keys: Iterable[int]) -> list[Alike]:
        earlier = {place for key in its_keys for place in self.newest.get(key, ())}
        scored = ((sequence, likeness(text, self.plain[task_id]), task_id) for sequence, task_id in earlier)
        return [Alike(task.sequence, task.task_id, task.unit_id, *each) for each in scored if each[1] >= ALIKE]

    def _keep(self, task: Begun, text: str, its_keys: Iterable[int]) -> None:
        self.plain[task.task_id] = text
        for key in its_keys:
            known = [*self.newest.get(key, ()), (task.sequence, task.task_id)]
            self.newest[key] = sorted(known, reverse=True)[:NEWEST]


def repeating(alike: Iterable[Alike]) -> list[Row]:
    """Rows of `carried_over`, given all earlier ones of the log that were still open then."""
    best = {each.task_id: each for each in sorted(alike)}
    times: dict[str, int] = {}
    for task_id, each in best.items():
        times[task_id] = times.get(each.earlier_id, 1) + 1
    return [(task_id, each.earlier_id, times[task_id]) for task_id, each in best.items()]
