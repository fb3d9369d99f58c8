"""How often something may be tried in a while, such as asking for links by mail."""

import time
from collections import deque
from collections.abc import Callable

_MOST_KEPT = 10_000


class Attempts:
    """Allows `most` attempts in any `seconds`, for each thing that is tried. It counts in this process alone."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._made: dict[str, deque[float]] = {}

    def wait(self, what: str) -> int:
        """Whole seconds until this may be tried again; 0 where it may be tried now."""
        made = self._recent(what)
        return int(made[0] + self._seconds - self._clock()) + 1 if len(made) >= self._most else 0

    def note(self, what: str) -> None:
        """Counts one attempt."""
        made = self._recent(what)
        made.append(self._clock())
        self._made.pop(what, None)
        self._made[what] = made
        while len(self._made) > _MOST_KEPT:
            del self._made[next(iter(self._made))]

    def _recent(self, what: str) -> deque[float]:
        made = self._made.get(what, deque(maxlen=self._most))
        while made and made[0] <= self._clock() - self._seconds:
            made.popleft()
        return made
