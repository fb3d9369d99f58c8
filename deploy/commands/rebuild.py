"""`ketluan replay --swap` and `--until`, as a person sees them."""

import asyncio
import sys
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.commands.settings import nats_and_database
from deploy.embedded.whereabouts import NotRunning
from deploy.exit_codes import REFUSED
from deploy.postgres.roles import OWNER
from services.tasks.rebuild.moment import NoSuchMoment, board, event_at, last_event
from services.tasks.rebuild.shadow import SHADOW
from services.tasks.rebuild.swap import AnotherRebuild, ReadersDidNotYield, alone, build, change_places
from services.tasks.register.summary import Matrix
from services.tasks.replay import confirm, stream_state
from services.tasks.timeliness import Timeliness
from shared.database import DatabaseUnavailable, RowsRefused, engine, translated
from shared.language import Words
from shared.log.faults import LogFault
from shared.settings import NatsSettings, UnusableSettings
from shared.vocabulary import TIMELINESS
from shared.zone import DEFAULT_ZONE

_COLUMNS: tuple[Timeliness, ...] = ("overdue", "due_soon", "in_time", "no_deadline")
_SWAPPED = Words(
    "Sổ dựng lại đã thay sổ đang dùng, đến sự kiện {last}.", "The rebuilt register took its place, up to event {last}."
)
_KEPT = Words(
    "Bản dựng lại ở trong lược đồ {schema}; lần dựng sau sẽ xoá nó.",
    "It stays in the schema {schema} until the next rebuild.",
)


def run_rebuild(data: Path, until: str | None) -> int:
    """Rebuilds the register in a schema of its own: up to a moment, to be looked at, or else in the live one's place.
    Gives the exit code."""
    out, err = (Console(file=stream, soft_wrap=not stream.isatty()) for stream in (sys.stdout, sys.stderr))
    try:
        settings, database = nats_and_database("replay", OWNER, data)
        asyncio.run(_rebuild(settings, database, until, out))
    except NotRunning as refusal:
        err.print(
            f"Không có ketluan nào đang chạy trên {data}; chạy `make run` trước, hoặc đặt KETLUAN_NATS_URL và "
            f"KETLUAN_DATABASE_URL. [dim]{escape(str(refusal))}; start it, or set both variables.[/]"
        )
        return REFUSED
    except (
        *(LogFault, DatabaseUnavailable, RowsRefused, UnusableSettings),
        *(AnotherRebuild, ReadersDidNotYield, NoSuchMoment),
    ) as fault:
        err.print(
            f"Chưa dựng lại được; sổ đang dùng vẫn như cũ. [dim]{escape(str(fault))} The live register is as it was.[/]"
        )
        return REFUSED
    return 0


async def _rebuild(settings: NatsSettings, database: str, until: str | None, out: Console) -> None:
    pool = engine(database, "ketluan replay")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        stream = await stream_state(settings)
        with translated():
            async with pool.connect() as connection:
                await confirm(connection, stream)
                last = await last_event(connection) if until is None else await event_at(connection, until)
        async with alone(pool):
            with Progress(*columns, console=out) as bars:
                task = bars.add_task("Phát lại các sự kiện (replaying)", total=last)
                await build(pool, settings, stream.created, last, lambda done, _: bars.update(task, completed=done))
            if until is None:
                held = await change_places(pool)
                out.print(f"[green]{_SWAPPED.to('vi', last=held)}[/] [dim]{_SWAPPED.to('en', last=held)}[/]")
            else:
                await _show(pool, last, out)
    finally:
        await pool.dispose()


async def _show(pool: AsyncEngine, last: int, out: Console) -> None:
    at, found = await board(pool, last, DEFAULT_ZONE)
    out.print(_table(found, f"Đến sự kiện {last}, {at:%Y-%m-%d %H:%M:%S} UTC (up to event)"))
    out.print(f"{_KEPT.to('vi', schema=SHADOW)} [dim]{_KEPT.to('en', schema=SHADOW)}[/]")


def _table(found: Matrix, title: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.ROUNDED)
    table.add_column("Đơn vị (unit)")
    for each in _COLUMNS:
        table.add_column(TIMELINESS[each].vi, justify="right")
    for row in (*found.rows, found.total):
        name = escape(str(row.name or row.key or "Tất cả (all)"))
        table.add_row(name, *(str(row.tasks[each]) for each in _COLUMNS))
    return table
