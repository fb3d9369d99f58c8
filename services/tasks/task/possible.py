"""What somebody may do with a task as it is now: the decider itself is asked, with a command of each kind. Pure."""

import datetime as dt

from services.tasks.task.commands import (
    AcceptCompletion,
    Acknowledge,
    Cancel,
    ChangeCooperators,
    Command,
    Comment,
    GrantExtension,
    Reassign,
    RefuseExtension,
    Remind,
    Reopen,
    ReportProgress,
    RequestExtension,
    ReturnCompletion,
    SetDeadline,
    SubmitCompletion,
)
from services.tasks.task.decision import Facts, decide
from services.tasks.task.refusals import NothingChanged, Refusal
from services.tasks.task.state import Task
from shared.identity.caller import Caller
from shared.identity.permissions import Permission

_WORDS = "…"
_FAR = dt.date(9999, 12, 31)

EXAMPLES: tuple[Command, ...] = (
    AcceptCompletion(),
    ReturnCompletion(reason=_WORDS),
    GrantExtension(until=_FAR),
    RefuseExtension(reason=_WORDS),
    Acknowledge(),
    ReportProgress(percent=0),
    SubmitCompletion(note=_WORDS),
    RequestExtension(until=_FAR, reason=_WORDS),
    Remind(),
    Comment(text=_WORDS),
    SetDeadline(due=_FAR, reason=_WORDS),
    Reassign(reason=_WORDS),
    ChangeCooperators(units=(), reason=_WORDS),
    Cancel(reason=_WORDS),
    Reopen(reason=_WORDS),
)
"""A command of each kind, whose contents no state of a task forbids; the most likely one comes first."""


def possible(task: Task, caller: Caller, today: dt.date, *, ordered: bool) -> tuple[Permission, ...]:
    """The names of the commands that the caller could give now, the most likely one first.

    `today` is the local day, and `ordered` says that the notice, as it is now, orders the task.
    """
    facts = Facts(ordered=ordered)
    return tuple(each.permission for each in EXAMPLES if _is_possible(task, each, caller, today, facts))


def _is_possible(task: Task, example: Command, caller: Caller, today: dt.date, facts: Facts) -> bool:
    try:
        decide(task, example, caller, today, facts)
    except NothingChanged:
        # The task is as the example would have it; another command of its kind says something else.
        return True
    except Refusal:
        return False
    return True
