"""What a change of a directive does to its tasks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from services.intake.conclude import tasks_of
from services.intake.rereading import naming
from services.intake.taskstate import TaskStanding
from shared.events.fields import UnitRef, derived_id
from shared.events.meeting import ConclusionIdentified, Directive
from shared.events.task import CooperatorsChanged, DueDateSet, TaskCancelled, TaskEvent, TaskReassigned
from shared.events.unit import UnitAliasAdded


@dataclass
class Plan:
    """What a correction does. `effects` are events of tasks by task id, in order; `directives` is each that changed
    or was missed, as it stands afterwards; `aliases` what the directory learns."""

    effects: dict[str, list[TaskEvent]] = field(default_factory=dict)
    directives: list[Directive] = field(default_factory=list)
    withdrawn: tuple[str, ...] = ()
    aliases: list[UnitAliasAdded] = field(default_factory=list)
    identified: ConclusionIdentified | None = None

    def does(self, task_id: str, event: TaskEvent) -> None:
        """Adds an event of a task."""
        self.effects.setdefault(task_id, []).append(event)


def open_tasks(directive: Directive, tasks: Mapping[str, TaskStanding]) -> Iterator[TaskStanding]:
    """The directive's tasks that are not cancelled."""
    for task_id in dict.fromkeys(ref.id for assignee in directive.assignees for ref in assignee.tasks):
        task = tasks.get(task_id)
        if task and not task.cancelled:
            yield task


def with_effects(
    plan: Plan,
    meeting_id: str,
    before: Directive,
    after: Directive,
    tasks: Mapping[str, TaskStanding],
    reason: str,
    seed: str,
) -> Directive:
    """Puts into the plan what the change does to the directive's tasks, and gives the directive with their ids.

    A task goes over to a unit that was missing, with its history; only what is then left over is cancelled or new. A
    recurring task is a series of its own, so another recurrence makes other tasks.
    """
    wanted = {ref.unit.id: ref.unit for assignee in after.assignees for ref in assignee.tasks}
    standing = list(open_tasks(before, tasks))
    kept: dict[str, TaskStanding] = {}
    if after.assignees is before.assignees and after.recurrence == before.recurrence:
        kept = {ref.unit.id: tasks[ref.id] for a in before.assignees for ref in a.tasks if ref.id in tasks}
        standing = []
    elif after.recurrence == before.recurrence:
        for task in list(standing):
            if task.unit.id in wanted and task.unit.id not in kept:
                kept[task.unit.id] = task
                standing.remove(task)
        kept = _cancelled_before(before, tasks, wanted) | kept
        for unit_id in [each for each in wanted if each not in kept][: len(standing)]:
            task = standing.pop(0)
            kept[unit_id] = replace(task, unit=wanted[unit_id])
            plan.does(
                task.task_id,
                TaskReassigned(task_id=task.task_id, unit=wanted[unit_id], lead=after.lead, reason=reason),
            )
    for task in standing:
        plan.does(task.task_id, TaskCancelled(task_id=task.task_id, reason=reason))
    for task in kept.values():
        if not task.cancelled:
            _adjusted(plan, task, before, after, reason)
    new = {unit_id: derived_id("task", after.id, seed, unit_id) for unit_id in wanted if unit_id not in kept}
    named_after = naming(after, {unit_id: task.task_id for unit_id, task in kept.items()} | new)
    for assigned in tasks_of(meeting_id, named_after):
        if assigned.task_id in new.values():
            plan.does(assigned.task_id, assigned)
    return named_after


def _cancelled_before(
    before: Directive, tasks: Mapping[str, TaskStanding], wanted: Mapping[str, UnitRef]
) -> dict[str, TaskStanding]:
    """The directive's cancelled tasks of units that it names again: naming them is no reason to begin anew."""
    refs = [ref.id for assignee in before.assignees for ref in assignee.tasks]
    cancelled = [tasks[task_id] for task_id in refs if task_id in tasks and tasks[task_id].cancelled]
    return {task.unit.id: task for task in cancelled if task.unit.id in wanted}


def _adjusted(plan: Plan, task: TaskStanding, before: Directive, after: Directive, reason: str) -> None:
    """What a task that stays learns of the change, besides its unit."""
    task_id = task.task_id
    if after.lead != before.lead and task_id not in plan.effects:
        plan.does(task_id, TaskReassigned(task_id=task_id, unit=task.unit, lead=after.lead, reason=reason))
    if after.cooperators != before.cooperators:
        plan.does(task_id, CooperatorsChanged(task_id=task_id, cooperators=after.cooperators, reason=reason))
    if after.deadline != before.deadline:
        plan.does(task_id, DueDateSet(task_id=task_id, deadline=after.deadline, reason=reason))
