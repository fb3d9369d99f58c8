"""`ketluan verify`: compares log, ledger and register in full, as a person sees it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy.archive.confirming import confirm
from deploy.archive.folder import Archive, ArchiveDamaged
from deploy.commands.findings import show_verification
from deploy.commands.settings import nats_and_database
from deploy.commands.verify_witness import WitnessSettings, witnessed
from deploy.embedded.alone import servers_alone
from deploy.embedded.refusal import CannotStart
from deploy.embedded.whereabouts import NotRunning
from deploy.exit_codes import DIFFERENT, REFUSED
from deploy.migrations.run import DatabaseIsNewer
from services.tasks.ledger.checkpoint import checkpoint_of
from services.tasks.ledger.keys import signature_is_right
from services.tasks.ledger.note import NoteUnreadable, NoteUnsigned, confirmed, verifier_of
from services.tasks.record import passes
from services.tasks.record.checkpoints import known_keys
from services.tasks.record.examination import SignedRoot
from services.tasks.record.findings import Finding, with_known_good
from services.tasks.record.register import register_findings
from services.tasks.record.verification import Compared, Sources, verify
from shared.database import DatabaseUnavailable, RowsRefused, engine, translated
from shared.log.connect import broker, connected
from shared.log.faults import LogFault
from shared.settings import NatsSettings, UnusableSettings

FAULTS = (LogFault, DatabaseUnavailable, RowsRefused, UnusableSettings, DatabaseIsNewer)
COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


class CheckpointUnusable(Exception):
    """A checkpoint that was given is none, or nobody who is known signed it. Nothing was compared."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What others kept of the record: files of checkpoints, the keys that signed them, and folders of archives."""

    checkpoints: Sequence[Path] = ()
    keys: Sequence[str] = ()
    archives: Sequence[Path] = ()


def run_verify(data: Path, outside: Outside, *, register: bool, witness: bool, as_json: bool) -> int:
    """Verifies, and says what is wrong. Gives the exit code: 0 where all is sound, 1 where not, 2 where it could not be
    done."""
    out, err = (Console(file=stream, soft_wrap=not stream.isatty()) for stream in (sys.stdout, sys.stderr))
    shown = err if as_json else out
    try:
        asked = WitnessSettings.from_environment() if witness else None
        found = asyncio.run(_verified(data, outside, shown, asked, register=register))
    except CannotStart as refusal:
        err.print(f"{escape(refusal.words.to('vi', **refusal.values))} [dim]{escape(str(refusal))}[/]")
        return REFUSED
    except (*FAULTS, CheckpointUnusable, ArchiveDamaged, OSError) as fault:
        err.print(f"Chưa đối chiếu được, không có gì thay đổi. [dim]{escape(str(fault))} Nothing was changed.[/]")
        return REFUSED
    if as_json:
        sys.stdout.write(found.verification.model_dump_json(indent=1) + "\n")
    else:
        show_verification(found.verification, out)
    return 0 if found.verification.is_sound else DIFFERENT


@asynccontextmanager
async def either(data: Path, console: Console) -> AsyncIterator[tuple[NatsSettings, str]]:
    """Log and database of the installation that is named or runs, else those of the data folder, started for this."""
    try:
        yield nats_and_database("replay", "ketluan_tasks", data)
    except NotRunning:
        if "KETLUAN_NATS_URL" in os.environ:
            raise
        async with servers_alone(data, console) as alone:
            yield alone.nats_settings("replay"), alone.database_url("ketluan_tasks")


async def _verified(
    data: Path, outside: Outside, console: Console, witness: WitnessSettings | None, *, register: bool
) -> Compared:
    archived = [await asyncio.to_thread(_archived, each, console) for each in outside.archives]
    async with either(data, console) as (settings, database):
        nats_broker, pool = broker(settings, "ketluan-verify"), engine(database, "ketluan verify")
        try:
            source = Sources(settings, await connected(nats_broker), pool)
            roots = [*archived, *await _outside(source, outside.checkpoints, outside.keys)]
            found = await compared(source, roots, console, register=register)
            with suppress(RowsRefused), translated():
                async with pool.begin() as connection:
                    await passes.end(connection, await passes.begin(connection, "command"), found.verification)
            return await witnessed(found, witness, pool, console) if witness else found
        finally:
            await nats_broker.stop()
            await pool.dispose()


async def compared(source: Sources, outside: Sequence[SignedRoot], console: Console, *, register: bool) -> Compared:
    """A full verification with a bar for its progress; of the register too, where log and ledger are sound."""
    with Progress(*COLUMNS, console=console) as bars:
        bar = bars.add_task("Đối chiếu nhật ký và sổ cái (log and ledger)", total=None)

        async def told(done: int, of: int, _: Sequence[Finding]) -> None:
            bars.update(bar, completed=done, total=of)

        found = await verify(source, told, outside)
        if not register or not found.verification.is_sound or not found.verification.events:
            return found
        bar = bars.add_task("Dựng lại sổ theo dõi để đối chiếu (register)", total=None)
        wrong = await register_findings(source, lambda done, of: bars.update(bar, completed=done, total=of))
    return found.with_findings(with_known_good(wrong))


def _archived(folder: Path, console: Console) -> SignedRoot:
    """What an archive that somebody kept says of the log: so many events have this root.

    Raises:
        ArchiveDamaged: it is not what was written.
    """
    with Progress(*COLUMNS, console=console) as bars:
        bar = bars.add_task("Đọc kho lưu trữ (archive)", total=None)
        whole = confirm(Archive(folder), lambda done, of: bars.update(bar, completed=done, total=of))
    return SignedRoot(whole.events, bytes.fromhex(whole.root))


async def _outside(source: Sources, checkpoints: Sequence[Path], keys: Sequence[str]) -> list[SignedRoot]:
    """The roots of checkpoints that somebody kept elsewhere."""
    if not checkpoints:
        return []
    try:
        known = [verifier_of(each) for each in keys]
        if not known:
            with translated():
                async with source.engine.connect() as connection:
                    known = await known_keys(connection)
        notes = [await asyncio.to_thread(each.read_bytes) for each in checkpoints]
        found = [checkpoint_of(confirmed(note, known, signature_is_right)) for note in notes]
    except (NoteUnreadable, NoteUnsigned) as fault:
        raise CheckpointUnusable(f"the checkpoint cannot be used: {fault}.") from fault
    return [SignedRoot(each.size, each.root) for each in found]
