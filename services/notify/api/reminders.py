"""HTTP: who will be reminded of which deadlines, and why somebody was reminded or not."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from services.notify.reminders.reading import Reminders
from services.notify.reminders.views import Preview, ReminderExplanation
from services.notify.taskstate import TaskState
from shared.events.fields import TOKEN
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.identity.permissions import Reach, allowed
from shared.identity.refusals import NotAllowed
from shared.language import Words
from shared.problems import FieldProblem, Invalid, NotFound

_DEFAULT_DAYS = 31
_MOST_DAYS = 366
_DAY = dt.timedelta(days=1)

NOTHING_NAMED = Words("phải nêu task, meeting hoặc unit", "name a task, a meeting or a unit")
TOO_LONG = Words("khoảng thời gian phải từ 0 đến 366 ngày", "from `from` to `to` it must be 0 to 366 days")
PERSON_MISSING = Words("chương trình phải nêu người cần hỏi", "a program has to say whom it asks about")

router = APIRouter(prefix="/v1")


async def reminders(request: Request) -> Reminders:
    """What answers."""
    found: Reminders = request.app.state.reminders
    return found


Answers = Annotated[Reminders, Depends(reminders)]
Reader = Annotated[Caller, requires("read-reminders")]
Named = Annotated[str | None, Query(pattern=TOKEN)]


@router.get("/reminders/preview", summary="Who will be reminded of which deadlines, before it happens")
async def get_preview(
    answers: Answers,
    caller: Reader,
    task: Named = None,
    meeting: Named = None,
    unit: Named = None,
    first: Annotated[dt.date | None, Query(alias="from", description="local day; today where absent")] = None,
    last: Annotated[dt.date | None, Query(alias="to", description="local day; 31 days later where absent")] = None,
) -> Preview:
    """One line for each message that is to come, if everything stays as it is: when, by which rule, to whom, of which
    tasks, and by which channels.

    Tasks that the caller may not see are left out. What is past is not in it: that stands in the inboxes.
    """
    if task is None and meeting is None and unit is None:
        raise Invalid(errors=[FieldProblem("task", "missing", NOTHING_NAMED, {})])
    zone = answers.plan.office.zone
    now = dt.datetime.now(dt.UTC)
    begin = first or now.astimezone(zone).date()
    if begin > dt.date.max - _MOST_DAYS * 2 * _DAY or begin < dt.date(2000, 1, 1):
        raise Invalid(errors=[FieldProblem("from", "out_of_range", TOO_LONG, {})])
    end = last or begin + _DEFAULT_DAYS * _DAY
    if not begin <= end <= begin + _MOST_DAYS * _DAY:
        raise Invalid(errors=[FieldProblem("to", "out_of_range", TOO_LONG, {})])
    midnight = dt.datetime.combine(begin, dt.time(), zone).astimezone(dt.UTC)
    until = dt.datetime.combine(end + _DAY, dt.time(), zone).astimezone(dt.UTC)
    tasks = await answers.tasks(task_id=task, meeting_id=meeting, unit_id=unit)
    # A moment at midnight belongs to the day that it begins.
    after = max(now, midnight - dt.timedelta(seconds=1))
    return await answers.preview(
        [each for each in tasks if _sees(caller, each)], after, until - dt.timedelta(seconds=1)
    )


@router.get(
    "/reminders/explain",
    summary="Why somebody was reminded of a task's deadline, or was not",
    responses={404: {"description": "There is no such task, or none that whoever asks may see"}},
)
async def get_explanation(
    answers: Answers,
    caller: Reader,
    task: Annotated[str, Query(pattern=TOKEN)],
    person: Annotated[str | None, Query(pattern=TOKEN, description="id of the person; your own where absent")] = None,
) -> ReminderExplanation:
    """Each step of the deadline that the task has now: when it is due, whether the person was told by it or will be,
    and what decides so.

    About others ask those who may see who was told. How things stood at an earlier moment,
    `/v1/notifications/explain` says of any event.
    """
    person = person or caller.person_id
    if person is None:
        raise Invalid(errors=[FieldProblem("person", "missing", PERSON_MISSING, {})])
    if person != caller.person_id and not allowed(caller, "read-notifications", "all"):
        raise NotAllowed(caller.name, "read-notifications", "all")
    found = await answers.tasks(task_id=task, meeting_id=None, unit_id=None)
    if not found or not _sees(caller, found[0]):
        raise NotFound(what=f"task {task}")
    return await answers.explain(found[0], person, dt.datetime.now(dt.UTC))


def _sees(caller: Caller, state: TaskState) -> bool:
    needed: Reach = "all"
    if state.unit_id in caller.unit_ids:
        needed = "responsible"
    elif not caller.unit_ids.isdisjoint(state.cooperators):
        needed = "involved"
    return allowed(caller, "read-reminders", needed)
