"""Takes a backup while everything runs: the database first and the log behind it, so that whatever the database holds
is in the log that is kept."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from nats.aio.client import Client
from sqlalchemy import text

from deploy.archive.export import export
from deploy.backup.folder import Backup, BackupDamaged, Copy, Take
from deploy.backup.server import DatabaseServer, NotCopied, Standing, segment_name, segments
from services.tasks.record.checkpoints import known_keys
from shared.database import translated
from shared.release import RELEASE
from shared.settings import NatsSettings

_STEP = text("SELECT version_num FROM alembic_version")

Told = Callable[[str, int, int | None], None]
"""Is told what is done, how much of it, and of how much where that is known."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The two stores: the log, by a reader of all of it and of the files, and the database server."""

    settings: NatsSettings
    client: Client
    server: DatabaseServer


async def take(stores: Stores, backup: Backup, told: Told, *, anew: bool = False) -> Take:
    """Adds to a backup what came since the last take; the first takes all. `anew` copies the whole database again,
    which makes later restores faster.

    Raises:
        BackupDamaged, ArchiveDamaged: what the folder holds is not what was written, or not of this installation;
            nothing was added to it.
        BackupInUse: another take is under way; this one added nothing.
        NotCopied, DatabaseUnavailable, RowsRefused, LogUnavailable, LogRefused, OSError: the next take goes on.
    """
    backup.prepare()
    with backup.alone():
        return await _taken(stores, backup, told, anew=anew)


async def _taken(stores: Stores, backup: Backup, told: Told, *, anew: bool) -> Take:
    takes = backup.takes()
    standing = await stores.server.standing()
    last = takes[-1] if takes else None
    if last and (last.copy_.system, last.database) != (standing.system, standing.database):
        raise BackupDamaged("this is a backup of another database; name another folder.")
    copy, slot = last.copy_ if last else None, _slot(backup)
    whole = copy is not None and copy.timeline == standing.timeline and await stores.server.holds(slot)
    number = copy.number if copy and whole and not anew else (copy.number if copy else 0) + 1
    first_segment = copy.first_segment if copy else 0
    if copy is None or copy.number != number:
        told("Chép cơ sở dữ liệu (the database)", 0, None)
        first_segment = await _copied(stores.server, backup, slot, number)
    told("Nhật ký ghi trước của cơ sở dữ liệu (its write-ahead log)", 0, None)
    moment, last_segment = await stores.server.closed_segment(standing)
    if copy is None or copy.number != number:
        copy = _copy(number, moment, standing, first_segment)
    folder = backup.copy_folder(number)
    (folder / "wal").mkdir(mode=0o700, exist_ok=True)
    await stores.server.fetch(folder / "wal", slot, standing, last_segment)
    _confirm_whole(backup, copy, last_segment)
    log = await export(
        stores.settings, stores.client, backup.archive, lambda done, of: told("Nhật ký sự kiện (the log)", done, of)
    )
    stated = {each.path for each in (file for one in takes for file in one.files)}
    of_the_copy = (folder / "base.tar.gz", folder / "backup_manifest")
    new = (
        each for each in (*of_the_copy, *segments(folder / "wal")) if str(each.relative_to(backup.path)) not in stated
    )
    with translated():
        async with stores.server.engine.connect() as connection:
            step = str(await connection.scalar(_STEP))
            keys = tuple(str(each) for each in await known_keys(connection))
    found = Take(
        number=len(takes) + 1,
        previous=backup.follows(),
        moment=moment,
        release=RELEASE,
        schema_step=step,
        database=standing.database,
        copy_=copy,
        last_segment=last_segment,
        files=backup.kept(new),
        log=log,
        keys=keys,
    )
    backup.add(found)
    return found


def _slot(backup: Backup) -> str:
    """The slot that holds the write-ahead log for a backup: of each folder its own, whatever is mounted where."""
    mark = backup.path / "slot"
    if not mark.exists():
        digest = hashlib.sha256(f"{backup.path}{mark.parent.stat().st_ino}".encode()).hexdigest()
        mark.write_text(f"ketluan_backup_{digest[:16]}\n", encoding="ascii")
    return mark.read_text(encoding="ascii").strip()


async def _copied(server: DatabaseServer, backup: Backup, slot: str, number: int) -> int:
    """Copies the database server to its place. Gives the segment with which its write-ahead log has to begin."""
    folder = backup.copy_folder(number)
    draft = folder.with_suffix(".part")
    # What a take left that was broken off is stated nowhere.
    for left in (folder, draft):
        shutil.rmtree(left, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    if not await server.holds(slot):
        await server.hold(slot)
    first = await server.copy(draft)
    if unknown := {each.name for each in draft.iterdir()} - {"base.tar.gz", "backup_manifest"}:
        raise NotCopied(f"the database has tablespaces of its own ({min(unknown)}), which cannot be restored from here")
    draft.rename(folder)
    return first


def _copy(number: int, moment: object, standing: Standing, first_segment: int) -> Copy:
    return Copy.model_validate(
        {
            "number": number,
            "since": moment,
            "system": standing.system,
            "timeline": standing.timeline,
            "server": standing.server,
            "superuser": standing.superuser,
            "segment_bytes": standing.segment_bytes,
            "first_segment": first_segment,
        }
    )


def _confirm_whole(backup: Backup, copy: Copy, last_segment: int) -> None:
    there = {each.name for each in segments(backup.copy_folder(copy.number) / "wal")}
    for number in range(copy.first_segment, last_segment + 1):
        if (name := segment_name(copy.timeline, number, copy.segment_bytes)) not in there:
            raise NotCopied(f"the write-ahead log lacks {name}; take the backup with --anew")
