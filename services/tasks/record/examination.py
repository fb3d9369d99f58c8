"""Goes through the record in order and judges every event by the signed checkpoint that speaks for it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from services.tasks.record.grown_tree import GrownTile, Growth
from services.tasks.record.judgement import Judgement, Proof, Seen, judged

_MOST_COMBINATIONS = 4096


@dataclass(frozen=True, slots=True)
class SignedRoot:
    """What a checkpoint says: the tree of the first `size` events has this root."""

    size: int
    root: bytes


@dataclass
class Examination:
    """What was found so far.

    `signed` are the checkpoints to come, smallest first; `tiles` the ledger's tiles by level and index, as far as they
    are known by now. `damaged` are the events that are not as they must be, and `absent` stretches of sound ones that
    the log lacks. `confirmed` is the size of the last checkpoint that fits, `contradicted` are those that do not, and
    `false_tiles` the tiles that are not the tree's.
    """

    signed: Sequence[SignedRoot] = ()
    tiles: Mapping[tuple[int, int], tuple[bytes, bytes]] = field(default_factory=dict)
    damaged: list[Judgement] = field(default_factory=list)
    absent: list[tuple[int, int]] = field(default_factory=list)
    confirmed: int = 0
    contradicted: list[SignedRoot] = field(default_factory=list)
    false_tiles: list[GrownTile] = field(default_factory=list)
    _tree: Growth = field(default_factory=Growth)
    _open: list[bytes | Seen] = field(default_factory=list)
    _passed: int = 0

    @property
    def position(self) -> int:
        """How many events were taken in."""
        return self._tree.size + len(self._open)

    def take(self, events: Iterable[bytes | Seen]) -> None:
        """Takes the next events in: the leaf hash of each that is sound, and what was seen of each that is not."""
        waiting: list[bytes | Seen] = []
        for each in events:
            waiting.append(each)
            if self._ahead == len(waiting):
                self._grow(waiting)
                waiting = []
                self._reach()
        self._grow(waiting)

    def take_sound(self, leaves: Sequence[bytes]) -> None:
        """The same for events that are all sound."""
        start = 0
        while start < len(leaves):
            ahead = self._ahead
            part = leaves[start:] if ahead is None else leaves[start : start + ahead]
            self._grow(part)
            start += len(part)
            self._reach()

    def take_absent(self, leaves: Sequence[bytes]) -> None:
        """The same for events that the ledger has, sound in itself, and of which the log has none."""
        first, last = self.position + 1, self.position + len(leaves)
        if self.absent and self.absent[-1][1] == first - 1:
            first, _ = self.absent.pop()
        self.absent.append((first, last))
        self.take_sound(leaves)

    def so_far(self, limit: int) -> list[Judgement]:
        """The first damaged events, also those that no checkpoint has spoken for yet."""
        doubtful = (judged(each) for each in self._open if isinstance(each, Seen))
        return [*self.damaged[:limit], *islice(doubtful, limit)]

    def end(self) -> None:
        """Judges what no checkpoint speaks for by the two sides alone."""
        self._settle({}, Proof.NONE)

    @property
    def _ahead(self) -> int | None:
        """How many events there are up to the next checkpoint."""
        return self.signed[self._passed].size - self.position if self._passed < len(self.signed) else None

    def _reach(self) -> None:
        while self._passed < len(self.signed) and self.signed[self._passed].size == self.position:
            self._compare(self.signed[self._passed])
            self._passed += 1

    def _grow(self, events: Sequence[bytes | Seen]) -> None:
        if not self._open and all(isinstance(each, bytes) for each in events):
            self._look_at(self._tree.add(each for each in events if isinstance(each, bytes)))
        else:
            self._open.extend(events)

    def _compare(self, signed: SignedRoot) -> None:
        doubtful = [each for each in self._open if isinstance(each, Seen)]
        if not doubtful:
            if self._tree.root() == signed.root:
                self.confirmed = signed.size
            else:
                self.contradicted.append(signed)
            return
        for choice in _choices(doubtful):
            tree = self._tree.copy()
            tree.add(each if isinstance(each, bytes) else choice[each.sequence] for each in self._open)
            if tree.root() == signed.root:
                self.confirmed = signed.size
                self._settle(choice, Proof.CHECKPOINT)
                return
        self.contradicted.append(signed)
        self._settle({}, Proof.NONE)

    def _settle(self, choice: Mapping[int, bytes], proof: Proof) -> None:
        leaves = []
        for each in self._open:
            if isinstance(each, bytes):
                leaves.append(each)
                continue
            found = Judgement(each, choice[each.sequence], proof) if choice else judged(each)
            self.damaged.append(found)
            leaves.append(found.leaf or next(iter(each.candidates), bytes(32)))
        self._open = []
        self._look_at(self._tree.add(leaves))

    def _look_at(self, grown: Iterable[GrownTile]) -> None:
        for each in grown:
            kept = self.tiles.get((each.level, each.index))
            if kept is not None and kept != (each.root, each.hashes):
                self.false_tiles.append(each)


def _choices(doubtful: Sequence[Seen]) -> Iterable[dict[int, bytes]]:
    """Every way in which the doubtful events may truly have been that is worth trying, the likeliest first."""
    if not all(each.candidates for each in doubtful):
        return
    for side in ("tile", "ledger_leaf", "log_leaf", "leaf"):
        yield {each.sequence: getattr(each, side) or each.candidates[0] for each in doubtful}
    combinations = 1
    for each in doubtful:
        combinations *= len(each.candidates)
    if combinations <= _MOST_COMBINATIONS:
        sequences = [each.sequence for each in doubtful]
        for chosen in product(*(each.candidates for each in doubtful)):
            yield dict(zip(sequences, chosen, strict=True))
