"""Restores both stores as they stood at a moment into a new data folder, consistent with each other.

The database comes to the moment by its own recovery. The log gets every event that was stored up to it and, where a
clock went otherwise, those that the database had taken in by then: so the register is never ahead of the log. What the
log has more, the services take in when they start.
"""

import datetime as dt
import shutil
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.archive.restoring import put_in
from deploy.backup.checking import check
from deploy.backup.folder import Backup, BackupDamaged, Take
from deploy.backup.moment import NotNew, chosen
from deploy.backup.recovery import recover
from deploy.embedded.alone import servers_alone
from deploy.embedded.folder import DataFolder
from deploy.nats.permissions import REPAIR
from deploy.postgres.roles import OWNER
from services.notify.tables import checkpoint as notify_checkpoint
from services.notify.tables import delivery
from services.tasks.ledger.note import Verifier
from services.tasks.ledger.tables import event as ledger_event
from services.tasks.record.repair.log_side import adopt
from services.tasks.record.verification import Sources
from services.tasks.register.tables import checkpoint as register_checkpoint
from shared.database import engine, translated
from shared.events.catalogue import CATALOGUE, UnreadableEvent
from shared.events.inbox import NotificationDelivered
from shared.events.person import PersonalDataErased
from shared.log.connect import broker, connected
from shared.log.record import Record
from shared.log.stream import state_of, stream_info

Told = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands in the new place.

    `events` are in the log, of `kept` that the backup holds, and `register` is how far the database had taken them in.
    `pending` letters and messages were not on record as brought, `brought` more were after that moment; `signed` says
    that a checkpoint was signed behind that moment, and `erased` are people whose data were erased behind it.
    """

    take: Take
    until: dt.datetime | None
    events: int
    kept: int
    register: int
    pending: int
    brought: int
    signed: bool
    erased: tuple[str, ...]


@dataclass
class _Seen:
    """What passes while the archive is confirmed: when each event was stored, which were letters that came, and whose
    data were erased."""

    stored: list[dt.datetime] = field(default_factory=list)
    letters: list[int] = field(default_factory=list)
    erased: list[tuple[int, str]] = field(default_factory=list)

    def take(self, records: Sequence[Record]) -> None:
        for each in records:
            self.stored.append(each.stored_at)
            if each.aggregate.startswith("inbox.") and _is_letter(each):
                self.letters.append(each.sequence)
            elif PersonalDataErased.type.encode() in each.content and each.aggregate.startswith("person."):
                self.erased.append((each.sequence, each.aggregate.removeprefix("person.")))


@asynccontextmanager
async def restored(
    backup: Backup,
    data: Path,
    until: dt.datetime | None,
    trusted: Sequence[Verifier],
    console: Console,
    told: Told,
    prepare: Callable[[DataFolder], None] = lambda _: None,
) -> AsyncIterator[tuple[Restored, Sources]]:
    """What was restored, with both servers running alone for whoever looks at it; the data folder appears whole at the
    end, and not at all where the block raises. `prepare` puts secrets into the new folder.

    Raises:
        NoSuchMoment, NotNew, BackupDamaged, ArchiveDamaged: nothing was restored.
        CannotStart: the new folder cannot be used, or a server does not start.
        AnotherHistory, LogUnavailable, LogRefused, DatabaseUnavailable, RowsRefused, OSError: restore once more.
    """
    takes = backup.takes()
    take = chosen(takes, until)
    _confirm_new(data)
    seen = _Seen()
    await check(backup, [each for each in takes if each.number <= take.number], told, trusted, seen.take)
    draft = DataFolder(data.with_name(f"{data.name}.restoring"))
    shutil.rmtree(draft.path, ignore_errors=True)
    try:
        draft.prepare()
        prepare(draft)
        await recover(backup, take, until, draft, told)
    finally:
        draft.release()
    async with servers_alone(draft.path, console, new=True) as alone:
        nats_broker = broker(alone.nats_settings(REPAIR.name), "ketluan-restore")
        pool = engine(alone.database_url(OWNER), "ketluan restore")
        try:
            source = Sources(alone.nats_settings(REPAIR.name), await connected(nats_broker), pool)
            register = await _taken_in(pool)
            events = take.log.events if until is None else max(bisect_right(seen.stored, until), register)
            if register > take.log.events:
                raise BackupDamaged(f"the database knows {register} events, and the archive {take.log.events}.")
            await put_in(
                source.settings,
                source.client,
                backup.archive,
                events,
                take.log.files,
                lambda done, of: told("Nhật ký sự kiện (the log)", done, of),
            )
            await adopt(pool, state_of(await stream_info(source.client)).created)
            yield (
                Restored(
                    take=take,
                    until=until,
                    events=events,
                    kept=take.log.events,
                    register=register,
                    pending=await _pending(pool),
                    brought=sum(sequence > events for sequence in seen.letters),
                    signed=take.log.checkpoint_size > events,
                    erased=tuple(dict.fromkeys(person for sequence, person in seen.erased if sequence > events)),
                ),
                source,
            )
        finally:
            await nats_broker.stop()
            await pool.dispose()
    _put_in_place(draft.path, data)


def _confirm_new(data: Path) -> None:
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise NotNew(f"the folder {data} is not empty; name a new one")


def _put_in_place(draft: Path, data: Path) -> None:
    if data.exists():
        data.rmdir()
    draft.rename(data)


async def _taken_in(pool: AsyncEngine) -> int:
    """The last event that the database knows of."""
    asked = (func.max(each.c.sequence) for each in (ledger_event, register_checkpoint, notify_checkpoint))
    with translated():
        async with pool.connect() as connection:
            return max([int(await connection.scalar(select(each)) or 0) for each in asked])


async def _pending(pool: AsyncEngine) -> int:
    waiting = select(func.count()).where(delivery.c.state == "pending")
    with translated():
        async with pool.connect() as connection:
            return int(await connection.scalar(waiting) or 0)


def _is_letter(record: Record) -> bool:
    if NotificationDelivered.type.encode() not in record.content:
        return False
    try:
        data = CATALOGUE.read(record.content).data
    except UnreadableEvent:
        return False
    return isinstance(data, NotificationDelivered) and data.channel != "inbox"
