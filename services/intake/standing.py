"""A notice as it stands now: what was read, and what was confirmed, corrected or revoked since. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from services.intake.posted import fields_given, identity
from shared.events.catalogue import CATALOGUE, Event
from shared.events.meeting import (
    ConclusionCorrected,
    ConclusionHeld,
    ConclusionReviewed,
    ConclusionRevoked,
    Directive,
    MeetingConcluded,
    Reading,
)
from shared.log.record import Record

State = Literal["held", "doubtful", "published", "revoked"]
"""Waiting for a person to confirm it; in force, with doubts that nobody went through yet; in force; no longer so."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A notice with every correction in it. `first` is what was published, or what is held, before any of them.

    `version` counts the meeting's own events and `sequence` is the log's sequence of the last of them; `concluded` is
    that of MeetingConcluded, None as long as the notice is held. `ordinals` counts directives, those withdrawn too.
    """

    first: Reading
    reading: Reading
    state: State
    version: int
    sequence: int
    concluded: int | None
    ordinals: int

    @property
    def meeting_id(self) -> str:
        """The id under which it stands in the log."""
        return self.reading.meeting_id

    @property
    def identity(self) -> str | None:
        """The id of the notice that bears its number; None where it has none, or gave it up with its force."""
        if self.state == "revoked":
            return None
        return identity_of(self.reading)


def identity_of(reading: Reading) -> str | None:
    """The id of the notice that bears this one's issuer, number and year."""
    return identity(reading.issuer, reading.number, reading.issued_on, reading.held_on)


def standing(records: Iterable[Record]) -> Standing | None:
    """What the events of one meeting make of it; None where they do not begin with a notice.

    Raises:
        UnreadableEvent: one of them cannot be read; UnknownEvent where a newer release wrote it.
    """
    found: Standing | None = None
    for record in records:
        found = _after(found, CATALOGUE.applicable(record.content, record.aggregate), record.sequence)
    return found


def _after(known: Standing | None, event: Event, sequence: int) -> Standing | None:
    version, data = event.envelope.aggregateversion, event.data
    if isinstance(data, ConclusionHeld | MeetingConcluded):
        held = isinstance(data, ConclusionHeld)
        return Standing(
            first=data,
            reading=data,
            state="held" if held else "doubtful" if data.for_review else "published",
            version=version,
            sequence=sequence,
            concluded=None if held else sequence,
            ordinals=max((known.ordinals if known else 0, *(each.ordinal for each in data.directives))),
        )
    if known is None:
        return None
    known = replace(known, version=version, sequence=sequence)
    match data:
        case ConclusionReviewed():
            return replace(known, state="published" if known.state == "doubtful" else known.state)
        case ConclusionRevoked():
            return replace(known, state="revoked")
        case ConclusionCorrected():
            directives = corrected_directives(known.reading.directives, data.directives, data.withdrawn)
            reading = known.reading.model_copy(update={**fields_given(data.fields), "directives": directives})
            ordinals = max((known.ordinals, *(each.ordinal for each in data.directives)))
            return replace(known, reading=reading, ordinals=ordinals)
        case _:
            return known


def corrected_directives(
    known: Iterable[Directive], changed: Iterable[Directive], withdrawn: Iterable[str]
) -> tuple[Directive, ...]:
    """The directives after a correction, in the order of the notice; those that were missed stand at its end."""
    by_id = {each.id: each for each in known} | {each.id: each for each in changed}
    for directive_id in withdrawn:
        by_id.pop(directive_id, None)
    return tuple(sorted(by_id.values(), key=lambda each: each.ordinal))
