"""What a correction would do to tasks, in words. Pure."""

from collections.abc import Iterable

from services.intake.foresight import Foresight
from services.intake.taskstate import TaskStanding
from shared.events.meeting import Directive
from shared.events.task import (
    CooperatorsChanged,
    DueDateSet,
    TaskAssigned,
    TaskCancelled,
    TaskEvent,
    TaskReassigned,
)
from shared.language import Words
from shared.web.wording import date

_NONE = Words("không có", "none")


def effects_in_words(foresight: Foresight, before: Iterable[Directive]) -> list[Words]:
    """One sentence for each thing that would happen to a task; `before` are the directives as they stand."""
    known = (*before, *foresight.directives)
    ordinals = {task.id: each.ordinal for each in known for assignee in each.assignees for task in assignee.tasks}
    found = []
    for task, event in foresight.effects:
        told, ordinal = _told(task, event), ordinals[event.task_id]
        found.append(Words(f"Chỉ đạo {ordinal}: {told.vi}", f"Directive {ordinal}: {told.en}").literal())
    return found


def _told(task: TaskStanding | None, event: TaskEvent) -> Words:
    unit = task.unit.name if task else ""
    match event:
        case TaskAssigned():
            return Words(f"giao nhiệm vụ mới cho {event.unit.name}.", f"a new task for {event.unit.name}.")
        case TaskCancelled():
            return Words(f"huỷ nhiệm vụ của {unit}.", f"the task of {unit} is cancelled.")
        case TaskReassigned() if task and event.unit.id != task.unit.id:
            return Words(
                f"nhiệm vụ chuyển từ {unit} sang {event.unit.name}, giữ nguyên lịch sử.",
                f"the task goes from {unit} to {event.unit.name}, with its history.",
            )
        case TaskReassigned():
            lead = event.lead.name if event.lead else _NONE.vi
            return Words(f"{unit}: người chủ trì là {lead}.", f"{unit}: the lead is {lead}.")
        case DueDateSet():
            due = date(event.deadline.date) if event.deadline else None
            return Words(
                f"{unit}: thời hạn thành {due}." if due else f"{unit}: bỏ thời hạn.",
                f"{unit}: the deadline becomes {due}." if due else f"{unit}: no deadline any more.",
            )
        case CooperatorsChanged():
            names = [each.phrase for each in event.cooperators]
            return Words(
                f"{unit}: đơn vị phối hợp là {', '.join(names) or _NONE.vi}.",
                f"{unit}: co-operating are {', '.join(names) or _NONE.en}.",
            )
        case _:
            return Words(f"{unit}: nhiệm vụ thay đổi.", f"{unit}: the task changes.")
