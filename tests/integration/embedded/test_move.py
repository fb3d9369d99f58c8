"""A running installation moves to a cluster: nothing is lost, nobody is told twice, and work goes on there."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.embedded.folder import DataFolder, session_key
from deploy.migrations.run import migrate_log
from tests import processes
from tests.cluster import NatsCluster
from tests.conftest import empty_database
from tests.integration.embedded.installed import ROOT, Installed
from tests.integration.embedded.test_backup import Office, ran
from tests.integration.embedded.test_commands import ketluan
from tests.mail_sink import MailSink
from tests.servers import PostgresServer


@pytest.fixture(scope="module")
def cluster() -> Iterator[NatsCluster]:
    """A cluster of three nodes with an empty log."""
    with NatsCluster() as found:
        asyncio.run(migrate_log(found.settings()))
        yield found


@pytest.fixture(scope="module")
def mail() -> Iterator[MailSink]:
    """A mail server."""
    with MailSink() as sink:
        yield sink


def test_a_running_installation_moves_to_a_cluster_and_its_work_goes_on_there(
    installed: Installed, cluster: NatsCluster, postgres_server: PostgresServer, tmp_path: Path, mail: MailSink
) -> None:
    told = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mail.port), "SMTP_SECURITY": "none"}
    installed.told = {f"KETLUAN_{name}": value for name, value in told.items()}
    with empty_database(postgres_server) as database, ExitStack() as stack:
        target, url = tmp_path / "target.env", postgres_server.url(database, "ketluan_owner")
        target.write_text(
            f"KETLUAN_NATS_URL={cluster.url}\nKETLUAN_NATS_REPLICAS=3\nKETLUAN_DATABASE_URL={url}\n", encoding="utf-8"
        )
        with installed:
            office = Office(installed)
            office.reaches("ha@haivan.example")
            office.posts("một")
            before = office.rests()
            _killed_midway(installed, target)
            assert ketluan(installed, "run").returncode == 2
            said = ran(installed, "move", str(target))
        assert "Sổ ghi nguyên vẹn" in said
        assert "đã ở" in said
        assert "moved before" in ran(installed, "move", str(target))
        refused = ketluan(installed, "run", KETLUAN_PORT=str(installed.port))
        assert refused.returncode == 2
        assert "--stay" in refused.stderr
        letters = mail.count
        assert letters

        luggage = tmp_path / "data.move" / "to-carry"
        assert {each.stat().st_mode & 0o777 for each in luggage.glob("*-key")} == {0o600}
        settings = {
            "SESSION_KEY": (luggage / "session-key").read_text(),
            "NATS_REPLICAS": "3",
            "PUBLIC_URL": (luggage / "settings.env").read_text().strip().partition("=")[2],
        }
        urls = {role: postgres_server.url(database, f"ketluan_{role}") for role in ("tasks", "notify")}
        services = (
            processes.intake(cluster.url, **settings),
            processes.tasks(
                cluster.url, urls["tasks"], CHECKPOINT_KEY_FILE=str(luggage / "checkpoint-key"), **settings
            ),
            processes.notify(cluster.url, urls["notify"], **settings, **told),
        )
        for service in services:
            stack.enter_context(service)
        ports = {service.name: service.port for service in services}
        stack.enter_context(processes.Gateway(port=installed.port, services=ports))
        assert session_key(DataFolder(installed.data)) == settings["SESSION_KEY"]
        there = Office(installed)
        assert there.rests() == before
        there.comments("Làm tiếp ở nơi mới.")
        there.posts("hai")
        after = there.rests()
        assert after["events"][: len(before["events"])] == before["events"]
        assert len({each.message_id for each in mail.taken}) == mail.count > letters, "nobody is told twice"
        addresses = {"NATS_URL": cluster.url, "NATS_REPLICAS": "3", "DATABASE_URL": urls["tasks"]}
        verified = ketluan(installed, "verify", **{f"KETLUAN_{name}": value for name, value in addresses.items()})
        assert verified.returncode == 0, verified.stdout + verified.stderr


def _killed_midway(installed: Installed, target: Path) -> None:
    """Begins the move, and ends it as a power cut would when it has stopped the installation."""
    folder = DataFolder(installed.data)
    child = subprocess.Popen(
        [sys.executable, "-m", "deploy.cli", "move", str(target), "--data", str(installed.data)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    deadline = time.monotonic() + 60
    while not (folder.moved.exists() and not folder.running.exists()):
        assert child.poll() is None, child.communicate()[1].decode()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert installed.child is not None
    assert installed.child.wait(30) == 0
