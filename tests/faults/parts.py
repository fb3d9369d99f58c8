"""The parts of the office under test, each on a host of its own: nats-servers, PostgreSQL, copies of the services."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded import postgres
from tests.faults.machine import Host, SmallDisk
from tests.processes import ServiceProcess
from tests.servers import NatsServer, PostgresServer

_NATS_PORT, _ROUTES_PORT, _MONITORING_PORT = 4222, 6222, 8222
_POSTGRES_PORT, _SERVICE_PORT = 5432, 8000
_STORE_MEBIBYTES, _DATABASE_MEBIBYTES = 512, 1024
_NOWHERE = Host("", "127.0.0.1")


@dataclass
class Node(NatsServer):
    """One nats-server of the cluster, which syncs every write, on a small disk."""

    host: Host = _NOWHERE
    peers: Sequence[Host] = ()
    port: int = _NATS_PORT

    @property
    def name(self) -> str:
        """As the cluster and the table know it."""
        return self.host.name

    @property
    def url(self) -> str:
        """Its address."""
        return f"nats://{self.host.address}:{self.port}"

    @property
    def disk(self) -> SmallDisk:
        """What it keeps is there."""
        return SmallDisk(self.folder / "store", _STORE_MEBIBYTES)

    def prepare(self) -> None:
        """Mounts its disk and writes its configuration."""
        self.disk.folder.mkdir()
        self.disk.mount()
        routes = ", ".join(f'"nats://{peer.address}:{_ROUTES_PORT}"' for peer in self.peers)
        self._configuration.write_text(
            f'server_name: "{self.name}"\nlisten: "{self.host.address}:{self.port}"\nmax_payload: 8388608\n'
            f'http: "{self.host.address}:{_MONITORING_PORT}"\n'
            f'jetstream {{ store_dir: "{self.disk.folder}", sync_interval: always }}\n'
            f'cluster {{ name: "ketluan", listen: "{self.host.address}:{_ROUTES_PORT}", routes: [{routes}] }}\n'
        )

    def command(self) -> Sequence[str]:
        """On its host."""
        return [*self.host.within, *super().command()]

    def answers(self) -> bool:
        """Whether it greets; a cluster is ready later, when it has a leader."""
        try:
            with socket.create_connection((self.host.address, self.port), timeout=1) as connection:
                return connection.recv(4) == b"INFO"
        except OSError:
            return False

    def is_alive(self) -> bool:
        """Whether its JetStream is in order, as a liveness probe asks. One that asks while it starts waits."""
        return _status(self.host.address, _MONITORING_PORT, "/healthz?js-enabled-only=true") != http.HTTPStatus(503)

    def leader(self, stream: str) -> str | None:
        """The name of the node that leads a stream, as far as this one knows."""
        address = f"http://{self.host.address}:{_MONITORING_PORT}/jsz?accounts=true&streams=true"
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                accounts = json.load(answer).get("account_details") or []
        except (OSError, ValueError):
            return None
        streams = [each for account in accounts for each in account.get("stream_detail") or []]
        return next((each["cluster"].get("leader") for each in streams if each["name"] == stream), None)


@dataclass
class Database(PostgresServer):
    """PostgreSQL with fsync on, on a small disk. `before` stands before its command, such as another clock."""

    host: Host = _NOWHERE
    network: str = ""
    before: Sequence[str] = ()
    port: int = _POSTGRES_PORT
    durable: bool = True

    @property
    def name(self) -> str:
        """As the table knows it."""
        return self.host.name

    def url(self, database: str = "postgres", role: str = "postgres") -> str:
        """The address for SQLAlchemy."""
        return f"postgresql+asyncpg://{role}@{self.host.address}:{self.port}/{database}"

    @property
    def disk(self) -> SmallDisk:
        """What it keeps is there."""
        return SmallDisk(self.folder / "disk", _DATABASE_MEBIBYTES)

    def prepare(self) -> None:
        """Mounts its disk and makes the cluster, which every host of the network may reach."""
        self.disk.folder.mkdir()
        self.disk.mount()
        if user := postgres.owner():
            os.chown(self.disk.folder, *user)
        super().prepare()
        with (self._cluster / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {self.network} trust\n")

    def command(self) -> Sequence[str]:
        """On its host."""
        own = {"listen_addresses": self.host.address, "max_wal_size": "128MB", "min_wal_size": "32MB"}
        options = [part for name, value in own.items() for part in ("-c", f"{name}={value}")]
        return [*self.host.within, *self.before, *super().command(), *options]

    def answers(self) -> bool:
        """Whether it takes connections."""
        asked = [str(self._binaries / "pg_isready"), "--quiet", f"--host={self.host.address}", f"--port={self.port}"]
        return subprocess.run(asked, check=False).returncode == 0

    def is_alive(self) -> bool:
        """One that runs is alive: it says by itself when it is not."""
        return True

    @property
    def _cluster(self) -> Path:
        return self.disk.folder / "cluster"


@dataclass
class Copy(ServiceProcess):
    """One copy of a service. `before` stands before its command, such as another clock."""

    host: Host = _NOWHERE
    before: Sequence[str] = ()
    port: int = _SERVICE_PORT
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def copy(self) -> str:
        """As the table knows it."""
        return self.host.name

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self.host.address}:{self.port}"

    def command(self) -> Sequence[str]:
        """On its host."""
        return [*self.host.within, *self.before, *super().command()]

    def ready(self) -> bool:
        """Whether /readyz answers 200."""
        return _status(self.host.address, self.port, "/readyz") == http.HTTPStatus.OK

    def is_alive(self) -> bool:
        """One that runs is alive; the rows that freeze one want to see what the others do meanwhile."""
        return True


Part = Node | Database | Copy


@contextmanager
def paused(part: Part) -> Iterator[None]:
    """Stops a part with all its children where they stand, for as long as the block lasts."""
    stopped = family(part)
    for each in stopped:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in stopped:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGCONT)


def family(part: Part) -> list[int]:
    """The process ids of a part: PostgreSQL is many."""
    found = [part.child.pid] if part.child else []
    for each in found:
        with suppress(OSError):
            found += [int(child) for task in _tasks(each) for child in _children(each, task)]
    return found


def _tasks(pid: int) -> list[str]:
    return os.listdir(f"/proc/{pid}/task")


def _children(pid: int, task: str) -> list[str]:
    with open(f"/proc/{pid}/task/{task}/children") as file:
        return file.read().split()


@contextmanager
def slow_disk(part: Part, milliseconds: int) -> Iterator[None]:
    """Every sync of a part to its disk takes so much longer, for as long as the block lasts.

    Source: strace(1), tampering: the kernel's own answer is given later.
    """
    calls = "fsync,fdatasync,sync_file_range,msync,pwrite64"
    attached = [part_pid for pid in family(part) for part_pid in ("-p", str(pid))]
    tampering = f"inject=fsync,fdatasync:delay_exit={milliseconds * 1000}"
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e", tampering, *attached]
    tracer = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep(0.5)
    if tracer.poll() is not None:
        said = tracer.stderr.read().decode() if tracer.stderr else ""
        raise RuntimeError(f"strace: {said}")
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(10)


def _status(address: str, port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection(address, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
