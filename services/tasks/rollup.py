"""How a directive stands that is in the hands of several units. Pure."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from services.tasks.register.views import DirectiveRollUp, RollUp, TaskView
from services.tasks.task.state import Status


def roll_up(tasks: Sequence[TaskView]) -> RollUp:
    """How the tasks of one directive stand together. Cancelled ones count only where all are.

    It is late when one is overdue or was done late: a part that came late does not come in time afterwards.
    """
    counted = [task for task in tasks if task.status != "cancelled"]
    return RollUp(
        status=_status({task.status for task in counted}),
        late=any(task.timeliness in ("overdue", "done_late") for task in counted),
        task_count=len(tasks),
        done=sum(task.status == "done" for task in counted),
        cancelled=len(tasks) - len(counted),
    )


def roll_ups(tasks: Iterable[TaskView]) -> list[DirectiveRollUp]:
    """How each directive stands, from tasks in the order of the notice."""
    groups = (list(group) for _, group in groupby(tasks, key=lambda task: task.directive.id))
    return [
        DirectiveRollUp(id=group[0].directive.id, ordinal=group[0].directive.ordinal, **roll_up(group).model_dump())
        for group in groups
    ]


def _status(found: set[Status]) -> Status:
    if not found:
        return "cancelled"
    if len(found) == 1:
        return next(iter(found))
    return "in_progress"
