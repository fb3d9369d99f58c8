"""Runs rows one after the other, shows what is being done, and has the shared office judged after each."""

import random
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.faults.keeping import kept
from tests.faults.load import Load
from tests.faults.machine import Machine
from tests.faults.office import Office, office
from tests.faults.oracle import Oracle, Standing, differences
from tests.faults.row import Outcome, Row, Run


@dataclass
class Done:
    """A row that was run. `standing` is what the shared office held by its end, or None where it was another's."""

    row: Row
    outcome: Outcome
    seconds: float
    standing: Standing | None = None
    refusals: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    letters_again: int = 0


@dataclass
class _Shared:
    running: AsyncExitStack
    machine: Machine
    random: random.Random
    made: tuple[Office, Load] | None = None
    begun: bool = False

    async def get(self) -> tuple[Office, Load]:
        if self.made is None:
            if self.begun:
                raise RuntimeError("the office did not start, see the first row")
            self.begun = True
            started = await self.running.enter_async_context(office(self.machine))
            load = Load(started, self.random)
            self.running.push_async_callback(load.close)
            self.made = started, load
        return self.made


async def run_rows(rows: Sequence[Row], seed: int, long: bool, console: Console) -> list[Done]:
    """Runs each row, whatever became of the ones before."""
    done: list[Done] = []
    machine = Machine()
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    async with AsyncExitStack() as running:
        shared = _Shared(running, machine, random.Random(seed))
        with Progress(*columns, console=console) as progress:
            task = progress.add_task("", total=len(rows))
            before = Standing()
            for row in rows:

                def said(what: str, row: Row = row) -> None:
                    progress.update(task, description=f"{row.name}: {what}")
                    if not console.is_terminal:
                        console.print(f"  {row.name}: {what}")

                said("begins")
                each = await _run(
                    row, Run(machine, random.Random(f"{seed} {row.name}"), long, said, shared.get), before
                )
                before = each.standing or before
                done.append(each)
                progress.advance(task)
                held = "held" if not each.outcome.failures else f"DID NOT HOLD: {'; '.join(each.outcome.failures)}"
                console.print(f"{row.title}: {held}", markup=False)
    return done


async def _run(row: Row, run: Run, before: Standing) -> Done:
    began, outcome = time.monotonic(), run.outcome
    if not row.on_the_office:
        await _injected(outcome, row.inject(run))
        return Done(row, outcome, time.monotonic() - began)
    run.said("the office starts")
    await _injected(outcome, run.office())
    if outcome.failures:
        return Done(row, outcome, time.monotonic() - began)
    made, load = await run.office()
    tally = load.tally
    refusals, wrong = Counter(tally.refusals), len(tally.wrong)
    await _injected(outcome, row.inject(run))
    run.said("judging")
    standing, judge = before, Oracle(made, tally)
    try:
        standing = await judge.judged()
    except Exception as error:  # noqa: BLE001 - what cannot be judged has not held
        outcome.failures.append(_broke_off(error))
    outcome.figures |= {f"slowest answer of {name}": f"{most:.1f} s" for name, most in sorted(tally.slowest.items())}
    tally.slowest.clear()
    outcome.failures += [*differences(before, standing), *tally.wrong[wrong:]]
    if outcome.failures:
        run.said(f"what the parts wrote, and the log, is in {kept(made, judge)}")
    return Done(
        row,
        outcome,
        time.monotonic() - began,
        standing,
        tally.refusals - refusals,
        standing.acknowledged - before.acknowledged,
        standing.letters_again - before.letters_again,
    )


async def _injected(outcome: Outcome, work: Awaitable[object]) -> None:
    """A row that breaks off has not held."""
    try:
        await work
    except Exception as error:  # noqa: BLE001 - the other rows are still to be run
        outcome.failures.append(_broke_off(error))


def _broke_off(error: Exception) -> str:
    own = [each for each in traceback.extract_tb(error.__traceback__) if "tests/faults" in each.filename]
    return f"broke off: {error or type(error).__name__} ({own[-1].name}, line {own[-1].lineno})"
