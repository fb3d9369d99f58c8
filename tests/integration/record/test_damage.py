"""Harm that is really done, to files and rows: it is found, it is said what and where, and it is mended."""

from collections.abc import Sequence

from services.tasks.record.findings import Finding
from services.tasks.record.judgement import Proof
from services.tasks.record.kinds import Kind
from tests.integration.record.damaged import Damageable


def _kinds(findings: Sequence[Finding]) -> set[tuple[Kind, int, int]]:
    return {(each.kind, each.first, each.last) for each in findings}


async def test_a_whole_record_is_sound(record: Damageable) -> None:
    found = (await record.verified()).verification
    assert found.findings == ()
    assert (found.events, found.known_good, found.checkpoint) == (350, 350, 300)


async def test_rows_altered_removed_and_added_are_named_and_restored(record: Damageable) -> None:
    true = await record.content(40)
    await record.altered(
        "UPDATE ledger.event SET content = content || ' ' WHERE sequence = 40",
        "UPDATE ledger.event SET content = overlay(content PLACING '\\x20' FROM 9), leaf_hash = sha256('x') "
        "WHERE sequence = 41",
        "UPDATE ledger.event SET leaf_hash = sha256('x') WHERE sequence = 60",
        "UPDATE ledger.event SET stored_at = stored_at - interval '1 day' WHERE sequence = 70",
        "DELETE FROM ledger.event WHERE sequence BETWEEN 80 AND 82",
        "UPDATE ledger.tile SET hashes = overlay(hashes PLACING '\\x00' FROM 5)",
        "DELETE FROM ledger.checkpoint",
    )
    found = await record.findings()
    assert _kinds(found) >= {
        (Kind.ALTERED_IN_LEDGER, 40, 41),
        (Kind.ALTERED_LEAF, 60, 60),
        (Kind.ALTERED_TIME, 70, 70),
        (Kind.GAP_IN_LEDGER, 80, 82),
        (Kind.LOST_CHECKPOINT, 300, 300),
    }
    assert {each.kind for each in found} == {*(kind for kind, _, _ in _kinds(found))}
    assert all(each.proof is Proof.CHECKPOINT for each in found if each.events)
    assert {each.known_good for each in found if each.first} == {39}
    await record.repaired()
    assert await record.findings() == ()
    assert await record.content(40) == true
