"""How open work stands to its deadline: computed for a day, never stored. Pure."""

import datetime as dt
from typing import Literal

Timeliness = Literal["no_deadline", "in_time", "due_soon", "overdue"]
"""How the work stands to its deadline."""

DUE_SOON_DAYS = 7


def timeliness(due: dt.date | None, today: dt.date) -> Timeliness:
    """How an open task stands to its deadline on a local day; finishing on the deadline is in time."""
    if due is None:
        return "no_deadline"
    if due < today:
        return "overdue"
    return "due_soon" if due <= today + dt.timedelta(days=DUE_SOON_DAYS) else "in_time"


def due_between(wanted: Timeliness, today: dt.date) -> tuple[dt.date | None, dt.date | None] | None:
    """The first and last deadline that count so on a local day; None stands for open, and no range for no deadline."""
    soon = today + dt.timedelta(days=DUE_SOON_DAYS)
    ranges: dict[Timeliness, tuple[dt.date | None, dt.date | None] | None] = {
        "no_deadline": None,
        "overdue": (None, today - dt.timedelta(days=1)),
        "due_soon": (today, soon),
        "in_time": (soon + dt.timedelta(days=1), None),
    }
    return ranges[wanted]
