"""The page of one directive: what it orders, whose it is, what can be done now, and everything that happened."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.parameters import Id, TaskReader
from services.tasks.pages import words
from services.tasks.pages.happenings import happenings
from services.tasks.pages.known import programs_of
from services.tasks.pages.recurring import recurring
from services.tasks.pages.timeline import Step, excerpt, timeline
from services.tasks.reading import Connection, Reading, Source
from services.tasks.register import queries, tasks
from services.tasks.register.choices import Choice, list_people, list_units
from services.tasks.register.history import task_history
from services.tasks.register.rows import task_of
from services.tasks.register.series import list_turns
from services.tasks.register.standing import is_ordered
from services.tasks.register.task_views import task_view
from services.tasks.sight import sight
from services.tasks.task.authority import needed
from services.tasks.task.commands import File
from services.tasks.task.possible import possible
from shared import vocabulary
from shared.deadline_rules import RULES
from shared.events.task import CompletionSubmitted, ExtensionRequested
from shared.identity.caller import Caller
from shared.identity.permissions import Permission, allowed
from shared.problems import NotFound
from shared.web import wording
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

DIRECTIVES = 100
"""How many directives of a notice its page holds."""

_TURNS = 24
_NAMING: frozenset[Permission] = frozenset({"reassign", "change-cooperators"})

router = page_router()


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody else did to a task before a command for it came."""

    event: str
    name: str | None
    actor: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """A command that was refused: what was typed, which files are kept already, what is wrong (`told`, a problem
    detail), what others did `meanwhile`, to which page it was to lead, and what the fields are called."""

    command: Permission
    fields: Mapping[str, Any]
    kept: Sequence[File]
    told: Mapping[str, Any]
    meanwhile: Sequence[Meanwhile]
    back: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Offered:
    """What the forms offer to choose from."""

    units: Sequence[Choice] = ()
    people: Sequence[tuple[str, Sequence[Choice]]] = ()

    @property
    def unit_pairs(self) -> list[tuple[str, str]]:
        """The units, each with its id and its name."""
        return [(unit.id, unit.name) for unit in self.units]


@router.get("/tasks/{task_id}")
async def show_task(
    request: Request,
    task_id: Id,
    caller: TaskReader,
    source: Source,
    found: Connection,
    before: Annotated[dt.date | None, Query(description="periods of a recurring task that begin earlier")] = None,
) -> HTMLResponse:
    """A task as it is now."""
    return await task_page(request, caller, source, found, task_id, before=before)


async def task_page(
    request: Request,
    caller: Caller,
    source: Reading,
    found: AsyncConnection,
    task_id: str,
    *,
    sent: Sent | None = None,
    status: int = HTTPStatus.OK,
    before: dt.date | None = None,
) -> HTMLResponse:
    """The page of a task that the caller may see, with what they sent where that was refused.

    Raises:
        NotFound: there is no such task.
    """
    today = source.today()
    sequence = await queries.register_sequence(found)
    row = await see_task(found, caller, task_id, request.url.path)
    task = task_view(row._mapping, today)
    steps = timeline(await task_history(found, task, whole=False))
    can = possible(task_of(row), caller, today.date, ordered=is_ordered(row))
    if sent and sent.command in can:
        can = (sent.command, *(name for name in can if name != sent.command))
    turns = await list_turns(found, task_id, sight(caller), today, before, _TURNS + 1) if task.is_series else []
    return shown(
        request,
        "task.html",
        status,
        task=task,
        first=(task.directive.ordinal - 1) // DIRECTIVES * DIRECTIVES,
        meeting=await queries.find_meeting(found, task.meeting.id, sight(caller)),
        sequence=sequence,
        history=happenings(steps),
        excerpt=excerpt(steps, task.directive.span),
        can=can,
        sent=sent,
        offered=await _offered(found, task.unit.id) if not _NAMING.isdisjoint(can) else Offered(),
        result=_last(steps, CompletionSubmitted) if task.status == "submitted" else None,
        extension=_last(steps, ExtensionRequested) if task.pending_until else None,
        turns=turns[:_TURNS],
        more_turns=len(turns) > _TURNS,
        programs=programs_of(request),
        recurring=recurring,
        rules=RULES,
        words=words,
        vocabulary=vocabulary,
        deadline=partial(wording.deadline, today=today.date, language=language_of(request)),
    )


async def see_task(found: AsyncConnection, caller: Caller, task_id: str, path: str) -> Any:
    """The register's row of a task that the caller may see; see `services.tasks.register.tasks.find_row`.

    Raises:
        NotFound: there is none, as far as they are told; `path` is what they asked for.
    """
    row = await tasks.find_row(found, task_id)
    if row is None or not allowed(caller, "read-tasks", needed(task_of(row), caller)):
        raise NotFound(what=path)
    return row


async def _offered(found: AsyncConnection, unit_id: str) -> Offered:
    return Offered(await list_units(found), await list_people(found, unit_id))


def _last(steps: Sequence[Step], kind: type) -> Step | None:
    return next((step for step in reversed(steps) if isinstance(step.data, kind)), None)
