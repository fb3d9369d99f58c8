"""A deadline as calendar programs show it: the same entry in a letter and in the feed, so that none stands there twice.

It names the notice and leads to the task. It holds none of the directive's words: calendars are synchronised to places
that nobody oversees.
"""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from shared.language import Language, Words

_PRODUCT = "-//ketluan//deadlines//VI"
_DEADLINE = Words("Hạn nhiệm vụ", "Task due")


@dataclass(frozen=True, slots=True)
class DeadlineEntry:
    """A task's deadline: the last local day on which finishing is in time. `sequence` grows with each change of it."""

    task_id: str
    due: dt.date
    number: str | None
    sequence: int
    changed_at: dt.datetime
    language: Language = "vi"


def calendar(method: str | None = None) -> Calendar:
    """An empty calendar of ours. A letter's has the method PUBLISH, a feed has none. Source: RFC 5545, section 3.4."""
    found = Calendar()
    found.add("prodid", _PRODUCT)
    found.add("version", "2.0")
    if method:
        found.add("method", method)
    return found


def deadline_event(entry: DeadlineEntry, public_url: str) -> Event:
    """The entry of a whole day that takes no time from its person. Source: RFC 5545, section 3.6.1."""
    event = Event()
    event.add("uid", f"{entry.task_id}@{urlsplit(public_url).hostname}")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.due)
    event.add("dtend", entry.due + dt.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", f"{_DEADLINE.to(entry.language)}{f' ({entry.number})' if entry.number else ''}")
    event.add("url", f"{public_url}/tasks/{entry.task_id}")
    return event
