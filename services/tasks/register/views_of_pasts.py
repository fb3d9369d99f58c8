"""What the register shows of pasts: the shapes of answers about changes, steps and causes."""

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, Field

from services.tasks.register.views import AsOfView, BothLanguages, DirectiveView, MeetingBrief, TaskView


class EventBrief(BaseModel):
    """Enough of an event to name it and to find it. `words` are what the event is called."""

    sequence: int
    id: str
    type: str
    words: BothLanguages
    time: dt.datetime
    actor: str
    actor_name: str | None = None


class FieldChange(BaseModel):
    """A field that is different, in words, and the events that changed it."""

    field: str
    words: BothLanguages
    before: Any
    after: Any
    events: tuple[EventBrief, ...]


class Between(BaseModel):
    """The two moments that are compared, each as it was known then."""

    since: AsOfView = Field(alias="from")
    until: AsOfView = Field(alias="to")


class TaskChanges(BaseModel):
    """What is different of a task; it `began` where it was not in force before."""

    task_id: str
    assigned_sequence: int
    text: str
    unit: str
    began: bool
    changes: tuple[FieldChange, ...]


class TaskDifference(Between, TaskChanges):
    """What is different of one task between two moments."""


class MeetingDifference(Between):
    """What is different of a meeting between two moments: of its notice, and of each task that the reader may see."""

    meeting_id: str
    began: bool
    changes: tuple[FieldChange, ...]
    tasks: tuple[TaskChanges, ...]


class UnitDifference(BaseModel):
    """By how much the figures of a unit differ, each that does: before and after."""

    unit: str
    name: str
    counts: dict[str, tuple[int, int]]


class BoardDifference(Between):
    """What is different on the board between two moments. `tasks` is one page of those that changed."""

    units: tuple[UnitDifference, ...]
    tasks: tuple[TaskChanges, ...]


class Told(BaseModel):
    """Somebody was told, or what became of that."""

    sequence: int
    type: str
    words: BothLanguages
    time: dt.datetime
    person: str | None
    data: dict[str, Any]


class StepView(BaseModel):
    """One step in the life of a directive: what came, what it changed, who did it, and who was told.

    `cause` is the sequence of the step that led to it; None where that was a request from outside.
    """

    event: EventBrief
    came: dict[str, Any]
    cause: int | None
    request: str
    changed: tuple[FieldChange, ...]
    told: tuple[Told, ...]


Link = Literal["this", "cause", "assignment", "correction", "notice"]
"""What an event has to do with the one before it in a chain: it is what is asked about, led to it, made the task,
put it right, or is the notice that ordered it."""


class Because(BaseModel):
    """Why one field of a task is as it is: the event that made it so, and the rule, where a rule decided."""

    field: str
    words: BothLanguages
    value: Any
    event: EventBrief | None
    rule: BothLanguages | None = None


class ChainLink(BaseModel):
    """One event of a chain of causes, the nearest first. `said` is what it says, and `request` who asked in which
    request."""

    link: Link
    words: BothLanguages
    event: EventBrief
    request: str
    said: dict[str, Any]


class Source(BaseModel):
    """The sentence of the notice: `passage` is cut out of the document's text at `span`, counted in characters; None
    where the notice came without a text. `document` is the address of the document byte for byte."""

    meeting: MeetingBrief
    directive: DirectiveView
    span: tuple[int, int] | None
    passage: str | None
    document: str
    document_sha256: str
    media_type: str
    document_name: str | None


class TaskWhy(BaseModel):
    """Why a task is as it is, back to the sentence that ordered it."""

    task: TaskView
    because: tuple[Because, ...]
    chain: tuple[ChainLink, ...]
    source: Source


class EventWhy(BaseModel):
    """What led to an event, back to the sentence of the notice where it came from one."""

    chain: tuple[ChainLink, ...]
    source: Source | None
