"""A data folder that a first run has filled; tests work on copies of it, which is faster than a first run each."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.embedded.installed import Installed


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The data folder that a first run left, and what it printed."""
    data = tmp_path_factory.mktemp("embedded") / "data"
    done = Installed(data).once()
    assert done.returncode == 0, done.stdout + done.stderr
    return data, done.stdout


@pytest.fixture
def installed(first_run: tuple[Path, str], tmp_path: Path) -> Installed:
    """An installation that is not running, with the samples in its data folder."""
    data = tmp_path / "data"
    copy_with_owners(first_run[0], data)
    return Installed(data)


@pytest.fixture(scope="module")
def running(first_run: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """An installation that serves, for the tests of one module."""
    data = tmp_path_factory.mktemp("running") / "data"
    copy_with_owners(first_run[0], data)
    with Installed(data) as installation:
        yield installation


def copy_with_owners(source: Path, target: Path) -> None:
    """Copies a folder with the owners of its files: PostgreSQL refuses a folder that is another's."""
    shutil.copytree(source, target)
    for path in (source, *source.rglob("*")):
        stat = path.stat()
        shutil.chown(target / path.relative_to(source), stat.st_uid, stat.st_gid)
