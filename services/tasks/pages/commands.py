"""What people ask to happen to a task, by the forms of a page: each leads on, or shows the page with what is wrong."""

import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
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
from shared.problems import FieldProblem, Invalid, NotFound, Problem
from shared.web.forms import checked, files, filled, see
from shared.web.pages import language_of
from shared.web.routing import page_router

_LARGEST_FORM = 128 * 1024 * 1024
_FILES: Mapping[type[Command], str] = {ReportProgress: "attachments", SubmitCompletion: "evidence"}
"""The commands that files go with, and the field that names them."""

router = page_router()


@dataclass(frozen=True, slots=True)
class _Form:
    """What was sent: the fields of a command, the `version` that it is meant for, the files that were kept when it was
    refused before, the token of the page that it stood on, and the page that it leads to."""

    command: type[Command]
    fields: Mapping[str, Any]
    version: str | None
    kept: Sequence[str]
    token: str | None
    back: str

    def key_of(self, asked: Command) -> str | None:
        """The same form sent twice, by a double click or a reload, is one command."""
        if self.token is None:
            return None
        return hashlib.sha256(f"{self.token} {self.version} {asked.model_dump_json()}".encode()).hexdigest()

    def command_with(self, files: Sequence[File]) -> Command:
        """The command, with the files that go with it.

        Raises:
            Invalid: some fields cannot be used.
        """
        given = dict(self.fields)
        if self.command in _FILES:
            given[_FILES[self.command]] = files
        if self.command is SetDeadline and given.pop("no_due", None):
            given |= {"due": None, "time": None}
        return checked(self.command, given)


def _route(command: type[Command]) -> Callable[..., Awaitable[Response]]:
    async def post_command(
        request: Request, task_id: Id, source: Source, caller: Annotated[Caller, requires(command.permission)]
    ) -> Response:
        form = await _received(request, task_id, command)
        async with connected(source, None) as found:
            await see_task(found, caller, task_id, request.url.path)
        handed: list[File] = []
        try:
            await _keep(request, source, form, handed)
            meant = versions(f'"{form.version}"' if form.version else None)
            asked = form.command_with(handed)
            wanted = handlers.Request(task_id, asked, caller, meant, form.key_of(asked), request.state.request_id)
            carried = await dispatched(source, wanted)
        except NotFound:
            raise
        except Problem as problem:
            sent = _sent(request, form, handed, problem)
            async with connected(source, None) as found:
                answer = await task_page(request, caller, source, found, task_id, sent=sent, status=problem.status)
            answer.headers.update(problem.headers)
            return answer
        path, _, fragment = form.back.partition("#")
        return see(request, path, command.permission if carried.shown else RECORDED, fragment)

    return post_command


async def leave_command(request: Request, task_id: Id, _: TaskReader) -> RedirectResponse:
    """Whoever comes to a command's address by a link, or loads it again, sees the task."""
    return see(request, f"/tasks/{task_id}")


async def _received(request: Request, task_id: str, command: type[Command]) -> _Form:
    fields, token = await filled(request), (await request.form()).get(FORM_FIELD)
    wanted, version = fields.pop("next", None), fields.pop("version", None)
    kept = _each(fields.pop("kept", ()))
    if command is ChangeCooperators:
        fields["units"] = _each(fields.get("units", ()))
    return _Form(
        command,
        fields,
        version if isinstance(version, str) else None,
        kept,
        token if isinstance(token, str) else None,
        own_page(wanted) if isinstance(wanted, str) else f"/tasks/{task_id}",
    )


def _each(given: str | Sequence[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


async def _keep(request: Request, source: Reading, form: _Form, found: list[File]) -> None:
    """Adds the files that go with a command: those of it when it was refused before, and those that come now.

    Raises:
        TooLarge, NotTaken, Unavailable: see `taken`.
        Invalid: a file has a name that cannot be recorded.
    """
    if form.command not in _FILES:
        return
    for each in form.kept:
        sha256, _, name = each.partition(" ")
        found.append(_file(sha256, name))
    most: int = request.app.state.largest_attachment
    for file in await files(request, "attachments"):
        if file.size is not None and file.size > most:
            raise TooLarge(most=most)
        kept = await taken(source.client, await file.read(), most)
        found.append(_file(kept.sha256, file.filename))


def _file(sha256: str, name: str | None) -> File:
    try:
        return checked(File, {"sha256": sha256, "name": name})
    except Invalid as error:
        errors = [FieldProblem("/attachments", each.code, each.detail, each.values) for each in error.errors]
        raise Invalid(errors=errors) from error


def _sent(request: Request, form: _Form, kept: Sequence[File], problem: Problem) -> Sent:
    language = language_of(request)
    told, labels = problem.told(language), {name: words.to(language) for name, words in FIELDS.items()}
    since = told.get("since", []) if isinstance(problem, Stale) else []
    meanwhile = [
        Meanwhile(each["event"], each["actor_name"], each["actor"], dt.datetime.fromisoformat(each["at"]))
        for each in since
    ]
    return Sent(form.command.permission, form.fields, kept, told, meanwhile, form.back, labels)


for _command in COMMANDS.values():
    _path = f"/tasks/{{task_id}}/{_command.permission}"
    router.post(_path, max_body_size=_LARGEST_FORM, response_model=None)(_route(_command))
    router.get(_path, response_model=None)(leave_command)
