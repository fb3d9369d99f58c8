"""A deadline as calendar programs show it: the same entry in a letter and in the feed, so that none stands there twice.

It names the notice and leads to the task. It holds none of the directive's words: calendars are synchronised to places
that nobody oversees.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from shared.language import Language, Words

EntryState = Literal["open", "done", "cancelled"]

_PRODUCT = "-//ketluan//deadlines//VI"
_SUMMARIES: Mapping[EntryState, Words] = {
    "open": Words("Hạn nhiệm vụ", "Task due"),
    "done": Words("Đã hoàn thành", "Task done"),
    "cancelled": Words("Đã huỷ", "Task cancelled"),
}
_ITEM = Words("mục {ordinal}", "item {ordinal}")


@dataclass(frozen=True, slots=True)
class DeadlineEntry:
    """A task's deadline: the last local day on which finishing is in time. `sequence` grows with each change of it.

    `ordinal` is the directive's place in the notice.
    """

    task_id: str
    due: dt.date
    number: str | None
    sequence: int
    changed_at: dt.datetime
    language: Language = "vi"
    ordinal: int | None = None
    state: EntryState = "open"


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
    event.add("status", "CANCELLED" if entry.state == "cancelled" else "CONFIRMED")
    event.add("summary", _summary(entry))
    event.add("url", f"{public_url}/tasks/{entry.task_id}")
    return event


def _summary(entry: DeadlineEntry) -> str:
    item = _ITEM.to(entry.language, ordinal=entry.ordinal) if entry.ordinal is not None else None
    named = ", ".join(filter(None, (entry.number, item)))
    return _SUMMARIES[entry.state].to(entry.language) + (f" ({named})" if named else "")
