"""What people ask to happen to a task, by the forms of a page: each leads on, or shows the page with what is wrong."""

import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.tasks import handlers
from services.tasks.api.parameters import Id, TaskReader
from services.tasks.attachments.taking import TooLarge, taken
from services.tasks.dispatch import dispatched
from services.tasks.pages.said import RECORDED
from services.tasks.pages.task import Meanwhile, Sent, see_task, task_page
from services.tasks.pages.words import FIELDS
from services.tasks.problems import Stale
from services.tasks.reading import Reading, Source, connected
from services.tasks.task.commands import (
    COMMANDS,
    ChangeCooperators,
    Command,
    File,
    ReportProgress,
    SetDeadline,
    SubmitCompletion,
)
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.identity.places import own_page
from shared.identity.sessions import FORM_FIELD
from shared.preconditions import versions
from shared.problems import NotFound, Problem
from shared.web.forms import checked, files, filled, see
from shared.web.pages import language_of
from shared.web.routing import page_router

_LARGEST_FORM = 128 * 1024 * 1024
_FILES: Mapping[type[Command], str] = {ReportProgress: "attachments", SubmitCompletion: "evidence"}
"""The commands that files go with, and the field that names them."""

router = page_router()


def _route(command: type[Command]) -> Callable[..., Awaitable[Response]]:
    async def post_command(
        request: Request, task_id: Id, source: Source, caller: Annotated[Caller, requires(command.permission)]
    ) -> Response:
        fields = await filled(request)
        back = own_page(wanted) if isinstance(wanted := fields.pop("next", None), str) else f"/tasks/{task_id}"
        async with connected(source, None) as found:
            await see_task(found, caller, task_id, request.url.path)
        kept: list[File] = []
        try:
            await _keep(request, source, command, fields, kept)
            carried = await _carried(request, source, caller, task_id, command, fields, kept)
        except NotFound:
            raise
        except Problem as problem:
            sent = _sent(request, command, fields, kept, problem, back)
            async with connected(source, None) as found:
                answer = await task_page(request, caller, source, found, task_id, sent=sent, status=problem.status)
            answer.headers.update(problem.headers)
            return answer
        path, _, fragment = back.partition("#")
        return see(request, path, command.permission if carried.shown else RECORDED, fragment)

    return post_command


async def leave_command(request: Request, task_id: Id, _: TaskReader) -> RedirectResponse:
    """Whoever comes to a command's address by a link, or loads it again, sees the task."""
    return see(request, f"/tasks/{task_id}")


async def _carried(
    request: Request,
    source: Reading,
    caller: Caller,
    task_id: str,
    command: type[Command],
    fields: Mapping[str, Any],
    kept: Sequence[File],
) -> handlers.Carried:
    """What the command led to.

    Raises:
        Problem: it was refused; see `dispatched` and `checked`.
    """
    given = {name: value for name, value in fields.items() if name not in ("version", "kept")}
    if command in _FILES:
        given[_FILES[command]] = kept
    if command is ChangeCooperators:
        units = given.get("units", [])
        given["units"] = [units] if isinstance(units, str) else units
    if command is SetDeadline and given.pop("no_due", None):
        given |= {"due": None, "time": None}
    meant = versions(f'"{fields["version"]}"' if "version" in fields else None)
    asked = checked(command, given)
    key = await _key(request, fields["version"], asked)
    return await dispatched(source, handlers.Request(task_id, asked, caller, meant, key, request.state.request_id))


async def _key(request: Request, version: str, asked: Command) -> str | None:
    """The same form sent twice, by a double click or a reload, is one command."""
    token = (await request.form()).get(FORM_FIELD)
    if not isinstance(token, str):
        return None
    return hashlib.sha256("\0".join((token, version, asked.model_dump_json())).encode()).hexdigest()


async def _keep(
    request: Request, source: Reading, command: type[Command], fields: Mapping[str, Any], kept: list[File]
) -> None:
    """Adds the files that go with a command to `kept`: those of it when it was refused before, and those that come now.

    Raises:
        TooLarge, NotTaken, Unavailable: see `taken`.
        Invalid: a file has a name that cannot be recorded.
    """
    if command not in _FILES:
        return
    before = fields.get("kept", [])
    for each in [before] if isinstance(before, str) else before:
        sha256, _, name = each.partition(" ")
        kept.append(checked(File, {"sha256": sha256, "name": name}))
    most: int = request.app.state.largest_attachment
    for file in await files(request, "attachments"):
        if file.size is not None and file.size > most:
            raise TooLarge(most=most)
        found = await taken(source.client, await file.read(), most)
        kept.append(checked(File, {"sha256": found.sha256, "name": file.filename}))


def _sent(
    request: Request,
    command: type[Command],
    fields: Mapping[str, Any],
    kept: Sequence[File],
    problem: Problem,
    back: str,
) -> Sent:
    language = language_of(request)
    told, labels = problem.told(language), {name: words.to(language) for name, words in FIELDS.items()}
    since = told.get("since", []) if isinstance(problem, Stale) else []
    meanwhile = [
        Meanwhile(each["event"], each["actor_name"], each["actor"], dt.datetime.fromisoformat(each["at"]))
        for each in since
    ]
    own = {name: value for name, value in fields.items() if name not in ("version", "kept")}
    return Sent(command.permission, own, kept, told, meanwhile, back, labels)


for _command in COMMANDS.values():
    _path = f"/tasks/{{task_id}}/{_command.permission}"
    router.post(_path, max_body_size=_LARGEST_FORM, response_model=None)(_route(_command))
    router.get(_path, response_model=None)(leave_command)
