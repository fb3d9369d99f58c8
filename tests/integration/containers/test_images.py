"""What an image is made of."""

import io
import json
import subprocess
import tarfile
from pathlib import PurePosixPath

import pytest

from tests.integration.containers.conftest import VERSION
from tests.integration.containers.stack import SERVERS, SERVICES, docker

EVERYTHING = (*SERVICES, "administration", *SERVERS)


def files(service: str) -> dict[str, tarfile.TarInfo]:
    """The files of an image, by path without a leading slash."""
    container = docker("create", f"ketluan-{service}:{VERSION}").stdout.strip()
    try:
        exported = subprocess.run(["docker", "export", container], capture_output=True, check=True).stdout
    finally:
        docker("rm", "--volumes", container)
    with tarfile.open(fileobj=io.BytesIO(exported)) as archive:
        return {member.name: member for member in archive.getmembers()}


@pytest.mark.parametrize("service", EVERYTHING)
def test_no_image_tells_from_where_it_was_installed(images: list[str], service: str) -> None:
    held = files(service)
    left = [name for name, member in held.items() if _tells(name) and member.isfile() and member.size]
    assert not left
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
    held = set(files(service))
    assert f"app/services/{service}/main.py" in held
    others = [name for name in held for other in SERVICES if other != service and f"app/services/{other}/" in name]
    assert not others
    assert not [name for name in held if name.startswith(("app/tests", "app/deploy"))]
    assert "opt/ketluan/bin/pip" not in held


def test_intake_comes_without_the_libraries_of_a_database(images: list[str]) -> None:
    assert not [name for name in files("intake") if "/site-packages/sqlalchemy/" in name or "/asyncpg/" in name]


@pytest.mark.parametrize("server", ["nats", "gateway"])
def test_a_server_of_one_program_comes_without_an_operating_system(images: list[str], server: str) -> None:
    programs = [name for name, member in files(server).items() if member.isfile() and member.mode & 0o111]
    assert programs == [{"nats": "nats-server", "gateway": "caddy"}[server]]
