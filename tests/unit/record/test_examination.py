"""An event that was changed anywhere is found, and the signed checkpoint says which side is right."""

import datetime as dt
import random
from collections.abc import Sequence

import pytest

from services.tasks.ledger.leaf import leaf_hash
from services.tasks.ledger.tree import among, root_of
from services.tasks.record.examination import Examination, SignedRoot
from services.tasks.record.findings import Finding, findings_of
from services.tasks.record.grown_tree import Growth
from services.tasks.record.judgement import Proof, Seen, side_of
from services.tasks.record.kinds import Kind
from shared.log.record import Record
from tests.examples import task_entry

AT = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


def _record(sequence: int) -> Record:
    entry = task_entry(f"t{sequence}")
    return Record(sequence, entry.subject, AT, entry.content)


EVENTS = [_record(sequence) for sequence in range(1, 41)]
LEAVES = [leaf_hash(each) for each in EVENTS]


def _changed(record: Record, by: bytes = b"x") -> Record:
    return Record(record.sequence, record.subject, record.stored_at, record.content + by)


def _signed(*sizes: int) -> list[SignedRoot]:
    return [SignedRoot(size, root_of((0, size), among(LEAVES))) for size in sizes]


def _seen(sequence: int, log: Record | None, ledger: Record | None, leaf: bytes | None) -> Seen:
    return Seen(sequence, side_of(log) if log else None, side_of(ledger) if ledger else None, leaf)


def _found(signed: Sequence[SignedRoot], *seen: Seen, log_last: int = 40) -> list[Finding]:
    examination, odd = Examination(signed), {each.sequence: each for each in seen}
    examination.take([odd.get(sequence, leaf) for sequence, leaf in enumerate(LEAVES, 1)])
    examination.end()
    return findings_of(examination.damaged, log_last)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 511, 70000])
def test_a_grown_tree_has_the_root_of_the_whole(size: int) -> None:
    leaves = [number.to_bytes(32, "big") for number in range(size)]
    growth, chance, place = Growth(), random.Random(size), 0
    while place < size:
        step = chance.randint(1, 9000)
        growth.add(leaves[place : place + step])
        place += step
    assert growth.size == size
    assert growth.root() == root_of((0, size), among(leaves))


def test_a_sound_record_confirms_its_checkpoints() -> None:
    examination = Examination(_signed(3, 17, 39))
    examination.take_sound(LEAVES[:20])
    examination.take_sound(LEAVES[20:])
    examination.end()
    assert (examination.confirmed, examination.damaged, examination.contradicted) == (39, [], [])


def test_a_row_rewritten_together_with_its_leaf_hash_is_found_by_the_checkpoint() -> None:
    false = _changed(EVENTS[9])
    seen = _seen(10, EVENTS[9], false, leaf_hash(false))
    (found,) = _found(_signed(20), seen)
    assert (found.kind, found.side, found.proof) == (Kind.ALTERED_IN_LEDGER, "ledger", Proof.CHECKPOINT)
    assert [(each.sequence, each.subject) for each in found.events] == [(10, EVENTS[9].subject)]


def test_an_event_rewritten_in_the_log_is_found_by_the_checkpoint() -> None:
    (found,) = _found(_signed(20), _seen(10, _changed(EVENTS[9]), EVENTS[9], LEAVES[9]))
    assert (found.kind, found.proof) == (Kind.ALTERED_IN_LOG, Proof.CHECKPOINT)


def test_both_sides_may_be_damaged_at_once() -> None:
    false = _changed(EVENTS[9])
    found = _found(_signed(20), _seen(10, EVENTS[9], false, leaf_hash(false)), _seen(11, None, EVENTS[10], LEAVES[10]))
    assert {(each.kind, each.first) for each in found} == {(Kind.ALTERED_IN_LEDGER, 10), (Kind.GAP_IN_LOG, 11)}
    assert all(each.proof is Proof.CHECKPOINT for each in found)


def test_without_a_checkpoint_the_leaf_hash_decides() -> None:
    (found,) = _found([], _seen(10, EVENTS[9], _changed(EVENTS[9]), LEAVES[9]))
    assert (found.kind, found.proof) == (Kind.ALTERED_IN_LEDGER, Proof.LEAF)
    (found,) = _found([], _seen(10, EVENTS[9], EVENTS[9], bytes(32)))
    assert (found.kind, found.proof) == (Kind.ALTERED_LEAF, Proof.AGREEMENT)


def test_without_a_checkpoint_what_is_no_event_is_wrong() -> None:
    false = _changed(EVENTS[9])
    (found,) = _found([], _seen(10, EVENTS[9], false, leaf_hash(false)))
    assert (found.kind, found.proof) == (Kind.ALTERED_IN_LEDGER, Proof.READABLE)


def test_two_readable_events_are_left_to_people() -> None:
    false = _changed(EVENTS[9], b" ")
    (found,) = _found([], _seen(10, EVENTS[9], false, leaf_hash(false)))
    assert (found.kind, found.side) == (Kind.UNDECIDED, None)


def test_a_truncated_log_is_one_finding() -> None:
    lost = [_seen(each.sequence, None, each, leaf) for each, leaf in zip(EVENTS, LEAVES, strict=True)][24:]
    (found,) = _found(_signed(20), *lost, log_last=24)
    assert (found.kind, found.first, found.last, found.count) == (Kind.TRUNCATED_LOG, 25, 40, 16)


def test_what_both_sides_lost_is_said_to_be_lost() -> None:
    (found,) = _found(_signed(20), _seen(10, None, _changed(EVENTS[9]), LEAVES[9]))
    assert found.kind is Kind.LOST


def test_a_history_rewritten_on_both_sides_contradicts_the_checkpoint() -> None:
    examination = Examination(_signed(9, 20))
    examination.take_sound([*LEAVES[:9], bytes(32), *LEAVES[10:]])
    assert examination.confirmed == 9
    assert [each.size for each in examination.contradicted] == [20]


def test_of_thousands_of_changed_bits_none_is_missed() -> None:
    chance, signed = random.Random(7), _signed(40)
    for _ in range(3000):
        place = chance.randrange(len(EVENTS))
        event = EVENTS[place]
        content = bytearray(event.content)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        false = Record(event.sequence, event.subject, event.stored_at, bytes(content))
        in_log = chance.random() < 0.5
        leaf = leaf_hash(false) if not in_log and chance.random() < 0.5 else LEAVES[place]
        seen = _seen(place + 1, false if in_log else event, event if in_log else false, leaf)
        assert not seen.is_sound
        (found,) = _found(signed, seen)
        assert found.side == ("log" if in_log else "ledger")
        assert (found.first, found.proof) == (place + 1, Proof.CHECKPOINT)
