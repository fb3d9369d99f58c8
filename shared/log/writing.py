"""Whether the log takes events, as this process's own appends saw it: of a full disk nothing else tells.

A server whose disk is full goes on answering every question, and refuses nothing but what is to be stored.
"""

import time
from dataclasses import dataclass

_REMEMBERED_SECONDS = 30.0

_NO_ROOM = "insufficient resources"
"""What a server says that has no room for an event. Source: nats-server errors.json, 10023."""


@dataclass
class Writing:
    """The last append that found the log unable to store. `reason` is None while the last one was stored."""

    reason: str | None = None
    since: float = 0.0
    at: float = 0.0

    def stored(self) -> None:
        """The log stored what was appended."""
        self.reason = None

    def failed(self, reason: str) -> None:
        """The log did not store what was appended, though nothing was wrong with it. A log that does not answer is
        found by asking it; here it counts only where it says that it has no room."""
        if _NO_ROOM not in reason:
            return
        self.at = time.monotonic()
        if self.reason is None:
            self.since = self.at
        self.reason = reason

    async def check(self) -> str | None:
        """None, or why the log takes no events, as a check of the process's health. It is forgotten after half a minute
        in which nobody tried: a process that is asked for nothing until it is ready could never be ready again."""
        now = time.monotonic()
        if self.reason is None or now - self.at > _REMEMBERED_SECONDS:
            return None
        return f"the log stores nothing since {now - self.since:.0f} s: {self.reason}"


WRITING = Writing()
"""How this process's appends go."""
