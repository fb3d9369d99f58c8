"""What can be read of a record before it is folded, and why what cannot is parked."""

from collections.abc import Iterable
from typing import NamedTuple, TypeGuard

from shared.events.catalogue import CATALOGUE, Event, UnknownEvent, UnreadableEvent
from shared.events.task import TaskEvent
from shared.log.record import Record

TASK = "task."
"""With this begins the aggregate of a task."""

BEHIND_PARKED = "an earlier event of this aggregate is parked"
"""Why an event is parked that could be read by itself."""

_OF_ANOTHER = "it tells of another task than the one on whose subject it stands"
_TASK_EVENTS = frozenset(TaskEvent.__args__)


class Read(NamedTuple):
    """A record with what could be read of it: an event, or the reason why it is parked. `newer` is the type that a
    newer release gave it, where that is the reason."""

    record: Record
    event: Event | None
    reason: str = ""
    newer: str | None = None


def read(record: Record) -> Read:
    """A record with its event, where it can be read by itself."""
    try:
        event = CATALOGUE.applicable(record.content, record.aggregate)
    except UnknownEvent as error:
        return Read(record, None, str(error), error.event_type)
    except UnreadableEvent as error:
        return Read(record, None, str(error)[:1000])
    if is_of_task(event.data) and f"{TASK}{event.data.task_id}" != record.aggregate:
        return Read(record, None, _OF_ANOTHER)
    return Read(record, event)


def readable(batch: Iterable[Read], parked: set[str]) -> list[Read]:
    """What of a batch the fold may take. All that follows on the aggregate of a parked event is parked too: its state
    would otherwise be wrong; `parked` holds the subjects with which that is so, and grows."""
    found = []
    for each in batch:
        if each.record.subject in parked:
            found.append(Read(each.record, None, BEHIND_PARKED))
            continue
        if each.event is None:
            parked.add(each.record.subject)
        found.append(each)
    return found


def is_of_task(data: object) -> TypeGuard[TaskEvent]:
    """The same as isinstance, which asks each of the sixteen classes in turn."""
    return type(data) in _TASK_EVENTS
