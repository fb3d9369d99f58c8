"""The old place of an installation that moves: stopped, marked, and what has to be carried over by hand."""

import asyncio
import json
import os
import shutil
import signal
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.embedded.folder import DataFolder, session_key
from deploy.embedded.refusal import ALREADY_RUNNING, CannotStart
from deploy.embedded.whereabouts import NotRunning, Whereabouts

_PATIENCE_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an installation moves, or has moved to; `events` are there with this `root` once it is done."""

    to: str
    public_url: str
    events: int = 0
    root: str = ""

    @property
    def is_done(self) -> bool:
        """Whether everything is in the new place."""
        return bool(self.root)


def mark_of(folder: DataFolder) -> Mark | None:
    """The mark that a folder bears.

    Raises:
        CannotStart: it cannot be read.
    """
    with folder.refusing():
        found = folder.read(folder.moved)
    return Mark(**found) if found else None


def bear(folder: DataFolder, mark: Mark) -> None:
    """Marks a folder: from now on nothing starts on it without being told to.

    Raises:
        CannotStart: the folder cannot be written.
    """
    with folder.refusing():
        folder.write(folder.moved, json.dumps(asdict(mark), indent=1))


def running_on(folder: DataFolder) -> Whereabouts | None:
    """The installation that runs on a folder; None where none does.

    Raises:
        CannotStart: another command uses the folder.
    """
    try:
        folder.hold()
    except CannotStart as refusal:
        if refusal.words != ALREADY_RUNNING:
            raise
        try:
            return Whereabouts(folder)
        except NotRunning:
            raise refusal from None
    finally:
        folder.release()
    return None


async def stop(folder: DataFolder) -> None:
    """Has the installation that runs on a folder end in order.

    Raises:
        CannotStart: it does not end.
    """
    with folder.refusing():
        noted = folder.read(folder.running)
    if noted is None or running_on(folder) is None:
        return
    os.kill(noted["pid"], signal.SIGTERM)
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            # A lock on a folder tells nobody that it was let go of.
            while _is_held(folder):  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    except TimeoutError as error:
        raise CannotStart(ALREADY_RUNNING, folder=folder.path) from error


def pack(folder: DataFolder, public_url: str, luggage: Path) -> None:
    """Puts what neither store holds into a folder that its owner alone can enter: keys, and the checkpoints that were
    issued.

    Raises:
        OSError: it cannot be written.
    """
    luggage.mkdir(mode=0o700, parents=True, exist_ok=True)
    luggage.chmod(0o700)
    _put(luggage / "session-key", session_key(folder))
    for path in (folder.checkpoint_key, folder.api_key):
        if path.exists():
            _put(luggage / path.name, path.read_text(encoding="utf-8"))
    if folder.checkpoints.exists():
        shutil.copytree(folder.checkpoints, luggage / "checkpoints", dirs_exist_ok=True)
    _put(luggage / "settings.env", f"KETLUAN_PUBLIC_URL={public_url}\n")


def _put(path: Path, content: str) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(content)


def _is_held(folder: DataFolder) -> bool:
    try:
        folder.hold()
    except CannotStart:
        return True
    finally:
        folder.release()
    return False
