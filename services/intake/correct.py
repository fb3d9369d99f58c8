"""From a notice as it stands and what a person says of it to what has to happen. Pure: the same input gives the same
ids."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from services.intake.changes import Changes, DirectiveChange, MeantUnits, MissedDirective
from services.intake.conclude import MOST_TASKS, TooManyTasks, directive_of, tasks_of
from services.intake.posted import fields_given, identity
from services.intake.standing import Standing, corrected_directives
from services.intake.taskstate import TaskStanding
from services.intake.units import NO_UNIT_NAMED, named, reference, responsible
from shared.directory.resolution import Resolver
from shared.events.fields import NamedUnit, UnitRef, derived_id
from shared.events.meeting import Assignee, ConclusionIdentified, Directive, MeetingConcluded, Reading, TaskRef
from shared.events.task import (
    CooperatorsChanged,
    DueDateSet,
    TaskAssigned,
    TaskCancelled,
    TaskEvent,
    TaskReassigned,
)
from shared.events.unit import UnitAliasAdded


class UnknownDirective(Exception):
    """The notice has no such directive, or has it no more. `pointer` says where it is named."""

    def __init__(self, pointer: str, directive_id: str) -> None:
        super().__init__(directive_id)
        self.pointer = pointer
        self.directive_id = directive_id


class UnknownMeantUnit(Exception):
    """The directory has no such unit in work. `pointer` says where it is named."""

    def __init__(self, pointer: str, unit_id: str) -> None:
        super().__init__(unit_id)
        self.pointer = pointer
        self.unit_id = unit_id


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


@dataclass(frozen=True)
class _Meaning:
    """Says which units phrases mean: as the person says, or else as the directory does. Notes what is learnt."""

    resolver: Resolver
    learn: bool
    aliases: dict[str, UnitAliasAdded] = field(default_factory=dict)

    def units(self, meant: MeantUnits, pointer: str, heading: str | None) -> tuple[UnitRef, ...]:
        if not meant.units:
            return responsible(self.resolver, meant.phrase)
        found = []
        for place, unit_id in enumerate(dict.fromkeys(meant.units)):
            unit = self.resolver.directory.units.get(unit_id)
            if unit is None or unit.closed:
                raise UnknownMeantUnit(f"{pointer}/units/{place}", unit_id)
            found.append(reference(unit))
        if meant.phrase != heading:
            self._learn(meant.phrase, found)
        return tuple(found)

    def named(self, meant: MeantUnits, pointer: str) -> NamedUnit:
        if not meant.units:
            return named(self.resolver, meant.phrase)
        found = self.units(meant, pointer, None)
        return NamedUnit(phrase=meant.phrase, unit=found[0].id if len(found) == 1 else None)

    def _learn(self, phrase: str, found: list[UnitRef]) -> None:
        """A topic's heading that stood in for a unit is none of its names, and a class is none of one unit."""
        taken = self.resolver.directory.named(phrase) or self.resolver.resolve(phrase).how == "class"
        if not self.learn or len(found) != 1 or taken or phrase == NO_UNIT_NAMED:
            return
        self.aliases.setdefault(phrase, UnitAliasAdded(unit_id=found[0].id, alias=phrase))


def correction(
    known: Standing, changes: Changes, tasks: Mapping[str, TaskStanding], resolver: Resolver, reason: str, seed: str
) -> Plan:
    """What correcting a notice in force does. `tasks` are its tasks as they stand, `seed` goes into the ids of new
    ones.

    Raises:
        UnknownDirective, UnknownMeantUnit, TooManyTasks: see there.
    """
    plan, meaning = Plan(withdrawn=changes.withdrawn), _Meaning(resolver, changes.learn)
    directives = {each.id: each for each in known.reading.directives}
    for place, directive_id in enumerate(changes.withdrawn):
        if directive_id not in directives:
            raise UnknownDirective(f"/withdrawn/{place}", directive_id)
        for task in _open_tasks(directives[directive_id], tasks):
            plan.does(task.task_id, TaskCancelled(task_id=task.task_id, reason=reason))
    for place, change in enumerate(changes.directives):
        before = directives.get(change.id)
        if before is None or change.id in changes.withdrawn:
            raise UnknownDirective(f"/directives/{place}/id", change.id)
        after = _changed(before, change, meaning, f"/directives/{place}")
        plan.directives.append(_with_effects(plan, known.meeting_id, before, after, tasks, reason, seed))
    for directive in _missed(known, changes.missed, meaning, seed):
        plan.directives.append(directive)
        for assigned in tasks_of(known.meeting_id, directive):
            plan.does(assigned.task_id, assigned)
    if len(plan.effects) > MOST_TASKS:
        raise TooManyTasks
    plan.aliases = list(meaning.aliases.values())
    plan.identified = identified(known.reading, changes)
    return plan


def confirmation(
    known: Standing, changes: Changes, resolver: Resolver, seed: str
) -> tuple[MeetingConcluded, list[TaskAssigned], Plan]:
    """The notice as it comes into force once a person confirmed it, with its tasks, and what else that does.

    Tasks of directives that stay as they were have the ids that the held notice names; `seed` goes into the others,
    so that what another attempt with other changes left behind never mixes with them.

    Raises:
        UnknownDirective, UnknownMeantUnit, TooManyTasks: see there.
    """
    reading = known.reading
    plan, meaning = Plan(), _Meaning(resolver, changes.learn)
    directives = {each.id: each for each in reading.directives}
    for place, directive_id in enumerate(changes.withdrawn):
        if directive_id not in directives:
            raise UnknownDirective(f"/withdrawn/{place}", directive_id)
    changed = []
    for place, change in enumerate(changes.directives):
        before = directives.get(change.id)
        if before is None or change.id in changes.withdrawn:
            raise UnknownDirective(f"/directives/{place}/id", change.id)
        after = _changed(before, change, meaning, f"/directives/{place}")
        changed.append(_with_new_tasks(after, seed))
    changed.extend(_missed(known, changes.missed, meaning, seed))
    concluded = MeetingConcluded.model_validate(
        {name: getattr(reading, name) for name in Reading.model_fields}
        | fields_given(changes.fields)
        | {
            "directives": corrected_directives(reading.directives, changed, changes.withdrawn),
            "doubts": (),
            "for_review": False,
        }
    )
    tasks = [task for each in concluded.directives for task in tasks_of(concluded.meeting_id, each)]
    if len(tasks) > MOST_TASKS:
        raise TooManyTasks
    plan.aliases = list(meaning.aliases.values())
    plan.identified = identified(reading, changes)
    return concluded, tasks, plan


def identified(reading: Reading, changes: Changes) -> ConclusionIdentified | None:
    """What tells that the notice is the one of another number from now on; None where its number stays."""
    given = reading.model_copy(update=fields_given(changes.fields))
    after = identity(given.issuer, given.number, given.issued_on, given.held_on)
    before = identity(reading.issuer, reading.number, reading.issued_on, reading.held_on)
    if after is None or after in {before, reading.meeting_id}:
        return None
    return ConclusionIdentified(meeting_id=after, concluded_as=reading.meeting_id)


def _open_tasks(directive: Directive, tasks: Mapping[str, TaskStanding]) -> Iterator[TaskStanding]:
    for task_id in dict.fromkeys(ref.id for assignee in directive.assignees for ref in assignee.tasks):
        task = tasks.get(task_id)
        if task and not task.cancelled:
            yield task


def _changed(before: Directive, change: DirectiveChange, meaning: _Meaning, pointer: str) -> Directive:
    """The directive as it should have been read. Its assignees name no tasks yet that they did not name before."""
    update: dict[str, object] = {}
    for name in ("lead", "deadline", "recurrence"):
        if change.gives(name):
            update[name] = getattr(change, name)
    for name in ("text", "report_to", "citations", "urgent"):
        if getattr(change, name) is not None:
            update[name] = getattr(change, name)
    if change.cooperators is not None:
        update["cooperators"] = tuple(
            meaning.named(each, f"{pointer}/cooperators/{place}") for place, each in enumerate(change.cooperators)
        )
    if change.assignees is not None:
        update["assignees"] = tuple(
            Assignee(
                phrase=each.phrase,
                tasks=tuple(
                    TaskRef(id="none", unit=unit)
                    for unit in meaning.units(each, f"{pointer}/assignees/{place}", before.heading)
                ),
            )
            for place, each in enumerate(change.assignees)
        )
    return before.model_copy(update=update | {"confidence": 1.0})


def _missed(known: Standing, missed: tuple[MissedDirective, ...], meaning: _Meaning, seed: str) -> Iterator[Directive]:
    for place, each in enumerate(missed):
        concluded = each.model_copy(update={"assignees": each.assignees or tuple(m.phrase for m in each.units)})
        directive, _ = directive_of(known.meeting_id, seed, known.ordinals + place + 1, concluded, meaning.resolver)
        meant = {
            m.phrase: meaning.units(m, f"/missed/{place}/units/{at}", each.heading) for at, m in enumerate(each.units)
        }
        assignees = tuple(
            Assignee(phrase=a.phrase, tasks=tuple(TaskRef(id="none", unit=unit) for unit in meant[a.phrase]))
            if a.phrase in meant
            else a
            for a in directive.assignees
        )
        yield _with_new_tasks(directive.model_copy(update={"assignees": assignees}), seed)


def _with_new_tasks(directive: Directive, seed: str) -> Directive:
    return _naming(
        directive,
        {
            ref.unit.id: derived_id("task", directive.id, seed, ref.unit.id)
            for assignee in directive.assignees
            for ref in assignee.tasks
        },
    )


def _naming(directive: Directive, task_ids: Mapping[str, str]) -> Directive:
    """The directive with the tasks of these units."""
    assignees = tuple(
        Assignee(
            phrase=assignee.phrase,
            tasks=tuple(TaskRef(id=task_ids[ref.unit.id], unit=ref.unit) for ref in assignee.tasks),
        )
        for assignee in directive.assignees
    )
    return directive.model_copy(update={"assignees": assignees})


def _with_effects(
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
    standing = list(_open_tasks(before, tasks))
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
    named_after = _naming(after, {unit_id: task.task_id for unit_id, task in kept.items()} | new)
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
