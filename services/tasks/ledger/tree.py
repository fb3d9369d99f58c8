"""The Merkle tree of RFC 9162 over hashes alone: roots, proofs and their verification. It knows no log, no database.

Trees are made of complete subtrees: the node (level, index) covers the 2**level leaves from index * 2**level on. What
is asked of a tree is worked out as such nodes, so that whoever keeps hashes has to look up only a few of them.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_BYTES = 32

EMPTY_ROOT = sha256(b"").digest()
"""Root of the tree without leaves."""

_LEAF, _NODE = b"\x00", b"\x01"

Node = tuple[int, int]
"""Level and index of a complete subtree; level 0 is a leaf."""

Range = tuple[int, int]
"""Some leaves in a row: the first, and the one behind the last."""

Look = Callable[[Node], bytes]
"""Gives a complete subtree's hash, of 32 bytes."""


def hash_of_leaf(entry: bytes) -> bytes:
    """The hash of a leaf that stands for these bytes. Source: RFC 9162, section 2.1.1."""
    return sha256(_LEAF + entry).digest()


def hash_of_node(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node. Source: RFC 9162, section 2.1.1."""
    return sha256(_NODE + left + right).digest()


def subtrees(leaves: Range) -> list[Node]:
    """The complete subtrees that a range of leaves consists of, left to right. The range must begin where the largest
    of them may, as every range of a tree's own nodes does."""
    start, end = leaves
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def root_of(leaves: Range, look: Look) -> bytes:
    """The hash over a range of leaves (MTH). Source: RFC 9162, section 2.1.1."""
    *left, last = [look(node) for node in subtrees(leaves)] or [EMPTY_ROOT]
    for each in reversed(left):
        last = hash_of_node(each, last)
    return last


def complete_root(hashes: Sequence[bytes]) -> bytes:
    """The root over hashes of subtrees of equal size; how many there are must be a power of two."""
    level = list(hashes)
    while len(level) > 1:
        level = [sha256(_NODE + level[i] + level[i + 1]).digest() for i in range(0, len(level), 2)]
    return level[0]


def among(leaves: Sequence[bytes]) -> Look:
    """Looks nodes up in a tree that is given by the hashes of all its leaves."""

    def look(node: Node) -> bytes:
        level, index = node
        return complete_root(leaves[index << level : (index + 1) << level])

    return look


class Frontier:
    """A tree that grows to the right by complete subtrees, of which it keeps only those that make its root."""

    def __init__(self, made_of: Sequence[tuple[int, bytes]] = ()) -> None:
        self._made_of = list(made_of)

    def add(self, level: int, found: bytes) -> None:
        """Puts a complete subtree of 2**level leaves behind the others; none of those may be smaller."""
        while self._made_of and self._made_of[-1][0] == level:
            level, found = level + 1, hash_of_node(self._made_of.pop()[1], found)
        self._made_of.append((level, found))

    def copy(self) -> "Frontier":
        """The same tree, which grows on its own."""
        return Frontier(self._made_of)

    def root(self) -> bytes:
        """The root of the tree as it is."""
        if not self._made_of:
            return EMPTY_ROOT
        *left, (_, last) = self._made_of
        for _, each in reversed(left):
            last = hash_of_node(each, last)
        return last


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """What the proof that leaf `index` (from 0) is in the tree of `size` leaves consists of, in its order.

    Raises:
        ValueError: the tree has no such leaf.

    Source: RFC 9162, section 2.1.3.1.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    found, start, end = [], 0, size
    while end - start > 1:
        middle = start + _largest_power_below(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """What the proof that the tree of `new` leaves continues that of `old` leaves consists of, in its order. It is
    empty where one of them is empty or both are the same.

    Raises:
        ValueError: the new tree is smaller than the old one.

    Source: RFC 9162, section 2.1.4.1.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves does not continue one of {old}")
    if old in {0, new}:
        return []
    found: list[Range] = []
    start, end, known = 0, new, True
    while old != end:
        middle = start + _largest_power_below(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, known = middle, False
    if not known:
        found.append((start, end))
    return found[::-1]


def inclusion_proof(index: int, size: int, look: Look) -> list[bytes]:
    """The proof that leaf `index` is in the tree of `size` leaves; see `inclusion_ranges`."""
    return [root_of(leaves, look) for leaves in inclusion_ranges(index, size)]


def consistency_proof(old: int, new: int, look: Look) -> list[bytes]:
    """The proof that one tree continues another; see `consistency_ranges`."""
    return [root_of(leaves, look) for leaves in consistency_ranges(old, new)]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that the leaf of this hash stands at `index` in the tree of this root.

    Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size or not _hashes(leaf, root, *proof):
        return False
    place, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = hash_of_node(each, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = hash_of_node(found, each)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `new` leaves holds that of `old` leaves as its beginning.

    Source: RFC 9162, section 2.1.4.2.
    """
    if not 0 <= old <= new or not _hashes(old_root, new_root, *proof):
        return False
    if old == new:
        return not proof and old_root == new_root and (new > 0 or new_root == EMPTY_ROOT)
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path or not proof:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = hash_of_node(each, before), hash_of_node(each, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = hash_of_node(after, each)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _hashes(*given: bytes) -> bool:
    return all(len(each) == HASH_BYTES for each in given)


def _largest_power_below(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)
