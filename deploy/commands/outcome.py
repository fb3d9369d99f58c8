"""How a command that backs up or restores shows its work and its end."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from rich.console import Console
from rich.markup import escape

from deploy.archive.folder import ArchiveDamaged
from deploy.archive.restoring import AnotherHistory
from deploy.backup.folder import BackupDamaged, BackupInUse
from deploy.backup.moment import NoSuchMoment, NotNew
from deploy.backup.server import NotCopied
from deploy.commands.bars import Told, bars
from deploy.embedded.refusal import CannotStart
from deploy.exit_codes import INCOMPLETE, REFUSED
from deploy.migrations.run import DatabaseIsNewer
from services.tasks.ledger.note import NoteUnreadable
from shared.database import DatabaseUnavailable, RowsRefused
from shared.log.faults import LogFault
from shared.settings import UnusableSettings

_REFUSALS = (BackupDamaged, ArchiveDamaged, NoSuchMoment, NotNew, NoteUnreadable, UnusableSettings)
_BROKEN_OFF = (
    NotCopied,
    BackupInUse,
    AnotherHistory,
    LogFault,
    DatabaseUnavailable,
    RowsRefused,
    DatabaseIsNewer,
    OSError,
)


def shown(work: Callable[[Console, Told], Awaitable[int]], again: str) -> int:
    """Does the work with bars for its steps. Gives its exit code, or that of what kept it from its end; `again` is the
    command that goes on."""
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
