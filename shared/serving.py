"""What every service's process has in common: its application's frame, its server, and tasks that must not end."""

import asyncio
import gc
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeVar

import structlog
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from nats.aio.client import Client

from shared import health, openapi, problems
from shared.foreign_pages import OwnPagesOnly
from shared.identity.guard import requires
from shared.log.follow import Follower
from shared.requests import BodyTooLarge, Head, PlainForms, RequestId
from shared.settings import Settings, UnusableSettings
from shared.telemetry import configure

log = structlog.get_logger()

_GRACE_SECONDS = 1
_CANCEL_AGAIN_SECONDS = 0.2
_UNUSABLE = 2
_LOOK_AGAIN_SECONDS = 1.0

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def application(service: str, title: str, public_url: str, lifespan: Lifespan) -> FastAPI:
    """A service's application: problem details for every error, a request id for every request, no foreign scripts."""
    app = FastAPI(
        title=title,
        version="0.1.0",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        separate_input_output_schemas=False,
    )
    problems.install(app)
    openapi.documented(app)

    @app.get(f"/{service}/openapi.json", include_in_schema=False, dependencies=[requires("read-descriptions")])
    async def get_openapi() -> JSONResponse:
        return JSONResponse(app.openapi())

    app.add_middleware(BodyTooLarge, answer=problems.BodyTooLarge().answer)
    app.add_middleware(PlainForms)
    app.add_middleware(OwnPagesOnly, public_url=public_url)
    app.add_middleware(Head)
    app.add_middleware(RequestId)
    return app


S = TypeVar("S", bound=Settings)


def configured(service: str, settings: type[S]) -> S:
    """This process's settings, with its logs set up; ends the process with exit code 2 where they cannot be used."""
    try:
        given = settings.from_environment()
    except UnusableSettings as error:
        sys.stderr.write(f"ketluan {service}: {error}\n")
        sys.exit(_UNUSABLE)
    configure(service, given.log_level)
    return given


def serve(app: FastAPI, settings: Settings) -> None:
    """Serves until a signal asks to stop. Open streams are ended after one second."""
    _spare_the_collector()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


def _spare_the_collector() -> None:
    """Leaves what is loaded out of garbage collection, and collects rarely.

    A notice of a thousand directives makes tens of thousands of objects that reference counts free by themselves; the
    collector, left as it is, looks through all of them and all modules dozens of times meanwhile.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@asynccontextmanager
async def running(*tasks: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Runs tasks that end only with the block. One that ends by itself stops the process, whose keeper restarts it:
    a service that serves while its follower is dead would tell an old truth."""
    started = [asyncio.create_task(task) for task in tasks]
    for task in started:
        task.add_done_callback(_stop_when_failed)
    try:
        yield
    finally:
        await _ended(set(started))


async def _ended(tasks: "set[asyncio.Task[None]]") -> None:
    """Cancels tasks until each has ended: on Python 3.11 a wait that is over at that moment swallows a cancellation."""
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=_CANCEL_AGAIN_SECONDS)


def _stop_when_failed(task: "asyncio.Task[None]") -> None:
    if not task.cancelled():
        log.critical("task_ended", task=task.get_name(), exc_info=task.exception())
        signal.raise_signal(signal.SIGTERM)


async def until_closed(client: Client) -> None:
    """Returns when the connection to the log is closed for good, which nats-py does after an error that it cannot
    mend: only a new process connects again."""
    while not client.is_closed:  # noqa: ASYNC110 - nats-py offers no event for it
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


def log_check(client: Client) -> health.Check:
    """Whether the connection to the log stands."""

    async def check() -> str | None:
        return None if client.is_connected else "NATS does not answer"

    return check


def follower_check(follower: Follower) -> health.Check:
    """Whether a follower reads: not faulted, and the server heard lately."""

    async def check() -> str | None:
        silence = time.monotonic() - follower.heard
        if follower.fault:
            return follower.fault
        if not follower.caught_up:
            return f"still reading: at event {follower.position}"
        if silence > health.FOLLOWER_SILENCE_SECONDS:
            return f"nothing heard from the log for {silence:.0f} s"
        return None

    return check
