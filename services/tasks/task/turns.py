"""The tasks of a recurring one: one for each period, once its first day is there. Pure."""

import datetime as dt
from collections.abc import Collection

from services.tasks.task.recurrence import Turn, rule
from services.tasks.task.state import OPEN, Task
from shared.events.fields import Deadline, derived_id
from shared.events.task import Period, TaskAssigned

MOST_MISSED = 60
"""However long nothing ran, so many of the latest periods are opened at most."""

PERIOD_END = "period-end"
"""The rule by which the deadline of a period's task is its last day, or the last that the recurrence names."""


def turn_id(series_id: str, starts_on: dt.date) -> str:
    """The id of the task of one period."""
    return derived_id("task", series_id, "period", starts_on.isoformat())


def due_turns(series: Task, first: dt.date, today: dt.date, opened: Collection[dt.date]) -> list[Turn]:
    """The periods whose tasks are still to be opened, in order: from the one that holds the local day `first` to the
    one that holds `today`, but those that begin on a day of `opened`."""
    recurrence = rule(series.recurrence)
    if recurrence is None or not series.is_series or series.status not in OPEN:
        return []
    latest = list(recurrence.starts(first, today))[-MOST_MISSED:]
    return [recurrence.turn(start) for start in latest if start not in opened]


def assigned_turn(series: Task, origin: TaskAssigned, turn: Turn) -> TaskAssigned:
    """The task of one period. It lies with whom the series lies with now; what is ordered is what the series' own
    assignment, `origin`, said."""
    return origin.model_copy(
        update={
            "task_id": turn_id(series.id, turn.starts_on),
            "unit": series.unit,
            "lead": series.lead,
            "cooperators": series.cooperators,
            "deadline": Deadline(date=turn.due, rule=PERIOD_END),
            "period": Period(series_id=series.id, starts_on=turn.starts_on, ends_on=turn.ends_on),
        }
    )
