"""Bars for the steps of a long command, each from its first word on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, TaskID

from deploy.commands.verify import COLUMNS

Told = Callable[[str, int, int | None], None]
"""Is told what is done, how much of it, and of how much where that is known."""


@contextmanager
def bars(console: Console) -> Iterator[Told]:
    """What to tell of each step, for as long as the block lasts."""
    shown: dict[str, TaskID] = {}
    with Progress(*COLUMNS, console=console) as progress:

        def told(what: str, done: int, of: int | None) -> None:
            if what not in shown:
                shown[what] = progress.add_task(what, total=of)
            progress.update(shown[what], completed=done, total=of)

        yield told
