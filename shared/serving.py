"""What every service's process has in common: its application's frame, its server, and tasks that must not end."""

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import NoReturn, TypeVar

import structlog
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from nats.aio.client import Client

from shared import health, openapi, operations, problems
from shared.cancelling import cancelled
from shared.foreign_pages import OwnPagesOnly
from shared.identity.guard import requires
from shared.log.cut_off import leave_when_cut_off
from shared.log.follow import Follower
from shared.log.stream import STREAM
from shared.operations import LoopWatch
from shared.requests import BodyTooLarge, Head, PlainForms, RequestId
from shared.settings import Settings, UnusableSettings
from shared.telemetry import metrics, traces
from shared.telemetry.logs import configure
from shared.telemetry.middleware import Told

log = structlog.get_logger()

_GRACE_SECONDS = 1
_UNUSABLE = 2
_LOOK_AGAIN_SECONDS = 1.0

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def application(service: str, title: str, public_url: str, lifespan: Lifespan) -> FastAPI:
    """A service's application: problem details for every error, a request id for every request, no foreign scripts.

    Its state has the watch over its event loop.
    """
    watch = LoopWatch(service)

    @asynccontextmanager
    async def watched(app: FastAPI) -> AsyncIterator[None]:
        async with watch.beating(), lifespan(app):
            yield

    app = FastAPI(
        title=title,
        version="0.1.0",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=watched,
        separate_input_output_schemas=False,
    )
    app.state.loop = watch
    problems.install(app)
    openapi.documented(app)

    @app.get(f"/{service}/openapi.json", include_in_schema=False, dependencies=[requires("read-descriptions")])
    async def get_openapi() -> JSONResponse:
        return JSONResponse(app.openapi())

    app.add_middleware(Told)
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
        _refuse(service, error)
    configure(service, given.log_level)
    return given


def _refuse(service: str, error: UnusableSettings) -> NoReturn:
    sys.stderr.write(f"ketluan {service}: {error}\n")
    sys.exit(_UNUSABLE)


def serve(app: FastAPI, settings: Settings) -> None:
    """Serves until a signal asks to stop. Open streams are ended after one second."""
    watch: LoopWatch = app.state.loop
    try:
        port = operations.opened(watch, settings)
    except UnusableSettings as error:
        _refuse(watch.service, error)
    metrics.built(watch.service)
    if settings.traces_url:
        traces.begin(watch.service, settings.traces_url, settings.traces_ratio)
    _spare_the_collector()
    try:
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.port,
            ssl_certfile=settings.tls_certificate,
            ssl_keyfile=settings.tls_key,
            loop="uvloop",
            http="httptools",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    finally:
        traces.end()
        if port is not None:
            port.close()


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
        await cancelled(started)


def _stop_when_failed(task: "asyncio.Task[None]") -> None:
    if not task.cancelled():
        log.critical("task_ended", task=task.get_name(), exc_info=task.exception())
        signal.raise_signal(signal.SIGTERM)


async def until_closed(client: Client) -> None:
    """Returns when the connection to the log is closed for good, which nats-py does after an error that it cannot
    mend: only a new process connects again. Until then a server that is cut off from the others is left for another."""
    leaving = asyncio.create_task(leave_when_cut_off(client, STREAM))
    try:
        while not client.is_closed and not leaving.done():  # noqa: ASYNC110 - nats-py offers no event for it
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    finally:
        await cancelled([leaving])


def log_check(client: Client) -> health.Check:
    """Whether the connection to the log stands."""

    async def check() -> str | None:
        return None if client.is_connected else "NATS does not answer"

    return check


def follower_check(follower: Follower) -> health.Check:
    """Whether a follower reads: not faulted, and the server heard lately."""

    async def check() -> str | None:
        silence = follower.silence
        if follower.fault:
            return follower.fault
        if not follower.caught_up:
            return f"still reading: at event {follower.position}"
        if silence > health.FOLLOWER_SILENCE_SECONDS:
            return f"nothing heard from the log for {silence:.0f} s"
        return None

    return check
