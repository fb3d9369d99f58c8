"""The operations port: how this process does, answered by a thread beside the event loop, also when that is frozen.

It tells whoever reaches it how the service stands and what it measures, so it is opened on 127.0.0.1, or inside of the
installation's own network.
"""

import asyncio
import json
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import CancelledError
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FrameType
from typing import Any, TypeVar

import structlog
from prometheus_client import CONTENT_TYPE_LATEST

from shared.health import Health
from shared.settings import Settings, UnusableSettings
from shared.telemetry import metrics

FROZEN_SECONDS = 3.0
"""An event loop that did not turn for so long is frozen."""

_BEAT_SECONDS = 0.5
_PATIENCE_SECONDS = 3.0
_SAMPLE_SECONDS = 1.0
_READ_SECONDS = 5.0
_OURS = ("services.", "shared.")

log = structlog.get_logger()

T = TypeVar("T")


@dataclass
class LoopWatch:
    """Whether the event loop turns. `health` is what is asked of the process, once it is known."""

    service: str
    health: Health | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: int = 0
    _beat: float = field(default_factory=time.monotonic)

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Watches the running loop for as long as the block lasts."""
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()
        beats = asyncio.create_task(self._beats())
        try:
            yield
        finally:
            self._loop = None
            beats.cancel()
            with suppress(asyncio.CancelledError):
                await beats

    async def _beats(self) -> None:
        while True:
            self._beat = time.monotonic()
            await asyncio.sleep(_BEAT_SECONDS)

    @property
    def silence(self) -> float:
        """Seconds since the loop last turned."""
        return max(time.monotonic() - self._beat - _BEAT_SECONDS, 0.0) if self._loop else 0.0

    def frozen(self) -> str | None:
        """None, or for how long the loop has been frozen, and where."""
        silence = self.silence
        if silence <= FROZEN_SECONDS:
            return None
        return f"the event loop did not turn for {silence:.0f} s, {_where(sys._current_frames().get(self._thread))}"

    def asked(self, question: Callable[[], Coroutine[Any, Any, T]], seconds: float) -> T:
        """What the loop answers, from another thread.

        Raises:
            TimeoutError: it does not answer in time, or does not run.
        """
        if self._loop is None:
            raise TimeoutError("the event loop does not run")
        answer = asyncio.run_coroutine_threadsafe(question(), self._loop)
        try:
            return answer.result(seconds)
        except CancelledError:
            raise TimeoutError("the event loop ends") from None
        finally:
            answer.cancel()

    def liveness(self) -> tuple[HTTPStatus, dict[str, object]]:
        """What /healthz answers."""
        if frozen := self.frozen():
            return HTTPStatus.SERVICE_UNAVAILABLE, {"service": self.service, "status": "frozen", "reason": frozen}
        return HTTPStatus.OK, {"service": self.service, "status": "alive" if self.health else "starting"}

    def readiness(self) -> tuple[HTTPStatus, dict[str, object]]:
        """What /readyz answers."""
        if self.health is None:
            told = {"start": "not set up yet: the log, or the database, is waited for"}
            return HTTPStatus.SERVICE_UNAVAILABLE, {"service": self.service, "ready": False, "checks": told}
        wrong = self.frozen()
        if wrong is None:
            try:
                found = self.asked(self.health.standing, _PATIENCE_SECONDS)
            except TimeoutError:
                wrong = self.frozen() or f"the checks did not end within {_PATIENCE_SECONDS:.0f} s"
            else:
                return HTTPStatus.OK if found.ready else HTTPStatus.SERVICE_UNAVAILABLE, found.told(self.service)
        return HTTPStatus.SERVICE_UNAVAILABLE, {"service": self.service, "ready": False, "checks": {"loop": wrong}}

    def measured(self) -> bytes:
        """What /metrics answers: as fresh as the loop gives it in time."""
        metrics.LOOP_SILENCE.set(self.silence)
        if self.health is not None:
            try:
                self.asked(self.health.sampled, _SAMPLE_SECONDS)
            except TimeoutError:
                log.warning("metrics_not_fresh", service=self.service)
        return metrics.written()


class Port:
    """Answers on a port until it is closed.

    Raises:
        UnusableSettings: somebody else has the port.
    """

    def __init__(self, watch: LoopWatch, host: str, port: int) -> None:
        answers: dict[str, Callable[[], tuple[HTTPStatus, str, bytes]]] = {
            "/healthz": lambda: _json(watch.liveness()),
            "/readyz": lambda: _json(watch.readiness()),
            "/metrics": lambda: (HTTPStatus.OK, CONTENT_TYPE_LATEST, watch.measured()),
        }

        class Handler(BaseHTTPRequestHandler):
            """Answers one connection."""

            timeout = _READ_SECONDS

            def do_GET(self) -> None:
                """Answers a GET."""
                status, kind, body = answers.get(self.path.partition("?")[0], _nothing)()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(body)

            def version_string(self) -> str:
                """What the header Server says."""
                return "ketluan"

            def log_message(self, *_: object) -> None:
                """Nothing: who asks does so every second."""

        try:
            self._server = ThreadingHTTPServer((host, port), Handler)
        except OSError as error:
            raise UnusableSettings(
                f"KETLUAN_OPERATIONS_PORT: {host}:{port} cannot be opened ({error}). Nothing was started; set another "
                "port, or 0 for none, and start again."
            ) from error
        threading.Thread(target=self._server.serve_forever, name="operations", daemon=True).start()

    def close(self) -> None:
        """Answers no more."""
        self._server.shutdown()
        self._server.server_close()


def opened(watch: LoopWatch, settings: Settings) -> Port | None:
    """The operations port that the settings ask for; None where they want none.

    Raises:
        UnusableSettings: it cannot be opened.
    """
    if not settings.operations_port:
        return None
    return Port(watch, settings.operations_host, settings.operations_port)


def _json(answer: tuple[HTTPStatus, dict[str, object]]) -> tuple[HTTPStatus, str, bytes]:
    status, told = answer
    return status, "application/json", json.dumps(told, ensure_ascii=False).encode()


def _nothing() -> tuple[HTTPStatus, str, bytes]:
    return HTTPStatus.NOT_FOUND, "text/plain", b"/healthz, /readyz or /metrics\n"


def _where(frame: FrameType | None) -> str:
    """Where a thread stands: the function that runs, and the innermost one of ours that led to it."""
    if frame is None:
        return "and where it stands is not known"
    inner, ours = _named(frame), frame
    while ours.f_back is not None and not _named(ours).startswith(_OURS):
        ours = ours.f_back
    called = _named(ours)
    return f"it stands in {inner}" + (f", called by {called}" if called != inner and called.startswith(_OURS) else "")


def _named(frame: FrameType) -> str:
    return f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_qualname}"
