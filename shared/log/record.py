"""One event as the log holds it."""

import datetime as dt
from dataclasses import dataclass

from shared.log.stream import PREFIX


@dataclass(frozen=True, slots=True)
class Record:
    """An event's exact bytes with its place: `sequence` counts the whole log from 1, without gaps."""

    sequence: int
    subject: str
    stored_at: dt.datetime
    content: bytes

    @property
    def aggregate(self) -> str:
        """The subject without its first word, such as `task.4c1f…`."""
        return self.subject.removeprefix(PREFIX)
