"""When a provider is left in peace, and how it is found again. Pure."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

CircuitState = Literal["closed", "open", "half_open"]
"""closed: everything goes; open: nothing does; half_open: one message tries whether the provider is back."""

OPENS_AFTER = 3
"""So many messages in a row that the provider did not take at all open the circuit."""

_LONGEST_PAUSE = 12
_LONGEST_ASKED = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Circuit:
    """What is known of a channel's provider.

    `failures` counts the messages in a row that found it away, `probes` those that tried since the circuit opened.
    `tries_again_at` is when the next may try; while one does, it is the time at which that one counts as lost.
    """

    failures: int = 0
    opened_at: dt.datetime | None = None
    tries_again_at: dt.datetime | None = None
    probing: bool = False
    probes: int = 0

    def state(self, now: dt.datetime) -> CircuitState:
        """How the circuit stands."""
        if self.opened_at is None:
            return "closed"
        return "half_open" if self.probing or self.tries_again_at is None or self.tries_again_at <= now else "open"

    def admits(self, now: dt.datetime, wanted: int) -> int:
        """How many of the messages that want to leave may do so."""
        if self.opened_at is None:
            return wanted
        return min(wanted, int(self.tries_again_at is None or self.tries_again_at <= now))

    def with_probe(self, lost_at: dt.datetime) -> "Circuit":
        """The circuit while one message tries; where nothing is heard of it until `lost_at`, another one may."""
        return self if self.opened_at is None else replace(self, probing=True, tries_again_at=lost_at)

    def when_away(self, now: dt.datetime, pause: dt.timedelta, retry_after: float | None = None) -> "Circuit":
        """The circuit after the provider took nothing. `retry_after` is what it asked for, in seconds.

        The first probe comes after the pause, each further one after twice the time, up to twelvefold. Messages that
        were on their way when the circuit opened change nothing more.
        """
        failures = self.failures + 1
        if failures < OPENS_AFTER or (self.opened_at is not None and not self.probing):
            return replace(self, failures=failures)
        own = pause * min(2 ** min(self.probes, 10), _LONGEST_PAUSE)
        asked = min(dt.timedelta(seconds=retry_after or 0.0), _LONGEST_ASKED)
        return Circuit(failures, self.opened_at or now, now + max(own, asked), False, self.probes + 1)

    def when_answered(self) -> "Circuit":
        """The circuit after the provider answered, whatever it said of the message."""
        return Circuit()
