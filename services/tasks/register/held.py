"""How a task stood as we know it now: what was entered late from when it happened, and what a correction of its
notice says for all the time in which the mistake stood. Pure."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile

from services.tasks.register.standing import Step
from services.tasks.task.state import Task
from shared.events.catalogue import CATALOGUE, UnreadableEvent
from shared.events.meeting import ConclusionCorrected, MeetingConcluded
from shared.events.task import TaskCancelled
from shared.log.record import Record


@dataclass(frozen=True, slots=True)
class Notice:
    """What a task's notice adds to its own events: when it was concluded (UTC), and in which requests it was
    corrected."""

    concluded_at: dt.datetime | None = None
    corrections: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Held:
    """A task as it stood from one moment (UTC) until another; the last has no end."""

    task: Task
    at: dt.datetime
    until: dt.datetime | None


def notice(records: Iterable[Record]) -> Notice:
    """What the events of a notice say of when its tasks held. What cannot be read ends it: the register parks it."""
    concluded_at, corrections = None, set()
    for record in records:
        try:
            event = CATALOGUE.read(record.content)
        except UnreadableEvent:
            break
        if isinstance(event.data, MeetingConcluded):
            concluded_at = event.envelope.at()
        elif isinstance(event.data, ConclusionCorrected):
            corrections.add(event.envelope.correlationid)
    return Notice(concluded_at, frozenset(corrections))


def held(steps: Sequence[Step], of: Notice) -> list[Held]:
    """How a task stood, from all that is known of it; nothing where it never came into force.

    A task whose directive the reading missed was ordered when the notice was concluded. A unit, a deadline or
    co-operators that a correction put right were wrong for as long as they stood before it, and what a correction
    cancels never was an order. Everything else holds from when it happened.
    """
    if not steps:
        return []
    first = steps[0].after
    begun = first.assigned_at if first.period else of.concluded_at
    if begun is None:
        return []
    states = [step.after for step in steps]
    for place, step in enumerate(steps):
        if step.before and step.correlation_id in of.corrections:
            _put_right(states, place, step)
    # The first one holds since the notice does, wherever its assignment stands in the log; and what was entered behind
    # a correction may have happened before it.
    happened = (begun if step.correlation_id in of.corrections else step.place.at for step in steps[1:])
    begins = list(accumulate(happened, max, initial=begun))
    return [
        Held(replace(state, in_force=True), at, until)
        for state, at, until in zip(states, begins, [*begins[1:], None], strict=True)
    ]


def _put_right(states: list[Task], place: int, step: Step) -> None:
    before, after = step.before, step.after
    if before is None:
        return
    if isinstance(step.data, TaskCancelled):
        for earlier in range(place):
            states[earlier] = replace(states[earlier], status="cancelled", cancelled_at=after.cancelled_at)
        return
    if before.unit.id != after.unit.id or before.lead != after.lead:
        for earlier in _while(states, place, lambda task: (task.unit.id, task.lead) == (before.unit.id, before.lead)):
            states[earlier] = replace(states[earlier], unit=after.unit, lead=after.lead)
    if before.deadline != after.deadline:
        for earlier in _while(states, place, lambda task: task.deadline == before.deadline):
            states[earlier] = replace(states[earlier], deadline=after.deadline, baseline_due=after.due)
    if before.cooperators != after.cooperators:
        for earlier in _while(states, place, lambda task: task.cooperators == before.cooperators):
            states[earlier] = replace(states[earlier], cooperators=after.cooperators)


def _while(states: Sequence[Task], place: int, stood: Callable[[Task], bool]) -> list[int]:
    """The places before one, counted back for as long as something stood."""
    return list(takewhile(lambda earlier: stood(states[earlier]), range(place - 1, -1, -1)))
