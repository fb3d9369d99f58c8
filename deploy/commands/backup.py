"""`ketluan backup take`, `list` and `check`: both stores into a folder, what is in it, and whether it is whole."""

import datetime as dt
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.backup.checking import check, reaches
from deploy.backup.folder import Backup
from deploy.backup.kept_secrets import write_secrets
from deploy.backup.server import DatabaseServer
from deploy.backup.taking import Stores, take
from deploy.commands.bars import Told
from deploy.commands.outcome import shown
from deploy.embedded.alone import servers_alone
from deploy.embedded.folder import DataFolder
from deploy.embedded.postgres import SUPERUSER
from deploy.embedded.whereabouts import NotRunning, Whereabouts
from services.tasks.ledger.note import verifier_of
from shared.database import engine
from shared.database_address import Address
from shared.log.connect import broker, connected
from shared.settings import DatabaseSettings, NatsSettings


def run_take(folder: Path, data: Path, secrets: Path | None, *, anew: bool) -> int:
    """Adds to the backup in a folder what came since the last take. Gives the exit code."""

    async def taken(out: Console, told: Told) -> int:
        async with _stores(data, out) as stores:
            done = await take(stores, Backup(folder), told, anew=anew)
        if secrets is not None:
            write_secrets(secrets, data)
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

    return shown(taken, again="ketluan backup take")


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

    return shown(listed, again="ketluan backup list")


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

    return shown(checked, again="ketluan backup check")


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


def _second(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"


def _mib(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MiB"
