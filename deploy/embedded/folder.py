"""The data folder: whose it is, which version made it, and what it keeps."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from deploy.embedded.refusal import (
    ALREADY_RUNNING,
    DISK_FULL,
    FOREIGN_FOLDER,
    NEWER_VERSION,
    UNUSABLE_FOLDER,
    CannotStart,
    is_disk_full,
)
from shared.nkey import is_seed, new_seed

FORMAT = 1
"""Version of the folder's layout; raised when an older ketluan could no longer use it."""

_FIRST_RUN_MIB = 384
_LATER_RUN_MIB = 64
_MIB = 1024 * 1024
_LARGEST_LOG_BYTES = 8 * _MIB
_OF_A_FILE_SYSTEM = {"lost+found"}
SESSION_KEY = "session/key"
"""Name of the secret that signs sessions and tokens."""


class DataFolder:
    """Paths and small files of one data folder. Making one changes nothing on the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.nats = self.path / "nats"
        self.log_store = self.nats / "store"
        self.postgres = self.path / "postgres"
        self.gateway = self.path / "gateway"
        self.logs = self.path / "logs"
        self.running = self.path / "running.json"
        self.migrated = self.path / "migrated"
        self.samples = self.path / "samples"
        self.newcomer = self.path / "newcomer"
        self.api_key = self.path / "api-key"
        self.checkpoint_key = self.path / "checkpoint-key"
        self.checkpoints = self.path / "checkpoints"
        self.children = self.path / "children.json"
        self.moved = self.path / "moved.json"
        self._format = self.path / "format"
        self._secrets = self.path / "secrets.json"
        self._handle: int | None = None

    def hold(self) -> None:
        """Holds the folder, where it exists, for this process alone; the system lets go of it when the process ends.

        Raises:
            CannotStart: another process holds it, a newer version made it, or it is something else.
        """
        if self._handle is not None or not self.path.exists():
            return
        with self.refusing():
            self._handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStart(ALREADY_RUNNING, folder=self.path) from error
        self._check_format()

    def release(self) -> None:
        """Lets go of the folder."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _check_format(self) -> None:
        with self.refusing():
            if not self._format.exists():
                # A first start that was killed at once leaves the draft of its first file.
                harmless = {*_OF_A_FILE_SYSTEM, _draft(self._format).name}
                if any(each.name not in harmless for each in self.path.iterdir()):
                    raise CannotStart(FOREIGN_FOLDER, folder=self.path)
                return
            found = self._format.read_text(encoding="utf-8").strip()
        if not found.isdecimal() or int(found) > FORMAT:
            raise CannotStart(NEWER_VERSION, folder=self.path, found=found[:20], known=FORMAT)

    def check_space(self) -> None:
        """Raises CannotStart when the disk has too little room to begin."""
        existing = next(each for each in (self.path, *self.path.parents) if each.exists())
        needed = _LATER_RUN_MIB if self.postgres.exists() else _FIRST_RUN_MIB
        free = shutil.disk_usage(existing).free // _MIB
        if free < needed:
            raise CannotStart(DISK_FULL, folder=self.path, free=free, needed=needed)

    def prepare(self) -> None:
        """Makes the folder and its parts where they are missing.

        Raises:
            CannotStart: the folder cannot be made or written.
        """
        with self.refusing():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._format.exists():
                self.write(self._format, f"{FORMAT}\n")
        self.hold()
        with self.refusing():
            for part in (self.nats, self.gateway, self.logs):
                part.mkdir(mode=0o700, exist_ok=True)
            for log in self.logs.glob("*.log"):
                if log.stat().st_size > _LARGEST_LOG_BYTES:
                    log.replace(log.with_suffix(".log.1"))

    def passwords(self, names: tuple[str, ...]) -> dict[str, str]:
        """A secret for each name: the one that was made for it once, or a new one.

        Raises:
            CannotStart: the file of secrets cannot be read or written.
        """
        return self._kept(names, lambda: secrets.token_urlsafe(24), lambda _: True)

    def seeds(self, names: tuple[str, ...]) -> dict[str, str]:
        """The seed of an NKey for each name: the one that was made for it once, or a new one, also in the place of a
        password that an earlier version kept there.

        Raises:
            CannotStart: the file of secrets cannot be read or written.
        """
        return self._kept(names, new_seed, is_seed)

    def _kept(self, names: tuple[str, ...], made: Callable[[], str], is_sound: Callable[[str], bool]) -> dict[str, str]:
        with self.refusing():
            known = self.read(self._secrets) or {}
            missing = [name for name in names if name not in known or not is_sound(known[name])]
            if missing:
                known |= {name: made() for name in missing}
                self.write(self._secrets, json.dumps(known, indent=1))
        return {name: known[name] for name in names}

    def keep_password(self, name: str, secret: str) -> None:
        """Keeps a secret that was made elsewhere.

        Raises:
            CannotStart: the file of secrets cannot be read or written.
        """
        with self.refusing():
            known = self.read(self._secrets) or {}
            self.write(self._secrets, json.dumps(known | {name: secret}, indent=1))

    def read(self, path: Path) -> dict[str, Any] | None:
        """The JSON object in one of the folder's files; None where there is no such file."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return found if isinstance(found, dict) else None

    def read_text(self, path: Path) -> str | None:
        """The text in one of the folder's files; None where there is no such file."""
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def write(self, path: Path, text: str) -> None:
        """Puts a file in place whole, readable by its owner alone; a full disk leaves the former one."""
        draft = _draft(path)
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise

    @contextlib.contextmanager
    def refusing(self) -> Iterator[None]:
        """Turns the system's errors about this folder, and files in it that hold nonsense, into CannotStart."""
        try:
            yield
        except OSError as error:
            raise self.refusal(error) from error
        except ValueError as error:
            raise CannotStart(UNUSABLE_FOLDER, folder=self.path, reason=error) from error

    def refusal(self, error: OSError) -> CannotStart:
        """Why the folder cannot be used, given what the operating system said."""
        if is_disk_full(error):
            free = shutil.disk_usage(next(each for each in (self.path, *self.path.parents) if each.exists())).free
            return CannotStart(DISK_FULL, folder=self.path, free=free // _MIB, needed=_LATER_RUN_MIB)
        return CannotStart(UNUSABLE_FOLDER, folder=self.path, reason=error.strerror or error)


def session_key(folder: DataFolder) -> str:
    """What signs the sessions and tokens of the installation on this folder.

    Raises:
        CannotStart: the file of secrets cannot be read or written.
    """
    return folder.passwords((SESSION_KEY,))[SESSION_KEY]


def _draft(path: Path) -> Path:
    return path.with_name(path.name + ".new")
