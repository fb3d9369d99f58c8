"""`ketluan retire`: takes the events of closed years out of the log, as a person sees it."""

import asyncio
import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from deploy.archive.confirming import confirm
from deploy.archive.export import export
from deploy.archive.folder import Archive, ArchiveDamaged
from deploy.commands.findings import show_verification
from deploy.commands.repair import ServicesRun, confirm_stillness, record_alone
from deploy.commands.verify import COLUMNS, FAULTS, compared
from deploy.embedded.refusal import CannotStart
from deploy.exit_codes import DIFFERENT, INCOMPLETE, REFUSED
from services.tasks.ledger import issued
from services.tasks.record import passes
from services.tasks.record.repair.log_side import NotRestored
from services.tasks.record.retirement.retire import Archived, Parts, Retirement, count_leaving, retire
from services.tasks.record.verification import Sources
from shared.database import engine, translated
from shared.log.connect import broker, connected
from shared.zone import UnknownZone, known_zone

_MEBIBYTE = 1024 * 1024


class YearOpen(Exception):
    """The year before is not over. Nothing was changed."""


class NotSigned(Exception):
    """No checkpoint was ever signed, so that nothing would prove what left. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person wants: where the data are, the archive, the first year that stays, in which zone's days, and
    whether to do it."""

    data: Path
    archive: Path
    before: int
    zone: str
    really: bool


def run_retire(wishes: Wishes) -> int:
    """Says how many events would leave, and takes them out where it was told to. Gives the exit code: 0 where all is
    done, 1 where something is left to do, 2 where it could not be done."""
    out, err = (Console(file=stream, soft_wrap=not stream.isatty()) for stream in (sys.stdout, sys.stderr))
    try:
        return asyncio.run(_retire(wishes, year_begins(wishes.before, wishes.zone, dt.datetime.now(dt.UTC)), out))
    except CannotStart as refusal:
        err.print(f"{escape(refusal.words.to('vi', **refusal.values))} [dim]{escape(str(refusal))}[/]")
    except (YearOpen, UnknownZone) as refusal:
        err.print(
            f"Năm ấy chưa khép, hoặc múi giờ sai; chưa có gì thay đổi. [dim]{escape(str(refusal))}. Nothing was "
            "changed.[/]"
        )
    except ServicesRun as refusal:
        err.print(
            f"Các dịch vụ đang nối với cơ sở dữ liệu ({escape(str(refusal))}); hãy dừng chúng rồi chạy lại. Chưa có gì "
            "thay đổi. [dim]Services are connected; stop them and run this again. Nothing was changed.[/]"
        )
    except NotSigned:
        err.print(
            "Chưa có điểm kiểm chứng nào; hãy chạy `ketluan checkpoint issue` khi hệ thống đang chạy. Chưa có gì thay "
            "đổi. [dim]No checkpoint was signed yet; issue one while it runs. Nothing was changed.[/]"
        )
    except ArchiveDamaged as fault:
        err.print(
            f"Kho lưu trữ không nguyên vẹn; nhật ký giữ nguyên. [dim]The archive is not sound: {escape(str(fault))} "
            "The log was left as it is; name another folder.[/]"
        )
    except (*FAULTS, NotRestored, OSError) as fault:
        err.print(
            f"Dừng giữa chừng: {escape(str(fault))} Không mất gì; hãy chạy lại, hoặc `ketluan verify` trước. "
            "[dim]Broken off. Nothing is lost; run it again, or `ketluan verify` first.[/]"
        )
    return REFUSED


def year_begins(year: int, zone: str, now: dt.datetime) -> dt.datetime:
    """The moment (UTC) at which a local year begins that has begun.

    Raises:
        YearOpen: it has not begun.
        UnknownZone: there is no such zone.
    """
    begins = dt.datetime(year, 1, 1, tzinfo=ZoneInfo(known_zone(zone))).astimezone(dt.UTC)
    if begins > now:
        raise YearOpen(f"the year {year - 1} is not over in {zone}")
    return begins


async def _retire(wishes: Wishes, before: dt.datetime, out: Console) -> int:
    async with record_alone(wishes.data, out) as (settings, database, _):
        await confirm_stillness(database)
        nats_broker, pool = broker(settings, "ketluan-retire"), engine(database, "ketluan retire")
        try:
            client = await connected(nats_broker)
            source, parts = Sources(settings, client, pool), Parts(settings, client, pool)
            found = await compared(source, (), out, register=False)
            show_verification(found.verification, out)
            if not found.verification.is_sound:
                return DIFFERENT
            with translated():
                async with pool.connect() as connection:
                    newest = await issued.newest(connection)
            if newest is None:
                raise NotSigned
            if not wishes.really:
                count = await count_leaving(parts, before, newest.size)
                out.print(
                    f"{count:,} sự kiện có thể rời nhật ký [dim](events may leave the log)[/]. Chưa làm gì; thêm --yes "
                    "để làm. [dim](nothing was done; add --yes to do it)[/]"
                )
                return INCOMPLETE if count else 0
            done = await _carried_out(wishes, parts, before, out)
            after = await compared(source, (), out, register=True)
            with translated():
                async with pool.begin() as connection:
                    await passes.end(connection, await passes.begin(connection, "command"), after.verification)
            _show_done(done, out)
            show_verification(after.verification, out)
            return 0 if after.verification.is_sound else INCOMPLETE
        finally:
            await nats_broker.stop()
            await pool.dispose()


async def _carried_out(wishes: Wishes, parts: Parts, before: dt.datetime, out: Console) -> Retirement:
    with Progress(*COLUMNS, console=out) as bars:
        archive, writing = Archive(wishes.archive), bars.add_task("Ghi kho lưu trữ (archive)", total=None)
        await export(parts.settings, parts.client, archive, lambda at, of: bars.update(writing, completed=at, total=of))
        reading = bars.add_task("Đọc lại kho (confirming)", total=None)
        whole = await asyncio.to_thread(confirm, archive, lambda at, of: bars.update(reading, completed=at, total=of))
        with translated():
            async with parts.engine.connect() as connection:
                signed = await issued.of_size(connection, whole.checkpoint_size)
        if signed is None:
            raise NotSigned
        archived = Archived(whole.events, whole.root, signed.size, signed.root.hex())
        leaving = bars.add_task("Thay luồng sự kiện (the log)", total=None)
        return await retire(parts, before, archived, lambda at, of: bars.update(leaving, completed=at, total=of))


def _show_done(done: Retirement, out: Console) -> None:
    was, now = done.before, done.after
    out.print(
        f"{done.count:,} sự kiện đã rời nhật ký: {was.events:,} → {now.events:,} sự kiện, "
        f"{was.bytes / _MEBIBYTE:,.1f} → {now.bytes / _MEBIBYTE:,.1f} MiB; tệp bên cạnh "
        f"{done.beside_bytes / _MEBIBYTE:,.1f} MiB [dim](events that left; files beside the log)[/]"
    )
