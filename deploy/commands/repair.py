"""`ketluan repair`: restores the damaged side of the record from the sound one, as a person sees it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from deploy.commands.findings import show_findings, show_verification
from deploy.commands.verify import COLUMNS, FAULTS, compared
from deploy.embedded.alone import servers_alone
from deploy.embedded.refusal import CannotStart
from deploy.exit_codes import DIFFERENT, INCOMPLETE, REFUSED
from deploy.nats.permissions import REPAIR
from deploy.postgres.roles import OWNER
from services.tasks.record import passes
from services.tasks.record.repair.ledger_side import StillDamaged
from services.tasks.record.repair.log_side import NotRestored
from services.tasks.record.repair.plan import Plan, Trust, planned
from services.tasks.record.repair.repair import Parts, Repaired, carry_out
from services.tasks.record.verification import Sources
from shared.database import engine, translated
from shared.log.connect import broker, connected
from shared.settings import DatabaseSettings, NatsSettings

_ASIDE = "repair-aside.jsonl"
_AT_WORK = "SELECT DISTINCT application_name FROM pg_stat_activity WHERE application_name ~ '^ketluan (tasks|notify)'"


class ServicesRun(Exception):
    """Services are connected to the database: they must be stopped first. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person wants: where the data are, which side to trust where nothing tells, and whether to do it."""

    data: Path
    trust: Trust | None
    really: bool


def run_repair(wishes: Wishes) -> int:
    """Says what has to be restored from what, and does it where it was told to. Gives the exit code: 0 where all is
    sound now, 1 where something is left to do, 2 where it could not be done."""
    out, err = (Console(file=stream, soft_wrap=not stream.isatty()) for stream in (sys.stdout, sys.stderr))
    try:
        return asyncio.run(_repair(wishes, out))
    except CannotStart as refusal:
        err.print(f"{escape(refusal.words.to('vi', **refusal.values))} [dim]{escape(str(refusal))}[/]")
    except ServicesRun as refusal:
        err.print(
            f"Các dịch vụ đang nối với cơ sở dữ liệu ({escape(str(refusal))}); hãy dừng chúng rồi chạy lại. Chưa có gì "
            "thay đổi. [dim]Services are connected; stop them and run this again. Nothing was changed.[/]"
        )
    except (*FAULTS, StillDamaged, NotRestored, OSError) as fault:
        err.print(
            f"Việc khôi phục dừng giữa chừng: {escape(str(fault))} Không mất gì; hãy chạy lại. "
            "[dim]The repair was broken off. Nothing is lost; run it again.[/]"
        )
    return REFUSED


@asynccontextmanager
async def record_alone(data: Path, console: Console) -> AsyncIterator[tuple[NatsSettings, str, Path]]:
    """The log as a user that may replace it, the database as its owner, and the file for what is kept aside: those that
    are named, else those of the data folder, started for this.

    Raises:
        CannotStart: somebody else uses the data folder.
        UnusableSettings: a variable cannot be used.
    """
    if "KETLUAN_NATS_URL" in os.environ:
        database = DatabaseSettings.from_environment().database_url.get_secret_value()
        yield NatsSettings.from_environment(), database, Path(_ASIDE)
        return
    async with servers_alone(data, console) as alone:
        yield alone.nats_settings(REPAIR.name), alone.database_url(OWNER), alone.folder.path / _ASIDE


async def _repair(wishes: Wishes, out: Console) -> int:
    async with record_alone(wishes.data, out) as (settings, database, aside):
        await confirm_stillness(database)
        nats_broker, pool = broker(settings, "ketluan-repair"), engine(database, "ketluan repair")
        try:
            client = await connected(nats_broker)
            source = Sources(settings, client, pool)
            found = await compared(source, (), out, register=True)
            show_verification(found.verification, out)
            plan = planned(found, wishes.trust)
            if found.verification.is_sound and not aside.exists():
                return 0
            if plan.blocked:
                out.print(
                    "[red]Không tự khôi phục được[/] vì không có gì chứng minh bên nào đúng; chưa có gì thay đổi. "
                    "[dim](nothing proves which side is right; nothing was changed)[/]"
                )
                show_findings(plan.blocked, out)
                return DIFFERENT
            _show_plan(plan, out)
            if not wishes.really:
                out.print("Chưa làm gì. Thêm --yes để làm. [dim](nothing was done; add --yes to do it)[/]")
                return INCOMPLETE
            with Progress(*COLUMNS, console=out) as bars:
                bar = bars.add_task("Ghi lại (restoring)", total=None)
                parts = Parts(settings, client, pool, aside)
                done = await carry_out(parts, plan, found, lambda at, of: bars.update(bar, completed=at, total=of))
            _show_done(done, aside, out)
            after = await compared(source, (), out, register=True)
            with translated():
                async with pool.begin() as connection:
                    await passes.end(connection, await passes.begin(connection, "command"), after.verification)
            show_verification(after.verification, out)
            return 0 if after.verification.is_sound else INCOMPLETE
        finally:
            await nats_broker.stop()
            await pool.dispose()


async def confirm_stillness(database: str) -> None:
    """Confirms that no service works on the database.

    Raises:
        ServicesRun: one does.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with translated():
        connection = await asyncpg.connect(database.replace("+asyncpg", ""), timeout=5)
        try:
            at_work = await connection.fetch(_AT_WORK)
        finally:
            await connection.close()
    if at_work:
        raise ServicesRun(", ".join(str(row[0]) for row in at_work))


def _show_plan(plan: Plan, out: Console) -> None:
    steps = (
        (plan.rows, f"ghi lại {len(plan.rows)} dòng của sổ cái (rows of the ledger)"),
        (plan.tiles, f"ghi lại {len(plan.tiles)} ô băm (tiles)"),
        (plan.checkpoints, "lập lại bảng điểm kiểm chứng từ các sự kiện (the table of checkpoints)"),
        (plan.rewrites_log, "viết lại luồng sự kiện từ sổ cái rồi thay luồng cũ (the whole stream, from the ledger)"),
        (plan.adopts_log, "nhận luồng sự kiện hiện có (the stream that is there is the right one)"),
        (plan.sets_log, "đặt lại thiết lập của luồng (the stream's settings)"),
        (
            plan.register,
            "xoá trống sổ theo dõi, lần chạy tới dựng lại (the register, made again from the events at the next start)",
        ),
    )
    for needed, words in steps:
        if needed:
            out.print(f"  • {words}")


def _show_done(done: Repaired, aside: Path, out: Console) -> None:
    if done.again:
        out.print(
            f"{len(done.again)} sự kiện chỉ có trong nhật ký hỏng đã được ghi tiếp vào cuối [dim](appended again)[/]"
        )
    if done.left:
        out.print(
            f"{len(done.left)} sự kiện trái với lịch sử đã chứng minh được giữ trong {escape(str(aside.parent))} "
            "[dim](kept in the file beside, since they contradict what was proven)[/]"
        )
