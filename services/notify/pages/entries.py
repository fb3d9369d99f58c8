"""A notification as a page shows it: what happened, why one is told, and where it leads. Pure."""

from dataclasses import dataclass

from services.notify.channels.mail.wording import section_of, subject_of
from services.notify.channels.message import page_of
from services.notify.inbox import InboxItem, TaskLine
from shared.language import Language

_TASKS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One notification. `more` is how many of its tasks are not shown, `whole` the path at which all of them stand."""

    item: InboxItem
    head: str
    details: tuple[str, ...]
    path: str | None
    tasks: tuple[TaskLine, ...]
    more: int
    whole: str | None


def entry(item: InboxItem, language: Language) -> Entry:
    """A notification in words, by the same wording as its letter."""
    shown = tuple(item.tasks[:_TASKS_SHOWN])
    return Entry(
        item,
        subject_of(item, language),
        section_of(item, language).details,
        _path(item),
        shown,
        item.task_count - len(shown),
        f"/meetings/{item.meeting.id}" if item.meeting else None,
    )


def _path(item: InboxItem) -> str | None:
    """Where a notification leads; None where there is nothing more to see."""
    if item.category == "record":
        return "/record/checkpoints"
    if item.meeting and item.cause and item.cause.event == "ConclusionHeld":
        return f"/conclusions/{item.meeting.id}"
    found = page_of((item,), "")
    return None if found == "/" else found
