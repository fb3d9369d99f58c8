"""What was measured of a large body at its usual work, and how it is reported."""

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.table import Table

MOST_MIB_A_MINUTE = 1.0
"""Memory counts as flat below this, over the later two thirds of ten minutes."""

DIRECTIVES, NOTICES_AN_HOUR = 12, 500
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Scale:
    """How many people in how many units, of whom how many listen to their inboxes, and for how many seconds."""

    people: int = 20_000
    units: int = 400
    listeners: int = 2_000
    seconds: float = 600


@dataclass(frozen=True, slots=True)
class Look:
    """What one process held at one moment, in seconds since the beginning. `lag` is the events that its followers have
    not taken in."""

    at: float
    resident: int
    descriptors: int
    lag: int


@dataclass
class Steady:
    """What was measured: seconds of each kind of waiting, in the order in which they came, and looks at each process.
    `wrong` are sentences."""

    scale: Scale
    waited: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    looks: dict[str, list[Look]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)

    def milliseconds(self, what: str, share: float) -> float:
        """What this share of the waiting did not exceed."""
        return _share(self.waited[what], share) * 1000

    def halves(self, what: str) -> tuple[float, float]:
        """The 95th percentile of the first half and of the second, in milliseconds."""
        found = self.waited[what]
        middle = len(found) // 2
        return _share(found[:middle], 0.95) * 1000, _share(found[middle:], 0.95) * 1000

    def mib_a_minute(self, part: str) -> float:
        """By how much the memory of a process grew, by regression over all looks but the first third."""
        looks = self.looks[part][len(self.looks[part]) // 3 :]
        slope, _ = statistics.linear_regression([each.at for each in looks], [each.resident for each in looks])
        return slope * 60 / _MIB

    def table(self) -> Table:
        """All of it, as it is reported."""
        scale = self.scale
        title = (
            f"{scale.people:,} staff, {scale.listeners:,} live connections, {NOTICES_AN_HOUR} notices an hour of "
            f"{DIRECTIVES} directives, for {scale.seconds:,.0f} s"
        )
        table = Table(title=title, title_justify="left", min_width=64)
        for number, column in enumerate(("what", "count", "p50", "p95", "p99", "p95 of the halves")):
            table.add_column(column, justify="left" if number == 0 else "right")
        for what in sorted(self.waited):
            shares = (f"{self.milliseconds(what, share):.0f}" for share in (0.5, 0.95, 0.99))
            first, second = self.halves(what)
            table.add_row(f"ms, {what}", f"{len(self.waited[what]):,}", *shares, f"{first:.0f}, {second:.0f}")
        table.add_section()
        table.add_row("process", "MiB", "at the end", "MiB a minute", "descriptors", "most lag, last")
        for part, looks in self.looks.items():
            begun, ended = looks[0], looks[-1]
            table.add_row(
                part,
                f"{begun.resident / _MIB:.0f}",
                f"{ended.resident / _MIB:.0f}",
                f"{self.mib_a_minute(part):+.2f}",
                f"{begun.descriptors:,}, {ended.descriptors:,}",
                f"{max(each.lag for each in looks):,}, {ended.lag:,}",
            )
        table.caption = (
            f"flat: below {MOST_MIB_A_MINUTE:.0f} MiB a minute over ten minutes; {len(self.wrong)} answers were wrong"
        )
        return table


def _share(found: Sequence[float], share: float) -> float:
    ordered = sorted(found)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
