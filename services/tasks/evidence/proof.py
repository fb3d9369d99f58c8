"""One proof for many events at once: the hashes of all that stands around them in the tree. Pure."""

from collections.abc import Sequence

from services.tasks.ledger.tree import Range


def ranges_without(leaves: Sequence[int], size: int) -> list[Range]:
    """The largest parts of the tree of `size` leaves that hold none of these, from left to right. With the leaves' own
    hashes, theirs make the root. `leaves` are indexes from 0, in ascending order.

    Source: RFC 9162, section 2.1.1, by whose rule the tree is split.
    """
    found: list[Range] = []
    parts = [(0, size, 0, len(leaves))]
    while parts:
        start, end, low, high = parts.pop()
        if low == high:
            found.append((start, end))
        elif end - start > 1:
            middle = start + (1 << (end - start - 1).bit_length() - 1)
            split = low
            while split < high and leaves[split] < middle:
                split += 1
            parts += [(middle, end, split, high), (start, middle, low, split)]
    return found
