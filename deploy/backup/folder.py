"""A backup on the disk: the archive of the log, copies of the database with its write-ahead log, and what each take
added, each statement behind the hash of the one before."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from deploy.archive.folder import Archive, Whole
from shared.events.fields import Digest

FORMAT = "ketluan-backup-1"

_READ_BYTES = 1024 * 1024


class BackupDamaged(Exception):
    """A backup is not what was written, or lacks something. Nothing was restored from it."""


class BackupInUse(Exception):
    """Another take adds to the backup at this moment. This one added nothing."""


class _Stated(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class KeptFile(_Stated):
    """A file of the copies of the database, by its path within the backup. `size` is in bytes."""

    path: str
    size: int
    sha256: Digest


class Copy(_Stated):
    """A copy of the whole database server, from which its write-ahead log goes on.

    `since` is the first moment that can be restored from it, `system` and `timeline` tell whose history it is, and
    `first_segment` is where its write-ahead log begins, in segments of `segment_bytes`. `server` is the version of
    PostgreSQL (such as 180006), `superuser` the role that made the cluster.
    """

    number: Annotated[int, Field(ge=1)]
    since: AwareDatetime
    system: str
    timeline: int
    server: int
    superuser: str
    segment_bytes: int
    first_segment: int


class Take(_Stated):
    """What one take added, and how far the whole goes with it.

    `moment` (UTC, by PostgreSQL's clock) is the last one that can be restored, `last_segment` the end of the
    write-ahead log, `release` the version of ketluan, `log` what the archive holds, and `keys` are the lines by which a
    verifier knows the keys that signed. `previous` is the SHA-256 of the statement before.
    """

    format: str = FORMAT
    number: Annotated[int, Field(ge=1)]
    previous: Digest | None
    moment: AwareDatetime
    release: int
    schema_step: str
    database: str
    copy_: Copy
    last_segment: int
    files: tuple[KeptFile, ...]
    log: Whole
    keys: tuple[str, ...]


class Backup:
    """A folder that holds a backup, or is to hold one."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.archive = Archive(self.path / "log")
        self.copies = self.path / "database"
        self._takes = self.path / "takes"

    def prepare(self) -> None:
        """Makes the folder for its owner alone: it holds all that the database does.

        Raises:
            BackupDamaged: it is a folder of something else.
            OSError: it cannot be made.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._takes.exists() and any(self.path.iterdir()):
            raise BackupDamaged(f"{self.path} holds other files and is no backup.")
        for folder in (self._takes, self.archive.folder, self.copies):
            folder.mkdir(mode=0o700, exist_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Has the folder, once prepared, for one take alone, for as long as the block lasts.

        Raises:
            BackupInUse: another one has it.
        """
        handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise BackupInUse(f"another take adds to {self.path} at this moment") from error
        finally:
            os.close(handle)

    def takes(self) -> list[Take]:
        """Every take that was completed, in order.

        Raises:
            BackupDamaged: a statement is missing or was altered, or the folder is no backup.
        """
        if not self._takes.is_dir():
            raise BackupDamaged(f"{self.path} is no backup.")
        found, previous = list[Take](), None
        for number, path in enumerate(sorted(self._takes.glob("*.json")), start=1):
            content = path.read_bytes()
            try:
                take = Take.model_validate_json(content.rpartition(b"}")[0] + b"}")
            except ValidationError as error:
                raise BackupDamaged(f"{path.name} was altered.") from error
            if (take.number, take.previous, _content(take)) != (number, previous, content):
                raise BackupDamaged(f"{path.name} was altered, or one before it is missing.")
            found.append(take)
            previous = hashlib.sha256(content).hexdigest()
        return found

    def add(self, take: Take) -> None:
        """States what a take added, once all of it is there."""
        path = self._takes / f"{take.number:06}.json"
        draft = path.with_suffix(".part")
        with draft.open("wb") as file:
            file.write(_content(take))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def follows(self) -> str | None:
        """The SHA-256 that the next take's statement names."""
        paths = sorted(self._takes.glob("*.json"))
        return _sha256(paths[-1]) if paths else None

    def copy_folder(self, number: int) -> Path:
        """Where a copy of the database is, with its write-ahead log in `wal`."""
        return self.copies / f"{number:04}"

    def kept(self, paths: Iterator[Path]) -> tuple[KeptFile, ...]:
        """What is to be stated of files."""
        return tuple(
            KeptFile(path=str(each.relative_to(self.path)), size=each.stat().st_size, sha256=_sha256(each))
            for each in paths
        )

    def confirm(self, file: KeptFile) -> None:
        """Confirms that a file is what was stated.

        Raises:
            BackupDamaged: it is missing or was altered.
        """
        path = self.path / file.path
        try:
            same = path.stat().st_size == file.size and _sha256(path) == file.sha256
        except OSError as error:
            raise BackupDamaged(f"the file {file.path} is missing: {error.strerror or error}.") from error
        if not same:
            raise BackupDamaged(f"the file {file.path} was altered.")


def _content(take: Take) -> bytes:
    """The statement, and behind it its own SHA-256: the last one is named by none that follows."""
    text = take.model_dump_json(indent=1).encode()
    return text + b"\n" + hashlib.sha256(text).hexdigest().encode() + b"\n"


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_READ_BYTES):
            digest.update(piece)
    return digest.hexdigest()
