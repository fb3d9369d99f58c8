"""Which side of the record is right about one event, and what shows it. Pure."""

import datetime as dt
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
class Side:
    """What one side has of an event: its leaf hash and what it says of itself. The bytes are left where they are."""

    leaf: bytes
    subject: str
    stored_at: dt.datetime
    event_id: str | None
    is_event: bool
    """Whether the bytes are a CloudEvent of the subject on which they stand."""


def side_of(record: Record) -> Side:
    """What one side has."""
    try:
        found = json.loads(record.content)
    except (ValueError, RecursionError):
        found = None
    fields = found if isinstance(found, dict) else {}
    named = fields.get("id")
    event_id = named if isinstance(named, str) and named else None
    is_event = event_id is not None and fields.get("subject") == record.aggregate
    return Side(leaf_hash(record), record.subject, record.stored_at, event_id, is_event)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is found of one event: in the log, in the ledger, the leaf hash that the ledger keeps of it and the one in
    the ledger's tile; None where there is none."""

    sequence: int
    log: Side | None = None
    ledger: Side | None = None
    leaf: bytes | None = None
    tile: bytes | None = None
    written_again: bool = False
    """Whether the log was made after the ledger took the event in, so that it stands there a second time."""

    @property
    def log_leaf(self) -> bytes | None:
        """The leaf hash of what the log has."""
        return self.log.leaf if self.log else None

    @property
    def ledger_leaf(self) -> bytes | None:
        """The leaf hash of what the ledger has."""
        return self.ledger.leaf if self.ledger else None

    @property
    def is_sound(self) -> bool:
        """Whether both sides have it, as one and the same."""
        return (
            self.log is not None
            and self.ledger is not None
            and self.log.leaf == self.ledger.leaf == self.leaf
            and self.log.stored_at == self.ledger.stored_at
        )

    @property
    def times_differ(self) -> bool:
        """Whether both sides have the same event, stored at different times."""
        log, ledger = self.log, self.ledger
        return bool(log and ledger and log.leaf == ledger.leaf and log.stored_at != ledger.stored_at)

    @property
    def candidates(self) -> list[bytes]:
        """Every leaf hash that something speaks for, the likeliest first."""
        kept, content, log = self.leaf, self.ledger_leaf, self.log_leaf
        likely = [kept, content, log] if kept in {content, log} else [log, content, kept]
        return list(dict.fromkeys(each for each in (*likely, self.tile) if each is not None))


@dataclass(frozen=True, slots=True)
class Judgement:
    """How an event truly is: its leaf hash, None where nothing tells, and what shows it."""

    seen: Seen
    leaf: bytes | None
    proof: Proof

    @property
    def true(self) -> Side | None:
        """The side that has the event as it truly is; None where neither has, or nothing tells which one."""
        sides = (self.seen.log, self.seen.ledger)
        return next((side for side in sides if side is not None and side.leaf == self.leaf), None)

    @property
    def log_is_damaged(self) -> bool:
        """Whether the log lacks the event, or has another, or has it with the time at which it was written again."""
        seen = self.seen
        if seen.log_leaf is None or (self.leaf is not None and seen.log_leaf != self.leaf):
            return True
        return seen.times_differ and seen.written_again

    @property
    def ledger_is_damaged(self) -> bool:
        """Whether the ledger lacks the event, or has another, or keeps another leaf hash or time of it."""
        seen = self.seen
        if seen.ledger is None:
            return True
        if self.leaf is not None and (seen.ledger_leaf != self.leaf or seen.leaf != self.leaf):
            return True
        return seen.ledger_leaf != seen.leaf or (seen.times_differ and not seen.written_again)


def judged(seen: Seen) -> Judgement:
    """What the two sides alone tell of an event that no checkpoint speaks for."""
    log, ledger, kept = seen.log_leaf, seen.ledger_leaf, seen.leaf
    if log is not None and log == ledger:
        return Judgement(seen, log, Proof.AGREEMENT)
    if kept is not None and log is not None and log == kept:
        return Judgement(seen, log, Proof.LEAF)
    if kept is not None and log is None and ledger == kept:
        return Judgement(seen, ledger, Proof.LEAF)
    readable = [side for side in (seen.ledger, seen.log) if side is not None and side.is_event]
    if len(readable) == 1 and log is not None and ledger is not None:
        return Judgement(seen, readable[0].leaf, Proof.READABLE)
    return Judgement(seen, None, Proof.NONE)
