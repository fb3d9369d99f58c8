"""A duty as the body of a notice lays it, before its deadline and its citations are read."""

from dataclasses import dataclass

from services.intake.reading.text import Passage
from shared.events.fields import NamedPerson
from shared.events.meeting import Kind


@dataclass(frozen=True, slots=True)
class LaidDuty:
    """What is laid on whom. `term` is the cell of a table that says until when; `around` words of a heading that the
    duty spells out; `doubts` what is doubtful in it, each a code, what it is about, and a confidence."""

    passage: Passage
    heading: str | None
    assignees: tuple[str, ...]
    lead: NamedPerson | None = None
    cooperators: tuple[str, ...] = ()
    report_to: tuple[str, ...] = ()
    term: str | None = None
    around: str = ""
    doubts: tuple[tuple[str, str | None, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Aside:
    """A passage that lays no duty on anybody, and what it is instead."""

    passage: Passage
    kind: Kind
