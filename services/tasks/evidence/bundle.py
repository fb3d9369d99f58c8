"""A bundle of evidence as one file: what is in it, sealed, in the one form in which its verifier reads it."""

import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources

from services.tasks.evidence.report import Report, pdf
from services.tasks.evidence.selection import Matter
from services.tasks.evidence.verifier import verify as form
from services.tasks.ledger.issued import Issued
from services.tasks.ledger.keys import SigningKey
from shared.log.record import Record

_CHUNK_BYTES = 64 * 1024
_COMPRESSION = 1
_VERIFIER = resources.files("services.tasks.evidence.verifier")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks evidence of: who, when (RFC 3339), and whether with the files that were handed in."""

    matter: Matter
    by: str
    at: str
    attachments: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a bundle: its size in bytes, CRC-32 and SHA-256, and its bytes, which are kept compressed (zlib) where
    they are many."""

    size: int
    crc: int
    sha256: str
    kept: bytes
    is_compressed: bool = False

    def chunks(self) -> Iterator[bytes]:
        """Its bytes, piece by piece."""
        if not self.is_compressed:
            yield self.kept
            return
        unpacking = zlib.decompressobj()
        for place in range(0, len(self.kept), _CHUNK_BYTES):
            yield unpacking.decompress(self.kept[place : place + _CHUNK_BYTES])


@dataclass(frozen=True, slots=True)
class Earlier:
    """A checkpoint's note, and the hashes that prove that its tree is the beginning of a later one."""

    note: str
    proof: Sequence[str]


@dataclass
class Contents:
    """The events of a bundle and what they say, gathered one by one in the log's order."""

    report: Report
    count: int = 0
    deliveries: list[dict[str, object]] = field(default_factory=list)
    documents: set[str] = field(default_factory=set)
    attachments: set[str] = field(default_factory=set)
    _versions: dict[str, list[object]] = field(default_factory=dict)
    _size: int = 0
    _crc: int = 0

    def __post_init__(self) -> None:
        self._digest = hashlib.sha256()
        self._packing = zlib.compressobj(_COMPRESSION)
        self._kept = bytearray()

    def take(self, record: Record) -> None:
        """Adds the next event."""
        line = form.event_line(record.sequence, record.subject, record.content)
        self._kept += self._packing.compress(line)
        self._size, self._crc = self._size + len(line), zlib.crc32(line, self._crc)
        self._digest.update(line)
        event = form.read(record.sequence, record.subject, record.content)
        self.count += 1
        self._versions.setdefault(event.subject, []).append(event.said.get("aggregateversion"))
        self.deliveries += form.deliveries_of([event])
        self.documents |= form.documents_of([event])
        self.attachments |= form.attachments_of([event])
        self.report.take(event)

    def events(self) -> Part:
        """All of them as a file; nothing can be added then."""
        self._kept += self._packing.flush()
        return Part(self._size, self._crc, self._digest.hexdigest(), bytes(self._kept), is_compressed=True)

    def whole(self) -> list[str]:
        """The subjects of which no event before their last one is left out."""
        return sorted(name for name, found in self._versions.items() if found == list(range(1, len(found) + 1)))


def part(content: bytes) -> Part:
    """A file of these bytes."""
    return Part(len(content), zlib.crc32(content), hashlib.sha256(content).hexdigest(), content)


def sealed(
    contents: Contents,
    key: SigningKey,
    checkpoint: Issued,
    asked: Asked,
    around: Sequence[str],
    earlier: Sequence[Earlier],
    files: Mapping[str, bytes | None],
) -> dict[str, Part]:
    """The files of a bundle, with a manifest that the key signs.

    `around` are the hashes of what stands around the events in the checkpoint's tree; `files` are notices and files
    that were handed in, None where one is no longer kept.
    """
    parts = {
        form.EVENTS: contents.events(),
        form.PROOF: _json(list(around)),
        form.CHECKPOINT: part(checkpoint.note.encode()),
        form.CONSISTENCY: _json([{"checkpoint": each.note, "proof": list(each.proof)} for each in earlier]),
        form.DELIVERIES: _json(contents.deliveries),
        form.VERIFIER: part(_VERIFIER.joinpath("verify.py").read_bytes()),
        form.GUIDE: part(_VERIFIER.joinpath("README.txt").read_bytes()),
        form.REPORT: part(pdf(contents.report, asked.by, asked.at, key.verifier)),
        **{name: part(content) for name, content in files.items() if content is not None},
    }
    manifest = {
        "format": form.FORMAT,
        "about": asked.matter.stated(),
        "asked_at": asked.at,
        "asked_by": asked.by,
        "events": contents.count,
        "files": {name: each.sha256 for name, each in parts.items()},
        "missing": sorted(name for name, content in files.items() if content is None),
        "origin": key.name,
        "root": checkpoint.root.hex(),
        "size": checkpoint.size,
        "whole": contents.whole(),
    }
    content = form.canonical(manifest).encode() + b"\n"
    seal = key.signed(form.seal_text(key.name, content))
    return parts | {form.MANIFEST: part(content), form.SEAL: part(seal.encode())}


def packed(parts: Mapping[str, Part]) -> Iterator[bytes]:
    """The archive of some files, piece by piece: the same files are the same bytes."""
    directory, place = b"", 0
    for name, each in sorted(parts.items()):
        head = form.local_header(name, each.crc, each.size)
        yield head
        yield from each.chunks()
        directory += form.directory_entry(name, each.crc, each.size, place)
        place += len(head) + each.size
    yield directory + form.directory_end(len(parts), len(directory), place)


def _json(value: object) -> Part:
    return part(form.canonical(value).encode() + b"\n")
