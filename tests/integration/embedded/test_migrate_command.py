"""Migrations that end in a sentence instead of a traceback."""

import os
import subprocess
import sys

import pytest

from tests.integration.embedded.installed import ROOT
from tests.servers import PostgresServer, free_port

COMMANDS = (["deploy.cli", "migrate"], ["deploy.containers.migrate"])


def migrated(command: list[str], nats_url: str, database: str) -> "subprocess.CompletedProcess[str]":
    """Runs a migration on these servers."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("KETLUAN_")}
    settings = {
        "KETLUAN_NATS_URL": nats_url,
        "KETLUAN_DATABASE_URL": database,
        "KETLUAN_TASKS_DATABASE_URL": database,
        "KETLUAN_NOTIFY_DATABASE_URL": database,
    }
    return subprocess.run(
        [sys.executable, "-m", *command],
        env=ours | settings,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        cwd=ROOT,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_does_not_exist_is_named(
    command: list[str], nats_url: str, postgres_server: PostgresServer
) -> None:
    refused = migrated(command, nats_url, postgres_server.url("nowhere"))

    assert refused.returncode == 2
    assert 'database "nowhere" does not exist' in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_role_that_may_not_migrate_is_refused(command: list[str], nats_url: str, tasks_database_url: str) -> None:
    # The role of a service sees the tables of a database that is at the newest step; on another it may make none.
    empty = tasks_database_url.rpartition("/")[0] + "/template1"

    refused = migrated(command, nats_url, empty)

    assert refused.returncode == 2
    assert "permission denied" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_that_is_away_is_told(nats_url: str) -> None:
    away = f"postgresql+asyncpg://ketluan_owner@127.0.0.1:{free_port()}/ketluan"

    refused = migrated(["deploy.cli", "migrate"], nats_url, away)

    assert refused.returncode == 2
    assert "does not answer" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_an_address_that_is_none_is_refused_by_its_variable(command: list[str], nats_url: str) -> None:
    refused = migrated(command, nats_url, "nonsense")

    assert refused.returncode == 2
    assert "KETLUAN_DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr
