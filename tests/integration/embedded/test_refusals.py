"""What keeps an installation from starting: one sentence, exit code 2, and nothing harmed."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded import postgres
from deploy.embedded.folder import DataFolder
from deploy.embedded.refusal import CannotStart
from tests.integration.embedded.installed import Installed


def contents(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file with its size and the time of its last change."""
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = os.geteuid() == 0 and shutil.which("mount") is not None
    if mounted:
        command = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)]
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    if not mounted:
        if os.environ.get("CI"):
            pytest.fail("CI runs this as root, where file systems can be mounted")
        pytest.skip("only root can mount a small file system")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_port_that_is_taken_changes_nothing(installed: Installed) -> None:
    before = contents(installed.data)
    with socket.socket() as other:
        other.bind(("127.0.0.1", installed.port))
        other.listen()

        refused = installed.once()

    assert refused.returncode == 2
    assert f"Port {installed.port} is taken" in refused.stderr
    assert len(refused.stderr.splitlines()) == 2
    assert contents(installed.data) == before


def test_a_port_that_is_taken_makes_no_folder(tmp_path: Path) -> None:
    new = Installed(tmp_path / "data")
    with socket.socket() as other:
        other.bind(("127.0.0.1", new.port))
        other.listen()

        assert new.once().returncode == 2

    assert not new.data.exists()


def test_a_folder_of_a_newer_version_is_left_as_it_is(installed: Installed) -> None:
    (installed.data / "format").write_text("99\n")
    before = contents(installed.data)

    refused = installed.once()

    assert refused.returncode == 2
    assert "newer version" in refused.stderr
    assert contents(installed.data) == before


def test_a_folder_that_is_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter.txt").write_text("dear")

    refused = Installed(tmp_path / "data").once()

    assert refused.returncode == 2
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["letter.txt"]


def test_a_folder_is_used_by_one_at_a_time(installed: Installed) -> None:
    with installed:
        refused = Installed(installed.data).once()

        assert refused.returncode == 2
        assert "already runs" in refused.stderr
        assert installed.is_ready()


def test_a_full_disk_is_told_before_anything_is_made(tiny_disk: Path) -> None:
    refused = Installed(tiny_disk / "data").once()

    assert refused.returncode == 2
    assert "is full" in refused.stderr
    assert len(refused.stderr.splitlines()) == 2
    assert list(tiny_disk.iterdir()) == []


def test_a_full_disk_harms_no_data_that_are_there(installed: Installed, tiny_disk: Path) -> None:
    data = tiny_disk / "data"
    data.mkdir()
    for name in ("format", "secrets.json", "migrated"):
        shutil.copy(installed.data / name, data)
    (data / "postgres").mkdir()
    before = contents(data)

    refused = Installed(data).once()

    assert refused.returncode == 2
    assert "is full" in refused.stderr
    assert contents(data) == before


async def test_a_disk_that_fills_up_leaves_no_half_made_cluster(tiny_disk: Path) -> None:
    folder = DataFolder(tiny_disk / "data")
    folder.prepare()
    try:
        with pytest.raises(CannotStart, match="is full"):
            await postgres.make_cluster(folder, "secret")
    finally:
        folder.release()

    assert not folder.postgres.exists()
    assert {path.name for path in folder.path.iterdir()} == {"format", "gateway", "logs", "nats"}
