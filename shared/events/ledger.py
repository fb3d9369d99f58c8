"""What happens to the record of the log itself: its keys, checkpoints and repairs. Each stands on `ledger.<name>`."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.events.fields import Count, Digest, Fields, Name, Statement, Token

Sequence = Annotated[int, Field(ge=0, le=2**63 - 1, description="a sequence of the log, or how many events there are")]
"""A place in the log; 0 is before its first event."""

Side = Literal["log", "ledger", "register"]
"""Which of the places where the record stands: the stream, its copy in the database, or what was made of it."""


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


LedgerEvent = CheckpointKeyCreated | CheckpointKeyRetired | CheckpointIssued | RecordRepaired
"""Every event of the aggregates `ledger.<name>`: `ledger.keys`, `ledger.checkpoints` and `ledger.repairs`."""
