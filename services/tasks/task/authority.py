"""Who may do what with one task. Pure."""

from services.tasks.task.refusals import NotAllowed
from services.tasks.task.state import Task
from shared import vocabulary
from shared.identity.caller import Caller
from shared.identity.permissions import ROLES, Permission, Reach, allowed, who_may
from shared.language import Words


def needed(task: Task, caller: Caller) -> Reach:
    """How far a permission must reach to touch this task."""
    if task.unit.id in caller.unit_ids:
        return "responsible"
    return "involved" if caller.unit_ids.intersection(task.cooperator_unit_ids) else "all"


def authorise(task: Task, permission: Permission, caller: Caller) -> None:
    """Confirms that the caller may do this with the task.

    Raises:
        NotAllowed: they may not; it names who could.
    """
    if allowed(caller, permission, needed(task, caller)):
        return
    everywhere, here = set(who_may(permission, "all")), set(who_may(permission, "responsible"))
    found = [(vocabulary.ROLES[role], role in everywhere) for role in ROLES if role in here]
    who = Words(
        ", ".join(words.vi if all_ else f"{words.vi} {task.unit.name}" for words, all_ in found),
        ", ".join(words.en if all_ else f"{words.en} {task.unit.name}" for words, all_ in found),
    )
    raise NotAllowed(name=caller.name, permission=vocabulary.COMMANDS[permission], unit=task.unit.name, who=who)
