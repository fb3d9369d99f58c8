"""What was different between two moments, field by field, with the events that made it so. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from services.tasks.register.standing import Step
from services.tasks.register.views import BothLanguages
from services.tasks.register.views_of_pasts import EventBrief, FieldChange
from services.tasks.task.state import Task
from shared.language import Words

TASK_FIELDS: Mapping[str, tuple[Words, Callable[[Task], Any]]] = {
    "status": (Words("tình trạng", "status"), lambda task: task.status),
    "unit": (Words("đơn vị chủ trì", "responsible unit"), lambda task: task.unit),
    "lead": (Words("người chủ trì", "lead"), lambda task: task.lead),
    "cooperators": (Words("đơn vị phối hợp", "co-operating units"), lambda task: task.cooperators),
    "deadline": (Words("hạn", "deadline"), lambda task: task.deadline),
    "percent": (Words("tiến độ (%)", "progress (%)"), lambda task: task.percent),
    "pending_until": (Words("xin gia hạn tới", "more time asked for, until"), lambda task: task.pending_until),
    "acknowledged_at": (Words("tiếp nhận lúc", "acknowledged"), lambda task: task.acknowledged_at),
    "submitted_at": (Words("trình kết quả lúc", "result handed in"), lambda task: task.submitted_at),
    "submitted_by": (Words("người trình", "handed in by"), lambda task: task.submitted_by),
    "done_at": (Words("hoàn thành lúc", "done"), lambda task: task.done_at),
    "cancelled_at": (Words("huỷ lúc", "cancelled"), lambda task: task.cancelled_at),
}
"""What may change of a task, as people call it, and where it stands."""

NOTICE_FIELDS: Mapping[str, Words] = {
    "issuer": Words("cơ quan ban hành", "issuer"),
    "number": Words("số văn bản", "number"),
    "issued_on": Words("ngày ban hành", "issued on"),
    "held_on": Words("ngày họp", "held on"),
    "title": Words("trích yếu", "title"),
    "concluded_by": Words("người kết luận", "concluded by"),
    "signed_by": Words("người ký", "signed by"),
    "directive_count": Words("số chỉ đạo", "directives"),
    "task_count": Words("số nhiệm vụ", "tasks"),
    "revoked_at": Words("thu hồi lúc", "revoked"),
}
"""What may change of a notice."""


def step_changes(before: Task | None, after: Task, event: EventBrief) -> tuple[FieldChange, ...]:
    """What one event changed of a task; of a new one, all that it says."""
    return tuple(
        _changed(name, words, of(before) if before else None, of(after), [event])
        for name, (words, of) in TASK_FIELDS.items()
        if (of(before) if before else None) != of(after) and not (before is None and _is_nothing(of(after)))
    )


def task_changes(
    before: Task | None, after: Task, between: Iterable[tuple[Step, EventBrief]]
) -> tuple[FieldChange, ...]:
    """The fields of a task that differ, each with the events between that changed it; `before` is None where the task
    was not there yet."""
    steps = list(between)
    found = []
    for name, (words, of) in TASK_FIELDS.items():
        was = of(before) if before else None
        if was == of(after) or (before is None and _is_nothing(of(after))):
            continue
        events = [event for step, event in steps if step.before is None or of(step.before) != of(step.after)]
        found.append(_changed(name, words, was, of(after), events))
    return tuple(found)


def notice_changes(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], between: Iterable[tuple[set[str], EventBrief]]
) -> tuple[FieldChange, ...]:
    """The fields of a notice that differ; `between` are its events with the fields that each may have changed."""
    events = list(between)
    found = []
    for name, words in NOTICE_FIELDS.items():
        was = before[name] if before else None
        if was != after[name] and not (before is None and _is_nothing(after[name])):
            made = [event for fields, event in events if name in fields]
            found.append(_changed(name, words, was, after[name], made))
    return tuple(found)


def _changed(name: str, words: Words, before: Any, after: Any, events: Sequence[EventBrief]) -> FieldChange:
    called = BothLanguages(vi=words.vi, en=words.en)
    return FieldChange(field=name, words=called, before=_plain(before), after=_plain(after), events=tuple(events))


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    return to_jsonable_python(value, exclude_none=True)


def _is_nothing(value: Any) -> bool:
    return value is None or value == ()
