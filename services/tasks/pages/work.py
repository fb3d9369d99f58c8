"""The page of a unit's own work: what is new, late, due soon, waits for an answer, and the rest."""

from collections.abc import Mapping
from functools import partial
from itertools import groupby
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from services.tasks.api.parameters import Cursor
from services.tasks.pages.known import directory_of
from services.tasks.reading import Connection, Source
from services.tasks.register.worklist import SHARES, Share, list_work
from shared import vocabulary
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.language import Words
from shared.pagination import cursor as cursor_of
from shared.pagination import sequence_of
from shared.web import wording
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_TASKS = 30

NAMES: Mapping[Share, Words] = {
    "new": Words("Mới giao", "New"),
    "overdue": Words("Quá hạn", "Overdue"),
    "due-soon": Words("Sắp đến hạn", "Due soon"),
    "waiting": Words("Chờ trả lời", "Waiting for an answer"),
    "open": Words("Đang thực hiện", "Under way"),
    "cooperating": Words("Phối hợp với đơn vị khác", "Co-operating with other units"),
}
"""What each share of the work is called."""

router = page_router()


@router.get("/work")
async def show_work(
    request: Request,
    caller: Annotated[Caller, requires("acknowledge")],
    source: Source,
    found: Connection,
    only: Annotated[Share | None, Query()] = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """The open work of the caller's units, or one share of it."""
    today = source.today()
    listed = await list_work(found, caller.unit_ids, only, today, sequence_of(cursor) or 0, _TASKS + 1)
    page = listed.work[:_TASKS]
    groups = [(None, page)] if only else [(share, list(each)) for share, each in groupby(page, lambda work: work.share)]
    return shown(
        request,
        "work.html",
        unit=_unit_of(request, caller),
        groups=groups if page else [],
        all=listed.all,
        counts=listed.counts,
        shares=SHARES,
        names=NAMES,
        only=only,
        first=cursor is None,
        more=cursor_of(page[-1].place) if len(listed.work) > _TASKS else None,
        vocabulary=vocabulary,
        deadline=partial(wording.deadline, today=today.date, language=language_of(request)),
    )


def _unit_of(request: Request, caller: Caller) -> str | None:
    """The name of the unit that a person is in."""
    directory = directory_of(request)
    person = directory.people.get(caller.person_id or "")
    unit = directory.units.get(person.unit_id or "") if person else None
    return unit.name if unit else None
