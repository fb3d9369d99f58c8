"""HTTP: what may be asked to happen to a task, each command at its own address."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body, FastAPI, Header, Path, Request, Response

from services.tasks import handlers
from services.tasks.dispatch import dispatched
from services.tasks.reading import Source
from services.tasks.register.views import TaskView
from services.tasks.task.commands import COMMANDS, Command
from shared.events.fields import TOKEN
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.identity.permissions import Permission
from shared.preconditions import entity_tag, idempotency_key, versions

# The largest command names twenty files by long names beside a text.
_LARGEST_COMMAND = 256 * 1024

router = APIRouter(prefix="/v1/tasks/{task_id}", max_body_size=_LARGEST_COMMAND)

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The task after it; ETag is its version"},
    202: {"model": TaskView, "description": "Recorded; the register shows it in a moment"},
    400: {"description": "The Idempotency-Key has no usable form, or the body is no JSON"},
    403: {"description": "It is not the caller's to do; the answer names whose it is"},
    409: {
        "description": "A rule of the life of a task forbids it; the code names the rule, or says `task-unreadable` "
        "where the task's last event is parked"
    },
    412: {"description": "Somebody changed the task meanwhile; the answer names who changed what"},
    413: {"description": "The body is larger than any command"},
    422: {"description": "Fields that cannot be used, or a key that was used for something else"},
    428: {"description": "The request does not say which version of the task it is meant for"},
    503: {"description": "The log or the register does not answer; Retry-After says when to ask again"},
}


def install(app: FastAPI) -> None:
    """Adds the routes."""
    app.include_router(router)


def _route(name: Permission, command: type[Command]) -> Callable[..., Awaitable[TaskView]]:
    async def post_command(
        task_id: Annotated[str, Path(pattern=TOKEN)],
        asked: Annotated[Command, Body()],
        request: Request,
        response: Response,
        source: Source,
        caller: Annotated[Caller, requires(name)],
        if_match: Annotated[str | None, Header(description="the task's ETag")] = None,
        idempotency_key_header: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
    ) -> TaskView:
        wanted = handlers.Request(
            task_id,
            asked,
            caller,
            versions(if_match),
            idempotency_key(idempotency_key_header),
            request.state.request_id,
        )
        carried = await dispatched(source, wanted)
        response.headers["ETag"] = entity_tag(carried.task.version)
        if carried.repeated:
            response.headers["Idempotency-Replayed"] = "true"
        if not carried.shown:
            response.status_code = HTTPStatus.ACCEPTED
        return carried.task

    needs_body = any(field.is_required() for field in command.model_fields.values())
    body = Body() if needs_body else Body(default_factory=command)
    post_command.__annotations__["asked"] = Annotated[command, body]
    post_command.__name__ = f"post_{name.replace('-', '_')}"
    post_command.__doc__ = command.__doc__
    return post_command


for _name, _command in COMMANDS.items():
    router.post(f"/{_name}", summary=(_command.__doc__ or "").splitlines()[0], responses=_RESPONSES)(
        _route(_name, _command)
    )
