"""A task's history as people tell it: what was decided, who was told of it, and how that went. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.tasks.register.views import HistoryEntry
from shared.events.catalogue import CATALOGUE, EventData, Unknown, UnreadableEvent
from shared.events.fields import Span
from shared.events.inbox import OUTCOMES, NotificationRequested
from shared.events.meeting import MeetingConcluded

_AROUND = 320
_EMPTY_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a history.

    `cause` is the sequence of the step that led to it; None where that was a request from outside, or something that
    this history does not hold. `outcomes` are what became of a notification,
    as far as to its being read.
    """

    entry: HistoryEntry
    data: EventData | Unknown
    cause: int | None
    outcomes: tuple["Step", ...] = ()

    @property
    def kind(self) -> str:
        """The event's name in the catalogue; its whole type where its contents cannot be read."""
        return self.entry.type if isinstance(self.data, Unknown) else type(self.data).__name__


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage of a notice with the words around it."""

    before: str
    passage: str
    after: str


def timeline(history: Sequence[HistoryEntry]) -> list[Step]:
    """The steps in the log's order; a notification's outcomes stand with the notification."""
    sequences = {entry.id: entry.sequence for entry in history}
    steps = [Step(entry, _contents(entry), sequences.get(entry.causation_id)) for entry in history]
    outcomes: dict[str, list[Step]] = {
        step.data.notification_id: [] for step in steps if isinstance(step.data, NotificationRequested)
    }
    told = []
    for step in steps:
        if isinstance(step.data, OUTCOMES) and step.data.notification_id in outcomes:
            outcomes[step.data.notification_id].append(step)
        else:
            told.append(step)
    return [
        replace(step, outcomes=tuple(outcomes[step.data.notification_id]))
        if isinstance(step.data, NotificationRequested)
        else step
        for step in told
    ]


def excerpt(steps: Sequence[Step], span: Span | None) -> Excerpt | None:
    """The passage of the notice at `span`, with some lines around it; None where the notice came without its text."""
    if span is None:
        return None
    for step in steps:
        if isinstance(step.data, MeetingConcluded) and step.data.document.text:
            text, (start, end) = step.data.document.text, span
            before, after = text[:start], text[end:]
            return Excerpt(_joined(_tail(before)), _joined(text[start:end]), _joined(_head(after)))
    return None


def _contents(entry: HistoryEntry) -> EventData | Unknown:
    try:
        return CATALOGUE.contents(entry.type, entry.data)
    except UnreadableEvent:
        return Unknown(entry.type, entry.data)


def _joined(text: str) -> str:
    """Text that was taken from a page often has an empty line behind every line."""
    return _EMPTY_LINES.sub("\n", text)


def _tail(text: str) -> str:
    if len(text) <= _AROUND:
        return text
    cut = text[-_AROUND:]
    return "… " + cut[cut.find(" ") + 1 :]


def _head(text: str) -> str:
    if len(text) <= _AROUND:
        return text
    cut = text[:_AROUND]
    return cut[: cut.rfind(" ")] + " …"
