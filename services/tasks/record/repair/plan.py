"""What has to be restored, from what, and what nobody may decide but people. Pure."""

from dataclasses import dataclass
from typing import Literal

from services.tasks.record.findings import Finding, findings_of
from services.tasks.record.grown_tree import GrownTile
from services.tasks.record.judgement import Judgement, Proof
from services.tasks.record.kinds import Kind
from services.tasks.record.verification import Compared

Trust = Literal["log", "ledger"]

_NEVER = frozenset({Kind.CONTRADICTED, Kind.ROLLED_BACK})
_WHOLE_LOG = frozenset({Kind.LOG_MISSING, Kind.GAP_IN_LOG, Kind.TRUNCATED_LOG})


@dataclass(frozen=True, slots=True)
class Plan:
    """What a repair does. `blocked` is what it cannot: then it does nothing at all.

    `rows` are the events whose row in the ledger is written anew, `rewrites_log` says that the whole stream is,
    `adopts_log` that the stream is right and only not the one that was followed, `sets_log` that its settings are set
    back, `tiles` are written as the tree has them, and `checkpoints` says that the ledger's table of them is.
    """

    rows: tuple[Judgement, ...] = ()
    rewrites_log: bool = False
    adopts_log: bool = False
    sets_log: bool = False
    tiles: tuple[GrownTile, ...] = ()
    checkpoints: bool = False
    register: bool = False
    blocked: tuple[Finding, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return self == Plan()


def planned(compared: Compared, trust: Trust | None = None) -> Plan:
    """What mends what was found. `trust` is the side that a person says is right where nothing tells."""
    found = compared.verification.findings
    damaged = [_trusting(each, trust) for each in compared.damaged]
    undecided = findings_of([each for each in damaged if each.true is None], compared.log.last)
    blocked = (*(each for each in found if each.kind in _NEVER), *undecided)
    if blocked:
        return Plan(blocked=blocked)
    kinds = {each.kind for each in found}
    rewrites = bool(kinds & _WHOLE_LOG) or any(each.log_is_damaged for each in damaged)
    return Plan(
        rows=tuple(each for each in damaged if each.ledger_is_damaged),
        rewrites_log=rewrites,
        adopts_log=not rewrites and Kind.LOG_RECREATED in kinds,
        sets_log=not rewrites and Kind.LOG_SETTINGS in kinds,
        tiles=compared.false_tiles,
        checkpoints=bool(kinds & {Kind.UNSIGNED, Kind.LOST_CHECKPOINT}),
        register=Kind.REGISTER in kinds,
    )


def _trusting(each: Judgement, trust: Trust | None) -> Judgement:
    if each.true is not None or trust is None:
        return each
    side = each.seen.log if trust == "log" else each.seen.ledger
    return Judgement(each.seen, side.leaf, Proof.NONE) if side else each
