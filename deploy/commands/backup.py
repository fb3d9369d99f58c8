"""`ketluan backup`: both stores into a folder, what is in it, whether it is whole, and back to any moment."""

import asyncio
import datetime as dt
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import AwareDatetime, TypeAdapter, ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.archive.folder import ArchiveDamaged
from deploy.archive.restoring import AnotherHistory
from deploy.backup.checking import check, reaches
from deploy.backup.folder import Backup, BackupDamaged
from deploy.backup.restoring import NoSuchMoment, NotNew, Restored, restored
from deploy.backup.server import DatabaseServer, NotCopied
from deploy.backup.taking import Stores, take
from deploy.commands.bars import Told, bars
from deploy.commands.findings import show_verification
from deploy.commands.verify import compared
from deploy.embedded.alone import servers_alone
from deploy.embedded.folder import SESSION_KEY, DataFolder, session_key
from deploy.embedded.postgres import SUPERUSER
from deploy.embedded.refusal import CannotStart
from deploy.embedded.whereabouts import NotRunning, Whereabouts
from deploy.exit_codes import DIFFERENT, INCOMPLETE, REFUSED
from deploy.migrations.run import DatabaseIsNewer
from services.tasks.ledger.note import NoteUnreadable, verifier_of
from shared.database import DatabaseUnavailable, RowsRefused, engine
from shared.database_address import Address
from shared.log.connect import broker, connected
from shared.log.faults import LogFault
from shared.settings import DatabaseSettings, IdentitySettings, NatsSettings, UnusableSettings

_REFUSALS = (BackupDamaged, ArchiveDamaged, NoSuchMoment, NotNew, NoteUnreadable, UnusableSettings)
_BROKEN_OFF = (NotCopied, AnotherHistory, LogFault, DatabaseUnavailable, RowsRefused, DatabaseIsNewer, OSError)
_TIME: TypeAdapter[dt.datetime] = TypeAdapter(AwareDatetime)
_CHECKPOINT_KEY = "checkpoint-key"


def run_take(folder: Path, data: Path, secrets: Path | None, *, anew: bool) -> int:
    """Adds to the backup in a folder what came since the last take. Gives the exit code."""

    async def taken(out: Console, told: Told) -> int:
        async with _stores(data, out) as stores:
            done = await take(stores, Backup(folder), told, anew=anew)
        if secrets is not None:
            _write_secrets(secrets, data)
        size = sum(each.size for each in done.files)
        out.print(
            f"✓ Lần {done.number}: {done.log.events:,} sự kiện, {done.log.files:,} tệp, thêm {_mib(size)} của cơ sở dữ "
            f"liệu; khôi phục được đến {done.moment.isoformat()} [dim](events, files, more of the database; can be "
            "restored up to there)[/]"
        )
        if secrets is None:
            out.print(
                "Khoá phiên và khoá ký không có trong bản sao này; --secrets TỆP ghi chúng ra riêng. [dim](the session "
                "key and the signing key are not in it; --secrets FILE writes them apart)[/]"
            )
        return 0

    return _shown(taken, again="ketluan backup take")


def run_list(folder: Path) -> int:
    """Prints what the backup in a folder holds. Gives the exit code."""

    async def listed(out: Console, _: Told) -> int:
        table = Table(
            "Lần (take)", "Khôi phục được đến (up to)", "Sự kiện (events)", "Tệp (files)", "Bản (copy)", "Thêm (added)"
        )
        for each in Backup(folder).takes():
            size = sum(file.size for file in each.files)
            row = (each.number, _second(each.moment), f"{each.log.events:,}", each.log.files, each.copy_.number)
            table.add_row(*map(str, row), _mib(size))
        out.print(table)
        for reach in reaches(Backup(folder).takes()):
            out.print(
                f"Bản {reach.copy.number}: mọi lúc từ {reach.copy.since.isoformat()} đến "
                f"{reach.takes[-1].moment.isoformat()} [dim](any moment from … to …)[/]"
            )
        return 0

    return _shown(listed, again="ketluan backup list")


def run_check(folder: Path, keys: Sequence[str]) -> int:
    """Proves that the backup in a folder is whole. Gives the exit code."""

    async def checked(out: Console, told: Told) -> int:
        backup = Backup(folder)
        takes = backup.takes()
        await check(backup, takes, told, [verifier_of(key) for key in keys])
        last = takes[-1]
        out.print(
            f"✓ Nguyên vẹn: {len(takes)} lần, {last.log.events:,} sự kiện, gốc {last.log.root} [dim](whole: takes, "
            "events, root)[/]"
        )
        return 0

    return _shown(checked, again="ketluan backup check")


def run_restore(folder: Path, data: Path, until: str | None, secrets: Path | None, keys: Sequence[str]) -> int:
    """Restores both stores into a new data folder, and verifies them. Gives the exit code."""

    async def done(out: Console, told: Told) -> int:
        moment = _moment(until)
        given = _read_secrets(secrets) if secrets else {}

        def prepare(new: DataFolder) -> None:
            if SESSION_KEY in given:
                new.keep_password(SESSION_KEY, given[SESSION_KEY])

        trusted = [verifier_of(key) for key in keys]
        async with restored(Backup(folder), data, moment, trusted, out, told, prepare) as (found, source):
            place = DataFolder(data.with_name(f"{data.name}.restoring"))
            place.checkpoint_key.unlink(missing_ok=True)
            if _CHECKPOINT_KEY in given and not found.signed:
                place.write(place.checkpoint_key, given[_CHECKPOINT_KEY])
            verified = await compared(source, (), out, register=True)
        show_verification(verified.verification, out)
        _show_restored(found, data, out, with_secrets=bool(given))
        return 0 if verified.verification.is_sound else DIFFERENT

    return _shown(done, again="ketluan backup restore")


def _show_restored(found: Restored, data: Path, out: Console, *, with_secrets: bool) -> None:
    left = found.kept - found.events
    moment = (found.until or found.take.moment).isoformat()
    out.print(
        f"✓ {escape(str(data))}: như lúc {moment}, {found.events:,} sự kiện, sổ theo dõi đến sự kiện "
        f"{found.register:,} [dim](as of then; events; the register goes on from there when the services start)[/]"
    )
    if left:
        out.print(
            f"{left:,} sự kiện về sau có trong bản sao và không được đưa vào. [dim](later events are in the backup, "
            "and not here)[/]"
        )
    if found.pending or found.brought:
        out.print(
            f"{found.pending:,} thư và tin nhắn chưa được ghi nhận là đã đến; chúng được gửi khi khởi động, với đúng "
            f"mã cũ. {found.brought:,} thư đã đến sau lúc ấy. [dim](letters and messages that were not on record as "
            "brought leave at the start, with their former ids; so many more were brought after that moment and are "
            "not known here. Without KETLUAN_SMTP_HOST no mail leaves.)[/]"
        )
    if found.signed:
        out.print(
            "Sau lúc ấy đã có điểm kiểm chứng được ký: ai giữ điểm đó sẽ thấy sổ ghi không chỉ được thêm vào. Khoá cũ "
            "không được dùng tiếp; hãy nói rõ với họ rồi `ketluan key create --name TÊN-MỚI`. [dim](a checkpoint was "
            "signed behind that moment; whoever keeps it will see that this record is another one. The former key must "
            "not sign it: tell them, and make a key of another name)[/]"
        )
    elif not with_secrets:
        out.print(
            "Khoá ký và khoá phiên không có trong bản sao: chép `checkpoint-key` từ nơi cũ sang, hoặc chạy `ketluan "
            "key rotate`; bí mật webhook phải thay mới, mọi người đăng nhập lại. [dim](signing and session keys are in "
            "no backup: copy the key's file, or rotate it; webhook secrets have to be rotated, people sign in again)[/]"
        )


@asynccontextmanager
async def _stores(data: Path, console: Console) -> AsyncIterator[Stores]:
    """The stores that are named or run, else those of the data folder, started for this."""
    if "KETLUAN_NATS_URL" in os.environ:
        url = DatabaseSettings.from_environment().database_url.get_secret_value()
        async with _opened(NatsSettings.from_environment(), url) as stores:
            yield stores
        return
    try:
        running = Whereabouts(DataFolder(data))
    except NotRunning:
        async with (
            servers_alone(data, console) as alone,
            _opened(alone.nats_settings("replay"), alone.database_url(SUPERUSER)) as stores,
        ):
            yield stores
        return
    async with _opened(running.nats("replay"), running.database(SUPERUSER)) as stores:
        yield stores


@asynccontextmanager
async def _opened(settings: NatsSettings, url: str) -> AsyncIterator[Stores]:
    nats_broker, pool = broker(settings, "ketluan-backup"), engine(url, "ketluan backup")
    try:
        yield Stores(settings, await connected(nats_broker), DatabaseServer(pool, Address.parse(url)))
    finally:
        await nats_broker.stop()
        await pool.dispose()


def _write_secrets(file: Path, data: Path) -> None:
    """Writes what signs sessions and checkpoints into a file that its owner alone can read."""
    if "KETLUAN_NATS_URL" in os.environ:
        found = {SESSION_KEY: IdentitySettings.from_environment().session_key.get_secret_value()}
        named = os.environ.get("KETLUAN_CHECKPOINT_KEY_FILE")
        key = Path(named) if named else None
    else:
        folder = DataFolder(data)
        found, key = {SESSION_KEY: session_key(folder)}, folder.checkpoint_key
    if key is not None and key.exists():
        found[_CHECKPOINT_KEY] = key.read_text(encoding="utf-8")
    file.unlink(missing_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as kept:
        json.dump(found, kept, indent=1)


def _read_secrets(file: Path) -> dict[str, str]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return {str(name): str(value) for name, value in found.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise BackupDamaged(f"the file of secrets {file} cannot be read: {error}.") from error


def _moment(given: str | None) -> dt.datetime | None:
    if given is None:
        return None
    try:
        return _TIME.validate_python(given)
    except ValidationError as error:
        raise NoSuchMoment(f"{given!r} is no time such as 2026-11-23T17:00:00+07:00") from error


def _shown(work: Callable[[Console, Told], Awaitable[int]], again: str) -> int:
    out, err = (Console(file=stream, soft_wrap=not stream.isatty()) for stream in (sys.stdout, sys.stderr))
    try:
        with bars(err) as told:
            return asyncio.run(_awaited(work(out, told)))
    except CannotStart as refusal:
        err.print(f"{escape(refusal.words.to('vi', **refusal.values))} [dim]{escape(str(refusal))}[/]")
        return REFUSED
    except _REFUSALS as refusal:
        err.print(
            f"Không làm được; không có gì bị thay đổi: {escape(str(refusal))} [dim](refused; nothing was changed)[/]",
            highlight=False,
        )
        return REFUSED
    except _BROKEN_OFF as fault:
        err.print(
            f"Chưa xong; phần đã ghi vẫn còn. Chạy lại `{again}`. [dim]{escape(str(fault) or type(fault).__name__)}. "
            "Not done yet; what was written is kept, say the same again.[/]",
            highlight=False,
        )
        return INCOMPLETE


async def _awaited(work: Awaitable[int]) -> int:
    return await work


def _second(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"


def _mib(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MiB"
