"""What is short of an event of which people are told, for whoever shows what they were told of."""

from typing import Any

from shared.events.ledger import CheckpointIssued
from shared.events.task import DueDateSet, ExtensionGranted, ExtensionRequested, ProgressReported

_LONGEST_NOTE = 300
_WRITTEN = ("reason", "note", "message", "text")


def facts(data: object) -> dict[str, Any]:
    """`until`, `due`, `percent`, and the first words that somebody wrote with it, `note`, where the event has them;
    of a checkpoint the whole signed note, `checkpoint`, for whoever keeps it elsewhere."""
    found: dict[str, Any] = {}
    match data:
        case ExtensionRequested() | ExtensionGranted():
            found["until"] = data.until.isoformat()
        case DueDateSet(deadline=deadline):
            found["due"] = deadline.date.isoformat() if deadline else None
        case ProgressReported(percent=percent):
            found["percent"] = percent
        case CheckpointIssued(note=checkpoint):
            return {"checkpoint": checkpoint}
    for name in _WRITTEN:
        # A period's own text is the directive's, which the task shows.
        if isinstance(words := getattr(data, name, None), str) and not hasattr(data, "ordinal"):
            found["note"] = words if len(words) <= _LONGEST_NOTE else f"{words[: _LONGEST_NOTE - 1]}…"
            break
    return found
