"""How a task stood as we know it now: what was entered late from when it happened, and what a correction of its
notice says from the beginning. Pure."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import cast

from services.tasks.register.standing import Step
from services.tasks.task.state import Task, evolve, passed
from shared.events.catalogue import CATALOGUE, Unknown, UnreadableEvent
from shared.events.meeting import ConclusionCorrected, MeetingConcluded
from shared.events.task import TaskCancelled, TaskEvent
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
    co-operators that a correction put right were so from the beginning, until somebody decided about them; and what a
    correction cancels never was an order. Everything else holds from when it happened.
    """
    if not steps:
        return []
    first = steps[0].after
    begun = first.assigned_at if first.period else of.concluded_at
    if begun is None:
        return []
    steps = _as_it_happened(steps)
    states = [step.after for step in steps]
    for place, step in enumerate(steps):
        if step.before and step.correlation_id in of.corrections:
            _put_right(states, steps[:place], step.before, step, of)
    # The first one holds since the notice does, wherever its assignment stands in the log.
    begins = list(accumulate((step.place.at for step in steps[1:]), max, initial=begun))
    return [
        Held(state._replace(in_force=True), at, until)
        for state, at, until in zip(states, begins, [*begins[1:], None], strict=True)
    ]


def _as_it_happened(steps: Sequence[Step]) -> list[Step]:
    """The steps in the order in which they happened, whenever they were entered."""
    ordered = [steps[0]]
    for step in sorted(steps[1:], key=lambda step: step.place.at):
        before = ordered[-1].after
        known = not isinstance(step.data, Unknown)
        after = evolve(before, cast(TaskEvent, step.data), step.place) if known else passed(before, step.place)
        ordered.append(replace(step, before=before, after=after))
    return ordered


def _put_right(states: list[Task], earlier: Sequence[Step], before: Task, step: Step, of: Notice) -> None:
    after = step.after
    if isinstance(step.data, TaskCancelled):
        for place, _ in enumerate(earlier):
            states[place] = states[place]._replace(status="cancelled", cancelled_at=after.cancelled_at)
        return
    if (before.unit.id, before.lead) != (after.unit.id, after.lead):
        for place in _as_read(earlier, of, lambda task: (task.unit.id, task.lead)):
            states[place] = states[place]._replace(unit=after.unit, lead=after.lead)
    if before.deadline != after.deadline:
        for place in _as_read(earlier, of, lambda task: task.deadline):
            states[place] = states[place]._replace(deadline=after.deadline, baseline_due=after.due)
    if before.cooperators != after.cooperators:
        for place in _as_read(earlier, of, lambda task: task.cooperators):
            states[place] = states[place]._replace(cooperators=after.cooperators)


def _as_read(earlier: Sequence[Step], of: Notice, field: Callable[[Task], object]) -> range:
    """The places of the steps before somebody decided about a field, when it was as the notice was read."""
    for place, step in enumerate(earlier):
        if step.before and step.correlation_id not in of.corrections and field(step.before) != field(step.after):
            return range(place)
    return range(len(earlier))
