"""The page of the organisations below this one, each with the figures that it shares."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.tasks.api.children import ChildView, Heard, together
from services.tasks.pages.board.overview import KIND_WORDS, parts_of_bar
from services.tasks.register.figures import DONE_KINDS, OPEN_KINDS
from services.tasks.register.summary import Kind
from shared.identity.guard import requires
from shared.web.pages import shown
from shared.web.routing import page_router

router = page_router()


@dataclass(frozen=True, slots=True)
class Line:
    """An organisation; `bar` is where each part of its bar begins and its width, in percent."""

    view: ChildView
    bar: Sequence[tuple[Kind, float, float]]


@router.get("/children", dependencies=[requires("read-children")])
async def show_children(request: Request, heard: Heard) -> HTMLResponse:
    """The sum, a line for each organisation, and how old its word is."""
    found = together(heard, dt.datetime.now(dt.UTC))
    return shown(
        request,
        "children.html",
        total=found,
        lines=lines(found.children),
        open_kinds=OPEN_KINDS,
        done_kinds=DONE_KINDS,
        kind_words=KIND_WORDS,
    )


def lines(views: Sequence[ChildView]) -> list[Line]:
    """A line for each organisation, with bars that compare them."""
    told: Mapping[str, Mapping[Kind, int]] = {each.organisation: each.tasks for each in views if each.tasks}
    widest = max((sum(tasks[kind] for kind in OPEN_KINDS) for tasks in told.values()), default=0)
    return [
        Line(each, parts_of_bar(told[each.organisation], widest) if each.organisation in told else []) for each in views
    ]
