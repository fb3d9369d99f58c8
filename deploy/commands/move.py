"""`ketluan move`: carries the installation on a data folder over to a cluster that nobody uses yet."""

import asyncio
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from deploy.archive.folder import Archive, ArchiveDamaged
from deploy.archive.restoring import AnotherHistory
from deploy.commands.bars import Told, bars
from deploy.commands.findings import show_verification
from deploy.commands.verify import compared
from deploy.embedded.alone import servers_alone
from deploy.embedded.folder import DataFolder
from deploy.embedded.refusal import NO_DATABASE, CannotStart
from deploy.exit_codes import DIFFERENT, INCOMPLETE, REFUSED
from deploy.migrations.run import DatabaseIsNewer
from deploy.moving.departure import Mark, bear, mark_of, pack, running_on, stop
from deploy.moving.moving import Source, carry_bulk, carry_rest_and_compare
from deploy.moving.tables import Differs
from deploy.moving.target import Target, TargetNotReady
from deploy.postgres.roles import OWNER
from services.tasks.record.verification import Compared, Sources
from shared.database import DatabaseUnavailable, RowsRefused, engine
from shared.database_address import Address
from shared.log.connect import broker, connected
from shared.log.faults import LogFault
from shared.settings import UnusableSettings

_REFUSALS = (ArchiveDamaged, AnotherHistory, TargetNotReady, UnusableSettings, Differs)
_BROKEN_OFF = (LogFault, DatabaseUnavailable, RowsRefused, DatabaseIsNewer, OSError)
_READER = "replay"
_UNKNOWN = "http://127.0.0.1:8080"


def run_move(settings: Path, data: Path, work: Path | None) -> int:
    """Moves. Gives the exit code: 0 where everything is in the new place, 1 where something is left to do."""
    out, err = (Console(file=stream, soft_wrap=not stream.isatty()) for stream in (sys.stdout, sys.stderr))
    try:
        with bars(err) as told:
            return asyncio.run(_moved(settings, DataFolder(data), work, out, told))
    except CannotStart as refusal:
        err.print(f"{escape(refusal.words.to('vi', **refusal.values))} [dim]{escape(str(refusal))}[/]")
        return REFUSED
    except _REFUSALS as refusal:
        err.print(
            f"Không chuyển được; nơi cũ không bị thay đổi: {escape(str(refusal))} [dim](not moved; the old place was "
            "not changed)[/]",
            highlight=False,
        )
        return REFUSED
    except _BROKEN_OFF as fault:
        err.print(
            f"Chưa chuyển xong; phần đã ghi vẫn còn. Chạy lại lệnh này để làm tiếp. "
            f"[dim]{escape(str(fault) or type(fault).__name__)}. Not done yet; the same again goes on.[/]",
            highlight=False,
        )
        return INCOMPLETE


async def _moved(settings: Path, folder: DataFolder, work: Path | None, out: Console, told: Told) -> int:
    target = Target.of(settings)
    place = work or folder.path.with_name(f"{folder.path.name}.move")
    archive, mark = Archive(place / "log"), mark_of(folder)
    if mark and mark.is_done:
        out.print(
            f"✓ Đã chuyển sang {escape(mark.to)}: {mark.events:,} sự kiện, gốc {mark.root} [dim](moved before)[/]"
        )
        return 0
    if not folder.postgres.exists():
        raise CannotStart(NO_DATABASE, folder=folder.path)
    if running := running_on(folder):
        await carry_bulk(Source(running.nats(_READER), running.database(OWNER)), target, archive, told)
    mark = mark or Mark(_named(target), running.public_url if running else _UNKNOWN)
    bear(folder, mark)
    await stop(folder)
    async with servers_alone(folder.path, out) as alone:
        source = Source(alone.nats_settings(_READER), alone.database_url(OWNER))
        whole = await carry_rest_and_compare(source, target, archive, told)
    verified = await _verified(target, out)
    show_verification(verified.verification, out)
    if not verified.verification.is_sound:
        return DIFFERENT
    luggage = place / "to-carry"
    pack(folder, mark.public_url, luggage)
    bear(folder, Mark(mark.to, mark.public_url, whole.events, whole.root))
    out.print(
        f"✓ {whole.events:,} sự kiện, {whole.files:,} tệp và mọi bảng đã ở {escape(mark.to)}, gốc {whole.root} "
        "[dim](events, files and all tables are there; the record has this root in both places)[/]"
    )
    out.print(
        f"Trước khi khởi động nơi mới, đặt vào đó những gì có trong {escape(str(luggage))}: khoá phiên, khoá ký, các "
        "điểm kiểm chứng, địa chỉ; cùng các KETLUAN_* khác mà nơi cũ dùng. [dim](before the new place starts, put "
        "there what is in this folder: the session key, the signing key, the checkpoints, the address; and the other "
        "KETLUAN_* of the old place)[/]"
    )
    return 0


async def _verified(target: Target, out: Console) -> Compared:
    nats_broker, pool = broker(target.nats, "ketluan-move"), engine(target.database_url, "ketluan move")
    try:
        return await compared(Sources(target.nats, await connected(nats_broker), pool), (), out, register=True)
    finally:
        await nats_broker.stop()
        await pool.dispose()


def _named(target: Target) -> str:
    database = Address.parse(target.database_url)
    return f"{target.nats.nats_url}, {','.join(database.servers)}/{database.database}"
