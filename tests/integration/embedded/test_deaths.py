"""Programs die, the supervisor too: what was recorded is there afterwards, and nothing stays behind."""

import signal
from contextlib import suppress

import psutil
import pytest

from tests.integration.embedded.installed import PROGRAMS, Installed, gone


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_that_is_killed_comes_back(running: Installed, name: str) -> None:
    before = running.event_count()
    killed = running.programs()[name]

    killed.kill()

    running.wait(lambda: gone([killed]))
    running.wait(lambda: running.process_ids()[name] != killed.pid)
    running.wait(running.is_ready)
    assert running.event_count() == before
    assert running.get("/v1/meetings")[0]["number"] == "118/TB-SKHCN"


def test_all_servers_killed_at_once_come_back(running: Installed) -> None:
    killed = list(running.programs().values())

    for program in killed:
        program.kill()

    running.wait(lambda: gone(killed))
    running.wait(lambda: not {program.pid for program in killed} & set(running.process_ids().values()))
    running.wait(running.is_ready)
    assert running.get("/v1/tasks")


def test_a_killed_supervisor_leaves_nothing_behind_and_the_next_run_resumes(installed: Installed) -> None:
    with installed:
        processes = installed.everything()
        assert installed.child is not None
        installed.child.kill()
        installed.child.wait()
        installed.wait(lambda: gone(processes), patience=10)

    again = installed.once()

    assert again.returncode == 0, again.stderr
    assert "118/TB-SKHCN" in again.stdout


def test_a_run_resumes_after_everything_was_killed(installed: Installed) -> None:
    with installed:
        processes = installed.everything()
        for process in processes:
            with suppress(psutil.NoSuchProcess):  # its supervisor's end may have ended it already
                process.kill()
        assert installed.child is not None
        installed.child.wait()
        installed.wait(lambda: gone(processes), patience=10)

    again = installed.once()

    assert again.returncode == 0, again.stderr
    assert "118/TB-SKHCN" in again.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whoever_stops_it_finds_no_process_afterwards(installed: Installed, number: signal.Signals) -> None:
    with installed:
        processes = installed.everything()
        assert len(processes) > len(PROGRAMS)

        assert installed.stop(number) == 0

        assert gone(processes)
    assert not (installed.data / "children.json").exists()
    assert not (installed.data / "running.json").exists()
