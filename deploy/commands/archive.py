"""`ketluan export` and `ketluan import`: the whole log into a folder, and out of it into an empty log."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from deploy.archive.export import export
from deploy.archive.folder import Archive, ArchiveDamaged, Whole
from deploy.archive.restoring import AnotherHistory, restore
from deploy.commands.settings import nats_and_public_url
from deploy.commands.verify import COLUMNS
from deploy.embedded.alone import servers_alone
from deploy.embedded.refusal import CannotStart
from deploy.embedded.whereabouts import NotRunning
from deploy.exit_codes import INCOMPLETE, REFUSED
from deploy.migrations.run import DatabaseIsNewer
from services.tasks.ledger.note import NoteUnreadable, verifier_of
from shared.database import DatabaseUnavailable, RowsRefused
from shared.log.connect import broker, connected
from shared.log.faults import LogFault
from shared.settings import NatsSettings, UnusableSettings

_FAULTS = (LogFault, DatabaseUnavailable, RowsRefused, DatabaseIsNewer, UnusableSettings, NotRunning)
_WRITER = "repair"
Told = Callable[[int, int], None]


def run_export(folder: Path, data: Path) -> int:
    """Writes the log into a folder. Gives the exit code: 1 where something remains to be done."""

    async def exported(console: Console, told: Told) -> Whole:
        async with _readable(data, console) as settings:
            nats_broker = broker(settings, "ketluan-export")
            try:
                return await export(settings, await connected(nats_broker), Archive(folder), told)
            finally:
                await nats_broker.stop()

    return _shown("Ghi nhật ký ra tệp (export)", exported, folder, again="ketluan export")


def run_import(folder: Path, keys: Sequence[str], data: Path) -> int:
    """Puts the log of a folder into an empty one. Gives the exit code: 1 where something remains to be done."""

    async def restored(console: Console, told: Told) -> Whole:
        trusted = [verifier_of(key) for key in keys]
        async with _writable(data, console) as settings:
            nats_broker = broker(settings, "ketluan-import")
            try:
                return await restore(settings, await connected(nats_broker), Archive(folder), told, trusted)
            finally:
                await nats_broker.stop()

    code = _shown("Đưa vào nhật ký (import)", restored, folder, again="ketluan import")
    if code == 0:
        Console(stderr=True, soft_wrap=True, highlight=False).print(
            "Khoá ký không có trong kho lưu trữ: chép tệp khoá `checkpoint-key` từ nơi cũ sang, hoặc chạy `ketluan key "
            "rotate` ở nơi mới khi đã khởi động; trước đó chưa ký được gì, và `ketluan verify` báo thiếu điểm kiểm "
            "chứng. [dim]The signing key is in no archive: copy its file, `checkpoint-key`, from the former place, or "
            "run `ketluan key rotate` once the new place runs; until then nothing is signed, and `ketluan verify` says "
            "that checkpoints are missing.[/]"
        )
    return code


def _shown(title: str, work: Callable[[Console, Told], Awaitable[Whole]], folder: Path, again: str) -> int:
    out, err = (Console(file=stream, soft_wrap=not stream.isatty()) for stream in (sys.stdout, sys.stderr))
    try:
        with Progress(*COLUMNS, console=err) as bars:
            bar = bars.add_task(title, total=None)

            async def done() -> Whole:
                return await work(err, lambda done, of: bars.update(bar, completed=done, total=of))

            whole = asyncio.run(done())
    except CannotStart as refusal:
        err.print(f"{escape(refusal.words.to('vi', **refusal.values))} [dim]{escape(str(refusal))}[/]")
        return REFUSED
    except ArchiveDamaged as fault:
        err.print(f"Kho lưu trữ không nguyên vẹn. [dim]The archive is not sound: {escape(str(fault))}[/]")
        return REFUSED
    except AnotherHistory as fault:
        err.print(
            "Nhật ký nhận không trống và không phải phần đầu của kho này; không ghi gì. "
            f"[dim]{escape(str(fault))}. Nothing was written; name an empty log.[/]"
        )
        return REFUSED
    except NoteUnreadable as fault:
        err.print(
            f"Khoá không đúng dạng tên+mã+base64; không ghi gì. [dim]{escape(str(fault))}: nothing was written.[/]"
        )
        return REFUSED
    except (*_FAULTS, OSError) as fault:
        err.print(
            f"Chưa xong; phần đã ghi vẫn còn. Chạy lại `{again}` để làm tiếp. "
            f"[dim]{escape(str(fault) or type(fault).__name__)} Not done yet; what was written is kept, and the same "
            "command goes on from there.[/]"
        )
        return INCOMPLETE
    out.print(
        f"✓ {whole.events:,} sự kiện, {whole.files:,} tệp: {escape(str(folder))} "
        f"[dim](events, files; root {whole.root})[/]"
    )
    if whole.checkpoint is None:
        out.print("? Không có điểm kiểm chứng nào. [dim](no checkpoint says whose log it is)[/]")
    return 0


@asynccontextmanager
async def _readable(data: Path, console: Console) -> AsyncIterator[NatsSettings]:
    """The log that is named or runs, else that of the data folder, started for this."""
    try:
        yield nats_and_public_url("replay", data)[0]
    except NotRunning:
        if "KETLUAN_NATS_URL" in os.environ:
            raise
        async with servers_alone(data, console) as alone:
            yield alone.nats_settings("replay")


@asynccontextmanager
async def _writable(data: Path, console: Console) -> AsyncIterator[NatsSettings]:
    """The log that is named, by a user who may write all of it, else that of a data folder on which nothing runs."""
    if "KETLUAN_NATS_URL" in os.environ:
        yield NatsSettings.from_environment()
        return
    async with servers_alone(data, console, new=True) as alone:
        yield alone.nats_settings(_WRITER)
