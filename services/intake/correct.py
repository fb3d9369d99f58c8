"""From a notice as it stands and what a person says of it to what has to happen. Pure: the same input gives the same
ids."""

from collections.abc import Mapping

from services.intake.changes import Changes
from services.intake.conclude import MOST_TASKS, TooManyTasks, tasks_of
from services.intake.effects import Plan, open_tasks, with_effects
from services.intake.meaning import Meaning
from services.intake.posted import fields_given, identity
from services.intake.rereading import missed, reread, with_new_tasks, withdrawn
from services.intake.standing import Standing, corrected_directives
from services.intake.taskstate import TaskStanding
from shared.directory.resolution import Resolver
from shared.events.meeting import ConclusionIdentified, MeetingConcluded, Reading
from shared.events.task import TaskAssigned, TaskCancelled


def correction(
    known: Standing, changes: Changes, tasks: Mapping[str, TaskStanding], resolver: Resolver, reason: str, seed: str
) -> Plan:
    """What correcting a notice in force does. `tasks` are its tasks as they stand, `seed` goes into the ids of new
    ones.

    Raises:
        UnknownDirective, UnassignedPhrase, UnknownMeantUnit, TooManyTasks: see there.
    """
    plan, meaning = Plan(withdrawn=changes.withdrawn), Meaning(resolver, changes.learn)
    for directive in withdrawn(known, changes):
        for task in open_tasks(directive, tasks):
            plan.does(task.task_id, TaskCancelled(task_id=task.task_id, reason=reason))
    for before, after in reread(known, changes, meaning):
        plan.directives.append(with_effects(plan, known.meeting_id, before, after, tasks, reason, seed))
    for directive in missed(known, changes.missed, meaning, seed):
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
        UnknownDirective, UnassignedPhrase, UnknownMeantUnit, TooManyTasks: see there.
    """
    reading = known.reading
    plan, meaning = Plan(), Meaning(resolver, changes.learn)
    withdrawn(known, changes)
    anew = [with_new_tasks(after, seed) for _, after in reread(known, changes, meaning)]
    anew.extend(missed(known, changes.missed, meaning, seed))
    concluded = MeetingConcluded.model_validate(
        {name: getattr(reading, name) for name in Reading.model_fields}
        | fields_given(changes.fields)
        | {
            "directives": corrected_directives(reading.directives, anew, changes.withdrawn),
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
