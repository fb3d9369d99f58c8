"""An archive on the disk: pieces of the log, each a gzip file of its own, with an index, and files by their SHA-256."""

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.tasks.ledger.leaf import leaf_hash
from services.tasks.ledger.tree import Frontier
from shared.events.fields import Digest
from shared.log.lines import LineUnreadable, line_of, record_of
from shared.log.objects import Bucket
from shared.log.record import Record

FORMAT = "ketluan-archive-1"

_COMPRESSION = 6


class ArchiveDamaged(Exception):
    """An archive is not what was written. Nothing of the damaged piece was used."""


class _Stated(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Piece(_Stated):
    """A file of events, `first` to `last`: its SHA-256, and the root of the tree of all events up to `last`."""

    first: int
    last: int
    sha256: Digest
    root: Digest

    @property
    def name(self) -> str:
        """The file's name. In the order of names the files are one gzip file of the whole log."""
        return f"{self.first:012}-{self.last:012}.jsonl.gz"


class KeptFile(_Stated):
    """A notice, or a file that was handed in. `size` is in bytes."""

    bucket: Bucket
    sha256: Digest
    size: int
    media_type: str | None


class Whole(_Stated):
    """What is written last, once everything is there: `events` with this root, so many files, the SHA-256 of both
    lists, and the newest checkpoint whose tree the archive holds."""

    format: str = FORMAT
    events: int
    root: Digest
    pieces_sha256: Digest
    files: int
    files_sha256: Digest
    checkpoint: str | None
    checkpoint_size: int = Field(ge=0)


_Line = TypeVar("_Line", bound=_Stated)


class Tree:
    """The tree of all events up to one, as they come one by one; it keeps the root that it had when it held `at`."""

    def __init__(self, at: int = 0) -> None:
        self._frontier, self._at = Frontier(), at
        self.size = 0
        self.root_at: bytes | None = None

    def take(self, record: Record) -> None:
        """Adds the next event."""
        self._frontier.add(0, leaf_hash(record))
        self.size += 1
        if self.size == self._at:
            self.root_at = self.root()

    def root(self) -> bytes:
        """The root over all that came."""
        return self._frontier.root()


class Archive:
    """A folder that holds an archive, or part of one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index, self._list, self._whole = folder / "pieces.jsonl", folder / "files.jsonl", folder / "archive.json"

    def pieces(self) -> list[Piece]:
        """The pieces that were written whole, in order.

        Raises:
            ArchiveDamaged: the index is not one that was written here.
        """
        found = list(_read(Piece, self._index))
        for place, piece in enumerate(found):
            if piece.first != (found[place - 1].last + 1 if place else 1) or piece.last < piece.first:
                raise ArchiveDamaged(f"the index is not in order at event {piece.first}.")
        return found

    def add(self, records: Sequence[Record], tree: Tree) -> Piece:
        """Writes the next piece and, behind it, its place in the index. `tree` grows by it."""
        for record in records:
            tree.take(record)
        content = gzip.compress(b"".join(map(line_of, records)), _COMPRESSION, mtime=0)
        digest, root = hashlib.sha256(content).hexdigest(), tree.root().hex()
        piece = Piece(first=records[0].sequence, last=records[-1].sequence, sha256=digest, root=root)
        _put(self._place(piece), content)
        _append(self._index, piece.model_dump_json())
        return piece

    def records(self, piece: Piece, tree: Tree) -> list[Record]:
        """The events of a piece; `tree`, which holds all before it, grows by them.

        Raises:
            ArchiveDamaged: they are not what was written.
        """
        try:
            content = self._place(piece).read_bytes()
            if hashlib.sha256(content).hexdigest() != piece.sha256:
                raise ArchiveDamaged(f"the piece {piece.name} was altered.")
            found = [record_of(line) for line in gzip.decompress(content).splitlines(keepends=True)]
        except (OSError, EOFError, zlib.error, LineUnreadable) as error:
            raise ArchiveDamaged(f"the piece {piece.name} cannot be read: {error}.") from error
        if [each.sequence for each in found] != list(range(piece.first, piece.last + 1)):
            raise ArchiveDamaged(f"the piece {piece.name} lacks events.")
        for each in found:
            tree.take(each)
        if tree.root().hex() != piece.root:
            raise ArchiveDamaged(f"the events up to {piece.last} do not have the root that the index states.")
        return found

    def files(self) -> list[KeptFile]:
        """The files that are there, as the list says."""
        return list(_read(KeptFile, self._list))

    def add_file(self, file: KeptFile, content: bytes) -> None:
        """Writes a file and, behind it, its line in the list."""
        _put(self._path(file), content)
        _append(self._list, file.model_dump_json())

    def content(self, file: KeptFile) -> bytes:
        """The bytes of a file.

        Raises:
            ArchiveDamaged: they are not those that it is named after.
        """
        try:
            content = self._path(file).read_bytes()
        except OSError as error:
            raise ArchiveDamaged(f"the file {file.sha256} cannot be read: {error}.") from error
        if hashlib.sha256(content).hexdigest() != file.sha256 or len(content) != file.size:
            raise ArchiveDamaged(f"the file {file.sha256} was altered.")
        return content

    def close(self, events: int, root: bytes, checkpoint: str | None, checkpoint_size: int) -> Whole:
        """Says that the archive is whole."""
        whole = Whole(
            events=events,
            root=root.hex(),
            pieces_sha256=_digest(self._index),
            files=len(self.files()),
            files_sha256=_digest(self._list),
            checkpoint=checkpoint,
            checkpoint_size=checkpoint_size,
        )
        _put(self._whole, whole.model_dump_json(indent=1).encode() + b"\n")
        return whole

    def reopen(self) -> None:
        """Forgets that it is whole, to go on with it."""
        self._whole.unlink(missing_ok=True)

    def whole(self) -> Whole:
        """What was written last.

        Raises:
            ArchiveDamaged: the archive is not whole, or one of its lists was altered.
        """
        try:
            content = self._whole.read_bytes()
            whole = Whole.model_validate_json(content)
        except (OSError, ValidationError) as error:
            raise ArchiveDamaged(f"{self._whole.name} cannot be read: go on with `ketluan export` first.") from error
        if whole.model_dump_json(indent=1).encode() + b"\n" != content or whole.format != FORMAT:
            raise ArchiveDamaged(f"{self._whole.name} was altered.")
        if (whole.pieces_sha256, whole.files_sha256) != (_digest(self._index), _digest(self._list)):
            raise ArchiveDamaged("the list of pieces or of files was altered.")
        return whole

    def begins_with(self, whole: Whole) -> Whole:
        """Confirms that the archive holds all that it once did, whatever was added since.

        Raises:
            ArchiveDamaged: one of its lists was altered, or lacks something.
        """
        pieces = sum(each.last <= whole.events for each in self.pieces())
        lists = ((self._index, pieces, whole.pieces_sha256), (self._list, whole.files, whole.files_sha256))
        for path, lines, digest in lists:
            content = path.read_bytes() if path.exists() else b""
            if hashlib.sha256(b"".join(content.splitlines(keepends=True)[:lines])).hexdigest() != digest:
                raise ArchiveDamaged(f"the list {path.name} was altered, or lacks something.")
        return whole

    def _place(self, piece: Piece) -> Path:
        return self.folder / "events" / piece.name

    def _path(self, file: KeptFile) -> Path:
        return self.folder / file.bucket / file.sha256


def _read(kind: type[_Line], path: Path) -> Iterator[_Line]:
    """What the lines of a list state; one that a break left half written is taken away."""
    if not path.exists():
        return
    content = path.read_bytes()
    sound = content[: content.rfind(b"\n") + 1]
    if sound != content:
        _put(path, sound)
    for line in sound.splitlines():
        try:
            yield kind.model_validate_json(line)
        except ValidationError as error:
            raise ArchiveDamaged(f"{path.name} was altered.") from error


def _put(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes() if path.exists() else b"").hexdigest()
