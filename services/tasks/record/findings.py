"""What a verification found, in words that say what to do. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby

from pydantic import BaseModel, ConfigDict

from services.tasks.record.judgement import Judgement, Proof
from services.tasks.record.kinds import WORDS, Kind
from shared.language import Words

_SHOWN = 20


class FoundEvent(BaseModel):
    """One event that is not as it must be."""

    model_config = ConfigDict(frozen=True)

    sequence: int
    subject: str | None
    event_id: str | None


class Finding(BaseModel):
    """Something that is wrong, in events from `first` to `last`, `count` of them.

    `side` is what is damaged: `log`, `ledger`, `register`, `witness`, or None where nothing tells. `proof` is what
    shows that. `known_good` is the last event before it up to which both sides are sound, and `events` are the first of
    them.
    """

    model_config = ConfigDict(frozen=True)

    kind: Kind
    side: str | None
    proof: Proof = Proof.NONE
    first: int = 0
    last: int = 0
    count: int = 0
    known_good: int = 0
    events: tuple[FoundEvent, ...] = ()
    detail: str = ""
    since: dt.datetime | None = None

    @property
    def words(self) -> Words:
        """What is wrong and what to do, for people."""
        return WORDS[self.kind]


def findings_of(damaged: Sequence[Judgement], log_last: int) -> list[Finding]:
    """What is wrong with events, those in a row that have the same wrong as one. `log_last` is where the log ends."""
    named: dict[tuple[Kind, str | None, Proof], list[Judgement]] = {}
    for each in damaged:
        for kind, side in _kinds(each, log_last):
            named.setdefault((kind, side, each.proof), []).append(each)
    found = [
        _finding([judgement for _, judgement in run], *named_as)
        for named_as, judgements in named.items()
        for _, run in groupby(enumerate(judgements), key=lambda item: item[1].seen.sequence - item[0])
    ]
    return sorted(found, key=lambda each: each.first)


def absent_from_log(first: int, last: int, log_last: int, confirmed: int) -> list[Finding]:
    """What is wrong where the log has nothing of some events in a row, and the ledger has all of them. `confirmed` is
    the size of the last checkpoint that fits."""
    found = []
    for start, end, proof in (
        (first, min(last, confirmed), Proof.CHECKPOINT),
        (max(first, confirmed + 1), last, Proof.LEAF),
    ):
        if start <= end:
            kind = Kind.TRUNCATED_LOG if start > log_last else Kind.GAP_IN_LOG
            found.append(Finding(kind=kind, side="log", proof=proof, first=start, last=end, count=end - start + 1))
    return found


def with_known_good(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in the log's order, each with the last event before all of them."""
    found = sorted(findings, key=lambda each: each.first)
    first = min((each.first for each in found if each.first), default=1)
    return tuple(each.model_copy(update={"known_good": first - 1}) if each.first else each for each in found)


def _kinds(each: Judgement, log_last: int) -> list[tuple[Kind, str | None]]:
    seen = each.seen
    if each.leaf is None and seen.log is not None:
        return [(Kind.UNDECIDED, None)] if seen.ledger is not None else [(Kind.GAP_IN_LEDGER, "ledger")]
    if each.true is None:
        return [(Kind.LOST, None)]
    found: list[tuple[Kind, str | None]] = []
    if each.log_is_damaged:
        if seen.log is not None:
            found.append((Kind.ALTERED_TIME if seen.log.leaf == each.leaf else Kind.ALTERED_IN_LOG, "log"))
        else:
            found.append((Kind.TRUNCATED_LOG if seen.sequence > log_last else Kind.GAP_IN_LOG, "log"))
    if each.ledger_is_damaged:
        if seen.ledger is None:
            found.append((Kind.GAP_IN_LEDGER, "ledger"))
        elif seen.ledger_leaf != each.leaf:
            found.append((Kind.ALTERED_IN_LEDGER, "ledger"))
        else:
            found.append((Kind.ALTERED_LEAF if seen.leaf != each.leaf else Kind.ALTERED_TIME, "ledger"))
    return found


def _finding(run: Sequence[Judgement], kind: Kind, side: str | None, proof: Proof) -> Finding:
    return Finding(
        kind=kind,
        side=side,
        proof=proof,
        first=run[0].seen.sequence,
        last=run[-1].seen.sequence,
        count=len(run),
        events=tuple(_event(each) for each in run[:_SHOWN]),
        since=next((each.stored_at for each in (run[0].seen.ledger, run[0].seen.log) if each), None),
    )


def _event(each: Judgement) -> FoundEvent:
    sides = [side for side in (each.true, each.seen.ledger, each.seen.log) if side]
    return FoundEvent(
        sequence=each.seen.sequence,
        subject=next((side.subject for side in sides), None),
        event_id=next((side.event_id for side in sides if side.event_id), None),
    )
