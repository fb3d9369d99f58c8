"""What happens to the record of the log itself: its keys, checkpoints and repairs. Each stands on `ledger.<name>`."""

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.events.fields import Count, Digest, Fields, Name, Statement, Token

Sequence = Annotated[int, Field(ge=0, le=2**63 - 1, description="a sequence of the log, or how many events there are")]
"""A place in the log; 0 is before its first event."""

Side = Literal["log", "ledger", "register"]
"""Which of the places where the record stands: the stream, its copy in the database, or what was made of it."""


MOST_PIECES = 1000
"""What one event names of them at most."""


class CheckpointKeyCreated(Fields):
    """Checkpoints are signed with this key from now on.

    `name` is the name of the key, which is the origin of the log (C2SP signed-note); `verifier_key` is the line by
    which a verifier knows it, `name+hash+base64`. The private key is in no event. `endorsement` is a note by which the
    key before it says that this one follows; the first key, and one that replaces a lost key, has none.
    """

    type: ClassVar[str] = "ketluan.CheckpointKeyCreated.v1"

    key_id: Token
    name: Name
    verifier_key: Name
    endorsement: Annotated[str, Field(min_length=1, max_length=2000)] | None = None


class CheckpointKeyRetired(Fields):
    """Nothing is signed with this key any more. What it signed before stays valid."""

    type: ClassVar[str] = "ketluan.CheckpointKeyRetired.v1"

    key_id: Token
    reason: Statement


class CheckpointIssued(Fields):
    """The tree of the first `size` events has this root; `note` is the signed note that says so (C2SP checkpoint)."""

    type: ClassVar[str] = "ketluan.CheckpointIssued.v1"

    key_id: Token
    size: Sequence
    root: Digest
    note: Annotated[str, Field(min_length=1, max_length=2000)]


class RecordRepaired(Fields):
    """A damaged side of the record was restored from a sound one. `first` and `last` bound what was damaged."""

    type: ClassVar[str] = "ketluan.RecordRepaired.v1"

    side: Side
    restored_from: Side
    first: Sequence
    last: Sequence
    count: Count
    damage: Annotated[tuple[Name, ...], Field(description="what was found, as kinds of damage")]
    known_good: Annotated[Sequence, Field(description="the last event before the damage that was sound on both sides")]


class RetiredPiece(Fields):
    """A file of events that left the stream, `count` of those from `first` to `last`, under its SHA-256."""

    first: Annotated[Sequence, Field(ge=1)]
    last: Annotated[Sequence, Field(ge=1)]
    count: Annotated[Count, Field(ge=1)]
    sha256: Digest


class EventsRetired(Fields):
    """Events of closed years, stored before a moment, left the stream. The record did not change by it.

    `pieces` hold them byte for byte, in the order of the log, in the bucket `retired` beside it; who follows the log
    reads them there where the stream lacks them. The ledger keeps each of them too, and so does the archive of the
    first `archive_events` events, which has the root `archive_root`. The checkpoint of `checkpoint_size` events covers
    them.
    """

    type: ClassVar[str] = "ketluan.EventsRetired.v1"

    stored_before: AwareDatetime
    count: Annotated[Count, Field(ge=1)]
    pieces: Annotated[tuple[RetiredPiece, ...], Field(min_length=1, max_length=MOST_PIECES)]
    archive_events: Sequence
    archive_root: Digest
    checkpoint_size: Sequence
    checkpoint_root: Digest


LedgerEvent = CheckpointKeyCreated | CheckpointKeyRetired | CheckpointIssued | RecordRepaired | EventsRetired
"""Every event of the aggregates `ledger.<name>`: `ledger.keys`, `ledger.checkpoints`, `ledger.repairs` and
`ledger.retirements`."""
