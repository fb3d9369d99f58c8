"""What the register shows: the shapes of tasks' HTTP answers."""

import datetime as dt
from typing import Any

from pydantic import BaseModel

from services.tasks.task.state import Status
from services.tasks.timeliness import Timeliness
from shared.events.fields import Citation, NamedPerson, NamedUnit, UnitRef


class MeetingView(BaseModel):
    """A meeting whose conclusions are in force. `sequence` is the log's sequence at which they came into force."""

    id: str
    sequence: int
    concluded_at: dt.datetime
    issuer: str | None
    number: str | None
    issued_on: dt.date | None
    held_on: dt.date | None
    title: str
    concluded_by: NamedPerson | None
    signed_by: NamedPerson | None
    attendees: tuple[NamedPerson, ...]
    recipients: tuple[str, ...]
    media_type: str
    document_sha256: str
    directive_count: int
    task_count: int


class MeetingCounts(BaseModel):
    """How the tasks of a meeting stand on a local day. `provisional_units` are units that the directory lacks."""

    open: int = 0
    overdue: int = 0
    due_soon: int = 0
    provisional_units: int = 0


class MeetingBrief(BaseModel):
    """Enough of a meeting to name it and to find it."""

    id: str
    title: str
    issuer: str | None
    number: str | None
    held_on: dt.date | None


class DirectiveView(BaseModel):
    """One order of a notice."""

    id: str
    ordinal: int
    heading: str | None
    text: str
    span: tuple[int, int] | None
    lead: NamedPerson | None
    cooperators: tuple[NamedUnit, ...]
    report_to: tuple[str, ...]
    recurrence: str | None
    citations: tuple[Citation, ...]


class DueView(BaseModel):
    """A task's deadline: the one that holds, the one that the notice set, and how that was read."""

    date: dt.date
    baseline: dt.date | None
    phrase: str | None
    rule: str | None
    confidence: float | None


class TaskView(BaseModel):
    """One directive in the hands of one unit, as it is now. `version` counts the task's own events."""

    id: str
    assigned_sequence: int
    sequence: int
    version: int
    status: Status
    timeliness: Timeliness
    unit: UnitRef
    phrase: str
    due: DueView | None
    assigned_at: dt.datetime
    directive: DirectiveView
    meeting: MeetingBrief


class MeetingTasks(MeetingView):
    """A meeting with all its tasks, in the order of the notice."""

    tasks: tuple[TaskView, ...]


class HistoryEntry(BaseModel):
    """One event of a task's history, as the ledger holds it. `person` names who was told."""

    sequence: int
    id: str
    type: str
    time: dt.datetime
    subject: str
    actor: str
    causation_id: str
    correlation_id: str
    person: str | None
    data: dict[str, Any]


class EventView(BaseModel):
    """One event of the log. `event` is null where the bytes are no event; `content_base64` holds them then."""

    sequence: int
    subject: str
    stored_at: dt.datetime
    event: dict[str, Any] | None
    content_base64: str | None = None


class ParkedView(BaseModel):
    """An event that could not be applied, and why. Nothing of it is lost: the ledger holds it."""

    sequence: int
    subject: str
    reason: str
