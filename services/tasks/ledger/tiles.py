"""The tree in tiles, so that any verifier of that layout can read it.

A tile holds up to 256 hashes of one level: those of leaves at level 0, and of full tiles of the level below at others.
An entry bundle holds the leaves' inputs themselves. Source: C2SP, tlog-tiles.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.tasks.ledger.tree import HASH_BYTES, Node, complete_root

WIDTH = 256
"""How many hashes a full tile holds."""

HEIGHT = 8
"""How many levels of the tree a tile spans."""

LARGEST_LEVEL = 63
LARGEST_INDEX = 2**55 - 2
"""All leaves under the tiles up to this one have sequences that fit into 63 bits."""

LARGEST_ENTRY_BYTES = 65_535

_PATH = re.compile(r"(0|[1-9]\d?|entries)/((?:x\d{3}/)*)(\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile's place. Its level is None for the bundle of the entries themselves."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is found, such as `1/x001/234.p/5`."""
        *before, last = _triples(self.index)
        level = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return "/".join([level, *(f"x{each}" for each in before), last + partial])

    @property
    def least_size(self) -> int:
        """How many leaves a tree has at least that has this tile."""
        return (self.index * WIDTH + self.width) << (HEIGHT * (self.level or 0))


def tile_at(path: str) -> Tile:
    """The tile that is found at a path.

    Raises:
        ValueError: no tile is.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise ValueError(f"{path!r} is no tile's path")
    level, before, last, width = found.groups()
    index = int(before.replace("x", "").replace("/", "") + last)
    tile = Tile(None if level == "entries" else int(level), index, int(width or WIDTH))
    # Among others, this refuses leading zeros and a partial tile that is as wide as a full one.
    if tile.path != path or tile.width > WIDTH or (tile.level or 0) > LARGEST_LEVEL or index > LARGEST_INDEX:
        raise ValueError(f"{path!r} is no tile's path")
    return tile


def tiles_of(size: int) -> Iterator[Tile]:
    """The tiles of hashes that a tree of `size` leaves consists of, level by level; a partial one ends its level."""
    level, count = 0, size
    while count:
        full, rest = divmod(count, WIDTH)
        yield from (Tile(level, index) for index in range(full))
        if rest:
            yield Tile(level, full, rest)
        level, count = level + 1, full


def tile_over(node: Node) -> Tile:
    """The narrowest tile that a node of the tree can be worked out from."""
    level, index = node
    tile_level, inner = divmod(level, HEIGHT)
    tile_index, place = divmod(index << inner, WIDTH)
    return Tile(tile_level, tile_index, place + (1 << inner))


def node_in(hashes: bytes, node: Node) -> bytes:
    """The hash of a node of the tree, from the tile over it (see `tile_over`), which may be wider than it need be."""
    tile, inner = tile_over(node), node[0] % HEIGHT
    first = tile.width - (1 << inner)
    return complete_root(split(hashes[first * HASH_BYTES : tile.width * HASH_BYTES]))


def split(hashes: bytes) -> list[bytes]:
    """The hashes that a tile holds."""
    return [hashes[place : place + HASH_BYTES] for place in range(0, len(hashes), HASH_BYTES)]


def entry_bundle(entries: Sequence[bytes]) -> bytes:
    """Entries of at most 65,535 bytes as one bundle."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def entries_in(bundle: bytes) -> list[bytes]:
    """The entries of a bundle.

    Raises:
        ValueError: it ends within one.
    """
    found, place = [], 0
    while place < len(bundle):
        start = place + 2
        place = start + int.from_bytes(bundle[place:start], "big")
        if start > len(bundle) or place > len(bundle):
            raise ValueError("the bundle ends within an entry")
        found.append(bundle[start:place])
    return found


def _triples(index: int) -> list[str]:
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    return [digits[place : place + 3] for place in range(0, len(digits), 3)]
