"""The processes that read documents for this one, as tests look at them."""

import os
from pathlib import Path

_WORKER = "services.intake.reading.worker"


def reading_processes() -> list[int]:
    """Those that this process started and that still run, by their ids."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            is_child = f"\nPPid:\t{os.getpid()}\n" in (folder / "status").read_text()
            if is_child and _WORKER in (folder / "cmdline").read_text():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def peak_bytes(process: int) -> int:
    """The most memory that a process held so far; 0 where it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def environment_of(process: int) -> list[bytes]:
    """What a process was told when it started, as `NAME=value` each."""
    return Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
