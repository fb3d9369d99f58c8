"""What an image is made of."""

import json
import subprocess
import tarfile
from functools import cache
from pathlib import PurePosixPath

import pytest

from tests.integration.containers.conftest import VERSION
from tests.integration.containers.stack import SERVERS, SERVICES, docker

EVERYTHING = (*SERVICES, "administration", *SERVERS)


@cache
def files(service: str) -> frozenset[str]:
    """Paths of the files of an image that hold anything, without a leading slash."""
    container = docker("create", f"ketluan-{service}:{VERSION}").stdout.strip()
    try:
        with (
            subprocess.Popen(["docker", "export", container], stdout=subprocess.PIPE) as export,
            tarfile.open(fileobj=export.stdout, mode="r|") as archive,
        ):
            return frozenset(member.name for member in archive if member.isfile() and member.size)
    finally:
        docker("rm", "--volumes", container)


@pytest.mark.parametrize("service", EVERYTHING)
def test_no_image_tells_from_where_it_was_installed(images: list[str], service: str) -> None:
    assert not [name for name in files(service) if _tells(name)]
    tag = f"ketluan-{service}:{VERSION}"
    (image,) = json.loads(docker("image", "inspect", tag).stdout)
    told = "\n".join(image["Config"]["Env"] or []) + docker("history", "--no-trunc", tag).stdout
    assert "index-url" not in told
    assert "PIP_" not in told
    assert "://" not in told


def _tells(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        path.name in {"pip.conf", ".netrc", ".pypirc", "direct_url.json", "sources.list", "lock.txt"}
        or name.startswith(("root/.cache/", "root/.config/", "run/secrets/", "pip/"))
        or (path.suffix == ".sources" and "apt" in path.parts)
    )


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_holds_one_service_and_neither_tests_nor_installers(images: list[str], service: str) -> None:
    held = files(service)
    assert f"app/services/{service}/main.py" in held
    others = [name for name in held for other in SERVICES if other != service and f"app/services/{other}/" in name]
    assert not others
    assert not [name for name in held if name.startswith(("app/tests", "app/deploy"))]
    assert "opt/ketluan/bin/pip" not in held


def test_intake_comes_without_the_libraries_of_a_database(images: list[str]) -> None:
    assert not [name for name in files("intake") if "/site-packages/sqlalchemy/" in name or "/asyncpg/" in name]


@pytest.mark.parametrize("server", ["nats", "gateway"])
def test_a_server_of_one_program_comes_without_an_operating_system(images: list[str], server: str) -> None:
    assert files(server) == {"nats": {"nats-server", "nats.conf"}, "gateway": {"caddy", "Caddyfile"}}[server]
