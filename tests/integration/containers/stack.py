"""The installation of deploy/compose.yaml, brought up for tests under a name, a port and secrets of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from testcontainers.compose import DockerCompose

DEPLOY = Path(__file__).parents[3] / "deploy"
SERVICES = ("intake", "tasks", "notify")
SERVERS = ("gateway", "nats", "postgres")
PATIENCE_SECONDS = 60.0


def docker(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """What the Docker client answers, whether it succeeds or not."""
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False, timeout=120)


def in_time(question: Callable[[], bool]) -> bool:
    """Whether the answer becomes yes before patience ends."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.25)
    return True


class Compose(DockerCompose):
    """Compose out of its wheel, which needs no plugin of the Docker client."""

    @cached_property
    def compose_command_property(self) -> list[str]:
        """How compose is called."""
        return [str(Path(sys.executable).with_name("docker-compose")), "--file", str(DEPLOY / "compose.yaml")]

    def run(self, service: str, *arguments: str, options: Iterable[str] = ()) -> str:
        """What a one-time container of a service writes to standard output.

        Raises:
            subprocess.CalledProcessError: it ended with another code than 0.
        """
        command = [*self.compose_command_property, "run", "--rm", "-T", *options, service, *arguments]
        return self._run_command(cmd=command).stdout.decode()


@dataclass
class Stack:
    """A running installation: its containers, and a client of its one port."""

    compose: Compose
    client: httpx.Client

    def id_of(self, service: str) -> str:
        """Id of a service's container."""
        identity = self.compose.get_container(service, include_all=True).ID
        assert identity, f"{service} has no container"
        return identity

    def inspect(self, service: str) -> dict[str, Any]:
        """All that Docker knows about a service's container."""
        found: list[dict[str, Any]] = json.loads(docker("inspect", self.id_of(service)).stdout)
        return found[0]

    def kill(self, service: str) -> None:
        """Ends a service's container as a power cut would."""
        assert docker("kill", "--signal", "KILL", self.id_of(service)).returncode == 0

    def start(self, *services: str) -> None:
        """Starts containers that were ended, and returns when the whole is ready."""
        assert docker("start", *(self.id_of(service) for service in services)).returncode == 0
        assert in_time(self.ready), f"not ready after {services} were started again"

    def ready(self) -> bool:
        """Whether every service is ready behind the one port."""
        try:
            return all(self.client.get(f"/{service}/readyz").status_code == 200 for service in SERVICES)
        except httpx.HTTPError:
            return False

    def get(self, path: str, **query: str) -> Any:
        """The JSON answer of a GET that succeeds."""
        answer = self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, notice: bytes) -> httpx.Response:
        """The answer of intake to a notice's text."""
        return self.client.post(
            "/v1/conclusions", content=notice, headers={"Content-Type": "text/plain; charset=utf-8"}
        )
