"""Who will be reminded of what, before it happens: a line of days, and each message beside it."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse

from services.notify.api.reminders import Reader, reminders
from services.notify.api.source import Source
from services.notify.pages.days import drawn
from services.notify.reminders.reading import Reminders
from services.notify.reminders.views import PlannedReminder
from shared import vocabulary
from shared.events.fields import TOKEN
from shared.identity.permissions import allowed
from shared.language import Words
from shared.problems import FieldProblem, Invalid
from shared.web.pages import shown
from shared.web.routing import page_router

_DAY = dt.timedelta(days=1)
_DEFAULT_DAYS, _MOST_DAYS = 6, 92
_EARLIEST, _LATEST = dt.date(2000, 1, 1), dt.date(9000, 1, 1)
_MOST_TASKS, _MOST_SHOWN = 2_000, 50
_TASKS_SHOWN = 3

_NO_DAYS = Words(
    "chọn các ngày liền nhau, ngày cuối không trước ngày đầu, nhiều nhất {most} ngày",
    "choose days that follow one another, {most} at most, the last not before the first",
)

router = page_router()

Named = Annotated[str | None, Query(pattern=TOKEN)]


@dataclass(frozen=True, slots=True)
class Shown:
    """Which reminders the page shows, as its address says: local days, and what they are about."""

    unit: Named = None
    meeting: Named = None
    task: Named = None
    first: Annotated[dt.date | None, Query(alias="from")] = None
    last: Annotated[dt.date | None, Query(alias="to")] = None

    def days(self, today: dt.date) -> tuple[dt.date, dt.date]:
        """The first and the last day.

        Raises:
            Invalid: they are too far apart, or in no order.
        """
        begin = self.first or today
        if not _EARLIEST <= begin <= _LATEST:
            raise Invalid(errors=[FieldProblem("from", "out_of_range", _NO_DAYS, {"most": _MOST_DAYS + 1})])
        end = self.last or begin + _DEFAULT_DAYS * _DAY
        if not begin <= end <= begin + _MOST_DAYS * _DAY:
            raise Invalid(errors=[FieldProblem("to", "out_of_range", _NO_DAYS, {"most": _MOST_DAYS + 1})])
        return begin, end

    def asked(self, **other: Any) -> dict[str, str]:
        """The parameters of the address, some of them otherwise."""
        now = {"unit": self.unit, "meeting": self.meeting, "task": self.task, "from": self.first, "to": self.last}
        return {name: str(value) for name, value in (now | other).items() if value}


@router.get("/reminders")
async def show_reminders(
    request: Request,
    source: Source,
    caller: Reader,
    answers: Annotated[Reminders, Depends(reminders)],
    which: Annotated[Shown, Depends()],
) -> HTMLResponse:
    """The reminders and escalations of some days, if everything stays as it is; for a unit's people, their own."""
    zone, now = answers.plan.office.zone, dt.datetime.now(dt.UTC)
    today = now.astimezone(zone).date()
    begin, end = which.days(today)
    midnight, after_last = (dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC) for day in (begin, end + _DAY))
    second = dt.timedelta(seconds=1)
    after, until = max(now, midnight - second), after_last - second
    tasks = await answers.coming(
        after,
        until,
        limit=_MOST_TASKS,
        units=None if allowed(caller, "read-reminders", "all") else caller.unit_ids,
        task_id=which.task,
        meeting_id=which.meeting,
        unit_id=which.unit,
    )
    preview = await answers.preview(tasks, after, until)
    left = preview.reminders[_MOST_SHOWN:]

    def day_of(each: PlannedReminder) -> dt.date:
        return each.at.astimezone(zone).date()

    units = source.directory().units
    return shown(
        request,
        "reminders.html",
        which=which,
        begin=begin,
        end=end,
        next=(end + _DAY, end + (end - begin) + _DAY),
        hour=f"{answers.plan.hour:%H:%M}",
        line=drawn(map(day_of, preview.reminders), begin, end, answers.plan.office.days),
        days=[(day, list(found)) for day, found in groupby(preview.reminders[:_MOST_SHOWN], day_of)],
        total=len(preview.reminders),
        complete=preview.complete and len(tasks) < _MOST_TASKS,
        left_from=day_of(left[0]) if left else None,
        tasks={each.task_id: each for each in tasks},
        tasks_shown=_TASKS_SHOWN,
        units=sorted((unit for unit in units.values() if not unit.closed), key=lambda unit: unit.name)
        if allowed(caller, "read-reminders", "all")
        else [],
        vocabulary=vocabulary,
    )
