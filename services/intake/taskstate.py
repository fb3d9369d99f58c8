"""What a correction has to know of a task: in whose hands it is, whether it was cancelled, and where its events end."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shared.events.catalogue import CATALOGUE
from shared.events.fields import UnitRef
from shared.events.task import TaskAssigned, TaskCancelled, TaskReassigned, TaskReopened
from shared.log.record import Record


@dataclass(frozen=True, slots=True)
class TaskStanding:
    """A task. `version` counts its events, `sequence` is the log's sequence of the last of them."""

    task_id: str
    unit: UnitRef
    cancelled: bool
    version: int
    sequence: int


def task_standing(records: Iterable[Record]) -> TaskStanding | None:
    """What the events of one task make of it; None where they do not begin with its assignment.

    Raises:
        UnreadableEvent: one of them cannot be read; UnknownEvent where a newer release wrote it.
    """
    found: TaskStanding | None = None
    for record in records:
        event = CATALOGUE.applicable(record.content, record.aggregate)
        match event.data:
            case TaskAssigned() as data:
                found = found or TaskStanding(data.task_id, data.unit, False, 1, record.sequence)
            case TaskReassigned() as data if found:
                found = replace(found, unit=data.unit)
            case TaskCancelled() if found:
                found = replace(found, cancelled=True)
            case TaskReopened() if found:
                found = replace(found, cancelled=False)
            case _:
                pass
        if found:
            found = replace(found, version=event.envelope.aggregateversion, sequence=record.sequence)
    return found
