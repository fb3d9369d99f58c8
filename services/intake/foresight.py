"""What a change of a notice would do, before anybody asks for it."""

from dataclasses import dataclass

from nats.aio.client import Client

from services.intake.changes import Changes
from services.intake.correct import confirmation, correction
from services.intake.records import tasks_standing
from services.intake.standing import Standing, corrected_directives
from services.intake.taskstate import TaskStanding
from shared.directory.resolution import Resolver
from shared.events.meeting import Directive
from shared.events.task import TaskEvent

_NOBODYS = "foreseen"


@dataclass(frozen=True, slots=True)
class Foresight:
    """The notice's directives as they would stand, and what would happen to tasks that exist: each with its task as it
    stands now, None for one that would begin."""

    directives: tuple[Directive, ...]
    effects: tuple[tuple[TaskStanding | None, TaskEvent], ...] = ()


async def foreseen(client: Client, known: Standing, changes: Changes, resolver: Resolver) -> Foresight:
    """What confirming a held notice with these changes would give, or correcting one in force. Nothing is written.

    Raises:
        UnknownDirective, UnassignedPhrase, UnknownMeantUnit, TooManyTasks: see `services.intake.correct`.
        LogUnavailable, LogRefused, UnreadableEvent: see `services.intake.records.tasks_standing`.
    """
    if known.state == "held":
        return Foresight(confirmation(known, changes, resolver, _NOBODYS)[0].directives)
    named = {each.id for each in changes.directives} | set(changes.withdrawn)
    concerned = [each for each in known.reading.directives if each.id in named]
    ids = [ref.id for each in concerned for assignee in each.assignees for ref in assignee.tasks]
    tasks = await tasks_standing(client, ids)
    plan = correction(known, changes, tasks, resolver, _NOBODYS, _NOBODYS)
    return Foresight(
        corrected_directives(known.reading.directives, plan.directives, plan.withdrawn),
        tuple((tasks.get(task_id), event) for task_id, events in plan.effects.items() for event in events),
    )
