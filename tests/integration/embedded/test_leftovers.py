"""Programs that outlived their supervisor, where no kernel ended them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.embedded.folder import DataFolder
from deploy.embedded.leftovers import Roster, end_leftovers
from tests.integration.embedded.installed import gone


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[DataFolder]:
    """A data folder that is held."""
    found = DataFolder(tmp_path / "data")
    found.prepare()
    yield found
    found.release()


@pytest.fixture
def sleeper() -> Iterator["subprocess.Popen[bytes]"]:
    """A program that does nothing for a minute."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        yield child
        child.kill()


def test_a_program_that_was_left_behind_is_ended(folder: DataFolder, sleeper: "subprocess.Popen[bytes]") -> None:
    Roster(folder).add("nats", sleeper.pid)

    end_leftovers(folder)

    assert gone([psutil.Process(sleeper.pid)])


def test_another_program_with_the_same_number_is_left_alone(
    folder: DataFolder, sleeper: "subprocess.Popen[bytes]"
) -> None:
    started = psutil.Process(sleeper.pid).create_time()
    folder.write(folder.children, json.dumps({"nats": (sleeper.pid, started - 3600)}))

    end_leftovers(folder)

    assert sleeper.poll() is None


def test_a_roster_that_cannot_be_read_ends_nothing(folder: DataFolder) -> None:
    folder.children.write_text("{")

    end_leftovers(folder)
