"""The tree over the events, grown leaf by leaf as they are read, so that no list of all leaves is ever held."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field

from services.tasks.ledger.tiles import WIDTH
from services.tasks.ledger.tree import EMPTY_ROOT, complete_root, hash_of_node, subtrees


@dataclass(frozen=True, slots=True)
class GrownTile:
    """A full tile of the tree; see `services.tasks.ledger.tables.tile`."""

    level: int
    index: int
    root: bytes
    hashes: bytes


@dataclass
class Growth:
    """The tree over the first `size` leaves. It holds, for each level of tiles, the hashes of the last one, which is
    not full yet."""

    size: int = 0
    _levels: list[list[bytes]] = field(default_factory=lambda: [[]])
    _full: list[int] = field(default_factory=lambda: [0])

    def copy(self) -> "Growth":
        """One that grows on its own from here."""
        return deepcopy(self)

    def add(self, leaves: Iterable[bytes]) -> list[GrownTile]:
        """Adds leaf hashes. Gives the tiles that became full."""
        grown: list[GrownTile] = []
        lowest = self._levels[0]
        before = len(lowest)
        lowest.extend(leaves)
        self.size += len(lowest) - before
        level = 0
        while level < len(self._levels):
            waiting = self._levels[level]
            while len(waiting) >= WIDTH:
                hashes = waiting[:WIDTH]
                del waiting[:WIDTH]
                grown.append(GrownTile(level, self._full[level], complete_root(hashes), b"".join(hashes)))
                self._full[level] += 1
                if level + 1 == len(self._levels):
                    self._levels.append([])
                    self._full.append(0)
                self._levels[level + 1].append(grown[-1].root)
            level += 1
        return grown

    def root(self) -> bytes:
        """The root over all leaves so far (MTH). Source: RFC 9162, section 2.1.1."""
        nodes = [
            complete_root(level[index << height : (index + 1) << height])
            for level in reversed(self._levels)
            for height, index in subtrees((0, len(level)))
        ]
        if not nodes:
            return EMPTY_ROOT
        *left, found = nodes
        for each in reversed(left):
            found = hash_of_node(each, found)
        return found
