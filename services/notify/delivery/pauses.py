"""How long a message that was not taken waits. Pure."""

import datetime as dt

LONGEST = dt.timedelta(hours=8)
_LONGEST_ASKED = dt.timedelta(days=1)
_SPREAD = 0.25


def pause_before(attempt: int, first_seconds: float, chance: float, retry_after: float | None = None) -> dt.timedelta:
    """Time before an attempt (2 is the first that waits): twice as long each time, eight hours at most.

    `chance`, from 0 to 1, shifts it by up to a quarter either way, so that what failed together does not come back
    together. What the provider asked for in seconds is honoured, up to a day.
    """
    doublings = min(max(attempt - 2, 0), 30)
    pause = min(dt.timedelta(seconds=first_seconds * 2**doublings), LONGEST)
    spread = pause * (1 - _SPREAD + 2 * _SPREAD * chance)
    return max(spread, min(dt.timedelta(seconds=retry_after or 0.0), _LONGEST_ASKED))
