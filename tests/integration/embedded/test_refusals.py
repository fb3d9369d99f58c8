"""What keeps an installation from starting: one sentence, exit code 2, and nothing harmed."""

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from rich.console import Console

from deploy.embedded import postgres
from deploy.embedded.contents import begin
from deploy.embedded.folder import DataFolder
from deploy.embedded.installation import Installation
from deploy.embedded.progress import Progress
from deploy.embedded.refusal import CannotStart
from tests.integration.embedded.installed import Installed, free_port
from tests.servers import NatsServer


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


def started_folder(place: Path) -> DataFolder:
    """A data folder as a start has it, with a key of this machine's own."""
    folder = DataFolder(place / "data")
    folder.prepare()
    folder.write(folder.api_key, "klk_0_key\n")
    return folder


@pytest.fixture
def no_meetings() -> Iterator[int]:
    """The port of a gateway that knows of no meeting."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        answering = threading.Thread(target=server.serve_forever)
        answering.start()
        yield server.server_port
        server.shutdown()
        answering.join()


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


def test_a_folder_that_lost_its_log_says_so_and_is_left_as_it_is(installed: Installed, tmp_path: Path) -> None:
    store = installed.data / "nats" / "store"
    store.rename(tmp_path / "store")
    try:
        refused = installed.once()
    finally:
        shutil.rmtree(store, ignore_errors=True)
        (tmp_path / "store").rename(store)

    assert refused.returncode == 2
    assert "has lost the event log" in refused.stderr
    assert installed.once().returncode == 0


def test_a_folder_that_lost_its_database_makes_it_again_from_the_log(installed: Installed) -> None:
    shutil.rmtree(installed.data / "postgres")

    again = installed.once()

    assert again.returncode == 0, again.stderr
    assert "118/TB-SKHCN" in again.stdout


def test_a_folder_that_is_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter.txt").write_text("dear")

    refused = Installed(tmp_path / "data").once()

    assert refused.returncode == 2
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["letter.txt"]


def test_a_folder_in_which_a_first_start_was_killed_at_once_is_used(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.path.mkdir()
    (folder.path / "format.new").write_text("")

    folder.hold()
    folder.prepare()
    folder.release()

    assert (folder.path / "format").read_text() == "1\n"
    assert not (folder.path / "format.new").exists()


def test_secrets_that_cannot_be_read_are_told(installed: Installed) -> None:
    (installed.data / "secrets.json").write_text("{")

    refused = installed.once()

    assert refused.returncode == 2
    assert "cannot be used" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_time_zone_that_does_not_exist_starts_nothing(tmp_path: Path) -> None:
    refused = Installed(tmp_path / "data").once(KETLUAN_ZONE="Mars/Base")

    assert refused.returncode == 2
    assert "KETLUAN_ZONE" in refused.stderr
    assert len(refused.stderr.splitlines()) == 2
    assert not (tmp_path / "data").exists()


async def test_a_gateway_that_is_gone_is_told(tmp_path: Path) -> None:
    installation = Installation(started_folder(tmp_path), free_port(), Progress(Console(quiet=True)))

    with pytest.raises(CannotStart, match="first steps were not completed"):
        await begin(installation, None, installation.progress)

    installation.folder.release()


async def test_a_log_that_refuses_the_sample_is_told(tmp_path: Path, no_meetings: int) -> None:
    installation = Installation(started_folder(tmp_path), no_meetings, Progress(Console(quiet=True)))
    without_stream = NatsServer(port=installation.ports["nats"])

    with without_stream, pytest.raises(CannotStart, match="first steps were not completed"):
        await begin(installation, None, installation.progress)

    installation.folder.release()


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
