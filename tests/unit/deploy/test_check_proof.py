"""Whoever checks a proof offline is told what it proves, and no changed bit of it passes."""

import datetime as dt
import random
from base64 import b64encode
from pathlib import Path

import pytest
from pydantic import ValidationError

from deploy.commands.check_proof import findings, proof_in, run_check
from services.tasks.ledger.checkpoint import Checkpoint
from services.tasks.ledger.keys import new_signing_key
from services.tasks.ledger.leaf import leaf_hash, leaf_input
from services.tasks.ledger.proofs import ConsistencyProof, InclusionProof
from services.tasks.ledger.tree import among, consistency_proof, inclusion_proof, root_of
from shared.log.record import Record

KEY = new_signing_key("ketluan.example.vn/v1/record")
NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
RECORDS = [Record(number, f"log.task.{number}", NOW, f"event {number}".encode()) for number in range(1, 301)]
LOOK = among([leaf_hash(record) for record in RECORDS])


def root(size: int) -> bytes:
    return root_of((0, size), LOOK)


def note(size: int) -> str:
    return KEY.signed(str(Checkpoint(KEY.name, size, root(size))))


def hexadecimal(hashes: list[bytes]) -> list[str]:
    return [each.hex() for each in hashes]


INCLUSION = InclusionProof(
    sequence=77,
    subject="log.task.77",
    leaf_index=76,
    leaf=b64encode(leaf_input(RECORDS[76])).decode(),
    leaf_hash=leaf_hash(RECORDS[76]).hex(),
    size=300,
    root=root(300).hex(),
    proof=hexadecimal(inclusion_proof(76, 300, LOOK)),
    checkpoint=note(300),
)
CONSISTENCY = ConsistencyProof(
    old_size=77,
    new_size=300,
    old_root=root(77).hex(),
    new_root=root(300).hex(),
    proof=hexadecimal(consistency_proof(77, 300, LOOK)),
    old_checkpoint=note(77),
    new_checkpoint=note(300),
)


def passes(content: bytes) -> bool:
    try:
        found = findings(proof_in(content), [KEY.verifier], [], RECORDS[76].content)
        return all(holds for holds, _, _ in found)
    except ValidationError:
        return False


@pytest.mark.parametrize("proof", [INCLUSION, CONSISTENCY])
def test_no_changed_bit_of_a_proof_passes(proof: InclusionProof | ConsistencyProof) -> None:
    content, source = proof.model_dump_json(indent=1).encode(), random.Random(77)
    assert passes(content)
    for bit in source.sample(range(8 * len(content)), 2500):
        harmed = bytearray(content)
        harmed[bit // 8] ^= 1 << bit % 8
        assert not passes(bytes(harmed)), harmed


def test_a_proof_is_told_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "proof"
    file.write_text(INCLUSION.model_dump_json())
    assert run_check(file, [str(KEY.verifier)], [], None) == 0
    assert "✓ Sự kiện 77 nằm trong cây của 300 sự kiện đầu tiên. (event 77 is in the tree" in capsys.readouterr().out
    assert run_check(file, [], [], None) == 1
    assert "Đưa khoá công khai bằng --key" in capsys.readouterr().out


def test_the_bytes_of_another_event_are_told_apart(tmp_path: Path) -> None:
    proof, event = tmp_path / "proof", tmp_path / "event"
    proof.write_text(INCLUSION.model_dump_json())
    event.write_bytes(RECORDS[76].content)
    assert run_check(proof, [str(KEY.verifier)], [], event) == 0
    event.write_bytes(RECORDS[75].content)
    assert run_check(proof, [str(KEY.verifier)], [], event) == 1


def test_a_checkpoint_of_ones_own_goes_before_the_one_in_the_proof(tmp_path: Path) -> None:
    proof, own = tmp_path / "proof", tmp_path / "own"
    proof.write_text(CONSISTENCY.model_dump_json())
    own.write_text(note(77))
    assert run_check(proof, [str(KEY.verifier)], [own], None) == 0
    own.write_text(KEY.signed(str(Checkpoint(KEY.name, 77, root(78)))))
    assert run_check(proof, [str(KEY.verifier)], [own], None) == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"{", b"\xff", b"[" * 10_000])
def test_what_is_no_proof_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "proof"
    file.write_bytes(content)
    assert run_check(file, [str(KEY.verifier)], [], None) == 2
    assert run_check(tmp_path / "none", [], [], None) == 2
    file.write_text(INCLUSION.model_dump_json())
    assert run_check(file, ["no key"], [], None) == 2
