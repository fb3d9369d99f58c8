"""How many messages a channel may send in a time: a token bucket. Pure."""

import datetime as dt
from dataclasses import dataclass

_SECONDS = 60.0
_BURST_SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Bucket:
    """The messages that may be sent at once: `tokens` of them at `filled_at`, and `per_minute` more in each minute.

    It holds as many as six seconds bring, and one at least.
    """

    per_minute: int
    tokens: float
    filled_at: dt.datetime

    @classmethod
    def full(cls, per_minute: int, now: dt.datetime) -> "Bucket":
        """A bucket from which nothing was taken yet."""
        return cls(per_minute, _capacity(per_minute), now)

    def at(self, now: dt.datetime) -> "Bucket":
        """The bucket at a later time."""
        passed = max((now - self.filled_at).total_seconds(), 0.0)
        tokens = min(self.tokens + passed * self.per_minute / _SECONDS, _capacity(self.per_minute))
        return Bucket(self.per_minute, tokens, max(now, self.filled_at))

    def without(self, messages: int) -> "Bucket":
        """The bucket after so many messages were sent."""
        return Bucket(self.per_minute, self.tokens - messages, self.filled_at)

    @property
    def ready(self) -> int:
        """How many messages may be sent now."""
        return max(int(self.tokens), 0)

    @property
    def seconds_until_next(self) -> float:
        """Time until one message may be sent."""
        return max(1.0 - self.tokens, 0.0) * _SECONDS / self.per_minute


def _capacity(per_minute: int) -> float:
    return max(per_minute * _BURST_SECONDS / _SECONDS, 1.0)
