"""HTTP: the summaries that the organisations below this one share."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request
from pydantic import BaseModel

from services.tasks.children.known import Child, KnownChildren
from services.tasks.register.summary import KINDS, Kind
from shared.identity.guard import requires


class ChildView(BaseModel):
    """An organisation and what it last said of itself; nothing where it has not said anything yet.

    `at`, `sequence` and `root` are the moment of its figures and the state of its record on which they rest: with a
    proof of consistency it can show later that they were so. `silent`: nothing was heard for more than ten minutes;
    `fault`: what was wrong with its last word, behind the one that is shown.
    """

    organisation: str
    name: str | None = None
    address: str | None = None
    heard_at: dt.datetime | None = None
    at: dt.datetime | None = None
    sequence: int | None = None
    root: str | None = None
    meetings: int | None = None
    tasks: Mapping[Kind, int] | None = None
    silent: bool
    fault: str | None = None


class Children(BaseModel):
    """All of them, those with most overdue tasks first, and the sum of what was heard."""

    children: tuple[ChildView, ...]
    meetings: int
    tasks: Mapping[Kind, int]


router = APIRouter(prefix="/v1")


def install(app: FastAPI) -> None:
    """Adds the route."""
    app.include_router(router)


async def known(request: Request) -> KnownChildren:
    """What this application has heard."""
    found: KnownChildren = request.app.state.children
    return found


Heard = Annotated[KnownChildren, Depends(known)]


@router.get(
    "/children",
    summary="The summaries that the organisations below this one share, and their sum",
    dependencies=[requires("read-children")],
)
async def get_children(heard: Heard) -> Children:
    """An office without organisations below it has none."""
    return together(heard, dt.datetime.now(dt.UTC))


def together(heard: KnownChildren, now: dt.datetime) -> Children:
    """All children as they are shown at a moment."""
    views = sorted((_view(each, now) for each in heard.children.values()), key=_pressing)
    said = [each for each in views if each.tasks is not None]
    return Children(
        children=tuple(views),
        meetings=sum(each.meetings or 0 for each in said),
        tasks={kind: sum(each.tasks[kind] for each in said if each.tasks) for kind in KINDS},
    )


def _pressing(view: ChildView) -> tuple[int, int, str]:
    tasks = view.tasks or {}
    return -tasks.get("overdue", 0), -tasks.get("due_soon", 0), view.name or view.organisation


def _view(child: Child, now: dt.datetime) -> ChildView:
    said = child.summary.model_dump() if child.summary else {}
    return ChildView(
        organisation=child.organisation,
        heard_at=child.heard_at,
        silent=child.is_silent(now),
        fault=child.fault,
        **said,
    )
