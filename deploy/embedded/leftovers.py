"""Processes of an earlier run that outlived their supervisor."""

import json
import time
from dataclasses import dataclass, field

import psutil

from deploy.embedded.folder import DataFolder

_PATIENCE_SECONDS = 5.0
_LOOK_AGAIN_SECONDS = 0.05
_CLOCK_TOLERANCE_SECONDS = 2.0


@dataclass
class Roster:
    """The children of this run, kept in the data folder so that the next run finds those that stayed behind."""

    folder: DataFolder
    children: dict[str, tuple[int, float]] = field(default_factory=dict)

    def add(self, name: str, pid: int) -> None:
        """Notes a child that was started."""
        try:
            self.children[name] = (pid, psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return
        self.folder.write(self.folder.children, json.dumps(self.children))

    def clear(self) -> None:
        """Notes that all have ended."""
        self.folder.children.unlink(missing_ok=True)


def end_leftovers(folder: DataFolder) -> None:
    """Ends what an earlier run left behind. Call it only while holding the folder."""
    left = [*_recorded(folder), *_servers_of(folder)]
    for kill in (False, True):
        for process in left:
            _signal(process, kill=kill)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while left and time.monotonic() < deadline:
            left = [process for process in left if _works(process)]
            time.sleep(_LOOK_AGAIN_SECONDS if left else 0)


def _recorded(folder: DataFolder) -> list[psutil.Process]:
    """The processes of the last roster that still are the ones noted: a process id alone may be another's by now."""
    processes = []
    try:
        roster = folder.read(folder.children) or {}
    except ValueError:
        return []
    noted = roster.values() if isinstance(roster, dict) else ()
    for each in noted:
        try:
            pid, started = each
            process = psutil.Process(pid)
            if abs(process.create_time() - started) < _CLOCK_TOLERANCE_SECONDS:
                processes.append(process)
        except (psutil.Error, TypeError, ValueError):
            continue
    return processes


def _servers_of(folder: DataFolder) -> list[psutil.Process]:
    """PostgreSQL's own processes, which outlive a killed postmaster for a moment: they work in the data folder."""
    processes = []
    for process in psutil.process_iter():
        try:
            if process.name().startswith("postgres") and process.cwd() == str(folder.postgres.resolve()):
                processes.append(process)
        except psutil.Error:
            continue
    return processes


def _signal(process: psutil.Process, *, kill: bool) -> None:
    try:
        if kill:
            process.kill()
        else:
            process.terminate()
    except psutil.Error:
        return


def _works(process: psutil.Process) -> bool:
    """Whether the process still does anything; one that nobody has reaped does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
