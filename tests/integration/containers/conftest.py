"""One installation in containers for all tests of this folder.

They run wherever a Docker Engine answers. Under CI=true one must answer; elsewhere they are skipped without it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.containers.base import CannotMakeBase
from deploy.containers.images import build
from deploy.containers.passwords import make
from tests.identity import Signing
from tests.integration.containers.stack import DEPLOY, Compose, Stack, docker, in_time
from tests.servers import free_port

VERSION = "tests"


@pytest.fixture(scope="session")
def docker_engine() -> None:
    """A Docker Engine that answers."""
    try:
        missing = docker("info", "--format", "{{.ServerVersion}}").returncode != 0
    except FileNotFoundError:
        missing = True
    if missing and os.environ.get("CI") == "true":
        pytest.fail("no Docker Engine answers; in CI the tests of the containers must run")
    if missing:
        pytest.skip("no Docker Engine answers: install docker.io, start dockerd, and run the tests again")


@pytest.fixture(scope="session")
def images(docker_engine: None) -> list[str]:
    """Tags of all images, built from this folder. KETLUAN_TESTS_BASE names another base image."""
    try:
        return build(os.environ.get("KETLUAN_TESTS_BASE"), VERSION)
    except CannotMakeBase as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def stack(images: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The installation, empty and ready."""
    secrets: Path = tmp_path_factory.mktemp("installation") / "secrets"
    make(secrets)
    port, signing = free_port(), Signing((secrets / "session-key").read_text())
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("KETLUAN_")]:
            environment.delenv(name)
        environment.setenv("COMPOSE_PROJECT_NAME", f"ketluan-tests-{os.getpid()}")
        environment.setenv("KETLUAN_VERSION", VERSION)
        environment.setenv("KETLUAN_POSTGRES_IMAGE", f"ketluan-postgres:{VERSION}")
        environment.setenv("KETLUAN_SECRETS_FOLDER", str(secrets))
        environment.setenv("KETLUAN_PORT", str(port))
        with (
            Compose(context=str(DEPLOY), wait=False) as compose,
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=15, trust_env=False, auth=signing) as client,
        ):
            installation = Stack(compose, client)
            assert in_time(installation.ready), "".join(compose.get_logs())[-4000:]
            yield installation
