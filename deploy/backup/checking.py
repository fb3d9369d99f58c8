"""Proves that a backup is whole: every statement, file and hash of it, the archive with its signed checkpoint, and that
the write-ahead log has no gap."""

import asyncio
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deploy.archive.confirming import confirm
from deploy.backup.folder import Backup, BackupDamaged, Copy, Take
from deploy.backup.server import programs, segment_name
from services.tasks.ledger.note import Verifier
from shared.log.record import Record

Told = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Reach:
    """The moments that a backup can restore: any from `since` to `until` (UTC) of one copy."""

    copy: Copy
    takes: tuple[Take, ...]


def reaches(takes: Sequence[Take]) -> list[Reach]:
    """What each copy of the database reaches, in order.

    Raises:
        BackupDamaged: nothing was ever taken whole.
    """
    if not takes:
        raise BackupDamaged("no take was completed; run `ketluan backup take` first.")
    numbers = dict.fromkeys(each.copy_.number for each in takes)
    found = [tuple(each for each in takes if each.copy_.number == number) for number in numbers]
    return [Reach(each[0].copy_, each) for each in found]


async def check(
    backup: Backup,
    takes: Sequence[Take],
    told: Told,
    trusted: Sequence[Verifier] = (),
    seen: Callable[[Sequence[Record]], None] = lambda _: None,
) -> None:
    """Confirms these takes and what they rest on, without a server. `seen` is shown every event.

    Raises:
        BackupDamaged, ArchiveDamaged: something is missing or was altered; the message names it.
    """
    files = [file for each in takes for file in each.files]
    for place, file in enumerate(files, start=1):
        await asyncio.to_thread(backup.confirm, file)
        told("Tệp của cơ sở dữ liệu (files of the database)", place, len(files))
    stated = {file.path for file in files}
    for reach in reaches(takes):
        folder = backup.copy_folder(reach.copy.number)
        for number in range(reach.copy.first_segment, reach.takes[-1].last_segment + 1):
            path = folder / "wal" / segment_name(reach.copy.timeline, number, reach.copy.segment_bytes)
            if str(path.relative_to(backup.path)) not in stated:
                raise BackupDamaged(f"no take states the segment {path.name} of the write-ahead log.")
        await asyncio.to_thread(_confirm_copy, backup, reach.copy)
    await asyncio.to_thread(
        lambda: confirm(
            backup.archive,
            lambda done, of: told("Nhật ký sự kiện (the log)", done, of),
            trusted,
            takes[-1].log,
            seen,
        )
    )


def _confirm_copy(backup: Backup, copy: Copy) -> None:
    """Has PostgreSQL's own program look at a copy."""
    command = [programs("pg_verifybackup"), "--no-parse-wal", "--quiet", str(backup.copy_folder(copy.number))]
    command += ["--ignore=wal"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupDamaged(f"the copy {copy.number} of the database is not whole: {done.stderr.strip()[-300:]}")
