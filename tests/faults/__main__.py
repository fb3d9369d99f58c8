"""`make faults`: injects every fault, and prints what was injected and what held. Ends with 1 where anything did not.

FAULTS=name,… chooses rows, LONG=1 makes the whole of them, SEED=number repeats the choices of an earlier run.
"""

import asyncio
import os
import random
import sys

from rich.console import Console

from shared.telemetry.logs import configure
from tests.faults import machine
from tests.faults.report import report
from tests.faults.rows import ROWS
from tests.faults.running import run_rows

_UNUSABLE = 2


def main() -> int:
    """Runs the chosen rows. Gives the exit code: 0 where all held, 1 where not, 2 where nothing could be run."""
    console = Console(width=None if Console().is_terminal else 150, stderr=False)
    chosen = [name for name in os.environ.get("FAULTS", "").split(",") if name]
    if unknown := [name for name in chosen if name not in {row.name for row in ROWS}]:
        console.print(f"There is no row {', '.join(unknown)}. There are: {', '.join(row.name for row in ROWS)}.")
        return _UNUSABLE
    if not machine.is_apart():
        if lacking := machine.missing():
            console.print(f"Faults cannot be injected on this machine, which lacks {', '.join(lacking)}.")
            return _UNUSABLE
        machine.go_apart()
    configure("faults", "critical")
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    long = os.environ.get("LONG") == "1"
    console.print(f"make faults{' LONG=1' if long else ''} SEED={seed}")
    rows = [row for row in ROWS if row.name in chosen or (not chosen and (long or not row.only_long))]
    done = asyncio.run(run_rows(rows, seed, long, console))
    return report(console, done)


if __name__ == "__main__":
    sys.exit(main())
