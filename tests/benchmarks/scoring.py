"""How well notices are read, against the labels that a person gave them.

Two directives are the same one where they share 80 % of their words. What is asked of directives is asked of those that
were found; a unit counts where one name holds the other's words in order ("văn phòng" in "văn phòng sở").
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from services.intake.conclusion import ConcludedDirective, Conclusion
from shared.directory.spelling import matching_key
from shared.events.fields import NamedPerson
from tests.notices.corpus import LabelledDirective, LabelledMeeting, Labels

METRICS = ("directives", "assignees", "lead", "deadlines", "recurrence", "cooperators", "citations", "meeting")
"""In the order in which they are shown."""

_SAME = 0.8


@dataclass
class Score:
    """What was reached of what could be, by metric."""

    _points: dict[str, float] = field(default_factory=lambda: dict.fromkeys(METRICS, 0.0))
    _most: dict[str, float] = field(default_factory=lambda: dict.fromkeys(METRICS, 0.0))

    def share(self, metric: str) -> float:
        """How much of a metric was reached, from 0 to 1."""
        return self._points[metric] / self._most[metric] if self._most[metric] else 1.0

    def add(self, labels: Labels, read: Conclusion | None) -> None:
        """Adds a notice. One that was refused reached nothing."""
        found = list(read.directives) if read else []
        self._count("directives", 0, len(labels.directives) + len(found))
        for each in labels.directives:
            best = max(found, key=partial(_likeness_to, each), default=None)
            if best is not None and _likeness_to(each, best) >= _SAME:
                found.remove(best)
                self._count("directives", 2, 0)
                self._add_directive(each, best)
        self._add_meeting(labels.meeting, read)

    def _add_directive(self, wanted: LabelledDirective, found: ConcludedDirective) -> None:
        owners, named = _names(wanted.assignees), _names(found.assignees)
        self._count("assignees", len(owners) == len(named) and all(_is_among(each, named) for each in owners))
        self._count("lead", _plain(wanted.lead) == _named(found.lead))
        deadline = found.deadline.date if found.deadline else None
        self._count("deadlines", deadline in {wanted.deadline, *wanted.deadline_alt})
        self._count("recurrence", found.recurrence == wanted.recurrence)
        for metric, want, have in (
            ("cooperators", _names(wanted.cooperators), _names(found.cooperators)),
            ("citations", _names(wanted.citations), _names(each.number for each in found.citations)),
        ):
            hits = sum(_is_among(each, have) for each in want)
            self._count(metric, 2 * min(hits, len(have)), len(want) + len(have))

    def _add_meeting(self, wanted: LabelledMeeting, read: Conclusion | None) -> None:
        issuer = _plain(read.issuer) if read else ""
        self._count("meeting", bool(issuer) and _is_among(_plain(wanted.issuer), {issuer}))
        self._count("meeting", read is not None and _plain(read.number) == _plain(wanted.number))
        self._count("meeting", read is not None and read.issued_on == wanted.issued_on)
        self._count("meeting", read is not None and read.held_on == wanted.held_on)
        self._count("meeting", read is not None and _named(read.concluded_by) == _plain(wanted.concluded_by))
        self._count("meeting", read is not None and _named(read.signed_by) == _plain(wanted.signed_by))
        attended = _names(person.name for person in read.attendees) if read else set()
        self._count("meeting", read is not None and _names(wanted.attendees) <= attended)

    def _count(self, metric: str, points: float, most: float = 1) -> None:
        self._points[metric] += points
        self._most[metric] += most


def _likeness_to(wanted: LabelledDirective, found: ConcludedDirective) -> float:
    return max(_likeness(text, found.text) for text in (wanted.text, wanted.text_clean) if text)


def _likeness(one: str, other: str) -> float:
    words, others = Counter(_plain(one).split()), Counter(_plain(other).split())
    return (words & others).total() / max(words.total(), others.total(), 1)


def _is_among(name: str, names: Iterable[str]) -> bool:
    return any(f" {name} " in f" {other} " or f" {other} " in f" {name} " for other in names)


def _names(values: Iterable[str]) -> set[str]:
    return {name for value in values if (name := _plain(value))}


def _named(person: NamedPerson | None) -> str:
    return _plain(person.name if person else None)


def _plain(text: str | None) -> str:
    return matching_key(text or "")
