"""`ketluan run`: from nothing to a running installation with its tables, and back to nothing at Ctrl-C."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from deploy.embedded.contents import begin
from deploy.embedded.folder import DataFolder
from deploy.embedded.installation import Installation
from deploy.embedded.leftovers import end_leftovers
from deploy.embedded.ports import check_free
from deploy.embedded.progress import Progress
from deploy.embedded.refusal import MOVED, NO_NOTICE, UNKNOWN_ZONE, CannotStart
from deploy.exit_codes import INTERRUPTED
from deploy.overview.tables import show
from shared.zone import DEFAULT_ZONE, UnknownZone, known_zone


@dataclass(frozen=True)
class Wishes:
    """What the person wants: where the data are, the port, a notice to post, whether to end after the
    tables, the time zone of the days and moments, and whether to go on here although it has moved elsewhere."""

    folder: Path
    port: int
    notice: Path | None = None
    once: bool = False
    zone: str = DEFAULT_ZONE
    stay: bool = False


async def run(wishes: Wishes, console: Console) -> int:
    """Starts, shows, serves, stops. Gives the exit code.

    Raises:
        CannotStart: it does not start; nothing was harmed, and no process stays behind.
    """
    with _ended_by_signals():
        _check_zone(wishes.zone)
        notice = _read(wishes.notice) if wishes.notice else None
        folder = DataFolder(wishes.folder)
        try:
            folder.hold()
            _confirm_here(folder, stay=wishes.stay)
            end_leftovers(folder)
            check_free(wishes.port)
            folder.check_space()
            folder.prepare()
            return await _serve(wishes, folder, notice, console)
        finally:
            folder.release()


async def _serve(wishes: Wishes, folder: DataFolder, notice: bytes | None, console: Console) -> int:
    progress = Progress(console)
    installation = Installation(folder, wishes.port, progress, wishes.zone)
    serving, started = False, time.monotonic()
    try:
        with progress.shown():
            await installation.start()
            facts = await begin(installation, notice, progress)
        if facts is not None:
            show(facts, wishes.zone, console)
        console.print(f"\n[bold]{installation.public_url}[/]  [dim]{time.monotonic() - started:.1f} s[/]")
        if not wishes.once:
            _show_ways_in(installation, console)
            console.print("Ctrl-C để dừng [dim](to stop)[/]")
            serving = True
            await asyncio.Event().wait()
    except asyncio.CancelledError:
        if not serving:
            return INTERRUPTED
        console.print("Đang dừng … [dim](stopping)[/]")
    finally:
        await installation.stop()
    return 0


def _show_ways_in(installation: Installation, console: Console) -> None:
    folder = installation.folder
    with folder.refusing():
        person_id = (folder.read_text(folder.newcomer) or "").strip()
    if person_id:
        # Loading this takes time that the start itself should not wait for.
        from shared.identity.signin_link import signin_link
        from shared.identity.tokens import Tokens

        link = signin_link(Tokens(installation.session_key), installation.public_url, person_id)
        console.print(f"Đăng nhập với tư cách {person_id} [dim](sign in; once, within 15 minutes)[/]:")
        console.print(link, soft_wrap=True, highlight=False)
    console.print(f"Khoá của chương trình trên máy này [dim](API key)[/]: {folder.api_key}", soft_wrap=True)


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """The first Ctrl-C, SIGTERM or closed terminal cancels the current task; what follows it does not hurry the end."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    seen = False

    def end() -> None:
        nonlocal seen
        if not seen:
            seen = True
            task.cancel()

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in signals:
        loop.add_signal_handler(number, end)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


def _confirm_here(folder: DataFolder, *, stay: bool) -> None:
    with folder.refusing():
        mark = folder.read(folder.moved)
        if mark is None:
            return
        if not stay:
            raise CannotStart(MOVED, folder=folder.path, to=mark.get("to"))
        folder.moved.unlink()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotStart(NO_NOTICE, path=path, reason=error.strerror or error) from error


def _check_zone(zone: str) -> None:
    try:
        known_zone(zone)
    except UnknownZone as error:
        raise CannotStart(UNKNOWN_ZONE, zone=zone) from error
