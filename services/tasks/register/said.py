"""What events say in words: what is read of them for search and for what repeats. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.tasks.register.fold import task_ids
from services.tasks.register.likeness import keys, plain
from services.tasks.register.reading import Read
from shared.events.meeting import ConclusionCorrected, Directive, MeetingConcluded
from shared.events.task import CooperatorsChanged, TaskAssigned, TaskReassigned

Place = tuple[str, int]
"""A task's id, and the sequence of the event that put it in force."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a task says that came into force for a unit at a sequence; see `services.tasks.register.likeness`."""

    task_id: str
    unit_id: str
    sequence: int
    plain: str
    keys: tuple[int, ...]


@dataclass
class Said:
    """What a batch says.

    `texts` are what directives order, by the tasks that come into force with them unless they were before. `renamed`
    are tasks whose unit or people may have changed, and `corrected` meetings of which anything may have.
    """

    texts: dict[Place, str] = field(default_factory=dict)
    renamed: set[str] = field(default_factory=set)
    corrected: set[str] = field(default_factory=set)


def said(batch: Iterable[Read]) -> Said:
    """What the events of a batch say; what could not be read says nothing."""
    found = Said()
    for each in batch:
        match each.event and each.event.data:
            case MeetingConcluded(directives=directives):
                _take(found, directives, each.record.sequence)
            case ConclusionCorrected(meeting_id=meeting_id, directives=directives):
                _take(found, directives, each.record.sequence)
                found.corrected.add(meeting_id)
            case TaskAssigned(task_id=task_id, period=period) if period:
                found.renamed.add(task_id)
            case TaskReassigned(task_id=task_id) | CooperatorsChanged(task_id=task_id):
                found.renamed.add(task_id)
            case _:
                pass
    return found


def _take(found: Said, directives: Iterable[Directive], sequence: int) -> None:
    for directive in directives:
        for task_id in task_ids([directive]):
            found.texts.setdefault((task_id, sequence), directive.text)


def wordings(found: Said, units: Mapping[Place, str]) -> list[Wording]:
    """What the tasks say that came into force, in the log's order; `units` are those that they lay with then."""
    worded = []
    for place in sorted(units, key=lambda place: (place[1], place[0])):
        text, unit_id = plain(found.texts[place]), units[place]
        worded.append(Wording(place[0], unit_id, place[1], text, tuple(keys(text, unit_id))))
    return worded
