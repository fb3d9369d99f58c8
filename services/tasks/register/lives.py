"""The life of one directive, step by step: what came, what it changed, who did it, and who was told. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.tasks.register.changes import brief_of, called
from services.tasks.register.differences import step_changes
from services.tasks.register.standing import Step
from services.tasks.register.views import HistoryEntry
from services.tasks.register.views_of_pasts import StepView, Told

_INBOX = "inbox."


def life(history: Sequence[HistoryEntry], steps: Sequence[Step]) -> list[StepView]:
    """The steps in the log's order; whoever was told stands with the step that they were told of. Of a notification
    that speaks of other tasks too, only what concerns this one is given: its readers may not see the others."""
    task_id = steps[0].after.id if steps else ""
    entries = {entry.id: entry for entry in history}
    own = {step.place.sequence: step for step in steps}
    told: dict[str, list[Told]] = {}
    for entry in history:
        if entry.subject.startswith(_INBOX):
            told.setdefault(_told_of(entry, entries), []).append(
                Told(
                    sequence=entry.sequence,
                    type=entry.type,
                    words=called(entry.type),
                    time=entry.time,
                    person=entry.person,
                    data=_about(task_id, entry.data),
                )
            )
    return [
        StepView(
            event=(event := brief_of(entry)),
            came=entry.data,
            cause=entries[entry.causation_id].sequence if entry.causation_id in entries else None,
            request=entry.correlation_id,
            changed=step_changes(own[entry.sequence].before, own[entry.sequence].after, event)
            if entry.sequence in own
            else (),
            told=tuple(told.get(entry.id, ())),
        )
        for entry in history
        if not entry.subject.startswith(_INBOX)
    ]


def _about(task_id: str, data: Mapping[str, Any]) -> dict[str, Any]:
    mentioned = {"tasks": [each for each in data["tasks"] if each.get("task_id") == task_id]} if "tasks" in data else {}
    return {**data, **mentioned}


def _told_of(entry: HistoryEntry, entries: Mapping[str, HistoryEntry]) -> str:
    """The id of the event of which a notification tells, by its chain of causes."""
    passed = set[str]()
    while entry.subject.startswith(_INBOX) and entry.id not in passed and entry.causation_id in entries:
        passed.add(entry.id)
        entry = entries[entry.causation_id]
    return entry.id
