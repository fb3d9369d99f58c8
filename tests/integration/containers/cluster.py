"""The cluster of deploy/compose.cluster.yaml with one organisation, brought up for tests."""

import os
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.containers.cluster import prepare
from tests.identity import Signing
from tests.integration.containers.stack import DEPLOY, SERVICES, docker, in_time

ORGANISATION = "so-khcn"
COPIES = tuple(f"{service}-{copy}" for service in SERVICES for copy in (1, 2))
NODES = ("nats-1", "nats-2", "nats-3", "postgres-1", "postgres-2", "gateway")


@dataclass
class Cluster:
    """A running cluster: two projects of compose, and a client of the gateway that trusts the cluster's authority."""

    folder: Path
    environment: Mapping[str, str]
    projects: Mapping[str, str]
    client: httpx.Client

    def compose(self, file: str, *arguments: str) -> str:
        """What compose says about a file's project.

        Raises:
            AssertionError: it failed.
        """
        program = str(Path(sys.executable).with_name("docker-compose"))
        settings = self.folder / ORGANISATION / "settings"
        command = [program, "--env-file", str(settings), "--project-name", self.projects[file]]
        done = subprocess.run(
            [*command, "--file", str(DEPLOY / file), *arguments],
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def container(self, name: str) -> str:
        """Name of the container of a copy or a node."""
        file = "compose.cluster.yaml" if name in NODES else "compose.organisation.yaml"
        return f"{self.projects[file]}-{name}-1"

    def kill(self, *names: str) -> None:
        """Ends containers as a power cut would."""
        assert docker("kill", "--signal", "KILL", *map(self.container, names)).returncode == 0

    def start(self, *names: str) -> None:
        """Starts containers that were ended."""
        assert docker("start", *map(self.container, names)).returncode == 0

    def execute(self, name: str, *command: str) -> "subprocess.CompletedProcess[str]":
        """What a command says inside a container."""
        return docker("exec", self.container(name), *command)

    def ready(self) -> bool:
        """Whether a copy of every service is ready behind the gateway."""
        try:
            return all(self.client.get(f"/{service}/readyz").status_code == httpx.codes.OK for service in SERVICES)
        except httpx.HTTPError:
            return False

    def all_healthy(self) -> bool:
        """Whether Docker found every copy ready."""
        asked = ("inspect", "--format", "{{.State.Health.Status}}", *map(self.container, COPIES))
        return set(docker(*asked).stdout.split()) == {"healthy"}


@contextmanager
def running_cluster(folder: Path, port: int, version: str) -> Iterator[Cluster]:
    """A cluster with one empty organisation, ready, for as long as the block lasts."""
    prepare(folder, {ORGANISATION: f"https://localhost:{port}"})
    name = f"ketluan-tests-{os.getpid()}"
    projects = {"compose.cluster.yaml": f"{name}-cluster", "compose.organisation.yaml": f"{name}-{ORGANISATION}"}
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("KETLUAN_", "COMPOSE_"))} | {
        "KETLUAN_VERSION": version,
        "KETLUAN_POSTGRES_IMAGE": f"ketluan-postgres-tls:{version}",
        "KETLUAN_PORT": str(port),
        "KETLUAN_CLUSTER_NETWORK": f"{name}-inside",
    }
    trusted = ssl.create_default_context(cafile=str(folder / "authority"))
    signing = Signing((folder / ORGANISATION / "session-key").read_text())
    with httpx.Client(
        base_url=f"https://localhost:{port}", verify=trusted, timeout=20, trust_env=False, auth=signing
    ) as client:
        cluster = Cluster(folder, environment, projects, client)
        try:
            cluster.compose("compose.cluster.yaml", "up", "--detach", "--no-build")
            cluster.compose("compose.organisation.yaml", "up", "--detach", "--no-build")
            assert in_time(cluster.ready), cluster.compose("compose.organisation.yaml", "logs", "--tail=20")
            yield cluster
        finally:
            for file in reversed(projects):
                cluster.compose(file, "down", "--volumes", "--timeout=1")
