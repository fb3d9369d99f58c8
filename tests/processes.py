"""The services as they run for people: each a process of its own, started, killed and started again by tests."""

import http.client
import os
import subprocess
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded import gateway
from deploy.embedded.child import Program
from deploy.embedded.folder import DataFolder
from tests.identity import SESSION_KEY
from tests.servers import Server, free_port

_ROOT = Path(__file__).parent.parent
_CHECK_SECONDS = 5.0


@dataclass
class ServiceProcess(Server):
    """`python -m services.<name>.main` on a free port, ready as soon as it is started.

    `settings` are its KETLUAN_* variables without that prefix, such as `{"NATS_URL": …}`; host, port, log level and
    session key are set already. What it writes is in `output`. `code` is where the code of its release lies.
    """

    name: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    code: Path = _ROOT
    operations_port: int = field(default_factory=free_port)

    @property
    def operations(self) -> str:
        """Where it tells how it does: the address before /healthz, /readyz and /metrics."""
        return f"http://127.0.0.1:{self.operations_port}"

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        """Everything that it wrote so far."""
        return (self.folder / "output").read_text(errors="replace")

    @property
    def resident_bytes(self) -> int:
        """Memory that it holds."""
        if self.child is None:
            return 0
        pages = int(Path(f"/proc/{self.child.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def command(self) -> Sequence[str]:
        """The service's own entry point."""
        return [sys.executable, "-m", f"services.{self.name}.main"]

    def environment(self) -> dict[str, str]:
        """Its own settings, and none of this process's."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("KETLUAN_")}
        own = {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "OPERATIONS_PORT": str(self.operations_port),
            "LOG_LEVEL": "info",
            "SESSION_KEY": SESSION_KEY,
            **self.settings,
        }
        return inherited | {f"KETLUAN_{name}": value for name, value in own.items()}

    def spawn(self, output: Path) -> "subprocess.Popen[bytes]":
        """Runs it with its own settings."""
        with output.open("ab") as sink:
            return subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                cwd=self.code,
                env=self.environment(),
            )

    def answers(self) -> bool:
        """Whether it says that it can do its work."""
        return self.ready()

    def ready(self) -> bool:
        """Whether /readyz answers 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_CHECK_SECONDS)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@dataclass
class Gateway(Server):
    """The gateway before the services, whose ports it is given by their names: the one origin that people see."""

    services: Mapping[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where people come in."""
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> Sequence[str]:
        """As the embedded installation runs it."""
        return self._program().command

    def spawn(self, output: Path) -> "subprocess.Popen[bytes]":
        """Runs it with its own settings."""
        environment = {**os.environ, **self._program().environment}
        with output.open("ab") as sink:
            return subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, env=environment)

    def answers(self) -> bool:
        """Whether it lets requests pass to the services."""
        try:
            with urllib.request.urlopen(f"{self.url}/tasks/healthz", timeout=_CHECK_SECONDS):
                return True
        except OSError:
            return False

    def _program(self) -> Program:
        folder = DataFolder(self.folder)
        folder.logs.mkdir(exist_ok=True)
        return gateway.program(folder, self.port, self.url, self.services)


def intake(nats_url: str, **settings: str) -> ServiceProcess:
    """Intake, not yet started."""
    return ServiceProcess(name="intake", settings={"NATS_URL": nats_url, **settings})


def tasks(nats_url: str, database_url: str, **settings: str) -> ServiceProcess:
    """Tasks, not yet started."""
    return ServiceProcess(name="tasks", settings={"NATS_URL": nats_url, "DATABASE_URL": database_url, **settings})


def notify(nats_url: str, database_url: str, **settings: str) -> ServiceProcess:
    """Notify, not yet started."""
    return ServiceProcess(name="notify", settings={"NATS_URL": nats_url, "DATABASE_URL": database_url, **settings})
