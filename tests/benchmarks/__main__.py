"""`make bench`: every measurement in one run, as a table with the aim beside each figure."""

import asyncio
import datetime as dt
from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeVar
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from shared.telemetry.logs import configure
from shared.zone import DEFAULT_ZONE
from tests.benchmarks.accepting import Accepted, accepting
from tests.benchmarks.listening import Listened, listening
from tests.benchmarks.mailing import Mailed, mailing
from tests.benchmarks.million import EVENTS, Answered, answering, asking_of_pasts, commanding, fill, projected
from tests.benchmarks.notifying import Notified, notifying
from tests.benchmarks.pages import MOST_BYTES, MOST_MILLISECONDS, MOST_UNTIL_PAINT, Shown, showing
from tests.benchmarks.projecting import Projected, projecting
from tests.benchmarks.proving import Proving, proving
from tests.benchmarks.reading import LONG, Read, reading, scores
from tests.benchmarks.replaying import LedgerCost, Replayed, ledger_cost, replaying
from tests.benchmarks.scoring import METRICS, Score
from tests.benchmarks.steady_work.figures import Scale
from tests.benchmarks.steady_work.measuring import steady
from tests.benchmarks.telling import ToldMany, telling
from tests.benchmarks.verifying import Verified, verifying
from tests.house import servers

_MIB = 1024 * 1024
_MOST_MIB = 150
_PEOPLE, _LISTENERS = 5_000, 2_000
_FEW = 10_000

T = TypeVar("T")


def main() -> None:
    """Measures, and prints what was measured."""
    configure("bench", "warning")
    console = Console(width=None if Console().is_terminal else 110)
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as progress:

        def measured(what: str, measure: Callable[[], T]) -> T:
            task = progress.add_task(what, total=1)
            found = measure()
            progress.update(task, completed=1)
            return found

        accepted = [
            measured("accepting notices of 24 directives", lambda: accepting(24, 150)),
            measured("accepting notices of 999 directives", lambda: accepting(999, 8)),
            measured("accepting notices of one directive", lambda: accepting(1, 300)),
        ]
        with servers() as one:
            throughput = measured("projecting", lambda: projecting(one, 100, 499))
            cost = measured("projecting with the ledger and without it", lambda: ledger_cost(one, 20_000))
        with servers() as another:
            notified = measured("notifying", lambda: notifying(another, 200, 20))
        with servers() as third:
            told = measured("telling 5,000 people", lambda: telling(third, 5000))
        with servers() as fourth:
            heard = measured("telling those who listen", lambda: listening(fourth, _PEOPLE, _LISTENERS, 3))
        with servers() as fifth:
            mailed = measured("telling 5,000 people by mail", lambda: mailing(fifth, _PEOPLE))
        with servers() as sixth:
            usual = measured("20,000 staff at their usual work", lambda: steady(sixth, Scale(), lambda _: None))
        read = measured("reading notices", reading)
        scored = measured("reading the labelled notices", scores)
    answered, shown, proved, verified, replayed, tasks_bytes = _at_a_million(console)
    console.print(_throughput(accepted, throughput))
    console.print(_replays(replayed, cost))
    console.print(_latency(notified))
    console.print(_heard(heard))
    console.print(_telling(told, mailed))
    console.print(usual.table())
    console.print(_answers(answered))
    console.print(_pages(shown))
    console.print(_proofs(proved))
    console.print(_verified(verified))
    console.print(_memory(accepted, throughput, notified, tasks_bytes))
    console.print(_reading(read))
    console.print(_scores(scored))


def _at_a_million(console: Console) -> tuple[list[Answered], list[Shown], Proving, list[Verified], list[Replayed], int]:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    today = dt.datetime.now(ZoneInfo(DEFAULT_ZONE)).date()
    with Progress(*columns, console=console, transient=True) as progress, ExitStack() as running:
        both, small = running.enter_context(servers()), running.enter_context(servers())

        def told(what: str) -> Callable[[int], None]:
            task = progress.add_task(what, total=EVENTS)
            return lambda done: progress.update(task, completed=done)

        asyncio.run(fill(both.nats.url, EVENTS, told("a log of some years")))
        with projected(both, EVENTS, told("its register")) as service:
            tasks_bytes = service.resident_bytes
            asked = progress.add_task("asking", total=3)
            answered = answering(service, today, EVENTS)
            progress.advance(asked)
            shown = showing(service, today)
            progress.advance(asked)
            answered.append(asyncio.run(commanding(service)))
            progress.advance(asked)
            asyncio.run(fill(small.nats.url, _FEW, told("a log of some weeks")))
            with projected(small, _FEW, told("its register")) as beside:
                answered += asking_of_pasts(beside, today, _FEW)
            proved = asyncio.run(proving(both, EVENTS))
            verified = asyncio.run(verifying(both, EVENTS))
        again = progress.add_task("its register, rebuilt", total=2)
        replayed = []
        for events in (EVENTS // 100, EVENTS):
            replayed.append(replaying(both, events))
            progress.advance(again)
    return answered, shown, proved, verified, replayed, tasks_bytes


def _answers(answered: list[Answered]) -> Table:
    table = _table(f"Milliseconds to an answer at {EVENTS:,} events", "question", "p50", "p95", "wanted (p95)")
    for each in answered:
        wanted = "100" if each.what.startswith("board, as") else "50"
        table.add_row(each.what, f"{each.percentile(0.5):.0f}", f"{each.percentile(0.95):.0f}", wanted)
    return table


def _pages(shown: list[Shown]) -> Table:
    columns = "page", "ms p50", "p95", "wanted", "kB", "wanted", "ms from a key to paint", "wanted"
    table = _table(f"Pages at {EVENTS:,} events", *columns)
    for each in shown:
        taken = (f"{each.answered.percentile(share):.0f}" for share in (0.5, 0.95))
        travelled = f"{each.travelled / 1000:.0f}", f"{MOST_BYTES / 1000:.0f}"
        painted = ("", "") if each.until_paint is None else (f"{each.until_paint:.0f}", f"{MOST_UNTIL_PAINT}")
        table.add_row(each.answered.what, *taken, f"{MOST_MILLISECONDS}", *travelled, *painted)
    return table


def _proofs(proved: Proving) -> Table:
    table = _table("Milliseconds to a proof that an event is in the record", "tree of events", "p50", "p95", "wanted")
    for each in proved.proofs:
        table.add_row(f"{each.size:,}", f"{each.percentile(0.5):.2f}", f"{each.percentile(0.95):.2f}", "2")
    table.add_row("read again before a checkpoint, events a second", f"{proved.read_again_per_second:,.0f}", "", "")
    return table


def _verified(verified: list[Verified]) -> Table:
    table = _table("Events a second of a full verification: log, ledger, tiles", "events", "a second", "wanted")
    for each in verified:
        table.add_row(f"{each.events:,}", f"{each.per_second:,.0f}", "50,000")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", min_width=64)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    return table


def _throughput(accepted: list[Accepted], projected: Projected) -> Table:
    table = _table("Events a second, durable", "what", "ketluan", "limit", "ratio", "wanted")
    for each in accepted:
        what = f"accepted, notices of {each.directives} (limit: raw atomic batches, same bytes)"
        table.add_row(what, f"{each.through_intake:,.0f}", f"{each.raw:,.0f}", f"{each.ratio:.2f}", "0.50, aim 0.90")
    what = f"projected into ledger and register, {projected.events:,} events"
    table.add_row(what, f"{projected.per_second:,.0f}", "", "", "5,000, aim 10,000")
    table.add_row("what they say, behind the register", f"{projected.words_per_second:,.0f}", "", "", "")
    return table


def _replays(replayed: list[Replayed], cost: LedgerCost) -> Table:
    table = _table("Events a second of a rebuilt register, and what the ledger costs", "what", "a second", "wanted")
    for each in replayed:
        table.add_row(f"rebuilt with all indexes, {each.events:,} events", f"{each.per_second:,.0f}", "20,000")
    table.add_row("projected in one process, without the ledger", f"{cost.without:,.0f}", "")
    table.add_row("the same with it", f"{cost.with_it:,.0f}", f"{0.8 * cost.without:,.0f}")
    return table


def _latency(notified: Notified) -> Table:
    title = f"From POST to inbox, {len(notified.milliseconds)} notices of 24 directives"
    table = _table(title, "percentile", "ms", "wanted")
    table.add_row("p50", f"{notified.percentile(0.5):.0f}", "")
    table.add_row("p99", f"{notified.percentile(0.99):.0f}", "300")
    return table


def _telling(told: ToldMany, mailed: Mailed) -> Table:
    table = _table(f"One notice for {told.people:,} people, from the append on", "until", "s", "wanted")
    table.add_row("it is decided whom to tell", f"{told.planned_seconds:.2f}", "5")
    table.add_row("every inbox holds it", f"{told.told_seconds:.2f}", "")
    table.add_row("the first letter is at the mail server", f"{mailed.seconds[0]:.2f}", "")
    table.add_row("the last letter is at the mail server", f"{mailed.seconds[-1]:.2f}", "10")
    table.caption = f"letters a second: {mailed.a_second:,.0f}, {mailed.raw_a_second:,.0f} by a bare SMTP client"
    return table


def _heard(listened: Listened) -> Table:
    title = f"Notices to {_PEOPLE:,} people each, {_LISTENERS:,} of whom listen"
    table = _table(title, "what", "", "wanted")
    table.add_row("s until they hear, p50", f"{listened.percentile(0.5):.2f}", "")
    table.add_row("s until they hear, p99", f"{listened.percentile(0.99):.2f}", "2")
    table.add_row("MiB that notify holds before", f"{listened.before / _MIB:.0f}", "")
    table.add_row("MiB while all listen", f"{listened.listening / _MIB:.0f}", "400")
    table.add_row("MiB afterwards", f"{listened.afterwards / _MIB:.0f}", "400")
    return table


def _memory(accepted: list[Accepted], projected: Projected, notified: Notified, tasks_bytes: int) -> Table:
    table = _table("Resident memory after the measurements", "service", "MiB", "wanted")
    rows = [
        *((f"intake, after notices of {each.directives}", each.intake_bytes) for each in accepted),
        ("tasks, after it projected", projected.tasks_bytes),
        (f"tasks, after it projected {EVENTS:,} events", tasks_bytes),
        *((f"{name}, after notices of 24 seen in inboxes", held) for name, held in notified.resident.items()),
        *((f"{name}, after notices of 999 besides", held) for name, held in notified.resident_after_large.items()),
    ]
    for what, resident in rows:
        table.add_row(what, f"{resident / _MIB:.0f}", f"{_MOST_MIB}")
    return table


def _reading(read: list[Read]) -> Table:
    columns = "form", "ms a page", "wanted", f"s for {LONG} pages", "wanted", "pages/s", "peak MiB", "wanted"
    table = _table("Reading, in a process of its own", *columns)
    for each in read:
        is_scan = each.long_seconds is None
        lasting = "" if each.long_seconds is None else f"{each.long_seconds:.2f}"
        wanted = ("", "") if is_scan else ("50", "2")
        shown = (f"{each.page_milliseconds:.1f}", wanted[0], lasting, wanted[1], f"{each.pages_a_second:.1f}")
        table.add_row(each.form, *shown, f"{each.peak / _MIB:.0f}", "200")
    return table


def _scores(scored: dict[str, Score]) -> Table:
    table = _table("The project's labelled notices, as read", "what", *scored)
    for metric in METRICS:
        table.add_row(metric, *(f"{score.share(metric):.3f}" for score in scored.values()))
    return table


if __name__ == "__main__":
    main()
