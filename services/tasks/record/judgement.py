"""Which side of the record is right about one event, and what shows it. Pure."""

import json
from dataclasses import dataclass
from enum import StrEnum

from services.tasks.ledger.leaf import leaf_hash
from shared.log.record import Record


class Proof(StrEnum):
    """What shows how an event truly was, the strongest first."""

    CHECKPOINT = "checkpoint"
    """The tree with it has the root that was signed."""
    LEAF = "leaf"
    """Its bytes on one side have the leaf hash that the ledger keeps."""
    AGREEMENT = "agreement"
    """Log and ledger have the same bytes."""
    READABLE = "readable"
    """On one side alone it is an event of its own subject."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Seen:
    """What is found of one event: in the log, in the ledger, the leaf hash that the ledger keeps of it and the one in
    the ledger's tile; None where there is none."""

    sequence: int
    log: Record | None = None
    ledger: Record | None = None
    leaf: bytes | None = None
    tile: bytes | None = None

    @property
    def log_leaf(self) -> bytes | None:
        """The leaf hash of what the log has."""
        return leaf_hash(self.log) if self.log else None

    @property
    def ledger_leaf(self) -> bytes | None:
        """The leaf hash of what the ledger has."""
        return leaf_hash(self.ledger) if self.ledger else None

    @property
    def is_sound(self) -> bool:
        """Whether both sides have it, as one and the same."""
        return (
            self.log is not None
            and self.ledger is not None
            and self.log_leaf == self.ledger_leaf == self.leaf
            and self.log.stored_at == self.ledger.stored_at
        )

    @property
    def candidates(self) -> list[bytes]:
        """Every leaf hash that something speaks for, the likeliest first."""
        kept, content, log = self.leaf, self.ledger_leaf, self.log_leaf
        likely = (
            [log, content]
            if log == content
            else [kept, content, log]
            if kept in {content, log}
            else [log, content, kept]
        )
        return list(dict.fromkeys(each for each in (*likely, self.tile) if each is not None))


@dataclass(frozen=True, slots=True)
class Judgement:
    """How an event truly is: its leaf hash, None where nothing tells, and what shows it."""

    seen: Seen
    leaf: bytes | None
    proof: Proof

    @property
    def true(self) -> Record | None:
        """The event as it truly is; None where no side has it any more, or nothing tells which one has."""
        for side in (self.seen.log, self.seen.ledger):
            if side is not None and self.leaf is not None and leaf_hash(side) == self.leaf:
                return side
        return None

    @property
    def log_is_damaged(self) -> bool:
        """Whether the log lacks the event, or has another."""
        return self.seen.log_leaf is None or (self.leaf is not None and self.seen.log_leaf != self.leaf)

    @property
    def ledger_is_damaged(self) -> bool:
        """Whether the ledger lacks the event, or has another, or keeps another leaf hash or time of it."""
        seen = self.seen
        if seen.ledger is None:
            return True
        if self.leaf is not None and (seen.ledger_leaf != self.leaf or seen.leaf != self.leaf):
            return True
        return seen.ledger_leaf != seen.leaf or (
            seen.log is not None and seen.log_leaf == seen.ledger_leaf and seen.log.stored_at != seen.ledger.stored_at
        )


def judged(seen: Seen) -> Judgement:
    """What the two sides alone tell of an event that no checkpoint speaks for."""
    log, ledger, kept = seen.log_leaf, seen.ledger_leaf, seen.leaf
    if log is not None and log == ledger:
        return Judgement(seen, log, Proof.AGREEMENT)
    if kept is not None and log is not None and log == kept:
        return Judgement(seen, log, Proof.LEAF)
    if kept is not None and log is None and ledger == kept:
        return Judgement(seen, ledger, Proof.LEAF)
    readable = {is_event(side): side for side in (seen.ledger, seen.log) if side is not None}
    if len(readable) == 2 and (true := readable.get(True)) is not None:
        return Judgement(seen, leaf_hash(true), Proof.READABLE)
    return Judgement(seen, None, Proof.NONE)


def is_event(record: Record) -> bool:
    """Whether the bytes are a CloudEvent of the subject on which they stand."""
    try:
        found = json.loads(record.content)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and bool(found.get("id")) and found.get("subject") == record.aggregate


def event_id(record: Record | None) -> str | None:
    """The id of the event; None where the bytes have none."""
    if record is None:
        return None
    try:
        found = json.loads(record.content)
    except (ValueError, RecursionError):
        return None
    named = found.get("id") if isinstance(found, dict) else None
    return named if isinstance(named, str) else None
