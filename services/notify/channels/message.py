"""What a channel is asked to bring to one person."""

from dataclasses import dataclass

from services.notify.inbox import InboxItem
from shared.events.preferences import Language


@dataclass(frozen=True, slots=True)
class Message:
    """Notifications that reach one person as one message.

    `items` stand in the log's order: one, or several where they wait for a digest. `message_id` is the same however
    often the message is made. `page` is the address where the person finds all of it.
    """

    message_id: str
    person_id: str
    language: Language
    items: tuple[InboxItem, ...]
    page: str
    digest: bool = False


def page_of(items: tuple[InboxItem, ...], public_url: str) -> str:
    """Where a browser shows what the notifications are about: their one task, their one meeting, or the first page."""
    tasks = {task.task_id for item in items for task in item.tasks}
    if len(tasks) == 1 and sum(item.task_count for item in items) == len(items):
        return f"{public_url}/tasks/{tasks.pop()}"
    meetings = {item.meeting.id for item in items if item.meeting}
    if len(meetings) == 1:
        return f"{public_url}/meetings/{meetings.pop()}"
    return f"{public_url}/"
