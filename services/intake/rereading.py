"""Directives as they should have been read, by what a person says of them."""

from collections.abc import Iterator, Mapping

from services.intake.changes import Changes, DirectiveChange, MissedDirective
from services.intake.conclude import directive_of
from services.intake.meaning import Meaning
from services.intake.standing import Standing
from shared.events.fields import derived_id
from shared.events.meeting import Assignee, Directive, TaskRef

_NO_TASK = "none"
"""Stands for a task's id until it is known which task it is."""


class UnknownDirective(Exception):
    """The notice has no such directive, or has it no more. `pointer` says where it is named."""

    def __init__(self, pointer: str, directive_id: str) -> None:
        super().__init__(directive_id)
        self.pointer = pointer
        self.directive_id = directive_id


class UnassignedPhrase(Exception):
    """A missed directive says which units a phrase means that is none of its assignees. `pointer` says where."""

    def __init__(self, pointer: str, phrase: str) -> None:
        super().__init__(phrase)
        self.pointer = pointer
        self.phrase = phrase


def withdrawn(known: Standing, changes: Changes) -> list[Directive]:
    """The directives that are none.

    Raises:
        UnknownDirective: the notice has no such directive, or has it no more.
    """
    directives = {each.id: each for each in known.reading.directives}
    for place, directive_id in enumerate(changes.withdrawn):
        if directive_id not in directives:
            raise UnknownDirective(f"/withdrawn/{place}", directive_id)
    return [directives[directive_id] for directive_id in dict.fromkeys(changes.withdrawn)]


def reread(known: Standing, changes: Changes, meaning: Meaning) -> Iterator[tuple[Directive, Directive]]:
    """Each directive that changes, as it was and as it should have been read.

    Raises:
        UnknownDirective: the notice has no such directive, or it is withdrawn.
        UnknownMeantUnit: see there.
    """
    directives = {each.id: each for each in known.reading.directives if each.id not in changes.withdrawn}
    for place, change in enumerate(changes.directives):
        before = directives.pop(change.id, None)
        if before is None:
            raise UnknownDirective(f"/directives/{place}/id", change.id)
        yield before, _changed(before, change, meaning, f"/directives/{place}")


def _changed(before: Directive, change: DirectiveChange, meaning: Meaning, pointer: str) -> Directive:
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
                    TaskRef(id=_NO_TASK, unit=unit)
                    for unit in meaning.units(each, f"{pointer}/assignees/{place}", before.heading)
                ),
            )
            for place, each in enumerate(change.assignees)
        )
    return before.model_copy(update=update | {"confidence": 1.0})


def missed(known: Standing, missed: tuple[MissedDirective, ...], meaning: Meaning, seed: str) -> Iterator[Directive]:
    """Directives that were missed, each with tasks of its own, behind the last that the notice ever had.

    Raises:
        UnassignedPhrase, UnknownMeantUnit: see there.
    """
    for place, each in enumerate(missed):
        for at, meant_units in enumerate(each.units):
            if each.assignees and meant_units.phrase not in each.assignees:
                raise UnassignedPhrase(f"/missed/{place}/units/{at}/phrase", meant_units.phrase)
        concluded = each.model_copy(update={"assignees": each.assignees or tuple(m.phrase for m in each.units)})
        directive, _ = directive_of(known.meeting_id, seed, known.ordinals + place + 1, concluded, meaning.resolver)
        meant = {
            m.phrase: meaning.units(m, f"/missed/{place}/units/{at}", each.heading) for at, m in enumerate(each.units)
        }
        assignees = tuple(
            Assignee(phrase=a.phrase, tasks=tuple(TaskRef(id=_NO_TASK, unit=unit) for unit in meant[a.phrase]))
            if a.phrase in meant
            else a
            for a in directive.assignees
        )
        yield with_new_tasks(directive.model_copy(update={"assignees": assignees}), seed)


def with_new_tasks(directive: Directive, seed: str) -> Directive:
    """The directive with a task of its own for each unit; `seed` goes into their ids."""
    return naming(
        directive,
        {
            ref.unit.id: derived_id("task", directive.id, seed, ref.unit.id)
            for assignee in directive.assignees
            for ref in assignee.tasks
        },
    )


def naming(directive: Directive, task_ids: Mapping[str, str]) -> Directive:
    """The directive with the tasks of these units."""
    assignees = tuple(
        Assignee(
            phrase=assignee.phrase,
            tasks=tuple(TaskRef(id=task_ids[ref.unit.id], unit=ref.unit) for ref in assignee.tasks),
        )
        for assignee in directive.assignees
    )
    return directive.model_copy(update={"assignees": assignees})
