"""A large body at its usual work: nothing breaks, nobody waits longer with time, and nothing grows."""

import asyncio

from rich.console import Console

from tests.benchmarks.steady_work.figures import MOST_MIB_A_MINUTE, Scale, Steady
from tests.benchmarks.steady_work.measuring import steady
from tests.faults.row import Row, Run
from tests.house import servers

_SHORT = Scale(people=2_000, units=100, listeners=200, seconds=20)
_TIMES_AS_LONG, _MILLISECONDS_MORE = 2.0, 100.0
_MOST_WORDS = 10


async def _inject(run: Run) -> None:
    def measured() -> Steady:
        with servers() as both:
            return steady(both, Scale() if run.long else _SHORT, run.said)

    run.said("servers start")
    found = await asyncio.to_thread(measured)
    outcome = run.outcome
    for what in found.waited:
        outcome.injected[what] += len(found.waited[what])
        shares = (f"{found.milliseconds(what, share):.0f}" for share in (0.5, 0.95, 0.99))
        outcome.figures[f"ms until {what} (p50, p95, p99)"] = ", ".join(shares)
    Console(width=120).print(found.table())
    outcome.failures += found.wrong[:_MOST_WORDS]
    for part, looks in found.looks.items():
        if looks[-1].lag:
            outcome.failures.append(f"{part} is {looks[-1].lag} events behind in the end")
    if run.long:
        outcome.failures += _growing(found)


def _growing(found: Steady) -> list[str]:
    """What did not stay as it was."""
    growing = []
    for part in found.looks:
        if (slope := found.mib_a_minute(part)) > MOST_MIB_A_MINUTE:
            growing.append(f"{part} takes {slope:.1f} MiB more each minute")
    for what in found.waited:
        first, second = found.halves(what)
        if second > first * _TIMES_AS_LONG + _MILLISECONDS_MORE:
            growing.append(f"until {what} took {first:.0f} ms, and {second:.0f} ms later on (p95)")
    return growing


ROW = Row("steady-load", "thousands of staff at work, many of whom listen", _inject, on_the_office=False)
