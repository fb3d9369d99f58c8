"""What a person sees while things start."""

import contextlib
import time
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from shared.language import Words


class Progress:
    """The steps of a start: a spinner for each on a terminal, a line for each elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Bars(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=12),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )

    @contextlib.contextmanager
    def shown(self) -> Iterator[None]:
        """Shows the steps for as long as the block lasts."""
        with self._bars:
            yield

    @contextlib.contextmanager
    def step(self, words: Words) -> Iterator[None]:
        """One step, from its beginning to its end."""
        task = self._bars.add_task(f"{words.vi} [dim]{words.en}[/]", total=None)
        started = time.monotonic()
        yield
        self._bars.update(task, total=1, completed=1)
        if not self._console.is_terminal:
            self._console.print(f"✓ {words.vi} ({words.en}) {time.monotonic() - started:.1f} s", highlight=False)
