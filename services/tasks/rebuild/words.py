"""Which tasks repeat an earlier one, found in memory: the same that `services.tasks.register.carried_over` finds by
its statement. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.tasks.register import tables_of_pasts
from services.tasks.register.carried_over import NEWEST, Earlier, repeated
from services.tasks.register.fold import Changes
from services.tasks.register.rows import Row
from services.tasks.register.said import Place, Said, Wording, wordings
from services.tasks.task.state import OPEN, Status, Task

_NAMES = [column.name for column in tables_of_pasts.task_version.columns]
_ID, _FROM, _UNTIL, _UNIT, _STATUS, _SERIES = (
    _NAMES.index(name) for name in ("task_id", "sequence", "until_sequence", "unit_id", "status", "is_series")
)


@dataclass
class Stood:
    """How tasks stood within a part of the log, and behind it: `tasks` by id, and the versions that ended in it."""

    tasks: Mapping[str, Task]
    ended: dict[str, list[Row]]

    @classmethod
    def of(cls, tasks: Mapping[str, Task], changes: Changes) -> "Stood":
        """How they stood once a part's changes are taken in."""
        ended: dict[str, list[Row]] = {}
        for row in changes.added.get("task_version", ()):
            ended.setdefault(row[_ID], []).append(row)
        return cls(tasks, ended)

    def before(self, task_id: str, sequence: int) -> tuple[str, Status] | None:
        """The unit and the status of a task before an event of the part; None where it was not in force."""
        task = self.tasks[task_id]
        if task.in_force and task.stands_from < sequence:
            return task.unit.id, task.status
        for row in self.ended.get(task_id, ()):
            if row[_FROM] < sequence <= row[_UNTIL]:
                return row[_UNIT], row[_STATUS]
        return None

    def begun(self, task_id: str, sequence: int) -> tuple[str, bool] | None:
        """The unit of a task, and whether it recurs, if an event of the part put it in force."""
        task = self.tasks.get(task_id)
        if task is None:
            return None
        if task.in_force and task.stands_from == sequence:
            return task.unit.id, task.is_series
        for row in self.ended.get(task_id, ()):
            if row[_FROM] == sequence:
                return row[_UNIT], row[_SERIES]
        return None


@dataclass
class WordsSoFar:
    """What tasks said up to an event: `newest` by key, what each ordered, and for the how-manieth time."""

    newest: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    plain: dict[str, str] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)

    def take(self, found: Said, stood: Stood) -> tuple[list[Wording], list[Wording], list[Row]]:
        """What a part of the log says: wordings of tasks that may repeat another, those of tasks that recur, and rows
        of `carried_over`."""
        turns, series = dict[Place, str](), dict[Place, str]()
        for place in found.texts:
            if begun := stood.begun(*place):
                (series if begun[1] else turns)[place] = begun[0]
        worded, rows = wordings(found, turns), list[Row]()
        for sequence in dict.fromkeys(each.sequence for each in worded):
            together = [each for each in worded if each.sequence == sequence]
            rows += [row for each in together if (row := self._carried_over(each, stood))]
            for each in together:
                self._keep(each)
        return worded, wordings(found, series), rows

    def _carried_over(self, wording: Wording, stood: Stood) -> Row | None:
        wanted = {place[1]: place[0] for key in wording.keys for place in self.newest.get(key, ())}
        earlier = [
            Earlier(task_id, sequence, self.plain[task_id], self.times.get(task_id))
            for task_id, sequence in wanted.items()
            if self._is_open(task_id, wording, stood)
        ]
        found = repeated(wording, earlier)
        if found is None:
            return None
        self.times[wording.task_id] = (found.times or 1) + 1
        return (wording.task_id, found.task_id, self.times[wording.task_id])

    @staticmethod
    def _is_open(task_id: str, wording: Wording, stood: Stood) -> bool:
        then = stood.before(task_id, wording.sequence)
        return then is not None and then[0] == wording.unit_id and then[1] in OPEN

    def _keep(self, wording: Wording) -> None:
        self.plain[wording.task_id] = wording.plain
        for key in wording.keys:
            known = [*self.newest.get(key, ()), (wording.sequence, wording.task_id)]
            self.newest[key] = sorted(known, reverse=True)[:NEWEST]
