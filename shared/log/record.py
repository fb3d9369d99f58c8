"""One event as the log holds it."""

import datetime as dt
from typing import NamedTuple

from shared.log.stream import PREFIX

STORED_AT = "Ketluan-Stored-At"
"""Header of an event that was written again when the log was restored: when it was stored at first (ISO 8601)."""


class Record(NamedTuple):
    """An event's exact bytes with its place: `sequence` counts the whole log from 1, without gaps."""

    sequence: int
    subject: str
    stored_at: dt.datetime
    content: bytes

    @property
    def aggregate(self) -> str:
        """The subject without its first word, such as `task.4c1f…`."""
        return self.subject.removeprefix(PREFIX)
