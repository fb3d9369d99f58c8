"""The table at the end: what was injected, how often, and what held."""

import statistics
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.faults.running import Done


def report(console: Console, done: Sequence[Done]) -> int:
    """Prints it. Gives the exit code: 1 where anything did not hold."""
    table = Table(title="Faults that were injected, and what held", title_justify="left", show_lines=True)
    for column in (
        "fault",
        "injected",
        "acknowledged, lost",
        "twice, inboxes doubled",
        "mail again",
        "refusals",
        "back to work",
        "held",
    ):
        table.add_column(column, overflow="fold")
    for each in done:
        table.add_row(*_cells(each))
    console.print(table)
    for each in done:
        for failure in each.outcome.failures:
            console.print(f"{each.row.name}: {failure}", markup=False)
    return int(any(each.outcome.failures for each in done))


def _cells(done: Done) -> list[str]:
    outcome, standing = done.outcome, done.standing
    back = [_worst(outcome.seconds_back)] if outcome.seconds_back else []
    return [
        f"{done.row.title}\n{done.seconds:.0f} s",
        "\n".join(f"{count} × {what}" for what, count in sorted(outcome.injected.items())),
        f"{done.acknowledged}, {standing.lost}" if standing else "",
        f"{standing.twice}, {standing.inboxes_doubled}" if standing else "",
        str(done.letters_again) if standing else "",
        "\n".join(f"{count} × {what}" for what, count in done.refusals.most_common()),
        "\n".join(
            [
                *back,
                *(f"{name}: {_worst(seconds)}" for name, seconds in outcome.seconds.items()),
                *(f"{name}: {figure}" for name, figure in outcome.figures.items()),
            ]
        ),
        "NO" if outcome.failures else "yes",
    ]


def _worst(seconds: Sequence[float]) -> str:
    return f"worst {max(seconds):.1f} s, median {statistics.median_high(seconds):.1f} s"
