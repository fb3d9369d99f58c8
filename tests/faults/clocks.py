"""The clock of a copy of each service, and of PostgreSQL, jumps by an hour and back.

nats-server reads the clock past the C library, where no preloaded library changes it; a jump of the whole machine's
clock would be everybody's. So its clock is not moved here, and docs/promises.md says so.

Source: faketime(1), "Controlling fake time from a file".
"""

import asyncio
import os
import tempfile
import time
from pathlib import Path

from tests.faults.machine import MachineRefused
from tests.faults.office import SERVICES
from tests.faults.parts import Copy, Database
from tests.faults.row import Row, Run

_JUMPS = ("+3600", "-3600")
_SECONDS = 2.0


async def _inject(run: Run) -> None:
    office, load = await run.office()
    folder = _for_all()
    moved: list[Copy | Database] = [*(run.random.choice(office.of(service)) for service in SERVICES), office.database]
    for part in moved:
        clock = folder / part.host.name
        _set(clock, "+0")
        part.before = _with_clock(clock)
        # The keeper starts it again, with the clock before its command.
        part.stop()
    async with load.steady():
        await run.back(load, time.monotonic())
        for part in moved:
            for jump in (*(_JUMPS if run.long else (run.random.choice(_JUMPS),)), "+0"):
                if jump != "+0":
                    run.injected(f"the clock of {part.host.name} {jump} s")
                    load.out_of_time.add(part.host.name)
                _set(folder / part.host.name, jump)
                since = time.monotonic()
                await asyncio.sleep(_SECONDS)
                await run.back(load, since)
            load.out_of_time.discard(part.host.name)
    for part in moved:
        part.before = ()
        part.stop()


def _for_all() -> Path:
    """A folder that PostgreSQL's user may read, too."""
    folder = Path(tempfile.mkdtemp(prefix="ketluan-clock-"))
    folder.chmod(0o755)
    return folder


def _set(clock: Path, jump: str) -> None:
    new = clock.with_suffix(".new")
    new.write_text(f"{jump}\n")
    os.replace(new, clock)


def _with_clock(clock: Path) -> tuple[str, ...]:
    """What stands before a command so that it reads its time with what the file says added."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        raise MachineRefused("the package faketime has no libfaketimeMT.so.1 below /usr/lib")
    own = {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    return ("env", *(f"{name}={value}" for name, value in own.items()))


ROW = Row("clocks", "clock jumped by an hour", _inject)
