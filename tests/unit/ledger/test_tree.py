"""The tree agrees with published vectors, with the RFC's own definitions, and refuses every changed bit."""

import random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore.errors import VerificationError

from services.tasks.ledger.tree import (
    EMPTY_ROOT,
    among,
    consistency_proof,
    hash_of_leaf,
    inclusion_proof,
    is_consistent,
    is_included,
    root_of,
)
from tests.unit.ledger import naive

# The inputs, roots and proofs by which Certificate Transparency's implementations know one another's trees.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PAIR_3_4 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
HALF_5_8 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
LEAF_2 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
LEAF_5 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
PAIR_5_6 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
PAIR_7_8 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"


def leaves_of(entries: list[bytes]) -> list[bytes]:
    return [hash_of_leaf(entry) for entry in entries]


def root(entries: list[bytes]) -> bytes:
    return root_of((0, len(entries)), among(leaves_of(entries)))


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_that_are_published(size: int) -> None:
    assert root(ENTRIES[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 1, []),
        (0, 8, [LEAF_2, PAIR_3_4, HALF_5_8]),
        (5, 8, [LEAF_5, PAIR_7_8, ROOTS[3]]),
        (2, 3, [ROOTS[1]]),
        (1, 5, [ROOTS[0], PAIR_3_4, LEAF_5]),
    ],
)
def test_inclusion_proofs_are_those_that_are_published(index: int, size: int, proof: list[str]) -> None:
    leaves = leaves_of(ENTRIES)
    found = inclusion_proof(index, size, among(leaves))
    assert [each.hex() for each in found] == proof
    assert is_included(leaves[index], index, size, found, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(
    ("old", "new", "proof"),
    [
        (1, 1, []),
        (1, 8, [LEAF_2, PAIR_3_4, HALF_5_8]),
        (6, 8, [PAIR_5_6, PAIR_7_8, ROOTS[3]]),
        (2, 5, [PAIR_3_4, LEAF_5]),
    ],
)
def test_consistency_proofs_are_those_that_are_published(old: int, new: int, proof: list[str]) -> None:
    found = consistency_proof(old, new, among(leaves_of(ENTRIES)))
    assert [each.hex() for each in found] == proof
    assert is_consistent(old, new, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]), found)


@given(st.lists(st.binary(max_size=5), min_size=1, max_size=70), st.data())
def test_random_trees_and_proofs_are_as_the_rfc_defines_them(entries: list[bytes], data: st.DataObject) -> None:
    size = len(entries)
    leaves, look = leaves_of(entries), among(leaves_of(entries))
    whole = root(entries)
    assert whole == naive.mth(entries)
    index = data.draw(st.integers(0, size - 1))
    included = inclusion_proof(index, size, look)
    assert included == naive.path(index, entries)
    assert is_included(leaves[index], index, size, included, whole)
    old = data.draw(st.integers(1, size))
    consistent = consistency_proof(old, size, look)
    assert consistent == naive.proof(old, entries)
    assert is_consistent(old, size, naive.mth(entries[:old]), whole, consistent)


def test_another_projects_verifier_accepts_our_proofs() -> None:
    source = random.Random(6962)
    entries = [source.randbytes(source.randrange(80)) for _ in range(300)]
    look, refused = among(leaves_of(entries)), 0
    for size in (1, 2, 7, 256, 257, 300):
        for index in {0, size // 2, size - 1}:
            proof = inclusion_proof(index, size, look)
            shown = SimpleNamespace(log_index=index, tree_size=size, hashes=proof, root_hash=root(entries[:size]))
            theirs: Any = SimpleNamespace(
                _inner=SimpleNamespace(inclusion_proof=shown, canonicalized_body=entries[index])
            )
            verify_merkle_inclusion(theirs)
            theirs._inner.canonicalized_body += b"."
            with pytest.raises(VerificationError):
                verify_merkle_inclusion(theirs)
            refused += 1
    assert refused > 10


def test_no_changed_bit_place_or_size_passes_for_a_proof() -> None:
    source, refused = random.Random(9162), 0
    for _ in range(60):
        size = source.randint(2, 300)
        leaves = [source.randbytes(32) for _ in range(size)]
        look, index, old = among(leaves), source.randrange(size), source.randint(1, size - 1)
        whole, before = root_of((0, size), look), root_of((0, old), look)
        included, consistent = inclusion_proof(index, size, look), consistency_proof(old, size, look)
        assert is_included(leaves[index], index, size, included, whole)
        assert is_consistent(old, size, before, whole, consistent)
        for _ in range(20):
            at, bit = source.randrange(len(included)), source.randrange(256)
            harmed = [*included[:at], flipped(included[at], bit), *included[at + 1 :]]
            assert not is_included(leaves[index], index, size, harmed, whole)
            assert not is_included(flipped(leaves[index], bit), index, size, included, whole)
            assert not is_included(leaves[index], index, size, included, flipped(whole, bit))
            at = source.randrange(len(consistent))
            harmed = [*consistent[:at], flipped(consistent[at], bit), *consistent[at + 1 :]]
            assert not is_consistent(old, size, before, whole, harmed)
            assert not is_consistent(old, size, flipped(before, bit), whole, consistent)
            assert not is_consistent(old, size, before, flipped(whole, bit), consistent)
            refused += 6
        for other in {source.randrange(size) for _ in range(5)} - {index}:
            assert not is_included(leaves[index], other, size, included, whole)
        for harmed in (included[:-1], [*included, included[-1]], [*included[:-1], included[-1][:-1]]):
            assert not is_included(leaves[index], index, size, harmed, whole)
        for harmed in (consistent[:-1], [*consistent, consistent[-1]], []):
            assert not is_consistent(old, size, before, whole, harmed)
    assert refused > 7_000


def test_no_event_is_in_a_tree_that_ends_before_it() -> None:
    assert not is_included(hash_of_leaf(b""), 1, 1, [], bytes.fromhex(ROOTS[0]))
    with pytest.raises(ValueError, match="has no leaf 8"):
        inclusion_proof(8, 8, among(leaves_of(ENTRIES)))
    with pytest.raises(ValueError, match="does not continue"):
        consistency_proof(8, 7, among(leaves_of(ENTRIES)))


def test_every_tree_continues_the_empty_one() -> None:
    whole = bytes.fromhex(ROOTS[7])
    assert consistency_proof(0, 8, among(leaves_of(ENTRIES))) == []
    assert is_consistent(0, 8, EMPTY_ROOT, whole, [])
    assert not is_consistent(0, 8, whole, whole, [])
    assert not is_consistent(0, 0, whole, whole, [])
    assert not is_consistent(8, 8, whole, EMPTY_ROOT, [])
