"""One `ketluan run` as a child of the tests."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import psutil

from deploy.embedded.folder import DataFolder, session_key
from deploy.embedded.ports import free_ports
from shared.identity.tokens import Tokens

ROOT = Path(__file__).parents[3]
PROGRAMS = ("nats", "postgres", "intake", "tasks", "notify", "gateway")

_PATIENCE_SECONDS = 90.0
_LOOK_AGAIN_SECONDS = 0.1


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    return next(free_ports())


@dataclass
class Installed:
    """`ketluan run` on a data folder and a port. As a context manager it serves for as long as the block lasts.

    `told` are settings, as environment variables.
    """

    data: Path
    port: int = field(default_factory=free_port)
    told: dict[str, str] = field(default_factory=dict)
    child: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Address of the gateway."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def tokens(self) -> Tokens:
        """What signs sessions and tokens here."""
        return Tokens(session_key(DataFolder(self.data)))

    @property
    def identity(self) -> dict[str, str]:
        """Headers of the program that this machine's runs post with."""
        return {"Authorization": f"Bearer {(self.data / 'api-key').read_text().strip()}"}

    def once(self, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Runs to the tables and back."""
        return subprocess.run(
            self._command(),
            env=self._environment(ONCE="1", **environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_PATIENCE_SECONDS,
            check=False,
            cwd=ROOT,
        )

    @property
    def output(self) -> Path:
        """Where it writes what it says while it serves."""
        return self.data.with_name(self.data.name + ".output")

    def started(self) -> "subprocess.Popen[bytes]":
        """Starts it, and does not wait until it serves."""
        with self.output.open("wb") as output:
            return subprocess.Popen(
                self._command(),
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=ROOT,
            )

    def __enter__(self) -> Self:
        self.child = self.started()
        self.wait(self._serves)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.child is not None and self.child.poll() is None:
            self.stop()

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Stops it as Ctrl-C does, or by another signal. Gives the exit code."""
        assert self.child is not None
        self.child.send_signal(number)
        return self.child.wait(_PATIENCE_SECONDS)

    def programs(self) -> dict[str, psutil.Process]:
        """The programs that run now, by name."""
        return {name: psutil.Process(pid) for name, pid in self.process_ids().items()}

    def process_ids(self) -> dict[str, int]:
        """The process ids that were noted for the programs, by name."""
        noted = json.loads((self.data / "children.json").read_text())
        return {name: pid for name, (pid, _) in noted.items()}

    def everything(self) -> list[psutil.Process]:
        """The supervisor and all that it started, with what these started."""
        assert self.child is not None
        supervisor = psutil.Process(self.child.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def is_ready(self) -> bool:
        """Whether every service says through the gateway that it can do its work."""
        return all(self._status(f"/{name}/readyz") == httpx.codes.OK for name in ("intake", "tasks", "notify"))

    def get(self, path: str) -> Any:
        """What the gateway answers, as JSON."""
        answer = httpx.get(self.url + path, timeout=10, trust_env=False, headers=self.identity)
        return answer.raise_for_status().json()

    def event_count(self) -> int:
        """How many events the log holds."""
        return len(self.get("/v1/events?limit=1000"))

    def wait(self, condition: Callable[[], bool], patience: float = _PATIENCE_SECONDS) -> None:
        """Returns when the condition holds; fails when it does not in time."""
        deadline = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < deadline, self.output.read_text(encoding="utf-8")[-3000:]
            time.sleep(_LOOK_AGAIN_SECONDS)

    def _serves(self) -> bool:
        said = self.output.read_text(encoding="utf-8")
        assert self.child is not None
        assert self.child.poll() is None, said[-3000:]
        return "Ctrl-C" in said

    def _status(self, path: str) -> int | None:
        try:
            return httpx.get(self.url + path, timeout=5, trust_env=False).status_code
        except httpx.HTTPError:
            return None

    def _command(self) -> list[str]:
        return [sys.executable, "-m", "deploy.cli", "run"]

    def _environment(self, **more: str) -> dict[str, str]:
        ours = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("KETLUAN_") and name not in {"NOTICE", "ONCE"}
        }
        return ours | {"KETLUAN_DATA": str(self.data), "KETLUAN_PORT": str(self.port), **self.told, **more}


def gone(processes: list[psutil.Process]) -> bool:
    """Whether none of these processes does anything any more."""
    return not any(_works(process) for process in processes)


def _works(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
