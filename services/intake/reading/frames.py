"""What the service and the process that reads for it say to each other: lengths, JSON, bytes, no code."""

import struct
from dataclasses import dataclass

from pydantic import TypeAdapter

from services.intake.reading.notice import ReadNotice
from services.intake.reading.policy import ReadingPolicy

LENGTHS = struct.Struct(">IQ")
"""Before a request: the bytes of its JSON, and of the document behind it."""

KIND_AND_LENGTH = struct.Struct(">cI")
"""Before an answer: its kind, and the bytes of its JSON."""

READ, REFUSED, SCANNING = b"R", b"X", b"S"
"""A document was read; was refused; is a scan and takes longer, the answer still to come."""

MOST_ANSWER = 64 * 1024 * 1024
"""Bytes."""


@dataclass(frozen=True, slots=True)
class ReadingRequest:
    """What goes with a document: what its sender says of it, and how the office reads."""

    media_type: str | None
    name: str | None
    policy: ReadingPolicy


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """A document as it was read. `media_type` is what its bytes are, `text` what the notice's spans count in; doubts
    about the text itself stand among the notice's."""

    media_type: str
    text: str
    notice: ReadNotice


@dataclass(frozen=True, slots=True)
class Refusal:
    """An UnreadableNotice on its way between processes."""

    code: str
    vi: str
    en: str
    values: dict[str, str | int]


REQUEST = TypeAdapter(ReadingRequest)
READING = TypeAdapter(DocumentReading)
REFUSAL = TypeAdapter(Refusal)
