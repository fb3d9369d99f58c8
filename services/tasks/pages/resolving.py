"""Giving the open work of a unit that the directory lacks to one that it knows, and keeping the words for next time."""

import asyncio
from typing import Annotated

from pydantic import BaseModel, StringConstraints

from services.tasks import handlers, problems
from services.tasks.directory import decision, refusals
from services.tasks.directory.commands import AddAlias
from services.tasks.directory.door import Asked, Stale, carry_out
from services.tasks.dispatch import dispatched
from services.tasks.reading import Reading
from services.tasks.register.views import TaskView
from services.tasks.task.commands import Reassign
from shared.database import DatabaseUnavailable
from shared.directory.directory import Directory, Unit
from shared.events.fields import Token
from shared.identity.caller import Caller
from shared.identity.live import LiveIdentity
from shared.identity.permissions import allowed
from shared.identity.refusals import NotAllowed
from shared.language import Words
from shared.log.faults import LogFault
from shared.problems import DATABASE_AWAY, FieldProblem, Invalid, Problem, Unavailable
from shared.web.forms import checked

MOST_AT_ONCE = 200
"""How many tasks one form gives away; the same form again goes on with the rest."""

_SIDE_BY_SIDE = 4
_REASON = "Xác định “{phrase}” trong thông báo là {unit}."
_NONE_CHOSEN = Words("chọn một đơn vị, hoặc nhập tên đơn vị", "choose a unit, or type the name of one")
_NO_SUCH_UNIT = Words(
    "danh bạ không có đơn vị nào đang hoạt động tên “{name}”, hoặc có nhiều hơn một",
    "the directory has no open unit of the name “{name}”, or more than one",
)
_CHANGED = Words(
    "đơn vị này vừa được người khác sửa; gửi lại để thử lần nữa",
    "somebody else changed this unit just now; send it again",
)


class Resolve(BaseModel):
    """What the form says: the unit `of` which it is, and the one that was chosen, by its id or by an `other` name."""

    of: Token
    unit: Token | None = None
    other: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    remember: bool = False


def chosen(directory: Directory, wanted: Resolve) -> Unit:
    """The unit that the form chooses.

    Raises:
        Invalid: it chooses none, or the directory has no such open unit.
    """
    if wanted.other:
        named = directory.named(wanted.other)
        unit = named[0] if len(named) == 1 else directory.units.get(wanted.other)
    else:
        unit = directory.units.get(wanted.unit or "")
    if unit is not None and not unit.closed:
        return unit
    name = wanted.other or wanted.unit
    words = _NO_SUCH_UNIT if name else _NONE_CHOSEN
    raise Invalid(errors=[FieldProblem("/other", "unknown-unit", words, {"name": name})])


async def remember(
    source: Reading, identity: LiveIdentity, caller: Caller, request_id: str, unit: Unit, phrase: str
) -> bool:
    """Makes a phrase find a unit from now on. Gives whether it did not before.

    Raises:
        NotAllowed: the caller may not change units.
        Invalid: the phrase is no name or means another unit, or somebody changes the unit at this moment; nothing was
            recorded.
        Unavailable: the log or PostgreSQL does not answer.
    """
    if not allowed(caller, "change-units", "all"):
        raise NotAllowed(caller.name, "change-units", "all")
    command = checked(AddAlias, {"alias": phrase})
    asked = Asked(
        f"unit.{unit.id}", lambda directory: decision.of_unit(unit.id, command, directory), caller, request_id
    )
    try:
        carried = await carry_out(source, identity, asked)
    except refusals.Refusal as refusal:
        raise Invalid(errors=[FieldProblem("/remember", refusal.code, refusal.words, refusal.values)]) from refusal
    except Stale as stale:
        raise Invalid(errors=[FieldProblem("/remember", "changed", _CHANGED, {})]) from stale
    except DatabaseUnavailable as fault:
        raise Unavailable(DATABASE_AWAY) from fault
    except LogFault as fault:
        raise Unavailable(problems.LOG_AWAY) from fault
    return carried.events > 0


async def reassign(
    source: Reading, caller: Caller, request_id: str, unit: Unit, tasks: list[TaskView]
) -> tuple[int, int]:
    """Gives tasks to a unit, each in the version in which it was seen. Gives how many were done, and how many a rule
    or somebody else's change refused. The same again finds what was done, and does it to the rest.

    Raises:
        Unavailable: the log or PostgreSQL does not answer; what was done stays.
    """
    limit = asyncio.Semaphore(_SIDE_BY_SIDE)

    async def one(task: TaskView) -> bool:
        reason = _REASON.format(phrase=task.unit.name, unit=unit.name)
        command, key = Reassign(unit=unit.id, reason=reason), f"resolved-{unit.id}-{task.version}"
        asked = handlers.Request(task.id, command, caller, frozenset({task.version}), key, request_id)
        async with limit:
            try:
                await dispatched(source, asked)
            except Unavailable:
                raise
            except Problem:
                return False
        return True

    done = await asyncio.gather(*map(one, tasks))
    return sum(done), len(done) - sum(done)
