"""A log whose notices and events happened on days that the test chooses."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from nats.aio.client import Client

from services.intake.conclude import Origin, conclude, published
from services.intake.conclusion import Conclusion
from services.intake.posted import posted_json
from shared.directory.directory import Directory
from shared.directory.resolution import Resolver
from shared.events.task import TaskEvent
from shared.log.append import append, entry
from tests.examples import FINANCE, OFFICE, conclusion, envelope

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def morning(day: dt.date) -> dt.datetime:
    """Nine o'clock of a local day."""
    return dt.datetime.combine(day, dt.time(9), ZONE).astimezone(dt.UTC)


@dataclass
class Past:
    """Appends what happened, day by day. `last` is the log's sequence of the last event."""

    client: Client
    last: int = 0
    _notices: int = 0
    _tails: dict[str, tuple[int, int]] = field(default_factory=dict)

    async def notice(self, day: dt.date, *directives: dict[str, Any], **said: Any) -> list[str]:
        """A notice of these directives comes into force; gives the ids of its tasks, in order."""
        self._notices += 1
        directory = Directory()
        directory.apply(OFFICE)
        directory.apply(FINANCE)
        posted = {"number": f"{self._notices}/TB-SKHCN", **said, "directives": list(directives)}
        what = posted_json(Conclusion.model_validate_json(json.dumps(conclusion(1) | posted)), b"", None)
        meeting, assigned = conclude(what, Resolver(directory))
        entries = published(what, meeting, assigned, Origin("tests", "request-1", morning(day)))
        self.last = await append(self.client, entries)
        for place, task in enumerate(reversed(assigned), start=1):
            self._tails[task.task_id] = (1, self.last - place)
        return [task.task_id for task in assigned]

    async def happens(self, day: dt.date, *events: TaskEvent) -> None:
        """These things happen to tasks, in order."""
        for data in events:
            version, follows = self._tails[data.task_id]
            told = envelope(f"task.{data.task_id}", data, version=version + 1)
            told = told.model_copy(update={"time": morning(day)})
            self.last = await append(self.client, [entry(told, follows)])
            self._tails[data.task_id] = (version + 1, self.last)

    def stands(self, task_id: str, version: int, sequence: int) -> None:
        """Takes in an event of a task that was appended otherwise."""
        self._tails[task_id] = (version, sequence)


def directive(text: str, due: dt.date | None = None, unit: str = OFFICE.name, **said: Any) -> dict[str, Any]:
    """A directive for a unit, with its deadline."""
    deadline = {"date": str(due)} if due else None
    return {"text": text, "assignees": [unit], "deadline": deadline, **said}
