"""A history at a glance: what happened, with who was told of each thing, and what became of that. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.tasks.pages.timeline import Step
from shared.events.inbox import (
    NotificationAcknowledged,
    NotificationBounced,
    NotificationFailed,
    NotificationRead,
    NotificationRequested,
    NotificationResent,
)

_LOST = (NotificationFailed, NotificationBounced)
_TAKEN_NOTE = (NotificationRead, NotificationAcknowledged)


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, and the notifications that it caused."""

    step: Step
    told: tuple[Step, ...] = ()

    @property
    def people(self) -> int:
        """How many people are told of it."""
        return len({each.entry.subject for each in self.told})

    @property
    def readers(self) -> int:
        """How many of them have read it."""
        return len(
            {each.entry.subject for each in self.told if any(isinstance(o.data, _TAKEN_NOTE) for o in each.outcomes)}
        )

    @property
    def lost(self) -> int:
        """How many notifications did not arrive by one of their channels, and were not sent again."""
        return sum(1 for each in self.told if _is_lost(each))


def happenings(steps: Sequence[Step]) -> list[Happening]:
    """What happened, in order. Notifications stand with the step that caused them; where the history does not hold
    that, as with reminders, those of one cause stand together."""
    found: dict[str, tuple[Step, list[Step]]] = {}
    for step in steps:
        if not isinstance(step.data, NotificationRequested):
            found[step.entry.id] = (step, [])
        elif step.entry.causation_id in found:
            found[step.entry.causation_id][1].append(step)
        else:
            found[step.entry.causation_id] = (step, [step])
    return [Happening(step, tuple(told)) for step, told in found.values()]


def _is_lost(told: Step) -> bool:
    """The last word of each channel counts."""
    last = {}
    for outcome in told.outcomes:
        if isinstance(outcome.data, (*_LOST, NotificationResent)):
            last[outcome.data.channel] = isinstance(outcome.data, _LOST)
    return any(last.values())
