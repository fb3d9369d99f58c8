"""The deadlines of a letter's tasks, as an attachment that a calendar takes in."""

from collections.abc import Sequence

from services.notify.calendars import DeadlineEntry, calendar, deadline_event
from services.notify.inbox import InboxItem
from shared.events.inbox import Reason
from shared.language import Language

_THEIRS: frozenset[Reason] = frozenset({"responsible", "lead"})
_SET_BY = frozenset(
    {"MeetingConcluded", "ConclusionCorrected", "TaskAssigned", "TaskReassigned", "TaskReopened", "DueDateSet"}
    | {"ExtensionGranted", "ReminderIssued"}
)
"""What may tell people of a deadline that holds from now on, or urge them to keep it."""


def deadlines_of(items: Sequence[InboxItem], public_url: str, language: Language) -> str | None:
    """The deadlines of the tasks for which the reader's unit is responsible; None where there is none.

    Source: RFC 5545; RFC 5546, section 3.2.1 (PUBLISH).
    """
    entries = {
        task.task_id: DeadlineEntry(
            task.task_id,
            task.due,
            item.meeting.number if item.meeting else None,
            item.sequence,
            item.requested_at,
            language,
        )
        for item in items
        if item.category == "reminder" or (item.cause and item.cause.event in _SET_BY)
        for task in item.tasks
        if task.due and task.reason in _THEIRS
    }
    if not entries:
        return None
    found = calendar("PUBLISH")
    for entry in entries.values():
        found.add_component(deadline_event(entry, public_url))
    written: bytes = found.to_ical()
    return written.decode()
