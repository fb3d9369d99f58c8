"""`ketluan replay`, as a person sees it."""

import asyncio
import sys
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from deploy.commands.settings import nats_and_database
from deploy.embedded.whereabouts import NotRunning
from deploy.exit_codes import DIFFERENT, REFUSED
from services.tasks.replay import Replay, replay
from shared.database import DatabaseUnavailable, RowsRefused, engine
from shared.log.faults import LogFault
from shared.settings import NatsSettings, UnusableSettings


def run_replay(data: Path) -> int:
    """Rebuilds the register beside the live one and says whether they are equal. Gives the exit code: 1 if not."""
    out, err = (Console(file=stream, soft_wrap=not stream.isatty()) for stream in (sys.stdout, sys.stderr))
    try:
        settings, database = nats_and_database("replay", "ketluan_tasks", data)
        found = asyncio.run(_replay(settings, database, out))
    except NotRunning as refusal:
        err.print(
            f"Không có ketluan nào đang chạy trên {data}; chạy `make run` trước, hoặc đặt KETLUAN_NATS_URL và "
            f"KETLUAN_DATABASE_URL. [dim]{escape(str(refusal))}; start it, or set both variables.[/]"
        )
        return REFUSED
    except (LogFault, DatabaseUnavailable, RowsRefused, UnusableSettings) as fault:
        err.print(f"Chưa dựng lại được, không có gì thay đổi. [dim]{escape(str(fault))} Nothing was changed.[/]")
        return REFUSED
    _show(found, out)
    return 0 if found.equal else DIFFERENT


async def _replay(settings: NatsSettings, database: str, out: Console) -> Replay:
    pool = engine(database, "ketluan replay")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=out) as bars:
            task = bars.add_task("Phát lại các sự kiện (replaying)", total=None)
            return await replay(pool, settings, lambda done, of: bars.update(task, completed=done, total=of))
    finally:
        await pool.dispose()


def _show(found: Replay, out: Console) -> None:
    table = Table(title=f"Đến sự kiện {found.sequence} (up to event)", title_justify="left", box=box.ROUNDED)
    table.add_column("Bảng (table)")
    for column in ("Đang dùng (live)", "Dựng lại (rebuilt)"):
        table.add_column(column, justify="right")
    table.add_column("Kết quả", overflow="fold")
    for each in found.tables:
        differences = [f"chỉ có ở sổ đang dùng: {row}" for row in each.only_live]
        differences += [f"chỉ có ở bản dựng lại: {row}" for row in each.only_rebuilt]
        verdict = "[green]giống nhau[/]" if each.equal else escape("\n".join(differences) or "khác số dòng")
        table.add_row(each.table, str(each.live_rows), str(each.rebuilt_rows), verdict)
    out.print(table)
    if found.equal:
        out.print("[green]Hai bên giống nhau.[/] [dim](they are equal)[/]")
    else:
        out.print("[red]Hai bên khác nhau ở các dòng nêu trên.[/] [dim](they differ where the table says)[/]")
