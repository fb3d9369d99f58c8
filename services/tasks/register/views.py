"""What the register shows: the shapes of tasks' HTTP answers."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from services.tasks.register.as_of import AsOf, Sense
from services.tasks.task.state import Status
from services.tasks.timeliness import Timeliness
from shared.events.fields import Citation, NamedPerson, NamedUnit, UnitRef
from shared.language import Words


class BothLanguages(BaseModel):
    """The same words in Vietnamese and in English."""

    vi: str
    en: str


class AsOfView(BaseModel):
    """As of when an answer is, and in which sense: `known` then, or as it is now known to have `held` then.

    `sequence` is the last event that the answer rests on, and `time` the last second that it is about.
    """

    sequence: int
    time: dt.datetime
    sense: Sense
    words: BothLanguages


_SENSES: Mapping[Sense, Words] = {
    "known": Words(
        "Như đã biết khi ấy: chỉ gồm những gì sổ ghi có tới sự kiện {sequence}. Điều gì ghi muộn hơn, kể cả đính chính "
        "về lúc ấy, không tính.",
        "As it was known then: only what the log held up to event {sequence}. What was recorded later is left out, "
        "corrections about that time too.",
    ),
    "held": Words(
        "Như nay biết là đã đúng khi ấy, theo mọi điều sổ ghi có tới sự kiện {sequence}: việc ghi muộn tính từ lúc "
        "xảy ra, điều được đính chính coi như vốn đúng từ đầu.",
        "As we now know that it was then, by all that the log holds up to event {sequence}: what was entered late "
        "counts from when it happened, and what a correction put right counts as right all along.",
    ),
}


def as_of_view(as_of: AsOf) -> AsOfView:
    """As of when an answer is, in words too."""
    said = _SENSES[as_of.sense]
    words = BothLanguages(vi=said.to("vi", sequence=as_of.stands_on), en=said.to("en", sequence=as_of.stands_on))
    return AsOfView(sequence=as_of.stands_on, time=as_of.time, sense=as_of.sense, words=words)


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
    revoked_at: dt.datetime | None
    as_of: AsOfView | None = None


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
    revoked_at: dt.datetime | None = None


class DirectiveView(BaseModel):
    """One order of a notice, as the notice says it. It is `withdrawn` where a correction says that it is none."""

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
    withdrawn: bool = False


class DueView(BaseModel):
    """A task's deadline: the one that holds, how it was read, and the day that the notice set."""

    date: dt.date
    time: str | None = None
    baseline: dt.date | None
    phrase: str | None
    rule: str | None
    confidence: float | None


class PeriodView(BaseModel):
    """One turn of a recurring task: the task that recurs, and the turn's first and last local day."""

    series_id: str
    starts_on: dt.date
    ends_on: dt.date


class CarriedOverView(BaseModel):
    """The earlier task that a task repeats, since it was still open when the same was ordered again.

    `times` says how many notices running have ordered it by now.
    """

    task_id: str
    times: int


class TaskView(BaseModel):
    """One directive in the hands of one unit, as it is now. `version` counts the task's own events.

    `timeliness` is null where the task is cancelled or a series. `is_series` marks a task that recurs: the work is
    reported on the task of each `period`. `pending_until` is the day until which more time was asked for, while that is
    unanswered.
    """

    id: str
    assigned_sequence: int
    sequence: int
    version: int
    status: Status
    timeliness: Timeliness | None
    unit: UnitRef
    phrase: str
    lead: NamedPerson | None = None
    cooperators: tuple[NamedUnit, ...] = ()
    due: DueView | None
    urgent: bool = False
    confidence: float = 1.0
    recurrence: str | None = None
    is_series: bool = False
    period: PeriodView | None = None
    carried_over: CarriedOverView | None = None
    assigned_at: dt.datetime
    acknowledged_at: dt.datetime | None = None
    percent: int | None = None
    submitted_at: dt.datetime | None = None
    done_at: dt.datetime | None = None
    cancelled_at: dt.datetime | None = None
    pending_until: dt.date | None = None
    directive: DirectiveView
    meeting: MeetingBrief
    as_of: AsOfView | None = None


class RollUp(BaseModel):
    """How a directive stands that was given to one unit or to several.

    It is done when all its tasks are (cancelled ones do not count), and late when one is overdue or was done late. All
    of them count, whoever asks, so that nobody takes their own part for the whole.
    """

    status: Status
    late: bool
    task_count: int
    done: int
    cancelled: int


class DirectiveRollUp(RollUp):
    """A directive with how it stands."""

    id: str
    ordinal: int


class DirectiveStanding(RollUp):
    """A directive with how it stands, and the part of each unit whose tasks the reader may see."""

    directive: DirectiveView
    meeting: MeetingBrief
    tasks: tuple[TaskView, ...]
    as_of: AsOfView | None = None


class MeetingTasks(MeetingView):
    """A meeting with the tasks that the reader may see, in the order of the notice, and how their directives stand."""

    directives: tuple[DirectiveRollUp, ...]
    tasks: tuple[TaskView, ...]


class HistoryEntry(BaseModel):
    """One event of a task's history, as the ledger holds it. `person` names who was told, `actor_name` who acted where
    that is somebody of the directory."""

    sequence: int
    id: str
    type: str
    time: dt.datetime
    subject: str
    actor: str
    actor_name: str | None = None
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
