"""What is restored from what, and what only people may decide."""

import datetime as dt

import pytest

from services.tasks.record.findings import Finding, findings_of
from services.tasks.record.judgement import Judgement, Proof, Seen, Side, judged
from services.tasks.record.kinds import Kind
from services.tasks.record.repair.plan import Trust, planned
from services.tasks.record.sources import LedgerStanding, LogStanding
from services.tasks.record.verification import Compared, Verification

AT = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
CREATED = "2026-11-19 00:00:00+00:00"


def _side(name: bytes, *, is_event: bool = True) -> Side:
    return Side(name.ljust(32), "log.task.x", AT, "id", is_event)


def _compared(*damaged: Judgement, more: tuple[Finding, ...] = ()) -> Compared:
    findings = (*findings_of(damaged, 50), *more)
    verification = Verification(
        began_at=AT, seconds=1, events=50, log_last=50, ledger_last=50, known_good=0, checkpoint=0, checkpoints=0,
        findings=findings,
    )  # fmt: skip
    return Compared(verification, damaged, LogStanding(CREATED, 1, 50, ()), LedgerStanding(50, 50, CREATED), ())


def test_a_sound_record_needs_nothing() -> None:
    assert planned(_compared()).is_empty


def test_an_altered_row_is_written_anew_and_the_log_left_alone() -> None:
    found = judged(Seen(7, _side(b"true"), _side(b"false"), b"true".ljust(32)))
    plan = planned(_compared(found))
    assert plan.rows == (found,)
    assert not plan.rewrites_log


def test_an_event_that_the_log_lost_is_written_with_the_whole_stream() -> None:
    plan = planned(_compared(judged(Seen(7, None, _side(b"true"), b"true".ljust(32)))))
    assert plan.rewrites_log
    assert not plan.rows


@pytest.mark.parametrize(("trust", "rows", "rewrites"), [(None, 0, False), ("log", 1, False), ("ledger", 0, True)])
def test_where_nothing_tells_a_person_must(trust: Trust | None, rows: int, rewrites: bool) -> None:
    undecided = judged(Seen(7, _side(b"one"), _side(b"other"), b"other".ljust(32)))
    assert undecided.proof is Proof.NONE
    plan = planned(_compared(undecided), trust)
    assert (bool(plan.blocked), len(plan.rows), plan.rewrites_log) == (trust is None, rows, rewrites)


@pytest.mark.parametrize("kind", [Kind.CONTRADICTED, Kind.ROLLED_BACK])
def test_what_contradicts_a_checkpoint_is_never_touched(kind: Kind) -> None:
    contradiction = Finding(kind=kind, side=None, first=1, last=40)
    row = judged(Seen(7, _side(b"true"), _side(b"false"), b"true".ljust(32)))
    plan = planned(_compared(row, more=(contradiction,)), "log")
    assert plan.blocked == (contradiction,)
    assert not plan.rows


def test_a_stream_made_anew_with_the_same_events_is_taken_for_the_log() -> None:
    plan = planned(_compared(more=(Finding(kind=Kind.LOG_RECREATED, side="log"),)))
    assert plan.adopts_log
    assert not plan.rewrites_log
